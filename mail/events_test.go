package mail_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/mail"
)

func TestDelivered_FindsTheRowsOwnEvent(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name      string
		answer    string
		delivered bool
		id        string
	}{
		{"no event", `[]`, false, ""},
		{"its event", `[{"messageId":"m-1","tags":{"ledger":"42"},"recipients":["x@y.example"],"at":"2026-11-20T10:00:00Z"}]`, true, "m-1"},
		{"the first of two", `[{"messageId":"m-1","tags":{"ledger":"42"}},{"messageId":"m-2","tags":{"ledger":"42"}}]`, true, "m-1"},
		{"only another row's", `[{"messageId":"m-9","tags":{"ledger":"421"}},{"messageId":"m-8","tags":{}}]`, false, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var asked string
			sender := senderWithEvents(t, func(w http.ResponseWriter, r *http.Request) {
				asked = r.URL.RequestURI()
				_, _ = w.Write([]byte(c.answer))
			})
			id, delivered, err := sender.Delivered(t.Context(), 42)
			require.NoError(t, err)
			require.Equal(t, c.delivered, delivered)
			require.Equal(t, c.id, id)
			require.Equal(t, "/events?key=k&tag=ledger%3A42", asked)
		})
	}
}

func TestDelivered_SaysWhenNobodyKnows(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.HandlerFunc{
		"an error":     func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) },
		"no JSON":      func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) },
		"no list":      func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"events":[]}`)) },
		"a cut answer": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, delivered, err := senderWithEvents(t, answer).Delivered(t.Context(), 42)
			require.ErrorContains(t, err, "delivery of mail 42")
			require.False(t, delivered)
		})
	}
}

func TestDelivered_WithoutASource(t *testing.T) {
	t.Parallel()
	id, delivered, err := senderTo(t, "http://ses.example").Delivered(t.Context(), 42)
	require.NoError(t, err)
	require.False(t, delivered)
	require.Empty(t, id)
}

func TestNewHTTPEvents_NeedsAWebAddress(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"", "events", "ftp://mail.example/events", "http://bad host/"} {
		_, err := mail.NewHTTPEvents(http.DefaultClient, address)
		require.ErrorContains(t, err, "address of delivery events", "%q", address)
	}
}

func senderWithEvents(t *testing.T, answer http.HandlerFunc) *mail.Sender {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	events, err := mail.NewHTTPEvents(server.Client(), server.URL+"/events?key=k")
	require.NoError(t, err)
	sender, err := mail.New(clientOf("http://ses.example"), from, events)
	require.NoError(t, err)
	return sender
}
