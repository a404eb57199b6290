package store_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/rulebook"
	"github.com/recourse-exams/recourse/store"
	"github.com/recourse-exams/recourse/store/storetest"
)

// office is a seeded register with the real rules, and the steps that the workflow would take on it.
type office struct {
	*store.Store
	t    testing.TB
	book *rulebook.Book
}

func setup(t testing.TB) office {
	t.Helper()
	book, err := rulebook.Load()
	require.NoError(t, err)
	return office{Store: storetest.Seeded(t), t: t, book: book}
}

// ask is a review of marking of candidate 4001's first maths paper with a copy of the script, changed as wanted.
func ask(changes ...func(*casework.EnquiryRequest)) casework.EnquiryRequest {
	request := casework.EnquiryRequest{
		Service: casework.ReviewOfMarking, CentreNumber: storetest.Centre, CandidateNumber: "4001", Series: storetest.Series,
		Component: storetest.Maths1, ConsentGivenOn: calendar.Date{Year: 2026, Month: time.August, Day: 24},
		ReviewedScript: true, Reason: casework.ReasonNearBoundary,
	}
	for _, change := range changes {
		change(&request)
	}
	return request
}

func of(candidate, component string) func(*casework.EnquiryRequest) {
	return func(r *casework.EnquiryRequest) { r.CandidateNumber, r.Component = candidate, component }
}

func clerical(r *casework.EnquiryRequest)        { r.Service = casework.ClericalCheck }
func withoutScript(r *casework.EnquiryRequest)   { r.ReviewedScript = false }
func withoutConsent(r *casework.EnquiryRequest)  { r.ConsentGivenOn = calendar.Date{} }
func fromOtherCentre(r *casework.EnquiryRequest) { r.CentreNumber = storetest.OtherCentre }

// reference is the same for the same words.
func reference(words ...any) casework.Reference {
	sum := sha256.Sum256([]byte(fmt.Sprint(words...)))
	return casework.NewReference(sum[:])
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

var officer = casework.Actor{Subject: storetest.ExamsOfficer, Role: casework.RolePostResults}

func opening(request casework.EnquiryRequest, received time.Time) casework.OpenInput {
	ref := reference(request, received)
	return casework.OpenInput{At: received.Add(time.Second), Enquiry: casework.EnquiryInput{
		Reference: ref, Request: request, Actor: officer, ReceivedAt: received, RequestSHA256: digest(string(ref)),
	}}
}

// try opens without expecting anything.
func (o office) try(request casework.EnquiryRequest) casework.Opened {
	o.t.Helper()
	opened, err := o.OpenCase(o.t.Context(), opening(request, storetest.Now), o.book.Assess)
	require.NoError(o.t, err)
	return opened
}

// open opens a case and expects it to be taken.
func (o office) open(changes ...func(*casework.EnquiryRequest)) casework.Reference {
	o.t.Helper()
	opened := o.try(ask(changes...))
	require.Nil(o.t, opened.Refusal)
	require.Equal(o.t, casework.StageUnassigned, opened.Stage)
	return opened.Reference
}

func key(ref casework.Reference, step casework.Step, number int, at time.Time) casework.StepKey {
	return casework.StepKey{Reference: ref, Step: step, Number: number, Cause: "test", At: at}
}

// allocate gives the case's task to somebody and expects that there is somebody.
func (o office) allocate(ref casework.Reference) casework.Allocated {
	o.t.Helper()
	allocated, err := o.Allocate(o.t.Context(), key(ref, casework.StepAllocate, 1, storetest.Now.Add(2*time.Second)), o.book)
	require.NoError(o.t, err)
	require.NotEmpty(o.t, allocated.Assignee)
	return allocated
}

// completion fills a sheet in: every item keeps its mark except those given by name.
func completion(sheet casework.TaskSheet, marks map[string]int) casework.Completion {
	c := casework.Completion{Task: sheet.Task}
	changed := false
	for _, item := range sheet.Items {
		given := casework.ItemMark{Item: item.Item, Mark: item.Original}
		if mark, ok := marks[item.Item]; ok && mark != item.Original {
			given.Mark, given.Reason, changed = mark, sheet.Rules.ChangeReasons[0], true
		}
		c.Items = append(c.Items, given)
	}
	for _, check := range sheet.Rules.Checklist {
		c.Checklist = append(c.Checklist, casework.CheckAnswer{Check: check, Correct: !changed})
	}
	if !changed {
		c.UnchangedReason = sheet.Rules.UnchangedReasons[0]
	}
	if sheet.Rules.AnnotatedScript {
		c.Annotated = &casework.FileRef{Key: "uploads/" + string(sheet.Task), Version: "v7", SHA256: digest(string(sheet.Task)), Size: 5000}
	}
	return c
}

// decision is a performer's own completion of their task.
func decision(ref casework.Reference, a casework.Allocated, marks map[string]int, at time.Time) casework.DecideInput {
	return casework.DecideInput{
		Key: key(ref, casework.StepDecide, 1, at), Completion: completion(a.Sheet, marks), ReceivedAt: at.Add(-time.Second),
		Actor: casework.Actor{Subject: a.Assignee, Role: a.Sheet.Service.Performer().SignsInAs()},
	}
}

// later is when decisions are made unless a test says otherwise: in time for every outcome clock.
var later = storetest.Now.Add(5 * 24 * time.Hour)

// decide completes the case's task and expects that the completion is taken.
func (o office) decide(ref casework.Reference, a casework.Allocated, marks map[string]int) casework.Decided {
	o.t.Helper()
	decided, err := o.Decide(o.t.Context(), decision(ref, a, marks, later), o.book, single)
	require.NoError(o.t, err)
	require.Nil(o.t, decided.Refusal)
	return decided
}

// settled opens, allocates and decides one case that is linked to no other.
func (o office) settled(marks map[string]int, changes ...func(*casework.EnquiryRequest)) casework.Reference {
	o.t.Helper()
	ref := o.open(changes...)
	require.True(o.t, o.decide(ref, o.allocate(ref), marks).Settled)
	return ref
}

// page reads a case as the awarding body sees it.
func (o office) page(ref casework.Reference) docket.Case {
	o.t.Helper()
	page, err := o.Case(o.t.Context(), ref, docket.Scope{})
	require.NoError(o.t, err)
	return page
}

// trail lists the codes of a case's audit trail and checks its chain.
func (o office) trail(ref casework.Reference) []string {
	o.t.Helper()
	require.NoError(o.t, o.VerifyAudit(o.t.Context(), ref))
	entries, err := o.Timeline(o.t.Context(), ref, false)
	require.NoError(o.t, err)
	codes := make([]string, len(entries))
	for i, entry := range entries {
		codes[i] = entry.What
	}
	return codes
}

// count answers a question about the register with a number.
func (o office) count(sql string, args ...any) int {
	o.t.Helper()
	var n int
	require.NoError(o.t, o.Pool().QueryRow(o.t.Context(), sql, args...).Scan(&n))
	return n
}

// clock finds a clock of a case.
func clock(t testing.TB, page docket.Case, id casework.ClockID) docket.Clock {
	t.Helper()
	for _, c := range page.Clocks {
		if c.ID == id {
			return c
		}
	}
	require.Failf(t, "no such clock", "case %s has no clock %s", page.Reference, id)
	return docket.Clock{}
}

// fault expects that an error is a fault of a kind and a code.
func fault(t testing.TB, err error, kind casework.FaultKind, code string) {
	t.Helper()
	var f *casework.Fault
	require.ErrorAs(t, err, &f)
	require.Equal(t, kind, f.Kind)
	require.Equal(t, code, f.Code)
}
