package stack_test

import (
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/deploy/local/stack"
)

// A product whose first command fails is the commonest failure of a start while one works on the product.
func TestAStartThatFailsOnTheWayLeavesNothingRunning(t *testing.T) {
	t.Parallel()
	dir, seen := t.TempDir(), filepath.Join(t.TempDir(), "seen")
	product := filepath.Join(t.TempDir(), "recourse")
	require.NoError(t, os.WriteFile(product, []byte("#!/bin/sh\nenv > "+seen+"\necho 'no such column: grade' >&2\nexit 3\n"), 0o755))
	_, err := stack.Start(t.Context(), stack.Options{
		State: dir, AutoPorts: true, Product: product,
		Environment: []string{"RECOURSE_MAIL_FROM=somebody@x.example", "RECOURSE_MAIL_EVENT_WAIT=2s"},
	})
	require.ErrorContains(t, err, "recourse migrate: exit status 3")
	require.ErrorContains(t, err, "no such column: grade", "the end of the log is in the message")
	require.ErrorContains(t, err, filepath.Join(dir, "logs", "migrate.log"))

	v := look(t, dir)
	require.False(t, v.Running)
	require.Empty(t, running(t, dir, nil))
	for _, address := range []string{v.Endpoints.Mail, v.Endpoints.OIDC, v.Endpoints.S3, v.Endpoints.TemporalUI, v.Endpoints.DatabaseURL} {
		parsed, err := url.Parse(address)
		require.NoError(t, err)
		_, err = net.Dial("tcp", parsed.Host)
		require.Error(t, err, "%s still answers", address)
	}

	text, err := os.ReadFile(seen)
	require.NoError(t, err)
	got := make(map[string]bool)
	for _, line := range strings.Split(string(text), "\n") {
		got[line] = true
	}
	require.True(t, got["KEPT=yes"])
	require.True(t, got["RECOURSE_DATABASE_URL="+v.Endpoints.DatabaseURL], "the stack's own wins over this machine's")
	require.True(t, got["RECOURSE_MAIL_FROM=somebody@x.example"], "and what the options say over the stack's own")
	require.True(t, got["RECOURSE_MAIL_EVENT_WAIT=2s"])
	for line := range got {
		require.NotContains(t, line, "production", "nothing leads to another system")
	}
}

func TestAProductThatIsNotThereIsSaidBeforeAnythingStarts(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "state")
	_, err := stack.Start(t.Context(), stack.Options{State: dir, Product: filepath.Join(dir, "recourse")})
	require.ErrorIs(t, err, os.ErrNotExist)
	require.NoDirExists(t, dir)
}
