package mail

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptrace"
	"slices"
	"sync/atomic"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// handover watches one request leave this machine.
type handover struct {
	// connected: a connection was ready, so from here on the request may reach SES. How much of it was written
	// is not asked: a request may be with SES in whole while its last write still reports an error. The
	// connection's own goroutine sets it.
	connected atomic.Bool
}

func (h *handover) watch(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { h.connected.Store(true) },
	})
}

// refusals are SES's answers that a repeat cannot change: the mail itself or an identity is at fault.
var refusals = []string{
	"MessageRejected", "MailFromDomainNotVerifiedException", "MailFromDomainNotVerified",
	"InvalidParameterValue", "InvalidParameterCombination", "ValidationError",
}

// outcome says what a failed sending means for the mail. An answer with an error code is SES's word that it
// did not take the mail. Without one, the mail is known to be unsent only if there was no connection.
func (h *handover) outcome(err error) error {
	if answer, ok := sesAnswer(err); ok {
		if slices.Contains(refusals, answer.ErrorCode()) {
			return casework.NewFault(casework.Refused, "mail-refused", fmt.Sprintf("SES refused the mail: %s: %s", answer.ErrorCode(), answer.ErrorMessage()))
		}
		// The message is left out: it may name an address, and this error is kept in the workflow's history.
		return unavailable("SES did not take the mail: " + answer.ErrorCode() + ".")
	}
	if status := statusOf(err); status == http.StatusServiceUnavailable || (status >= 400 && status < 500) {
		return unavailable(fmt.Sprintf("The way to SES is blocked: HTTP status %d.", status))
	}
	if !h.connected.Load() {
		return errors.Join(unavailable("The mail did not reach SES."), err)
	}
	return fmt.Errorf("%w: %w", docket.ErrUncertain, err)
}

// sesAnswer finds the error that SES itself answered with; the SDK calls an answer without a code UnknownError.
func sesAnswer(err error) (smithy.APIError, bool) {
	var answer smithy.APIError
	if !errors.As(err, &answer) || answer.ErrorCode() == "" || answer.ErrorCode() == "UnknownError" {
		return nil, false
	}
	return answer, true
}

// statusOf is the HTTP status of an answer that was no SES error, 0 if there was no answer.
func statusOf(err error) int {
	var answer *smithyhttp.ResponseError
	if !errors.As(err, &answer) {
		return 0
	}
	return answer.HTTPStatusCode()
}

func unavailable(detail string) *casework.Fault {
	return casework.NewFault(casework.Unavailable, "mail-unavailable", detail)
}
