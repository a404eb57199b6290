package store_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/policy"
	"github.com/recourse-exams/recourse/rulebook"
	"github.com/recourse-exams/recourse/store/storetest"
)

const (
	pinned  = "cambria-2026.1"
	revised = "cambria-2026.2"
)

// revised is the office with a second version of its rules, in which a review's outcome is due after another number of
// calendar days; the shipped data has one version only.
func (o office) revised(days int) office {
	o.t.Helper()
	first, err := o.book.Policy(pinned)
	require.NoError(o.t, err)
	second := first
	second.Version, second.ValidFrom = revised, calendar.Date{Year: 2026, Month: time.November, Day: 1}
	first.ValidUntil = second.ValidFrom.AddDays(-1)
	second.Services = slices.Clone(second.Services)
	for i := range second.Services {
		s := &second.Services[i]
		s.Clocks = slices.Clone(s.Clocks)
		for j := range s.Clocks {
			if s.Service == casework.ReviewOfMarking && s.Clocks[j].ID == casework.ClockOutcome {
				s.Clocks[j].Amount, s.Clocks[j].Provenance = days, policy.Provenance{Clause: "clause 3.2b", Source: "Corrigendum", Confirmed: true}
			}
		}
	}
	o.book, err = rulebook.New(first, second)
	require.NoError(o.t, err)
	return o
}

// recalculation asks a case for the other version, as whoever was shown the difference at that instant does.
func (o office) recalculation(ref casework.Reference, at time.Time) casework.RecalculateInput {
	o.t.Helper()
	shown, err := o.Recalculation(o.t.Context(), ref, revised, at, o.book)
	require.NoError(o.t, err)
	in := casework.RecalculateInput{Key: key(ref, casework.StepRecalculate, 1, at), Request: casework.RecalculateRequest{
		Policy: revised, Expect: shown.Digest(),
		Actor: casework.Actor{Subject: "op-1", Role: casework.RoleOperator, Reason: "2026.1 was published with a mistake."},
	}}
	in.Key.About = "update-1"
	return in
}

func (o office) recalculate(in casework.RecalculateInput) casework.Recalculated {
	o.t.Helper()
	done, err := o.Recalculate(o.t.Context(), in, o.book)
	require.NoError(o.t, err)
	return done
}

// Issue B, point 9: the difference is shown first; who and why is recorded, with the dates before and after.
func TestRecalculate_MovesTheClockAndSaysWhoAndWhy(t *testing.T) {
	t.Parallel()
	o := setup(t).revised(25)
	ref := o.open()
	before := o.page(ref)
	in := o.recalculation(ref, later)
	require.Equal(t, before, o.page(ref), "to look changes nothing")

	done := o.recalculate(in)
	promised := clock(t, before, casework.ClockOutcome)
	after := o.page(ref)
	moved := clock(t, after, casework.ClockOutcome)
	require.Equal(t, promised.Ends.AddDate(0, 0, 5), moved.Ends)
	require.Equal(t, promised.Ends, moved.OriginalEnds, "the first promise stands")
	require.Equal(t, "clause 3.2b", moved.Clause)
	require.Equal(t, revised, moved.Policy)
	require.Equal(t, revised, after.Policy)
	require.Equal(t, moved.Warn[0], after.NextActionAt)
	require.Equal(t, before.Version+1, after.Version)
	require.Equal(t, moved.Ends, done.OutcomeDue)
	require.Equal(t, casework.Plan{
		{Clock: casework.ClockOutcome, Act: casework.ActWarn, At: moved.Warn[0]}, {Clock: casework.ClockOutcome, Act: casework.ActBreach, At: moved.Ends},
	}, done.Plan)

	entries, err := o.Timeline(t.Context(), ref, true)
	require.NoError(t, err)
	last := entries[len(entries)-1]
	require.Equal(t, "recalculated", last.What)
	require.Equal(t, in.Request.Actor, last.Actor)
	facts := map[string]string{}
	for _, fact := range last.Facts {
		facts[fact.Name] = fact.Value
	}
	require.Equal(t, map[string]string{
		"from": pinned, "policy": revised,
		"outcomeBefore": promised.Due().Format(time.RFC3339Nano), "outcomeAfter": moved.Due().Format(time.RFC3339Nano),
	}, facts)
	require.NoError(t, o.VerifyAudit(t.Context(), ref))
	o.whole()
}

// architecture §3.3: a repeat is answered with what was stored, also after the case went on.
func TestRecalculate_RepeatIsAnsweredWithWhatWasStored(t *testing.T) {
	t.Parallel()
	o := setup(t).revised(25)
	ref := o.open()
	in := o.recalculation(ref, later)
	first := o.recalculate(in)
	page := o.page(ref)
	require.Equal(t, first, o.recalculate(in))
	require.Equal(t, page, o.page(ref))

	again := in
	again.Key.About = "update-2"
	_, err := o.Recalculate(t.Context(), again, o.book)
	fault(t, err, casework.Refused, casework.FaultSamePolicy)
}

// Whoever agreed to a difference agreed to that one: a clock that was met in between makes it another.
func TestRecalculate_RefusesADifferenceThatIsAnotherByNow(t *testing.T) {
	t.Parallel()
	o := setup(t).revised(25)
	ref := o.open()
	in := o.recalculation(ref, later)
	_, err := o.Decide(t.Context(), decision(ref, o.allocate(ref), nil, later), o.book, single)
	require.NoError(t, err)
	before := o.page(ref)
	_, err = o.Recalculate(t.Context(), in, o.book)
	fault(t, err, casework.Conflict, casework.FaultDifferenceChanged)
	require.Equal(t, before, o.page(ref))

	agreed := o.recalculation(ref, later.Add(time.Minute))
	agreed.Key.About = "update-2"
	done := o.recalculate(agreed)
	var kept []casework.Kept
	for _, change := range done.Recalculation.Changes {
		kept = append(kept, change.Kept)
	}
	require.Contains(t, kept, casework.KeptMet)
	page := o.page(ref)
	require.Equal(t, pinned, clock(t, page, casework.ClockOutcome).Policy, "what was met counted by the version of then")
	require.Equal(t, revised, clock(t, page, casework.ClockWindow).Policy)
	for _, deadline := range done.Plan {
		require.NotEqual(t, casework.ClockOutcome, deadline.Clock)
	}
}

// A breach that was noticed is a fact: no version of the rules takes it back.
func TestRecalculate_ABreachStays(t *testing.T) {
	t.Parallel()
	o := setup(t).revised(40)
	opened := o.try(ask())
	_, breach := instants(t, opened)
	require.Equal(t, casework.SLABreached, o.alert(opened.Reference, 1, breach, breach.At).SLAState)
	// Asked for a moment before the end, and done after the breach was recorded.
	done := o.recalculate(o.recalculation(opened.Reference, breach.At.Add(-time.Second)))
	require.Equal(t, casework.KeptEnded, done.Recalculation.Changes[0].Kept)
	require.Equal(t, casework.SLABreached, done.SLAState)
	require.Equal(t, breach.At, clock(t, o.page(opened.Reference), casework.ClockOutcome).Ends)
}

// A warning or breach of an end that was counted again, and was on its way to the register meanwhile, concerns nobody;
// nor does a warning that was given about it make the case a warned one.
func TestRecalculate_AlertsOfTheOldEndConcernNobody(t *testing.T) {
	t.Parallel()
	o := setup(t).revised(30)
	opened := o.try(ask())
	ref := opened.Reference
	warn, breach := instants(t, opened)
	require.Equal(t, casework.SLAWarned, o.alert(ref, 1, warn, warn.At).SLAState)
	done := o.recalculate(o.recalculation(ref, breach.At.Add(-time.Hour)))
	require.Equal(t, casework.SLAOnTime, done.SLAState)

	late, err := o.RecordAlert(t.Context(), casework.AlertInput{Key: key(ref, casework.StepAlert, 2, breach.At), Deadline: breach})
	require.NoError(t, err)
	require.False(t, late.Due)
	page := o.page(ref)
	require.Equal(t, casework.SLAOnTime, page.SLAState)
	require.Zero(t, clock(t, page, casework.ClockOutcome).BreachedAt)
}

func TestRecalculate_RefusesCasesThatDoNotRunAndRequestsThatLackSomething(t *testing.T) {
	t.Parallel()
	o := setup(t).revised(25)
	ref := o.open()
	in := o.recalculation(ref, later)

	silent := in
	silent.Request.Actor.Reason = ""
	_, err := o.Recalculate(t.Context(), silent, o.book)
	fault(t, err, casework.Invalid, casework.FaultRecalculationInvalid)

	_, err = o.Recalculation(t.Context(), ref, "cambria-2031.1", later, o.book)
	fault(t, err, casework.Refused, casework.FaultUnknownPolicy)
	_, err = o.Recalculation(t.Context(), reference("nobody"), revised, later, o.book)
	fault(t, err, casework.NotFound, "unknown-case")

	refused := o.try(ask(of("4002", storetest.Maths1), withoutConsent))
	require.Equal(t, casework.StageRefused, refused.Stage)
	_, err = o.Recalculation(t.Context(), refused.Reference, revised, later, o.book)
	fault(t, err, casework.Conflict, casework.FaultNotOpen)
}
