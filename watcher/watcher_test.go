package watcher_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/connect"
	"github.com/recourse-exams/recourse/store/storetest"
	"github.com/recourse-exams/recourse/watcher"
)

// alone is what a watcher is told that has its database and nothing else.
func alone(t *testing.T) connect.Config {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	key := filepath.Join(t.TempDir(), "key")
	require.NoError(t, os.WriteFile(key, []byte(strings.Repeat("a7", 32)), 0o600))
	return connect.Config{
		DatabaseURL: storetest.Seeded(t).Pool().Config().ConnString(), TemporalAddress: "127.0.0.1:1", Namespace: "recourse",
		MailFrom: "results@cambria.example", Operations: "operations@cambria.example", WebhookKeyFile: key, MetricsListen: listener.Addr().String(),
		Watch: connect.Watch{
			Every: 20 * time.Millisecond, UnrecordedAfter: 30 * time.Second, StuckAfter: 2 * time.Minute, RollEvery: time.Hour,
			DigestAt: calendar.TimeOfDay{Hour: 7}, KeepDays: 90,
		},
	}
}

// page reads a page of the watcher; empty if it does not answer.
func page(config connect.Config, path string) string {
	answer, err := http.Get("http://" + config.MetricsListen + path)
	if err != nil {
		return ""
	}
	defer answer.Body.Close()
	body, _ := io.ReadAll(answer.Body)
	return string(body)
}

// The whole process with Temporal, S3 and SES away: it is ready, and every round that needs the register alone is made.
func TestRun_NeedsTheRegisterAlone(t *testing.T) {
	t.Parallel()
	config := alone(t)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- watcher.Run(ctx, config) }()
	require.Eventually(t, func() bool {
		metrics := page(config, "/metrics")
		for _, round := range []string{"unrecorded", "stuck", "conflicts", "roster", "malpractice", "batches", "webhooks", "findings", "given-up", "questions", "digests", "retention"} {
			line := `recourse_watch_last_run_seconds{round="` + round + `"} `
			if !strings.Contains(metrics, line) || strings.Contains(metrics, line+"0\n") {
				return false
			}
		}
		return strings.Contains(metrics, `recourse_watch_last_run_seconds{round="workflows"} 0`)
	}, 20*time.Second, 50*time.Millisecond)
	require.Contains(t, page(config, "/readyz"), `"ready":true`)
	require.Equal(t, "ok\n", page(config, "/healthz"))
	cancel()
	require.NoError(t, <-ended)
}

func TestRun_SaysWhatItCannotBeWithout(t *testing.T) {
	t.Parallel()
	for says, change := range map[string]func(*connect.Config){
		"RECOURSE_WEBHOOK_KEY_FILE": func(c *connect.Config) { c.WebhookKeyFile = "" },
		"RECOURSE_OPERATIONS_MAIL":  func(c *connect.Config) { c.Operations = "nobody" },
		"RECOURSE_MAIL_FROM":        func(c *connect.Config) { c.MailFrom = "nobody" },
		"RECOURSE_WATCH_KEEP_DAYS":  func(c *connect.Config) { c.Watch.KeepDays = 0 },
		"not a PostgreSQL URL":      func(c *connect.Config) { c.DatabaseURL = "postgres://%" },
		"serve metrics at":          func(c *connect.Config) { c.MetricsListen = "127.0.0.1:nonsense" },
	} {
		config := alone(t)
		change(&config)
		require.ErrorContains(t, watcher.Run(t.Context(), config), says)
	}
}
