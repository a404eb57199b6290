package api_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/api/oidctest"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/store"
	"github.com/recourse-exams/recourse/store/storetest"
)

// world is a service in front of the real register, whose cases are carried through the real steps.
type world struct {
	*house

	store *store.Store
	steps steps
}

// bryn is the exams officer of the seed's second centre.
var bryn = oidctest.Claims{Subject: "eo-71203", Centre: storetest.OtherCentre, Roles: []string{"post-results-full-access/gq"}, AMR: []string{"otp"}}

func live(t *testing.T, options ...option) *world {
	t.Helper()
	rules, err := loadRules()
	require.NoError(t, err)
	w := &world{store: storetest.Seeded(t)}
	w.steps = steps{store: w.store, rules: rules, no: map[string]error{}}
	connect := func(c *api.Config) {
		c.Cases, c.Catalogue, c.Tasks, c.Ledger, c.Dispatcher = w.store, w.store, w.store, w.store, w.steps
		c.Roster, c.Team, c.Acts = w.store, w.store, w.steps
		c.Wall = func() time.Time { return storetest.Now }
		withOffice(c, w.steps)
	}
	w.house = setup(t, append([]option{connect}, options...)...)
	return w
}

// open asks for a service as a centre's exams officer and returns the reference.
func (w *world) open(t *testing.T, as oidctest.Claims, candidate, component, service string) string {
	t.Helper()
	c := ask(enquiry(candidate, component, service), candidate+component+service)
	c.as = as
	got := w.do(t, c)
	require.Equal(t, 201, got.status, "%s", got.body)
	return read[api.EnquiryOpened](t, got).Reference
}

// performer is who holds the task of a case.
func (w *world) performer(t *testing.T, reference string) oidctest.Claims {
	t.Helper()
	var subject string
	require.NoError(t, w.store.Pool().QueryRow(t.Context(), "SELECT assignee FROM tasks WHERE reference = $1", reference).Scan(&subject))
	role := casework.RoleExaminer
	if strings.HasPrefix(subject, "cl-") {
		role = casework.RoleClerical
	}
	return oidctest.Claims{Subject: subject, Roles: []string{string(role)}, AMR: []string{"pwd", "otp"}}
}

func taskPath(reference string) string { return "/v1/tasks/" + reference + "/1" }

// completion is a completion of the case's task that the rules take: the first item changes by so many marks.
func (w *world) completion(t *testing.T, reference string, by int) string {
	t.Helper()
	performer := w.performer(t, reference)
	task := read[api.Task](t, w.do(t, call{method: "GET", path: taskPath(reference), as: performer}))
	var items, checks []string
	for i, item := range task.Items {
		mark, reason := item.Original, ""
		if i == 0 && by != 0 {
			mark, reason = mark+by, fmt.Sprintf(`,"reason":%q`, task.Rules.ChangeReasons[0])
		}
		items = append(items, fmt.Sprintf(`{"item":%q,"mark":%d%s}`, item.Item, mark, reason))
	}
	for _, check := range task.Rules.Checklist {
		checks = append(checks, fmt.Sprintf(`{"check":%q,"correct":true}`, check))
	}
	rest := ""
	if by == 0 {
		rest += fmt.Sprintf(`,"unchangedReason":%q`, task.Rules.UnchangedReasons[0])
	}
	if task.Rules.AnnotatedScript {
		got := w.do(t, call{method: "POST", path: taskPath(reference) + "/uploads", as: performer, body: goodUpload})
		rest += fmt.Sprintf(`,"annotated":%d`, read[api.UploadTarget](t, got).ID)
	}
	return fmt.Sprintf(`{"items":[%s],"checklist":[%s]%s}`, strings.Join(items, ","), strings.Join(checks, ","), rest)
}

// decide completes the case's task.
func (w *world) decide(t *testing.T, reference string, by int) {
	t.Helper()
	got := w.do(t, call{
		method: "POST", path: taskPath(reference) + "/complete", as: w.performer(t, reference),
		body: w.completion(t, reference, by), header: map[string]string{"Idempotency-Key": "done"},
	})
	require.Equal(t, 200, got.status, "%s", got.body)
}

// get reads an address and wants it to be there.
func get[T any](t *testing.T, h *house, path string, as oidctest.Claims) T {
	t.Helper()
	got := h.do(t, call{method: "GET", path: path, as: as})
	require.Equal(t, 200, got.status, "%s: %s", path, got.body)
	return read[T](t, got)
}

// quoted writes a text as JSON.
func quoted(t *testing.T, text string) string {
	t.Helper()
	written, err := json.Marshal(text)
	require.NoError(t, err)
	return string(written)
}
