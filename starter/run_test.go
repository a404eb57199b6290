package starter_test

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

	"github.com/recourse-exams/recourse/api/oidctest"
	"github.com/recourse-exams/recourse/connect"
	"github.com/recourse-exams/recourse/starter"
	"github.com/recourse-exams/recourse/store"
	"github.com/recourse-exams/recourse/store/storetest"
)

// process is a starter on a loopback port.
type process struct {
	url      string
	metrics  string
	stop     context.CancelFunc
	ended    chan error
	issuer   *oidctest.Issuer
	register *store.Store
	config   connect.Config
}

// freePort is a loopback address that nobody listens at.
func freePort(t *testing.T) string {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, listener.Close()) }()
	return listener.Addr().String()
}

// start runs a starter with a real register, and with Temporal, S3 and SES away.
func start(t *testing.T) process {
	t.Helper()
	nobody := freePort(t)
	for name, value := range map[string]string{
		"AWS_REGION": "eu-west-2", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_EC2_METADATA_DISABLED": "true",
		"AWS_ENDPOINT_URL_S3": "http://" + nobody, "AWS_ENDPOINT_URL_SES": "http://" + nobody, "AWS_MAX_ATTEMPTS": "1",
	} {
		t.Setenv(name, value)
	}
	key := filepath.Join(t.TempDir(), "reference.key")
	require.NoError(t, os.WriteFile(key, []byte(strings.Repeat("a7", 32)), 0o600))
	p := process{issuer: oidctest.New(t, "recourse"), register: storetest.Seeded(t), ended: make(chan error, 1)}
	config := connect.Config{
		DatabaseURL: p.register.Pool().Config().ConnString(), TemporalAddress: nobody, Namespace: "recourse", TaskQueue: "recourse",
		Bucket: "recourse", PathStyle: true, MailFrom: "Cambria Awards <results@cambria.example>", Issuer: p.issuer.URL, Audience: "recourse",
		ReferenceKeyFile: key, WebhookKeyFile: key, Listen: freePort(t), MetricsListen: freePort(t), MovableClock: true,
	}
	config.PublicURL = "http://" + config.Listen
	p.config = config
	ctx, cancel := context.WithCancel(t.Context())
	p.url, p.metrics, p.stop = "http://"+config.Listen, "http://"+config.MetricsListen, cancel
	go func() { p.ended <- starter.Run(ctx, config) }()
	t.Cleanup(cancel)
	require.Eventually(t, func() bool {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url+"/healthz", nil)
		require.NoError(t, err)
		response, err := http.DefaultClient.Do(request)
		return err == nil && response.Body.Close() == nil && response.StatusCode == http.StatusOK
	}, 20*time.Second, 20*time.Millisecond, "the process answers although everything but the database is away")
	return p
}

// address is where the process answers to a path: its figures are not where the public is.
func (p process) address(path string) string {
	if path == "/metrics" {
		return p.metrics + path
	}
	return p.url + path
}

func (p process) do(t *testing.T, method, path, body string) (status int, header http.Header, answer string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, p.address(path), strings.NewReader(body))
	require.NoError(t, err)
	request.Header.Set("Authorization", "Bearer "+p.issuer.Token(t, time.Now(), oidctest.Claims{
		Subject: storetest.ExamsOfficer, Centre: storetest.Centre, Roles: []string{"post-results-full-access/gq"}, AMR: []string{"otp"},
	}))
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Idempotency-Key", "key-1")
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer func() { require.NoError(t, response.Body.Close()) }()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, response.Header, string(text)
}

func TestRun_ServesReadsAndSaysTheTruthWhileTemporalIsAway(t *testing.T) {
	p := start(t)
	status, _, body := p.do(t, http.MethodGet, "/readyz", "")
	require.Equal(t, http.StatusServiceUnavailable, status)
	require.Contains(t, body, `{"name":"database schema","ready":true}`)
	require.Contains(t, body, `{"name":"identity provider","ready":true}`)
	require.Contains(t, body, `"name":"bucket","ready":false`)

	status, _, body = p.do(t, http.MethodGet, "/v1/cases", "")
	require.Equal(t, http.StatusOK, status, body)

	// The seed's windows are closed today, so the clock is what decides here, not Temporal: nothing is written.
	status, _, body = p.do(t, http.MethodPost, "/v1/enquiries", `{"service":"clerical-check","candidateNumber":"9999","series":"demo","component":"M1-01","consentGivenOn":"2026-08-24","reason":"other"}`)
	require.Equal(t, http.StatusUnprocessableEntity, status, body)
	require.Contains(t, body, "unknown-candidate")

	status, _, body = p.do(t, http.MethodGet, "/metrics", "")
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, body, `recourse_http_request_duration_seconds_count{route="GET /v1/cases",status="200"} 1`)
	require.Contains(t, body, "go_goroutines")
	status, _, _ = p.do(t, http.MethodGet, "/metrics?of=the-public", "")
	require.Equal(t, http.StatusNotFound, status, "the public sees no figures of the inside")

	p.stop()
	select {
	case err := <-p.ended:
		require.NoError(t, err, "an orderly stop")
	case <-time.After(time.Minute):
		require.Fail(t, "the process does not stop")
	}
}

func TestRun_ACaseThatCannotStartIs503AndSaysWhatIsKnown(t *testing.T) {
	p := start(t)
	// The one clock is moved to an instant at which the seed's windows are open.
	_, err := p.register.Pool().Exec(t.Context(), "INSERT INTO clock_offset (offset_ms) VALUES ($1)", time.Until(storetest.Now).Milliseconds())
	require.NoError(t, err)
	status, header, body := p.do(t, http.MethodPost, "/v1/enquiries", `{"service":"clerical-check","candidateNumber":"4001","series":"demo","component":"M1-01","consentGivenOn":"2026-08-24","reason":"other"}`)
	require.Equal(t, http.StatusServiceUnavailable, status, body)
	require.Equal(t, "2", header.Get("Retry-After"))
	require.Contains(t, body, "not known whether your request was taken")
	counts, err := p.register.CaseCounts(t.Context())
	require.NoError(t, err)
	require.Empty(t, counts)
}

func TestRun_ADoorThatIsTakenIsSaidAndNothingStaysOpen(t *testing.T) {
	p := start(t)
	config := p.config
	config.Listen = freePort(t)
	err := starter.Run(t.Context(), config)
	require.ErrorContains(t, err, "for metrics")
	require.ErrorContains(t, err, config.MetricsListen)
	free, err := new(net.ListenConfig).Listen(t.Context(), "tcp", config.Listen)
	require.NoError(t, err, "the other door is closed again")
	require.NoError(t, free.Close())
}
