package store_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/store/storetest"
)

const recordedWithin = 30 * time.Second

// unrecorded looks for clocks at an instant and returns how many are new.
func (o office) unrecorded(at time.Time) int {
	o.t.Helper()
	news, err := o.FindUnrecorded(o.t.Context(), at, recordedWithin)
	require.NoError(o.t, err)
	return news
}

// No worker runs when a promise ends: the register alone says so, once, until the breach is on record.
func TestFindUnrecorded_APromiseThatEndedAndIsNotOnRecord(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.hook("wh_1", docket.EventClockUnrecorded)
	opened := o.try(ask())
	_, breach := instants(t, opened)
	require.Zero(t, o.unrecorded(breach.At.Add(recordedWithin)), "a worker has half a minute")
	late := breach.At.Add(recordedWithin + time.Second)
	require.Equal(t, 1, o.unrecorded(late))
	require.Zero(t, o.unrecorded(late.Add(time.Minute)), "once")
	found := o.openFindings("")
	require.Len(t, found, 1)
	require.Equal(t, docket.FindingUnrecorded, found[0].Kind)
	require.Equal(t, string(casework.ClockOutcome), found[0].About)
	require.Contains(t, found[0].Detail, breach.At.Format("2006-01-02 15:04:05")+" UTC")
	require.Len(t, o.queued("wh_1"), 1)

	o.alert(opened.Reference, 1, breach, late.Add(2*time.Minute))
	require.Zero(t, o.unrecorded(late.Add(3*time.Minute)))
	require.Empty(t, o.openFindings(""), "a worker came back and recorded it")
}

func TestFindUnrecorded_WhatWasMetOrStandsStillIsNotLate(t *testing.T) {
	t.Parallel()
	o := setup(t)
	held, met := o.try(ask()), o.open(of("4002", storetest.Maths1), withoutScript)
	o.allocate(held.Reference)
	o.decide(met, o.allocate(met), nil)
	o.hold(held.Reference, casework.HoldConsent, days(3))
	require.Contains(t, clock(t, o.page(held.Reference), casework.ClockOutcome).PausedBy, casework.HoldConsent)
	_, breach := instants(t, held)
	o.unrecorded(breach.At.AddDate(0, 0, 30))
	for _, f := range o.openFindings(docket.FindingUnrecorded) {
		require.NotEqual(t, string(casework.ClockOutcome), f.About)
	}

	// What does not stand still for a cause goes on.
	running := o.try(ask(of("4003", storetest.Maths1)))
	o.hold(running.Reference, casework.HoldPayment, days(3))
	require.NotContains(t, clock(t, o.page(running.Reference), casework.ClockOutcome).PausedBy, casework.HoldPayment)
	_, breach = instants(t, running)
	require.Equal(t, 1, o.unrecorded(breach.At.Add(time.Minute)))
}

// Several watchers at once find it once.
func TestFindUnrecorded_ByManyAtOnce(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.hook("wh_1", docket.EveryEvent)
	for _, candidate := range []string{"4001", "4002", "4003"} {
		o.open(of(candidate, storetest.Maths1))
	}
	at := storetest.Now.AddDate(0, 3, 0)
	news := make([]int, 4)
	var group sync.WaitGroup
	for i := range news {
		group.Go(func() { news[i], _ = o.FindUnrecorded(t.Context(), at, recordedWithin) })
	}
	group.Wait()
	sum := 0
	for _, n := range news {
		sum += n
	}
	clocks := len(o.openFindings(docket.FindingUnrecorded))
	require.GreaterOrEqual(t, clocks, 3)
	require.Equal(t, clocks, sum)
	require.Len(t, o.queued("wh_1"), clocks)
}

func (o office) noProgress(at time.Time) int {
	o.t.Helper()
	news, err := o.FindNoProgress(o.t.Context(), at, 2*time.Minute)
	require.NoError(o.t, err)
	return news
}

func TestFindNoProgress_WhatWasDueByItselfAndDidNotHappen(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.hook("wh_1", docket.EventStuck)
	opened := o.try(ask())
	next := o.page(opened.Reference).NextActionAt
	require.False(t, next.IsZero())
	require.Zero(t, o.noProgress(next.Add(2*time.Minute)))
	late := next.Add(2*time.Minute + time.Second)
	require.Equal(t, 1, o.noProgress(late))
	require.Zero(t, o.noProgress(late.Add(time.Minute)))
	require.Equal(t, docket.FindingNoProgress, o.openFindings("")[0].Kind)
	require.Len(t, o.queued("wh_1"), 1)

	warn, _ := instants(t, opened)
	o.alert(opened.Reference, 1, warn, late.Add(2*time.Minute))
	require.Zero(t, o.noProgress(late.Add(3*time.Minute)))
	require.Empty(t, o.openFindings(""), "it goes on")
}

// A clock that is known as unrecorded says the same and more: one trouble is one mail.
func TestFindNoProgress_IsNotToldBesideAnUnrecordedClock(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.open()
	at := storetest.Now.AddDate(0, 3, 0)
	require.NotZero(t, o.unrecorded(at))
	require.Zero(t, o.noProgress(at))
}

// A case that was asked and has not answered is left alone; one that has answered and is wanted again is asked at once.
func TestClaimSignals_AsksACaseOnceUntilItHasAnswered(t *testing.T) {
	t.Parallel()
	o := setup(t)
	one, two := o.open(), o.open(of("4002", storetest.Maths1))
	claim := func(at time.Time, wanted ...casework.Reference) []casework.Reference {
		claimed, err := o.ClaimSignals(t.Context(), casework.SignalReallocate, wanted, at, 10*time.Minute)
		require.NoError(t, err)
		return claimed
	}
	now := storetest.Now
	require.ElementsMatch(t, []casework.Reference{one, two}, claim(now, one, two))
	require.Empty(t, claim(now.Add(5*time.Second), one, two))
	require.Empty(t, claim(now.Add(10*time.Second), one), "two has answered")
	require.Equal(t, []casework.Reference{two}, claim(now.Add(15*time.Second), one, two), "and is wanted again")
	require.Equal(t, []casework.Reference{one}, claim(now.Add(10*time.Minute+time.Second), one, two), "patience has an end")
	require.Empty(t, claim(now.Add(11*time.Minute)))
	require.Equal(t, []casework.Reference{one}, claim(now.Add(12*time.Minute), one))

	require.NoError(t, o.ReleaseSignal(t.Context(), casework.SignalReallocate, one))
	require.Equal(t, []casework.Reference{one}, claim(now.Add(12*time.Minute+time.Second), one), "it could not be asked")
	other, err := o.ClaimSignals(t.Context(), casework.MessageHold, []casework.Reference{one}, now.Add(12*time.Minute), 10*time.Minute)
	require.NoError(t, err)
	require.Equal(t, []casework.Reference{one}, other, "another question is another matter")
}

// The roster changes again between two looks: the case has looked under the version before, and does not wait until the
// watcher's patience ends.
func TestClaimSignals_ACaseThatLookedUnderAnOlderRosterIsToldAtOnce(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.untaken()
	claim := func(at time.Time) []casework.Reference {
		claimed, err := o.ClaimSignals(t.Context(), casework.SignalReallocate, []casework.Reference{ref}, at, 10*time.Minute)
		require.NoError(t, err)
		return claimed
	}
	now := storetest.Now.Add(time.Minute)
	require.NotEmpty(t, claim(now))
	require.Empty(t, claim(now.Add(5*time.Second)))
	_, err := o.Allocate(t.Context(), key(ref, casework.StepAllocate, 2, now.Add(6*time.Second)), o.book)
	require.NoError(t, err)
	require.NotEmpty(t, claim(now.Add(10*time.Second)), "it looked, and is wanted again")
	require.Empty(t, claim(now.Add(15*time.Second)))
}

// A case that is held in its appeal window goes on when the hold ends, not when the window does: nobody is woken for it.
func TestFindNoProgress_AHeldCaseIsNotClosed(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.settled(nil)
	o.exec("UPDATE cases SET held_for = '{hold}' WHERE stage = 'appeal-window'")
	long := storetest.Now.AddDate(1, 0, 0)
	news, err := o.FindNoProgress(t.Context(), long, time.Minute)
	require.NoError(t, err)
	require.Zero(t, news)
	o.exec("UPDATE cases SET held_for = '{}'")
	news, err = o.FindNoProgress(t.Context(), long, time.Minute)
	require.NoError(t, err)
	require.NotZero(t, news, "case %s is at the end of its window and nothing holds it", ref)
}

func TestClaimSignals_OfManyWatchersOneAsks(t *testing.T) {
	t.Parallel()
	o := setup(t)
	wanted := []casework.Reference{o.open(), o.open(of("4002", storetest.Maths1)), reference("nobody")}
	claimed := make([][]casework.Reference, 6)
	var group sync.WaitGroup
	for i := range claimed {
		group.Go(func() {
			claimed[i], _ = o.ClaimSignals(t.Context(), casework.SignalReallocate, wanted, storetest.Now, 10*time.Minute)
		})
	}
	group.Wait()
	require.ElementsMatch(t, wanted[:2], slices.Concat(claimed...))
}
