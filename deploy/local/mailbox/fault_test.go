package mailbox_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ses"
	"github.com/aws/aws-sdk-go-v2/service/ses/types"
	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/deploy/local/mailbox"
)

// leave sends a mail and goes away before the answer, once until says that it may.
func (b *box) leave(to string, until func() bool) error {
	ctx, cancel := context.WithCancel(b.t.Context())
	defer cancel()
	failed := make(chan error, 1)
	go func() {
		_, err := b.ses.SendRawEmail(ctx, &ses.SendRawEmailInput{
			Destinations: []string{to}, RawMessage: &types.RawMessage{Data: []byte(rawMessage)},
		})
		failed <- err
	}()
	require.Eventually(b.t, until, 10*time.Second, 5*time.Millisecond)
	select {
	case err := <-failed:
		require.Fail(b.t, "there was an answer", "%v", err)
	default:
	}
	cancel()
	return <-failed
}

func (b *box) faults() []mailbox.Fault {
	var faults []mailbox.Fault
	b.json("/faults", &faults)
	return faults
}

func TestFault_AHungAnswerHidesAnAcceptedMail(t *testing.T) {
	t.Parallel()
	for _, withheld := range []bool{false, true} {
		b := newBox(t)
		b.fault(mailbox.Fault{Mode: mailbox.HangAnswer, Match: "amira", Count: 1, WithholdEvent: withheld})
		require.Error(t, b.leave("amira@alderbrook.example", func() bool { return len(b.mails()) == 1 }))
		require.Equal(t, withheld, b.mails()[0].Undelivered)
		require.Equal(t, withheld, len(b.events("tag=ledger:L-17")) == 0, "the delivery is what tells that it went")
		require.Empty(t, b.faults(), "it met as many as it was told to")

		b.serve()
		require.Equal(t, withheld, len(b.events("")) == 0, "a restart does not publish what was withheld")
		b.mustSend("amira@alderbrook.example", "L-18")
		require.Len(t, b.mails(), 2, "the sender that repeats the mail sends it twice")
	}
}

func TestFault_AHungRequestIsCountedAndAcceptsNothing(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.fault(mailbox.Fault{Mode: mailbox.Hang, Count: 1})
	require.Error(t, b.leave("a@x.example", func() bool { return len(b.faults()) == 0 }))
	require.Empty(t, b.mails())
	b.mustSend("a@x.example", "L-1")
}

func TestFault_OneRecipientOfManyIsEnough(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.fault(mailbox.Fault{Mode: mailbox.Reject, Match: "archive@"})
	_, err := b.ses.SendRawEmail(t.Context(), &ses.SendRawEmailInput{RawMessage: &types.RawMessage{Data: []byte(rawMessage)}})
	var rejected *types.MessageRejected
	require.ErrorAs(t, err, &rejected, "a blind copy counts")
	b.mustSend("amira@alderbrook.example", "L-1")
}

func TestFault_TheFirstThatMatchesDecides(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.fault(mailbox.Fault{Mode: mailbox.Reject, Match: "amira", Count: 1})
	b.fault(mailbox.Fault{Mode: mailbox.Throttle})
	code := func(to string) string {
		_, err := b.send(to, "L-1")
		require.Error(t, err)
		return err.Error()
	}
	require.Contains(t, code("tom@alderbrook.example"), "Throttling")
	require.Contains(t, code("amira@alderbrook.example"), "MessageRejected")
	require.Contains(t, code("amira@alderbrook.example"), "Throttling", "the first is used up")
	require.Equal(t, []mailbox.Fault{{Mode: mailbox.Throttle}}, b.faults())
}

func TestFault_ACountIsSharedByCallersAtOnce(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	const callers, met = 30, 12
	b.fault(mailbox.Fault{Mode: mailbox.Throttle, Count: met})
	var refused atomic.Int64
	var senders sync.WaitGroup
	for range callers {
		senders.Go(func() {
			if _, err := b.send("a@x.example", "L-1"); err != nil {
				refused.Add(1)
			}
		})
	}
	senders.Wait()
	require.EqualValues(t, met, refused.Load())
	require.Len(t, b.mails(), callers-met)
	ids := make(map[string]bool)
	for _, m := range b.mails() {
		ids[m.ID] = true
	}
	require.Len(t, ids, callers-met, "every mail has an id of its own")
	b.serve()
	require.Len(t, b.mails(), callers-met, "and is on disk")
}

func TestFault_AnAddressedOutageDoesNotStopOtherRequests(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.fault(mailbox.Fault{Mode: mailbox.Down, Match: "amira", Count: 1})
	_, err := b.ses.GetSendQuota(t.Context(), &ses.GetSendQuotaInput{})
	require.NoError(t, err)
	require.Len(t, b.faults(), 1, "and is not used up by them")
}

func TestFault_TheInboxWorksDuringAnOutage(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	id := b.mustSend("a@x.example", "L-1")
	b.fault(mailbox.Fault{Mode: mailbox.Down})
	for _, path := range []string{"/", "/messages", "/messages/" + id, "/events", "/healthz"} {
		answer, _ := b.get(path, "")
		require.Equal(t, http.StatusOK, answer.StatusCode, path)
	}
}

func TestFault_ARefusedMailUsesNoFault(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.fault(mailbox.Fault{Mode: mailbox.DropAnswer, Count: 1})
	status, answer := b.ask(simple("Source", "nobody"), signed)
	require.Equal(t, http.StatusBadRequest, status, answer.Message)
	require.Len(t, b.faults(), 1)
}

func TestFault_EveryModeIsNamedWhereOneIsUnknown(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPut, b.url+"/faults", strings.NewReader(`{"mode":"Hang"}`))
	require.NoError(t, err)
	answer, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer answer.Body.Close()
	message := make([]byte, 500)
	n, _ := answer.Body.Read(message)
	for _, mode := range []mailbox.Mode{mailbox.Down, mailbox.Throttle, mailbox.Reject, mailbox.Hang, mailbox.DropAnswer, mailbox.HangAnswer} {
		require.Contains(t, string(message[:n]), string(mode))
	}
}
