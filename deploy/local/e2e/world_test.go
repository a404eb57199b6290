// Package e2e tells whole-system stories on the real stack: PostgreSQL, Temporal, S3, the mail service, the REST
// service and the worker as child processes, with time fast-forwarded and with every part crashing once.
package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"

	"github.com/recourse-exams/recourse/deploy/local/person"
	"github.com/recourse-exams/recourse/deploy/local/stack"
	"github.com/recourse-exams/recourse/deploy/local/timetravel"
)

// patience is how long a story waits for something that should take a moment, on a busy machine.
const patience = 90 * time.Second

// world is the one stack on which the stories run, one after the other, because they crash its parts and move
// its clock.
type world struct {
	stack    *stack.Stack
	temporal client.Client
	register *pgxpool.Pool
	folder   string
	product  string

	mu   sync.Mutex
	used map[string]bool
}

var theWorld *world

func TestMain(m *testing.M) {
	stack.MaybeChild()
	os.Exit(tell(m))
}

func tell(m *testing.M) int {
	w, err := begin()
	if err != nil {
		fmt.Fprintln(os.Stderr, "the stack does not start:", err)
		return 1
	}
	theWorld = w
	defer w.end()
	return m.Run()
}

func begin() (*world, error) {
	folder, err := os.MkdirTemp("", "recourse-e2e-")
	if err != nil {
		return nil, err
	}
	product := filepath.Join(folder, "recourse")
	build := exec.Command("go", "build", "-o", product, "./cmd/recourse")
	build.Dir = filepath.Join("..", "..", "..")
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build the product: %w\n%s", err, out)
	}
	ctx := context.Background()
	s, err := stack.Start(ctx, stack.Options{
		State: filepath.Join(folder, "state"), AutoPorts: true, Product: product,
		Demo:        filepath.Join("..", "..", "demo", "cambria"),
		Environment: []string{"RECOURSE_MAIL_EVENT_WAIT=3s"},
	})
	if err != nil {
		return nil, err
	}
	w := &world{stack: s, folder: folder, product: product, used: map[string]bool{}}
	w.temporal, err = client.NewLazyClient(client.Options{
		HostPort: s.Endpoints.TemporalAddress, Namespace: stack.Namespace,
		Logger: sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)),
	})
	if err != nil {
		return nil, err
	}
	if w.register, err = pgxpool.New(ctx, s.Endpoints.DatabaseURL); err != nil {
		return nil, err
	}
	// One after the other, the stories move the clock by more than the demonstration series' windows last.
	_, err = w.register.Exec(ctx, `UPDATE key_dates SET last_day = last_day + 3650`)
	return w, err
}

func (w *world) end() {
	w.temporal.Close()
	w.register.Close()
	if err := w.stack.Stop(); err != nil {
		fmt.Fprintln(os.Stderr, "the stack does not stop:", err)
	}
	if os.Getenv("RECOURSE_E2E_KEEP") == "" {
		_ = os.RemoveAll(w.folder)
	} else {
		fmt.Fprintln(os.Stderr, "kept", w.folder)
	}
}

// as lets a story act as one of the stack's personas.
func (w *world) as(t *testing.T, persona string) *person.Person {
	t.Helper()
	p, err := person.With(w.stack.Endpoints.API, persona, w.stack.TokenFile(persona))
	require.NoError(t, err)
	return p
}

// paper is one candidate's result in one component that no story has used.
type paper struct {
	centre, candidate, component, series, result string
}

var officers = map[string]string{"64101": "eo-64101", "64202": "admin-64202", "71203": "eo-71203", "71305": "eo-71305"}

func (p paper) officer() string { return officers[p.centre] }

// papers finds unused results with a script, all of one award, as many as are wanted.
func (w *world) papers(t *testing.T, wanted int) []paper {
	t.Helper()
	const unusedSQL = `
SELECT r.centre, r.candidate, r.component, r.series, r.id::text, q.id
FROM component_results r JOIN components c ON c.id = r.component JOIN qualifications q ON q.id = c.qualification
JOIN scripts s ON s.result = r.id
WHERE NOT c.objective AND NOT q.unitised AND q.family = 'gq'
ORDER BY r.centre DESC, r.candidate, q.id, r.component`
	rows, err := w.register.Query(t.Context(), unusedSQL)
	require.NoError(t, err)
	w.mu.Lock()
	defer w.mu.Unlock()
	groups := map[string][]paper{}
	var order []string
	var p paper
	var qualification string
	_, err = pgx.ForEachRow(rows, []any{&p.centre, &p.candidate, &p.component, &p.series, &p.result, &qualification}, func() error {
		award := p.centre + p.candidate + qualification
		if len(groups[award]) == 0 {
			order = append(order, award)
		}
		groups[award] = append(groups[award], p)
		return nil
	})
	require.NoError(t, err)
	for _, award := range order {
		if !w.used[award] && len(groups[award]) >= wanted {
			w.used[award] = true
			return groups[award][:wanted]
		}
	}
	require.Fail(t, "the demo data has no unused award left")
	return nil
}

func (w *world) paper(t *testing.T) paper {
	t.Helper()
	return w.papers(t, 1)[0]
}

// today is the London day of the stack's clock.
func (w *world) today(t *testing.T) string {
	t.Helper()
	london, err := time.LoadLocation("Europe/London")
	require.NoError(t, err)
	return w.now(t).In(london).Format(time.DateOnly)
}

func (w *world) now(t *testing.T) time.Time {
	t.Helper()
	var ms int64
	err := w.register.QueryRow(t.Context(), `SELECT coalesce(max(offset_ms), 0) FROM clock_offset`).Scan(&ms)
	require.NoError(t, err)
	return time.Now().Add(time.Duration(ms) * time.Millisecond)
}

// forward moves the stack's clock.
func (w *world) forward(t *testing.T, amount time.Duration) {
	t.Helper()
	traveller, done, err := timetravel.Connect(t.Context(), w.temporal, stack.Namespace, w.stack.Endpoints.DatabaseURL, w.stack.Endpoints.EngineURL)
	require.NoError(t, err)
	defer done()
	_, err = traveller.Move(t.Context(), amount)
	require.NoError(t, err)
}

const day = 24 * time.Hour

// enquiry is the request for a paper.
func (w *world) enquiry(t *testing.T, p paper, service string) person.Enquiry {
	t.Helper()
	return person.Enquiry{
		Service: service, CandidateNumber: p.candidate, Series: p.series, Component: p.component,
		ConsentGivenOn: w.today(t), ReviewedScript: service == "review-of-marking", Reason: "unexpected-mark",
	}
}

// opens submits an enquiry until it is open: a busy machine may answer "accepted" or "try again" first, and the
// same key asks for the same case.
func (w *world) opens(t *testing.T, p paper, service string) person.Opened {
	t.Helper()
	key := strings.Join([]string{t.Name(), p.centre, p.candidate, p.component, service}, "-")
	return w.asks(t, w.as(t, p.officer()), strings.ReplaceAll(key, " ", "-"), w.enquiry(t, p, service))
}

func (w *world) asks(t *testing.T, officer *person.Person, key string, enquiry person.Enquiry) person.Opened {
	t.Helper()
	var opened person.Opened
	w.await(t, "the case is open", func() bool {
		var status int
		var err error
		opened, status, err = officer.Ask(t.Context(), key, enquiry)
		require.Contains(t, []int{http.StatusCreated, http.StatusAccepted, http.StatusServiceUnavailable, 0}, status, "%v", err)
		return status == http.StatusCreated
	})
	return opened
}

// holder is the performer who holds a case's task.
func (w *world) holder(t *testing.T, reference string) *person.Person {
	t.Helper()
	var assignee string
	w.await(t, "the task is allocated", func() bool {
		err := w.register.QueryRow(t.Context(), `SELECT coalesce(assignee, '') FROM tasks WHERE reference = $1`, reference).Scan(&assignee)
		return err == nil && assignee != ""
	})
	return w.as(t, assignee)
}

func href(reference string) string { return "/v1/tasks/" + reference + "/1" }

// completes hands in a case's task with every mark kept, again with the same key while a part is busy.
func (w *world) completes(t *testing.T, reference string) {
	t.Helper()
	holder := w.holder(t, reference)
	w.await(t, "the task is completed", func() bool {
		task, err := holder.Task(t.Context(), href(reference))
		if err != nil {
			return false
		}
		_, err = holder.Complete(t.Context(), "complete-"+reference, task, task.Unchanged())
		var problem *person.Problem
		if errors.As(err, &problem) {
			require.Contains(t, []int{http.StatusServiceUnavailable, http.StatusConflict}, problem.Status, problem)
		}
		return w.text(t, `SELECT count(*) FROM decisions WHERE reference = $1`, reference) == "1"
	})
}

// stage waits until a case stands in a stage.
func (w *world) stage(t *testing.T, reference, stage string) {
	t.Helper()
	w.await(t, "case "+reference+" stands in "+stage, func() bool { return w.text(t, `SELECT stage FROM cases WHERE reference = $1`, reference) == stage })
}

// await looks again and again until something is so.
func (w *world) await(t *testing.T, what string, so func() bool) {
	t.Helper()
	require.Eventually(t, so, patience, 50*time.Millisecond, what)
}

// text reads one value; "" while there is none or the database is away.
func (w *world) text(t *testing.T, sql string, arguments ...any) string {
	t.Helper()
	var value *string
	if err := w.register.QueryRow(t.Context(), "SELECT ("+strings.TrimSuffix(sql, ";")+")::text", arguments...).Scan(&value); err != nil || value == nil {
		return ""
	}
	return *value
}

// letter is a mail in the inbox.
type letter struct {
	ID      string            `json:"id"`
	To      []string          `json:"to"`
	Subject string            `json:"subject"`
	Tags    map[string]string `json:"tags"`
}

// inbox lists the mails that the mail service accepted about a case, or all with an empty reference.
func (w *world) inbox(t *testing.T, reference string) []letter {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.stack.Endpoints.Mail+"/messages", nil)
	require.NoError(t, err)
	request.Header.Set("Accept", "application/json")
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	var all []letter
	require.NoError(t, json.NewDecoder(response.Body).Decode(&all))
	var about []letter
	for _, l := range all {
		if strings.Contains(l.Subject, reference) {
			about = append(about, l)
		}
	}
	return about
}

// fault switches a fault of the mail service on.
func (w *world) fault(t *testing.T, fault string) {
	t.Helper()
	w.switches(t, http.MethodPut, fault)
}

// clearFaults switches every fault off.
func (w *world) clearFaults(t *testing.T) {
	t.Helper()
	w.switches(t, http.MethodDelete, "")
}

func (w *world) switches(t *testing.T, method, body string) {
	t.Helper()
	request, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), method, w.stack.Endpoints.Mail+"/faults", strings.NewReader(body))
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Less(t, response.StatusCode, http.StatusMultipleChoices)
}

// ends moves the clock past a decided case's window and checks what must hold then.
func (w *world) ends(t *testing.T, reference string) {
	t.Helper()
	w.stage(t, reference, "appeal-window")
	w.await(t, "nothing is under way", func() bool { return w.quiet(t, reference) })
	w.forward(t, 16*day)
	w.stage(t, reference, "closed")
	w.finished(t, reference)
}

// halt kills a part and keeps it down until restart, or until the story ends however it ends.
func (w *world) halt(t *testing.T, name string) {
	t.Helper()
	require.NoError(t, w.stack.Halt(name))
	t.Cleanup(func() {
		if pid, err := w.stack.PID(name); err == nil && pid == 0 {
			_ = w.stack.Restart(context.Background(), name)
		}
	})
}

func (w *world) restart(t *testing.T, name string) {
	t.Helper()
	require.NoError(t, w.stack.Restart(t.Context(), name))
}

// waiting reports whether another connection waits for a lock that the transaction holds.
func (w *world) waiting(t *testing.T, holder pgx.Tx) bool {
	t.Helper()
	var waits bool
	err := holder.QueryRow(t.Context(), `SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid)))`).Scan(&waits)
	return err == nil && waits
}
