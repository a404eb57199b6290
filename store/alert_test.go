package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/store/storetest"
)

// alert passes one deadline of the case's outcome clock and returns the answer.
func (o office) alert(ref casework.Reference, number int, d casework.Deadline, detected time.Time) casework.Alerted {
	o.t.Helper()
	alerted, err := o.RecordAlert(o.t.Context(), casework.AlertInput{Key: key(ref, casework.StepAlert, number, detected), Deadline: d})
	require.NoError(o.t, err)
	return alerted
}

// instants are the warn and the breach of a fresh case.
func instants(t testing.TB, opened casework.Opened) (warn, breach casework.Deadline) {
	t.Helper()
	for _, d := range opened.Plan {
		switch d.Act {
		case casework.ActWarn:
			warn = d
		case casework.ActBreach:
			breach = d
		default:
		}
	}
	require.False(t, warn.At.IsZero())
	require.True(t, warn.At.Before(breach.At))
	return warn, breach
}

func TestRecordAlert_WarnThenBreachWithTrueInstants(t *testing.T) {
	t.Parallel()
	o := setup(t)
	opened := o.try(ask())
	ref := opened.Reference
	warn, breach := instants(t, opened)
	require.Equal(t, warn.At, o.page(ref).NextActionAt)

	require.Equal(t, casework.Alerted{SLAState: casework.SLAWarned, Due: true, Number: 1}, o.alert(ref, 1, warn, warn.At.Add(time.Second)))
	page := o.page(ref)
	require.Equal(t, casework.SLAWarned, page.SLAState)
	require.Equal(t, breach.At, page.NextActionAt)

	detected := breach.At.Add(7 * time.Hour) // No worker ran at the instant itself.
	require.Equal(t, casework.Alerted{SLAState: casework.SLABreached, Due: true, Number: 1}, o.alert(ref, 2, breach, detected))
	page = o.page(ref)
	require.Equal(t, casework.SLABreached, page.SLAState)
	require.True(t, page.NextActionAt.IsZero(), "nothing more happens by itself")
	outcome := clock(t, page, casework.ClockOutcome)
	require.Equal(t, breach.At, outcome.BreachedAt)
	require.Equal(t, detected, outcome.DetectedAt)

	require.Equal(t, []string{"opened", "clock-warned", "clock-breached"}, o.trail(ref))
	entries, err := o.Timeline(t.Context(), ref, true)
	require.NoError(t, err)
	last := entries[len(entries)-1]
	require.Equal(t, "clock-breached", last.What, "requesters see clocks")
	require.Contains(t, last.Facts, docket.Fact{Name: "instant", Value: breach.At.Format(time.RFC3339)})
	require.Contains(t, last.Facts, docket.Fact{Name: "detected", Value: detected.Format(time.RFC3339)})
}

func TestRecordAlert_OncePerClockActAndInstant(t *testing.T) {
	t.Parallel()
	o := setup(t)
	opened := o.try(ask())
	warn, _ := instants(t, opened)
	first := o.alert(opened.Reference, 1, warn, warn.At)
	require.Equal(t, first, o.alert(opened.Reference, 1, warn, warn.At), "the step's repeat")
	require.Equal(t, first, o.alert(opened.Reference, 2, warn, warn.At.Add(time.Hour)), "another step about the same instant")
	require.Equal(t, 1, o.count("SELECT count(*) FROM clock_alerts"))
	require.Equal(t, []string{"opened", "clock-warned"}, o.trail(opened.Reference))
}

func TestRecordAlert_ClockThatWasMetInTimeConcernsNobody(t *testing.T) {
	t.Parallel()
	o := setup(t)
	opened := o.try(ask(withoutScript))
	o.decide(opened.Reference, o.allocate(opened.Reference), nil)
	_, breach := instants(t, opened)
	require.Equal(t, casework.Alerted{SLAState: casework.SLAMet}, o.alert(opened.Reference, 1, breach, breach.At))
	require.True(t, clock(t, o.page(opened.Reference), casework.ClockOutcome).BreachedAt.IsZero())
	require.Zero(t, o.count("SELECT count(*) FROM clock_alerts"))
}

func TestRecordAlert_OutcomeThatCameTooLateIsABreachWhoeverNoticesFirst(t *testing.T) {
	t.Parallel()
	o := setup(t)
	opened := o.try(ask(withoutScript))
	_, breach := instants(t, opened)
	late := breach.At.Add(time.Minute)
	decided, err := o.Decide(t.Context(), decision(opened.Reference, o.allocate(opened.Reference), nil, late), o.book, single)
	require.NoError(t, err)
	require.Equal(t, casework.SLABreached, decided.SLAState, "the decision was handled before the timer")
	require.Equal(t, breach.At, clock(t, o.page(opened.Reference), casework.ClockOutcome).BreachedAt)

	require.Equal(t, casework.Alerted{SLAState: casework.SLABreached, Due: true, Number: 1}, o.alert(opened.Reference, 1, breach, late.Add(time.Minute)))
	outcome := clock(t, o.page(opened.Reference), casework.ClockOutcome)
	require.Equal(t, breach.At, outcome.BreachedAt)
	require.Equal(t, late, outcome.MetAt)
}

func TestRecordAlert_PublicationOnTheVeryInstantIsLate(t *testing.T) {
	t.Parallel()
	for name, moment := range map[string]struct {
		before time.Duration
		state  casework.SLAState
	}{
		"a microsecond before the end": {time.Microsecond, casework.SLAMet},
		"at the exclusive end":         {0, casework.SLABreached},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := setup(t)
			opened := o.try(ask(withoutScript))
			_, breach := instants(t, opened)
			decided, err := o.Decide(t.Context(), decision(opened.Reference, o.allocate(opened.Reference), nil, breach.At.Add(-moment.before)), o.book, single)
			require.NoError(t, err)
			require.Equal(t, moment.state, decided.SLAState)
		})
	}
}

func TestRecordAlert_UnknownClockIsNotFound(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	_, err := o.RecordAlert(t.Context(), casework.AlertInput{
		Key:      key(ref, casework.StepAlert, 1, later),
		Deadline: casework.Deadline{Clock: casework.ClockScript, Act: casework.ActBreach, At: later},
	})
	fault(t, err, casework.NotFound, "unknown-clock")
}

func TestRecordAlert_ExpiryOfAWindowIsRecordedToo(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.settled(nil, withoutScript)
	window := o.page(ref).AppealUntil
	o.alert(ref, 1, casework.Deadline{Clock: casework.ClockWindow, Act: casework.ActExpire, At: window}, window.Add(casework.ReceiptGrace))
	require.Equal(t, "clock-expired", o.trail(ref)[6])
	require.True(t, clock(t, o.page(ref), casework.ClockWindow).BreachedAt.IsZero(), "a right expires, it is never breached")
}

func TestReleaseScript_MeetsItsClockOnce(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	allocated := o.allocate(ref)
	o.decide(ref, allocated, nil)
	file, err := o.ScriptSource(t.Context(), ref)
	require.NoError(t, err)
	require.Equal(t, *completion(allocated.Sheet, nil).Annotated, file, "the annotated copy of a review of marking")

	at := later.Add(time.Hour)
	released, err := o.ReleaseScript(t.Context(), key(ref, casework.StepScript, 1, at), file)
	require.NoError(t, err)
	require.Equal(t, casework.Released{At: at, SLAState: casework.SLAMet}, released)
	again, err := o.ReleaseScript(t.Context(), key(ref, casework.StepScript, 1, at.Add(time.Hour)), file)
	require.NoError(t, err)
	require.Equal(t, released, again)

	page := o.page(ref)
	require.Equal(t, at, clock(t, page, casework.ClockScript).MetAt)
	require.Len(t, page.Documents, 1)
	require.Equal(t, docket.ReviewedScript, page.Documents[0].Kind)
	require.Equal(t, file, page.Documents[0].File)
	require.Equal(t, at, page.Documents[0].AvailableAt)
	require.Equal(t, page.AppealUntil.Add(casework.ReceiptGrace), page.NextActionAt)
	require.Equal(t, "script-released", o.trail(ref)[6])
}

func TestReleaseScript_LateIsABreach(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.settled(nil)
	file, err := o.ScriptSource(t.Context(), ref)
	require.NoError(t, err)
	released, err := o.ReleaseScript(t.Context(), key(ref, casework.StepScript, 1, later.Add(24*time.Hour)), file)
	require.NoError(t, err)
	require.Equal(t, casework.SLABreached, released.SLAState, "24 hours are over at their end")
}

func TestReleaseScript_WithoutAnOrderOrADecisionIsAConflict(t *testing.T) {
	t.Parallel()
	o := setup(t)
	undecided, unordered := o.open(), o.settled(nil, withoutScript, of("4002", storetest.Maths1))
	for _, ref := range []casework.Reference{undecided, unordered} {
		_, err := o.ReleaseScript(t.Context(), key(ref, casework.StepScript, 1, later), casework.FileRef{Key: "k", Version: "v", SHA256: digest("k"), Size: 1})
		fault(t, err, casework.Conflict, "no-script-owed")
	}
	_, err := o.ScriptSource(t.Context(), undecided)
	fault(t, err, casework.NotFound, "unknown-script")
}

func TestScriptSource_ClericalCheckGivesTheOriginal(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.settled(nil, clerical)
	file, err := o.ScriptSource(t.Context(), ref)
	require.NoError(t, err)
	require.Contains(t, file.Key, "scripts/64101/4001/", "a clerical check makes no annotations")
	require.Equal(t, int64(4000), file.Size)
}

func TestAddDocument_SameContentOnce(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.settled(nil, withoutScript)
	letter := casework.FileRef{Key: "cases/letter", Version: "v1", SHA256: digest("letter"), Size: 10}
	before := o.page(ref).Version
	for range 2 {
		require.NoError(t, o.AddDocument(t.Context(), ref, docket.OutcomeLetterPDF, letter, "application/pdf", later))
	}
	page := o.page(ref)
	require.Len(t, page.Documents, 1)
	require.Equal(t, letter, page.Documents[0].File)
	require.Equal(t, before+1, page.Version)
	require.Equal(t, "document-stored", o.trail(ref)[6])
	require.NoError(t, o.AddDocument(t.Context(), ref, docket.OutcomeLetterHTML, letter, "text/html", later))
	require.Len(t, o.page(ref).Documents, 2)
	fault(t, o.AddDocument(t.Context(), reference("none"), docket.OutcomeLetterPDF, letter, "application/pdf", later), casework.NotFound, "unknown-case")
}

func TestCloseCase_AfterTheWindowAndNeverBefore(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.settled(nil, withoutScript)
	ends := o.page(ref).AppealUntil
	fault(t, o.CloseCase(t.Context(), key(ref, casework.StepClose, 1, ends.Add(-time.Microsecond))), casework.Conflict, "window-open")

	closing := key(ref, casework.StepClose, 1, ends.Add(casework.ReceiptGrace))
	require.NoError(t, o.CloseCase(t.Context(), closing))
	require.NoError(t, o.CloseCase(t.Context(), closing), "a repeat changes nothing")
	page := o.page(ref)
	require.Equal(t, casework.StageClosed, page.Stage)
	require.Equal(t, casework.WaitingNobody, page.WaitingOn)
	require.True(t, page.NextActionAt.IsZero())
	require.Equal(t, "closed", o.trail(ref)[6])
	require.Equal(t, 1, o.count("SELECT count(*) FROM cases WHERE closed_at = $1", ends.Add(casework.ReceiptGrace)))
	closing.Number = 2
	fault(t, o.CloseCase(t.Context(), closing), casework.Conflict, "wrong-stage")
}

func TestCloseCase_OpenCaseIsAConflict(t *testing.T) {
	t.Parallel()
	o := setup(t)
	fault(t, o.CloseCase(t.Context(), key(o.open(), casework.StepClose, 1, later)), casework.Conflict, "wrong-stage")
}

func TestRecordRefusedSignal_LeavesAnEntryForTheBodyAlone(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	in := casework.RefusedInput{
		Key: key(ref, casework.StepRefusal, 1, later), Name: casework.MessageComplete,
		Actor: casework.Actor{Subject: "op-1", Role: casework.RoleOperator, OnBehalfOf: "ex-1005", Reason: "by telephone"},
		Fault: casework.NewFault(casework.Conflict, "wrong-stage", "Nobody holds the task."),
	}
	for range 2 {
		require.NoError(t, o.RecordRefusedSignal(t.Context(), in))
	}
	require.Equal(t, []string{"opened", "signal-refused"}, o.trail(ref))
	entries, err := o.Timeline(t.Context(), ref, false)
	require.NoError(t, err)
	require.Equal(t, in.Actor, entries[1].Actor)
	require.Contains(t, entries[1].Facts, docket.Fact{Name: "code", Value: "wrong-stage"})
	require.False(t, entries[1].Centre)
	require.Equal(t, int64(1), o.page(ref).Version, "the case itself is as it was")
}
