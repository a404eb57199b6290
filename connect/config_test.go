package connect_test

import (
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/connect"
)

// settings gives the process exactly these settings of Recourse, whatever the machine has set.
func settings(t *testing.T, values map[string]string) {
	t.Helper()
	for _, setting := range os.Environ() {
		name, value, _ := strings.Cut(setting, "=")
		if strings.HasPrefix(name, "RECOURSE_") {
			t.Setenv(name, value) // So that it is set again after the test.
			require.NoError(t, os.Unsetenv(name))
		}
	}
	for name, value := range values {
		t.Setenv(name, value)
	}
}

func secret(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "secret")
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

const database = "postgres://recourse:secret@127.0.0.1/recourse"

func TestLoad_DefaultsAreThoseOfOneHost(t *testing.T) {
	settings(t, map[string]string{"RECOURSE_DATABASE_URL": database, "RECOURSE_WEBHOOK_NETWORKS": ""})
	config, err := connect.Load(t.Context())
	require.NoError(t, err)
	require.Equal(t, connect.Config{
		DatabaseURL: database, TemporalAddress: "127.0.0.1:7233", Namespace: "recourse", TaskQueue: "recourse", Bucket: "recourse",
		MailEventWait: 15 * time.Minute, MailPerSecond: 14, Audience: "recourse", Listen: "127.0.0.1:8080", MetricsListen: "127.0.0.1:8081",
		Watch: connect.Watch{
			Every: 5 * time.Second, UnrecordedAfter: 30 * time.Second, StuckAfter: 2 * time.Minute, RollEvery: 10 * time.Minute,
			DigestAt: calendar.TimeOfDay{Hour: 7}, KeepDays: 90,
		},
	}, config)
	require.False(t, config.MovableClock, "time cannot be moved in production")
	require.Empty(t, config.WebhookNetworks, "an event goes to the public internet alone unless somebody says more")
}

func TestLoad_ReadsEverySetting(t *testing.T) {
	settings(t, map[string]string{
		"RECOURSE_DATABASE_URL": database, "RECOURSE_TEMPORAL_ADDRESS": "temporal:7233", "RECOURSE_TEMPORAL_NAMESPACE": "exams",
		"RECOURSE_TASK_QUEUE": "reviews", "RECOURSE_S3_BUCKET": "scripts", "RECOURSE_S3_PATH_STYLE": "true",
		"RECOURSE_MAIL_FROM": "results@cambria.example", "RECOURSE_OPERATIONS_MAIL": "ops@cambria.example",
		"RECOURSE_MAIL_EVENTS_URL": "http://127.0.0.1:8025/events", "RECOURSE_MAIL_EVENT_WAIT": "90s", "RECOURSE_MAIL_PER_SECOND": "2.5",
		"RECOURSE_OIDC_ISSUER": "http://127.0.0.1:8026", "RECOURSE_OIDC_AUDIENCE": "desk", "RECOURSE_REFERENCE_KEY_FILE": "key",
		"RECOURSE_LISTEN": ":80", "RECOURSE_METRICS_LISTEN": ":81", "RECOURSE_MOVABLE_CLOCK": "true", "RECOURSE_WEB_UI_URL": "http://127.0.0.1:8233", "RECOURSE_PUBLIC_URL": "https://enquiries.cambria.example",
		"RECOURSE_PANEL_URL": "https://127.0.0.1:8234", "RECOURSE_OIDC_CLIENT_ID": "operations", "RECOURSE_OIDC_CLIENT_SECRET_FILE": "client",
		"RECOURSE_WEBHOOK_KEY_FILE": "hooks", "RECOURSE_WEBHOOK_NETWORKS": "10.20.0.0/16,fd00:20::/32", "RECOURSE_WATCH_EVERY": "1s", "RECOURSE_WATCH_UNRECORDED_AFTER": "2s",
		"RECOURSE_WATCH_STUCK_AFTER": "3s", "RECOURSE_WATCH_ROLL_EVERY": "4s", "RECOURSE_WATCH_DIGEST_AT": "06:30", "RECOURSE_WATCH_KEEP_DAYS": "120",
	})
	config, err := connect.Load(t.Context())
	require.NoError(t, err)
	require.Equal(t, connect.Config{
		DatabaseURL: database, TemporalAddress: "temporal:7233", Namespace: "exams", TaskQueue: "reviews", Bucket: "scripts", PathStyle: true,
		MailFrom: "results@cambria.example", Operations: "ops@cambria.example", MailEventsURL: "http://127.0.0.1:8025/events",
		MailEventWait: 90 * time.Second, MailPerSecond: 2.5, Issuer: "http://127.0.0.1:8026", Audience: "desk", ReferenceKeyFile: "key", Listen: ":80",
		MetricsListen: ":81", MovableClock: true, WebUI: "http://127.0.0.1:8233", PublicURL: "https://enquiries.cambria.example",
		PanelURL: "https://127.0.0.1:8234", ClientID: "operations", ClientSecretFile: "client", WebhookKeyFile: "hooks", WebhookNetworks: connect.Networks{netip.MustParsePrefix("10.20.0.0/16"), netip.MustParsePrefix("fd00:20::/32")},
		Watch: connect.Watch{
			Every: time.Second, UnrecordedAfter: 2 * time.Second, StuckAfter: 3 * time.Second, RollEvery: 4 * time.Second,
			DigestAt: calendar.TimeOfDay{Hour: 6, Minute: 30}, KeepDays: 120,
		},
	}, config)
	require.Equal(t, "http://127.0.0.1:8233/namespaces/exams/workflows", config.WorkflowPages())
	require.Empty(t, connect.Config{Namespace: "exams"}.WorkflowPages(), "no link to nowhere")
}

func TestLoad_DatabaseURLFromAFile(t *testing.T) {
	settings(t, map[string]string{"RECOURSE_DATABASE_URL_FILE": secret(t, database+"\n"), "RECOURSE_DATABASE_URL": "postgres://other"})
	config, err := connect.Load(t.Context())
	require.NoError(t, err)
	require.Equal(t, database, config.DatabaseURL, "the file stands, without its line's end")
}

func TestLoad_SaysWhatIsMissing(t *testing.T) {
	for name, row := range map[string]struct {
		values map[string]string
		says   string
	}{
		"no database at all":       {nil, "set RECOURSE_DATABASE_URL, or RECOURSE_DATABASE_URL_FILE to a file that holds it"},
		"an empty file":            {map[string]string{"RECOURSE_DATABASE_URL_FILE": secret(t, " \n")}, "set RECOURSE_DATABASE_URL"},
		"a file that is not there": {map[string]string{"RECOURSE_DATABASE_URL_FILE": filepath.Join(t.TempDir(), "none")}, "read RECOURSE_DATABASE_URL_FILE"},
		"a wait that is no time":   {map[string]string{"RECOURSE_DATABASE_URL": database, "RECOURSE_MAIL_EVENT_WAIT": "15"}, "MailEventWait"},
		"an hour that is none":     {map[string]string{"RECOURSE_DATABASE_URL": database, "RECOURSE_WATCH_DIGEST_AT": "7"}, "a time of day is written like 09:00"},
		"a network that is none":   {map[string]string{"RECOURSE_DATABASE_URL": database, "RECOURSE_WEBHOOK_NETWORKS": "10.20.0.0/16,10.21"}, "WebhookNetworks"},
		"a switch that is neither": {map[string]string{"RECOURSE_DATABASE_URL": database, "RECOURSE_MOVABLE_CLOCK": "perhaps"}, "MovableClock"},
	} {
		t.Run(name, func(t *testing.T) {
			settings(t, row.values)
			_, err := connect.Load(t.Context())
			require.ErrorContains(t, err, row.says)
			require.NotContains(t, err.Error(), "secret@", "no password in a message")
		})
	}
}

func TestReferenceKey_IsHexOfThirtyTwoBytesOrMore(t *testing.T) {
	t.Parallel()
	for content, length := range map[string]int{
		strings.Repeat("a7", 32):        32,
		strings.Repeat("A7", 64) + "\n": 64,
		strings.Repeat("a7", 31):        0,
		strings.Repeat("zz", 32):        0,
		strings.Repeat("a7", 32) + "a":  0,
		"":                              0,
	} {
		key, err := connect.Config{ReferenceKeyFile: secret(t, content)}.ReferenceKey()
		require.Len(t, key, length)
		if length == 0 {
			require.EqualError(t, err, "RECOURSE_REFERENCE_KEY_FILE must hold at least 32 bytes in hex")
		}
		key, err = connect.Config{WebhookKeyFile: secret(t, content)}.WebhookKey()
		require.Len(t, key, length)
		if length == 0 {
			require.EqualError(t, err, "RECOURSE_WEBHOOK_KEY_FILE must hold at least 32 bytes in hex")
		}
	}
}

func TestReferenceKey_SaysWhichSettingIsMissing(t *testing.T) {
	t.Parallel()
	_, err := connect.Config{}.ReferenceKey()
	require.ErrorContains(t, err, "set RECOURSE_REFERENCE_KEY_FILE")
	_, err = connect.Config{ReferenceKeyFile: filepath.Join(t.TempDir(), "none")}.ReferenceKey()
	require.ErrorContains(t, err, "read RECOURSE_REFERENCE_KEY_FILE")
	require.ErrorIs(t, err, os.ErrNotExist)
}
