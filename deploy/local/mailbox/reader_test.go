package mailbox_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/deploy/local/mailbox"
)

func TestTheInboxShowsWhoAndWhat(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	_, empty := b.get("/", "")
	require.Contains(t, empty, "No mail")
	first := b.mustSend("amira@alderbrook.example", "L-1")
	second := b.mustSend("tom@alderbrook.example", "L-2")
	b.fault(mailbox.Fault{Mode: mailbox.Throttle, Match: "nobody"})

	_, page := b.get("/", "")
	require.Contains(t, page, "amira@alderbrook.example")
	require.Contains(t, page, "Outcome of review – R7K2")
	require.Contains(t, page, "20 Aug 2026 09:30:00")
	require.Contains(t, page, "throttle", "a switched-on fault is shown")
	require.Less(t, strings.Index(page, second), strings.Index(page, first), "the newest comes first")
	_, filtered := b.get("/?to=tom", "")
	require.NotContains(t, filtered, first)
}

// After a fast-forward the machine's time says nothing about a case; both are shown, and kept over a restart.
func TestTheInboxShowsTheStacksTimeBesideTheMachines(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	ahead, away := 20*24*time.Hour, error(nil)
	b.ahead = func(context.Context) (time.Duration, error) { return ahead, away }
	b.serve()
	id := b.mustSend("amira@alderbrook.example", "L-1")
	_, page := b.get("/", "")
	require.Contains(t, page, "9 Sep 2026 09:30:00", "the stack's")
	require.Contains(t, page, "20 Aug 2026 09:30:00", "the machine's")
	_, page = b.get("/messages/"+id, "text/html")
	require.Contains(t, page, "9 September 2026 09:30:00 UTC")

	ahead = 0
	b.serve()
	require.Equal(t, b.now.Add(20*24*time.Hour), b.mails()[0].StackAt, "a mail keeps the time at which it came")

	away = errors.New("the register does not answer")
	b.mustSend("tom@alderbrook.example", "L-2")
	require.True(t, b.mails()[0].StackAt.IsZero(), "it is kept all the same")
	_, page = b.get("/", "")
	require.Contains(t, page, "<td>–</td>")
}

func TestAMailsHTMLCannotDoAnything(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	id := b.mustSend("amira@alderbrook.example", "L-1")
	_, page := b.get("/messages/"+id, "text/html")
	require.Contains(t, page, `<iframe sandbox `)
	require.NotContains(t, page, "alert(1)", "the mail's own markup stays in its frame")
	require.Contains(t, page, "letter.pdf")
	require.Contains(t, page, "Fee: £15.00")

	answer, html := b.get("/messages/"+id+"/html", "")
	require.Contains(t, html, "alert(1)")
	policy := answer.Header.Get("Content-Security-Policy")
	require.Contains(t, policy, "sandbox;")
	require.Contains(t, policy, "default-src 'none'")
}

func TestAnUnknownMailIsNotFound(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	for _, path := range []string{"/messages/none", "/messages/none/html", "/messages/none/raw", "/messages/none/attachments/1", "/messages/..%2f..%2fpasswd"} {
		answer, _ := b.get(path, "")
		require.Equal(t, http.StatusNotFound, answer.StatusCode, path)
	}
}
