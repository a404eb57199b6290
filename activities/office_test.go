package activities_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/letters"
	"github.com/recourse-exams/recourse/rulebook"
	"github.com/recourse-exams/recourse/store"
	"github.com/recourse-exams/recourse/store/storetest"
)

// office is a seeded register with the real rules and letters; only SES and S3 are stood in for.
type office struct {
	*store.Store
	t       testing.TB
	book    *rulebook.Book
	printer *letters.Printer
	shelf   *shelf
}

func setup(t testing.TB) office {
	t.Helper()
	book, err := rulebook.Load()
	require.NoError(t, err)
	printer, err := letters.New()
	require.NoError(t, err)
	return office{Store: storetest.Seeded(t), t: t, book: book, printer: printer, shelf: newShelf()}
}

func (o office) caseFile() *activities.CaseFile {
	return o.caseFileAt(storetest.Now)
}

// caseFileAt is the case file while the clock shows an instant.
func (o office) caseFileAt(now time.Time) *activities.CaseFile {
	return &activities.CaseFile{Register: o.Store, Rulebook: o.book, Files: o.shelf, Now: func() time.Time { return now }}
}

// decidedAt is when decisions are made: in time for every outcome clock.
var decidedAt = storetest.Now.Add(5 * 24 * time.Hour)

// ask is a review of marking of candidate 4001's first maths paper with a copy of the script, changed as wanted.
// Somebody other than the exams officer asks, so that the centre's mails have two recipients.
func ask(changes ...func(*casework.EnquiryRequest)) casework.OpenInput {
	request := casework.EnquiryRequest{
		Service: casework.ReviewOfMarking, CentreNumber: storetest.Centre, CandidateNumber: "4001", Series: storetest.Series,
		Component: storetest.Maths1, ConsentGivenOn: calendar.Date{Year: 2026, Month: time.August, Day: 24},
		ReviewedScript: true, Reason: casework.ReasonNearBoundary,
	}
	for _, change := range changes {
		change(&request)
	}
	sum := sha256.Sum256([]byte(fmt.Sprint(request)))
	return casework.OpenInput{At: storetest.Now.Add(time.Second), Enquiry: casework.EnquiryInput{
		Reference: casework.NewReference(sum[:]), Request: request, Actor: casework.Actor{Subject: "adm-64101", Role: casework.RolePostResults},
		ReceivedAt: storetest.Now, RequestSHA256: hex.EncodeToString(sum[:]),
	}}
}

func of(candidate, component string) func(*casework.EnquiryRequest) {
	return func(r *casework.EnquiryRequest) { r.CandidateNumber, r.Component = candidate, component }
}

func clerical(r *casework.EnquiryRequest)      { r.Service = casework.ClericalCheck }
func withoutScript(r *casework.EnquiryRequest) { r.ReviewedScript = false }

// open opens a case and expects it to be taken.
func (o office) open(changes ...func(*casework.EnquiryRequest)) casework.Reference {
	o.t.Helper()
	opened, err := o.caseFile().OpenCase(o.t.Context(), ask(changes...))
	require.NoError(o.t, err)
	require.Nil(o.t, opened.Refusal)
	return opened.Reference
}

func key(ref casework.Reference, step casework.Step, at time.Time) casework.StepKey {
	return casework.StepKey{Reference: ref, Step: step, Number: 1, Cause: "test", At: at}
}

// allocate gives the case's task to somebody and expects that there is somebody.
func (o office) allocate(ref casework.Reference) casework.Allocated {
	o.t.Helper()
	allocation := &activities.Allocation{Roster: o.Store, Staffing: o.book}
	allocated, err := allocation.AllocateTask(o.t.Context(), key(ref, casework.StepAllocate, storetest.Now.Add(2*time.Second)))
	require.NoError(o.t, err)
	require.NotEmpty(o.t, allocated.Assignee)
	return allocated
}

// decision is a performer's own completion of their task, in which every item keeps its mark except those given.
func (o office) decision(ref casework.Reference, a casework.Allocated, marks map[string]int) casework.DecideInput {
	o.t.Helper()
	c := casework.Completion{Task: a.Sheet.Task}
	for _, item := range a.Sheet.Items {
		given := casework.ItemMark{Item: item.Item, Mark: item.Original}
		if mark, ok := marks[item.Item]; ok {
			given.Mark, given.Reason = mark, a.Sheet.Rules.ChangeReasons[0]
		}
		c.Items = append(c.Items, given)
	}
	for _, check := range a.Sheet.Rules.Checklist {
		c.Checklist = append(c.Checklist, casework.CheckAnswer{Check: check, Correct: len(marks) == 0})
	}
	if len(marks) == 0 {
		c.UnchangedReason = a.Sheet.Rules.UnchangedReasons[0]
	}
	if a.Sheet.Rules.AnnotatedScript {
		file, err := o.shelf.Put(o.t.Context(), "uploads/"+string(a.Sheet.Task)+".pdf", activities.PDF, []byte("%PDF-1.7 "+a.Sheet.Task))
		require.NoError(o.t, err)
		c.Annotated = &file
	}
	return casework.DecideInput{
		Key: key(ref, casework.StepDecide, decidedAt), Completion: c, ReceivedAt: decidedAt.Add(-time.Second),
		Actor: casework.Actor{Subject: a.Assignee, Role: a.Sheet.Service.Performer().SignsInAs()},
	}
}

// decide completes the case's task and expects that the completion is taken.
func (o office) decide(ref casework.Reference, marks map[string]int) casework.Decided {
	o.t.Helper()
	decided, err := o.caseFile().RecordDecision(o.t.Context(), o.decision(ref, o.allocate(ref), marks))
	require.NoError(o.t, err)
	require.Nil(o.t, decided.Refusal)
	return decided
}

// settled opens and decides one case that is linked to no other.
func (o office) settled(marks map[string]int, changes ...func(*casework.EnquiryRequest)) casework.Reference {
	o.t.Helper()
	ref := o.open(changes...)
	require.True(o.t, o.decide(ref, marks).Settled)
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

// count answers how often a code stands in a trail.
func count(codes []string, code string) int {
	n := 0
	for _, c := range codes {
		if c == code {
			n++
		}
	}
	return n
}
