package worker_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	sdk "go.temporal.io/sdk/worker"

	"github.com/recourse-exams/recourse/connect"
	"github.com/recourse-exams/recourse/store/storetest"
	"github.com/recourse-exams/recourse/worker"
)

// patience bounds every wait of a test; nothing here takes nearly as long.
const patience = time.Minute

// process is a worker with a real register; S3 and SES are away, and Temporal until the test brings it.
type process struct {
	t        *testing.T
	url      string
	temporal string
	stop     context.CancelFunc
	ended    chan error
}

// freePort is a loopback address that nobody listens at.
func freePort(t *testing.T) string {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, listener.Close()) }()
	return listener.Addr().String()
}

func start(t *testing.T, changes ...func(*connect.Config)) process {
	t.Helper()
	nobody := freePort(t)
	for name, value := range map[string]string{
		"AWS_REGION": "eu-west-2", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_EC2_METADATA_DISABLED": "true",
		"AWS_ENDPOINT_URL_S3": "http://" + nobody, "AWS_ENDPOINT_URL_SES": "http://" + nobody, "AWS_MAX_ATTEMPTS": "1",
	} {
		t.Setenv(name, value)
	}
	config := connect.Config{
		DatabaseURL: storetest.Seeded(t).Pool().Config().ConnString(), TemporalAddress: freePort(t), Namespace: "recourse", TaskQueue: "recourse",
		Bucket: "recourse", PathStyle: true, MailFrom: "Cambria Awards <results@cambria.example>", Operations: "Operations <operations@cambria.example>",
		MailEventWait: 15 * time.Minute, MetricsListen: freePort(t),
	}
	for _, change := range changes {
		change(&config)
	}
	ctx, cancel := context.WithCancel(t.Context())
	p := process{t: t, url: "http://" + config.MetricsListen, temporal: config.TemporalAddress, stop: cancel, ended: make(chan error, 1)}
	go func() { p.ended <- worker.Run(ctx, config) }()
	t.Cleanup(cancel)
	return p
}

// end waits for the process to end and returns what it ended with.
func (p process) end() error {
	p.t.Helper()
	select {
	case err := <-p.ended:
		return err
	case <-time.After(patience):
		require.Fail(p.t, "the process does not end")
		return nil
	}
}

// get reads a page, as soon as it is served.
func (p process) get(path string) (status int, body string) {
	p.t.Helper()
	require.Eventually(p.t, func() bool {
		request, err := http.NewRequestWithContext(p.t.Context(), http.MethodGet, p.url+path, nil)
		require.NoError(p.t, err)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return false
		}
		text, err := io.ReadAll(response.Body)
		status, body = response.StatusCode, string(text)
		return err == nil && response.Body.Close() == nil
	}, patience, 20*time.Millisecond, "nobody serves %s", path)
	return status, body
}

func TestRun_SaysWhatIsMissingAndStopsInOrderWhileTemporalIsAway(t *testing.T) {
	p := start(t)
	status, body := p.get("/healthz")
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, "ok\n", body)
	status, body = p.get("/readyz")
	require.Equal(t, http.StatusServiceUnavailable, status)
	require.Contains(t, body, `"database schema":"ok"`)
	require.Contains(t, body, "Temporal namespace and search attributes")
	require.Contains(t, body, `"SES":"`)
	_, body = p.get("/metrics")
	require.Contains(t, body, "go_goroutines")

	p.stop()
	require.NoError(t, p.end(), "who is told to stop while waiting has done nothing wrong")
}

func TestRun_TakesTasksWhenTemporalComesAndStopsInOrder(t *testing.T) {
	p := start(t)
	p.get("/healthz")
	temporal := serve(t, p.temporal)
	select {
	case <-temporal.polled:
	case <-time.After(patience):
		require.Fail(t, "the worker never asked for a task")
	}
	_, body := p.get("/metrics")
	require.Contains(t, body, "temporal_", "the SDK's own figures are shown beside ours")
	p.stop()
	require.NoError(t, p.end())
}

// Mails have a queue of their own and go at the pace that the mail service grants; steps go as fast as they can.
func TestRun_TakesErrandsAtThePaceOfTheMailService(t *testing.T) {
	p := start(t, func(c *connect.Config) { c.MailPerSecond = 14 })
	temporal := serve(t, p.temporal)
	require.Eventually(t, func() bool {
		pace, ok := temporal.pace("recourse-errands")
		_, steps := temporal.pace("recourse")
		return ok && pace == 14 && steps
	}, patience, 20*time.Millisecond)
	steps, _ := temporal.pace("recourse")
	require.Greater(t, steps, 1000.0)
	p.stop()
	require.NoError(t, p.end())
}

// hired is a worker that only knows whether it is at work.
type hired struct {
	sdk.Worker
	start error
	works chan bool
}

func (h hired) Start() error {
	if h.start == nil {
		h.works <- true
	}
	return h.start
}
func (h hired) Stop() { h.works <- false }

// A worker that Temporal has sent away works no more: a process that stayed would look well and do nothing. The SDK
// gives Temporal two minutes before it says so, which is why the worker here is none of its own.
func TestHost_EndsWhenTemporalSendsTheWorkerAway(t *testing.T) {
	t.Parallel()
	works, failed := make(chan bool, 2), make(chan error, 2)
	ended := make(chan error, 1)
	config := connect.Config{MetricsListen: freePort(t)}
	go func() {
		ended <- worker.Host(t.Context(), config, func() sdk.Worker { return hired{works: works} }, failed)
	}()
	require.True(t, <-works)
	sentAway := errors.New("namespace recourse is not found")
	failed <- sentAway
	require.ErrorIs(t, <-ended, sentAway)
	require.False(t, <-works, "it is stopped in order")
}

// The SDK's worker remembers a start that failed, so each attempt needs a new one.
func TestHost_AsksANewWorkerAtEachAttempt(t *testing.T) {
	t.Parallel()
	works, made := make(chan bool, 2), 0
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	config := connect.Config{MetricsListen: freePort(t)}
	go func() {
		ended <- worker.Host(ctx, config, func() sdk.Worker {
			made++
			if made == 1 {
				return hired{start: errors.New("connection refused"), works: works}
			}
			return hired{works: works}
		}, make(chan error, 2))
	}()
	require.True(t, <-works)
	stop()
	require.NoError(t, <-ended)
	require.False(t, <-works)
	require.Equal(t, 2, made)
}

// The port of the pages may be taken: that is said at once, not when Temporal comes.
func TestRun_EndsWhenItsPagesCannotBeServed(t *testing.T) {
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, listener.Close()) }()
	p := start(t, func(c *connect.Config) { c.MetricsListen = listener.Addr().String() })
	require.ErrorContains(t, p.end(), "serve metrics at "+listener.Addr().String())
}

func TestRun_RefusesAConfigurationThatCannotWork(t *testing.T) {
	for name, row := range map[string]struct {
		change func(*connect.Config)
		says   string
	}{
		"no address of operations": {func(c *connect.Config) { c.Operations = "" }, "RECOURSE_OPERATIONS_MAIL"},
		"no sender of mails":       {func(c *connect.Config) { c.MailFrom = "" }, "RECOURSE_MAIL_FROM"},
		"events at no URL":         {func(c *connect.Config) { c.MailEventsURL = "localhost" }, "RECOURSE_MAIL_EVENTS_URL"},
		"no database there":        {func(c *connect.Config) { c.DatabaseURL = "postgres://nobody@" + freePort(t) + "/none" }, "reach the database"},
	} {
		t.Run(name, func(t *testing.T) {
			require.ErrorContains(t, start(t, row.change).end(), row.says)
		})
	}
}
