package mail_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

func TestSend_RefusedForGood(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"MessageRejected", "MailFromDomainNotVerifiedException", "InvalidParameterValue", "ValidationError"} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			fault := requireFault(t, sendTo(t, failure(http.StatusBadRequest, code, "Address is not verified.")), casework.Refused)
			require.Equal(t, "mail-refused", fault.Code)
			require.Contains(t, fault.Detail, "Address is not verified.")
		})
	}
}

func TestSend_CertainlyNotTaken(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		answer http.HandlerFunc
	}{
		{"throttled", failure(http.StatusBadRequest, "Throttling", "Maximum sending rate exceeded for amira.holt@ashdown.example.")},
		{"sending paused", failure(http.StatusBadRequest, "AccountSendingPausedException", "Paused.")},
		{"configuration set gone", failure(http.StatusBadRequest, "ConfigurationSetDoesNotExist", "Gone.")},
		{"keys expired", failure(http.StatusForbidden, "ExpiredToken", "Expired.")},
		{"SES failed and said so", failure(http.StatusInternalServerError, "InternalFailure", "Sorry.")},
		{"SES unavailable and said so", failure(http.StatusServiceUnavailable, "ServiceUnavailable", "Sorry.")},
		{"a proxy has no way to SES", bare(http.StatusServiceUnavailable)},
		{"a proxy wants to know who we are", bare(http.StatusProxyAuthRequired)},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			err := sendTo(t, c.answer)
			requireFault(t, err, casework.Unavailable)
			require.NotErrorIs(t, err, docket.ErrUncertain)
			require.NotContains(t, err.Error(), "ashdown.example", "the error is kept where no address belongs")
		})
	}
}

func TestSend_NobodyListens(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	_, err := senderTo(t, server.URL).Send(t.Context(), envelope())
	requireFault(t, err, casework.Unavailable)
	require.NotErrorIs(t, err, docket.ErrUncertain)
}

func TestSend_CancelledBeforeItBegan(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := senderTo(t, serve(t, accepted)).Send(ctx, envelope())
	requireFault(t, err, casework.Unavailable)
}

func TestSend_AnswerLost(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		answer http.HandlerFunc
	}{
		{"the connection closes", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }},
		{"the connection is reset", reset},
		{"the answer breaks off", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "500")
			_, _ = io.WriteString(w, "<SendRawEmailResponse>")
		}},
		{"the answer is no answer of SES", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>") }},
		{"a proxy lost SES", bare(http.StatusBadGateway)},
		{"a proxy waited too long", bare(http.StatusGatewayTimeout)},
		{"a failure of nobody knows what", bare(http.StatusInternalServerError)},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			err := sendTo(t, c.answer)
			require.ErrorIs(t, err, docket.ErrUncertain)
			var fault *casework.Fault
			require.NotErrorAs(t, err, &fault)
		})
	}
}

func TestSend_NoAnswerInTime(t *testing.T) {
	t.Parallel()
	ctx, patienceEnds := context.WithCancel(t.Context())
	release := make(chan struct{})
	endpoint := serve(t, func(http.ResponseWriter, *http.Request) {
		patienceEnds() // SES has the mail and says nothing.
		<-release
	})
	t.Cleanup(func() { close(release) })
	_, err := senderTo(t, endpoint).Send(ctx, envelope())
	require.ErrorIs(t, err, docket.ErrUncertain)
}

func TestSend_NeverRepeatsByItself(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.HandlerFunc{
		"no answer": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"throttled": failure(http.StatusBadRequest, "Throttling", "Slow down."),
		"failed":    failure(http.StatusInternalServerError, "InternalFailure", "Sorry."),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var asked atomic.Int32
			err := sendTo(t, func(w http.ResponseWriter, r *http.Request) {
				asked.Add(1)
				answer(w, r)
			})
			require.Error(t, err)
			require.EqualValues(t, 1, asked.Load())
		})
	}
}

func sendTo(t *testing.T, answer http.HandlerFunc) error {
	t.Helper()
	_, err := senderTo(t, serve(t, answer)).Send(t.Context(), envelope())
	return err
}

func bare(status int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, "<html><body>proxy</body></html>")
	}
}

// reset makes the kernel send RST instead of FIN.
func reset(w http.ResponseWriter, _ *http.Request) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(err)
	}
	_ = conn.(*net.TCPConn).SetLinger(0)
	_ = conn.Close()
}

func requireFault(t *testing.T, err error, kind casework.FaultKind) *casework.Fault {
	t.Helper()
	var fault *casework.Fault
	require.ErrorAs(t, err, &fault)
	require.Equal(t, kind, fault.Kind)
	return fault
}
