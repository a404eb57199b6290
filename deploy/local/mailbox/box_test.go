package mailbox_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/deploy/local/mailbox"
)

func TestEvents_ATagThatAMailDoesNotCarryNeverMatches(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	status, _ := b.ask(simple(), signed) // no tags
	require.Equal(t, http.StatusOK, status)
	b.mustSend("a@x.example", "L-1") // ledger=L-17, kind=outcome
	for query, want := range map[string]int{
		"":              2,
		"ledger:L-17":   1,
		"kind:outcome":  1,
		"ledger:L-1":    0, // not a prefix
		"ledger:l-17":   0, // the case counts
		"ledger:":       0,
		"ledger":        0,
		"absent:":       0,
		":":             0,
		"ledger:L-17:x": 0,
	} {
		require.Len(t, b.events("tag="+url.QueryEscape(query)), want, "tag %q", query)
	}
}

func TestEvents_SinceTakesTheInstantItself(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	var ids []string
	for range 3 {
		ids = append(ids, b.mustSend("a@x.example", "L-1"))
		b.now = b.now.Add(500 * time.Millisecond)
	}
	since := func(instant string) []string {
		found := []string{}
		for _, e := range b.events("since=" + url.QueryEscape(instant)) {
			found = append(found, e.MessageID)
		}
		return found
	}
	require.Equal(t, ids, since("2026-08-20T09:30:00Z"), "oldest first")
	require.Equal(t, ids[1:], since("2026-08-20T09:30:00.5Z"))
	require.Equal(t, ids[2:], since("2026-08-20T10:30:00.500000001+01:00"), "in any zone, to the nanosecond")
	require.Empty(t, since("2026-08-20T09:30:01.1Z"))
	_, body := b.get("/events?since=2027-01-01T00:00:00Z", "")
	require.Equal(t, "[]\n", body, "none is a list as well")
	for _, wrong := range []string{"2026-08-20", "2026-08-20T09:30:00", "1787218200", "now"} {
		require.Equal(t, http.StatusBadRequest, b.request(http.MethodGet, "/events?since="+wrong, ""), wrong)
	}
}

func TestBox_ARestartKeepsMailsWithTheirPartsAndOrder(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	var paths []string
	for n := range 5 {
		paths = append(paths, "/messages/"+b.mustSend(fmt.Sprintf("a%d@x.example", n), "L-1"))
		b.now = b.now.Add(time.Second)
	}
	before, events := b.mails(), b.events("")
	content := b.content(paths[2])
	_, raw := b.get(paths[2]+"/raw", "")

	b.serve()
	require.Equal(t, before, b.mails())
	require.Equal(t, events, b.events(""))
	require.Equal(t, content, b.content(paths[2]))
	_, again := b.get(paths[2]+"/raw", "")
	require.Equal(t, raw, again)
	require.Empty(t, b.faults(), "faults end with the process")
	b.now = b.now.Add(time.Second)
	newest := b.mustSend("late@x.example", "L-1")
	require.Equal(t, newest, b.mails()[0].ID)
}

func TestBox_AMailThatWasHalfStoredIsNotThere(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	kept := b.mustSend("a@x.example", "L-1")
	// A process that ends between its two files leaves the message without an envelope, or one without its name.
	require.NoError(t, os.WriteFile(filepath.Join(b.dir, "half.eml"), []byte("Subject: half\r\n\r\n"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(b.dir, "half.new"), []byte(`{"id": "half", "to"`), 0o600))
	b.serve()
	require.Len(t, b.mails(), 1)
	answer, _ := b.get("/messages/half", "")
	require.Equal(t, http.StatusNotFound, answer.StatusCode)

	require.NoError(t, os.Remove(filepath.Join(b.dir, kept+".eml")))
	answer, _ = b.get("/messages/"+kept, "")
	require.Equal(t, http.StatusNotFound, answer.StatusCode, "nor is one whose message somebody took away")
}

func TestBox_ADamagedEnvelopeIsNamed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "abc.json"), nil, 0o600))
	_, err := mailbox.Open(dir)
	require.ErrorContains(t, err, "abc.json")
}

func TestBox_MailsArePrivate(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.mustSend("a@x.example", "L-1")
	files, err := os.ReadDir(b.dir)
	require.NoError(t, err)
	require.Len(t, files, 2)
	for _, file := range files {
		info, err := file.Info()
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), file.Name())
	}
}

func TestBox_AFullDiskIsTheServersFault(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	require.NoError(t, os.RemoveAll(b.dir))
	status, answer := b.ask(simple(), signed)
	require.Equal(t, http.StatusInternalServerError, status)
	require.Equal(t, "Receiver", answer.Type, "an SDK repeats what the receiver could not do")
	require.Equal(t, "InternalFailure", answer.Code)
	require.Empty(t, b.mails(), "what is not stored is not shown")
	require.Empty(t, b.events(""))
}

func TestBox_ListsAreNarrowedByPartOfAnAddress(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	for _, to := range []string{"amira@alderbrook.example", "tom@alderbrook.example", "gareth@beckfoot.example"} {
		b.mustSend(to, "L-1")
	}
	for part, want := range map[string]int{"": 3, "alderbrook": 2, "tom@": 1, "nobody": 0, "%": 0} {
		var mails []mailbox.Mail
		b.json("/messages?to="+url.QueryEscape(part), &mails)
		require.Len(t, mails, want, part)
	}
}

func TestServer_OnlyTheNamedMethodsDoAnything(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	id := b.mustSend("a@x.example", "L-1")
	for _, path := range []string{"/messages", "/messages/" + id, "/events", "/healthz"} {
		require.Equal(t, http.StatusMethodNotAllowed, b.request(http.MethodDelete, path, ""), path)
	}
	require.Equal(t, http.StatusMethodNotAllowed, b.request(http.MethodPost, "/faults", `{"mode":"down"}`))
	require.Equal(t, http.StatusNotFound, b.request(http.MethodGet, "/favicon.ico", ""))
	require.Len(t, b.mails(), 1)
}

func TestRun_ServesUntilItIsToldToStopAlsoWhileACallerHangs(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	config := mailbox.Config{Dir: t.TempDir(), Port: listener.Addr().(*net.TCPAddr).Port, AccessKey: accessKey}
	busy := mailbox.Run(t.Context(), config, func() error { return nil })
	require.ErrorContains(t, busy, "listen for mail", "a taken port is said before readiness")
	require.NoError(t, listener.Close())

	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ended, ready := make(chan error, 1), make(chan struct{})
	go func() {
		ended <- mailbox.Run(ctx, config, func() error {
			close(ready)
			return nil
		})
	}()
	<-ready
	b := &box{t: t, url: fmt.Sprintf("http://127.0.0.1:%d", config.Port)}
	b.ses = client(b.url, accessKey)
	require.Equal(t, http.StatusOK, b.fault(mailbox.Fault{Mode: mailbox.HangAnswer}))
	hung := make(chan error, 1)
	go func() {
		_, err := b.send("a@x.example", "L-1")
		hung <- err
	}()
	require.Eventually(t, func() bool { return len(b.mails()) == 1 }, 10*time.Second, 5*time.Millisecond)
	stop()
	require.NoError(t, <-ended)
	require.Error(t, <-hung)
}

func TestRun_EndsWhereReadinessCannotBeReported(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	port := listener.Addr().(*net.TCPAddr).Port
	require.NoError(t, listener.Close())
	err = mailbox.Run(t.Context(), mailbox.Config{Dir: t.TempDir(), Port: port}, func() error { return os.ErrClosed })
	require.ErrorIs(t, err, os.ErrClosed)
}

func TestMailsAreJSONForPrograms(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	id := b.mustSend("a@x.example", "L-1")
	_, body := b.get("/messages/"+id, "text/html, application/json;q=0.9")
	var shown map[string]any
	require.NoError(t, json.NewDecoder(strings.NewReader(body)).Decode(&shown))
	require.Equal(t, id, shown["id"])
	require.NotContains(t, shown, "damage")
	require.NotContains(t, shown, "undelivered")
}
