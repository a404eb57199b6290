package api_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/api/oidctest"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/rulebook"
	"github.com/recourse-exams/recourse/store"
	"github.com/recourse-exams/recourse/store/storetest"
)

// steps carries a case through the real steps in the real register, as its workflow does, without a server.
type steps struct {
	store *store.Store
	rules *rulebook.Book
	// no is what a case answers to a nudge, by its reference; the others do it.
	no map[string]error
}

func (s steps) Open(ctx context.Context, in casework.EnquiryInput) (casework.Opened, error) {
	opened, err := s.store.OpenCase(ctx, casework.OpenInput{Enquiry: in, At: in.ReceivedAt}, s.rules.Assess)
	if err != nil || opened.Refusal != nil {
		return opened, err
	}
	_, err = s.store.Allocate(ctx, s.key(in.Reference, casework.StepAllocate, in.ReceivedAt), s.rules)
	return opened, err
}

func (s steps) Complete(ctx context.Context, reference casework.Reference, _ string, request casework.CompleteRequest) (casework.Completed, error) {
	decided, err := s.store.Decide(ctx, casework.DecideInput{
		Key: s.key(reference, casework.StepDecide, request.ReceivedAt), Completion: request.Completion, Actor: request.Actor, ReceivedAt: request.ReceivedAt,
	}, s.rules, s.rules)
	if err == nil && decided.Refusal != nil {
		return casework.Completed{}, decided.Refusal
	}
	return casework.Completed{Reference: reference, Task: request.Completion.Task, Stage: decided.Stage, PublishedAt: decided.PublishedAt}, err
}

func (s steps) Recalculate(ctx context.Context, reference casework.Reference, id string, request casework.RecalculateRequest) (casework.Recalculation, error) {
	key := s.key(reference, casework.StepRecalculate, request.ReceivedAt)
	key.About = id
	done, err := s.store.Recalculate(ctx, casework.RecalculateInput{Key: key, Request: request}, s.rules)
	return done.Recalculation, err
}

// Act does what the case's workflow does: where somebody has to be found, the allocation follows.
func (s steps) Act(ctx context.Context, reference casework.Reference, id string, request casework.TaskRequest) (casework.TaskDone, error) {
	key := s.key(reference, casework.StepTask, request.ReceivedAt)
	key.About, key.Cause = id, id
	done, err := s.store.ActOnTask(ctx, casework.TaskInput{Key: key, Request: request}, s.rules)
	if err != nil || done.Stage != casework.StageUnassigned {
		return done, err
	}
	allocations, err := s.store.Allocations(ctx, reference)
	if err != nil {
		return done, err
	}
	again := s.key(reference, casework.StepAllocate, request.ReceivedAt)
	again.Number, again.Cause = len(allocations)+1, id
	_, err = s.store.Allocate(ctx, again, s.rules)
	return done, err
}

func (steps) key(reference casework.Reference, step casework.Step, at time.Time) casework.StepKey {
	return casework.StepKey{Reference: reference, Step: step, Number: 1, Cause: "test", At: at}
}

// withRegister replaces the register and the dispatcher of the house by the real ones.
func withRegister(t *testing.T) option {
	t.Helper()
	register := storetest.Seeded(t)
	rules, err := rulebook.Load()
	require.NoError(t, err)
	return func(c *api.Config) {
		passing := steps{store: register, rules: rules}
		c.Cases, c.Tasks, c.Ledger, c.Dispatcher = register, register, register, passing
		c.Roster, c.Team, c.Acts = register, register, passing
		c.Wall = func() time.Time { return storetest.Now }
	}
}

// enquiry orders a copy of the script wherever there is one: an on-screen test has none.
func enquiry(candidate, component, service string) string {
	return fmt.Sprintf(`{"service":%q,"candidateNumber":%q,"series":%q,"component":%q,"consentGivenOn":"2026-08-24","reviewedScript":%t,"reason":"near-boundary"}`,
		service, candidate, storetest.Series, component, component != storetest.Numeracy)
}

func TestRegister_OneEnquiryFromTheRequestToTheFee(t *testing.T) {
	t.Parallel()
	h := setup(t, withRegister(t))
	opened := h.do(t, ask(enquiry("4001", storetest.Maths1, "review-of-marking"), "key-1"))
	require.Equal(t, http.StatusCreated, opened.status, "%s", opened.body)
	receipt := read[api.EnquiryOpened](t, opened)
	again := h.do(t, ask(enquiry("4001", storetest.Maths1, "review-of-marking"), "key-1"))
	require.Equal(t, string(opened.body), string(again.body), "a repeat is answered alike, whatever has happened since")

	twice := problem(t, h.do(t, ask(enquiry("4001", storetest.Maths1, "review-of-marking"), "key-2")))
	require.Equal(t, "already-requested", twice.Code)
	require.Contains(t, fmt.Sprint(twice.Errors), receipt.Reference, "it names the earlier case")

	view := read[api.Case](t, h.do(t, call{method: "GET", path: receipt.Href, as: examsOfficer}))
	require.Equal(t, api.StageAssigned, view.Stage)
	require.Equal(t, "Ada Fenwick", view.Candidate.Name)
	require.Equal(t, "demo", view.Series)
	require.NotEmpty(t, view.SeriesTitle, "people have a name for it")
	require.Equal(t, "reviewer", view.WaitingOn)
	require.Equal(t, 404, h.do(t, call{method: "GET", path: receipt.Href, as: vocational}).status, "another family")
	require.Equal(t, 404, h.do(t, call{method: "GET", path: receipt.Href, as: otherCentre}).status, "another centre")

	h.review(t, receipt.Reference)
	view = read[api.Case](t, h.do(t, call{method: "GET", path: receipt.Href, as: examsOfficer}))
	require.Equal(t, api.StageAppealWindow, view.Stage)
	require.True(t, view.Outcome.Settled)
	require.Equal(t, view.Outcome.MarkBefore+1, view.Outcome.MarkAfter)
	require.Equal(t, []string{"4", "5"}, []string{view.Outcome.GradeBefore, view.Outcome.GradeAfter})
	lines := read[api.FeeLineList](t, h.do(t, call{method: "GET", path: "/v1/fee-lines?reference=" + receipt.Reference, as: finance}))
	require.Len(t, lines.Items, 2)
	for _, line := range lines.Items {
		require.Equal(t, api.FeeStateWaived, line.State, "the grade changed")
	}
	timeline := h.do(t, call{method: "GET", path: receipt.Href + "/timeline", as: examsOfficer})
	require.NotContains(t, string(timeline.body), "ex-100", "no performer's identity reaches a centre")
}

// review finds the performer of the case and completes the task with one mark more.
func (h *house) review(t *testing.T, reference string) {
	t.Helper()
	path := "/v1/tasks/" + reference + "/1"
	for number := 1001; number <= 1006; number++ {
		performer := oidctest.Claims{Subject: fmt.Sprintf("ex-%d", number), Roles: []string{"examiner"}, AMR: []string{"otp"}}
		got := h.do(t, call{method: "GET", path: path, as: performer})
		if got.status == http.StatusNotFound {
			continue
		}
		task := read[api.Task](t, got)
		draft := h.do(t, call{method: "PUT", path: path + "/draft", as: performer, body: `{"items":[{"item":"Q1","mark":1}]}`, header: map[string]string{"If-None-Match": "*"}})
		require.Equal(t, 200, draft.status, "%s", draft.body)
		stale := h.do(t, call{method: "PUT", path: path + "/draft", as: performer, body: `{}`, header: map[string]string{"If-None-Match": "*"}})
		require.Equal(t, 412, stale.status, "%s", stale.body)
		upload := read[api.UploadTarget](t, h.do(t, call{method: "POST", path: path + "/uploads", as: performer, body: goodUpload}))

		var items, checks []string
		for i, item := range task.Items {
			if i == 0 {
				items = append(items, fmt.Sprintf(`{"item":%q,"mark":%d,"reason":%q}`, item.Item, item.Original+1, task.Rules.ChangeReasons[0]))
				continue
			}
			items = append(items, fmt.Sprintf(`{"item":%q,"mark":%d}`, item.Item, item.Original))
		}
		for _, check := range task.Rules.Checklist {
			checks = append(checks, fmt.Sprintf(`{"check":%q,"correct":true}`, check))
		}
		body := fmt.Sprintf(`{"items":[%s],"checklist":[%s],"annotated":%d}`, strings.Join(items, ","), strings.Join(checks, ","), upload.ID)
		done := h.do(t, call{method: "POST", path: path + "/complete", as: performer, body: body, header: map[string]string{"Idempotency-Key": "done"}})
		require.Equal(t, 200, done.status, "%s", done.body)
		list := read[api.TaskList](t, h.do(t, call{method: "GET", path: "/v1/tasks?state=completed", as: performer}))
		require.Len(t, list.Items, 1)
		return
	}
	require.Fail(t, "nobody holds the task of "+reference)
}

func TestRegister_OfTwoThatAskAtOnceOneOpens(t *testing.T) {
	t.Parallel()
	h := setup(t, withRegister(t))
	statuses := make([]int, 8)
	var asked sync.WaitGroup
	for i := range statuses {
		asked.Go(func() {
			statuses[i] = h.do(t, ask(enquiry("4002", storetest.Maths2, "clerical-check"), fmt.Sprintf("key-%d", i))).status
		})
	}
	asked.Wait()
	opened := 0
	for _, status := range statuses {
		require.Contains(t, []int{http.StatusCreated, http.StatusConflict}, status)
		if status == http.StatusCreated {
			opened++
		}
	}
	require.Equal(t, 1, opened)
	page := read[api.CaseList](t, h.do(t, call{method: "GET", path: "/v1/cases?service=clerical-check&stage=assigned", as: caseworker}))
	require.Len(t, page.Items, 1)
}
