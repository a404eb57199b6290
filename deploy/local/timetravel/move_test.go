package timetravel_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/deploy/local/timetravel"
)

// exactly is how far a case may be from the clock's offset.
const exactly = float64(time.Millisecond)

func TestTimersAndActivitiesWithinTheWindowHappenAtTheirTimes(t *testing.T) {
	w := newWorld(t)
	run := w.start(longCase, "Quick")
	report := w.move(20*day + time.Hour)
	require.Equal(t, 1, report.Moved)
	d := w.diary(run)
	require.InDelta(t, 10*day, d.Visited.Sub(d.Started), float64(5*time.Second), "the activity runs on day 10")
	require.InDelta(t, 20*day, d.Fired.Sub(d.Started), float64(time.Second), "the deadline fires on day 20")
	require.InDelta(t, 20*day+time.Hour, w.skipped(run), exactly)
}

func TestEveryCaseMovesByTheSameAmountAsTheOffset(t *testing.T) {
	w := newWorld(t)
	idle, slow := w.start(longCase, "Quick"), w.start(longCase, "Slow")
	const amount = 15*day + 123*time.Millisecond
	w.move(amount)
	offset, pending := w.offset()
	require.Equal(t, amount, offset)
	require.Zero(t, pending)
	require.InDelta(t, amount, w.skipped(idle), exactly)
	require.InDelta(t, amount, w.skipped(slow), exactly, "real time that an activity used is made up for")
}

func TestACaseGoesOnInRealTimeAfterTheWindow(t *testing.T) {
	w := newWorld(t)
	run := w.start(longCase, "Quick")
	w.move(21 * day)
	w.move(3 * day)
	offset, _ := w.offset()
	require.Equal(t, 24*day, offset)
	require.NoError(t, w.engine.SignalWorkflow(t.Context(), run.GetID(), run.GetRunID(), "tell", nil))
	told := time.Now()
	var d diary
	require.NoError(t, run.Get(t.Context(), &d))
	require.GreaterOrEqual(t, time.Since(told), brief-10*time.Millisecond, "the last wait is not skipped")
	require.WithinDuration(t, told.Add(24*day), d.Told, time.Second, "the case's clock shows wall time and 24 days")
	require.InDelta(t, 24*day, w.skipped(run), 2*exactly)
}

func TestACaseThatClosesWithinTheWindowIsNoFailure(t *testing.T) {
	w := newWorld(t)
	closing, open := w.start(briefCase, "Quick"), w.start(longCase, "Quick")
	report := w.move(5 * day)
	require.Equal(t, 1, report.Closed)
	require.Equal(t, 1, report.Moved)
	require.NoError(t, closing.Get(t.Context(), nil))
	require.InDelta(t, 5*day, w.skipped(open), exactly)
	require.Equal(t, 5*day, report.Offset)
}

func TestAFailingActivityRefusesTheMove(t *testing.T) {
	w := newWorld(t)
	w.acts.broken.Store(true)
	run := w.start(briefCase, "Fragile")
	require.Eventually(t, func() bool { return w.acts.tries.Load() > 2 }, 10*time.Second, 10*time.Millisecond)
	_, err := w.traveller.Move(t.Context(), day)
	require.ErrorIs(t, err, timetravel.ErrFailing)
	require.ErrorContains(t, err, "activity Fragile")
	require.ErrorContains(t, err, "the other system is away")
	require.Zero(t, w.skipped(run), "nothing moved")

	w.acts.broken.Store(false)
	require.Eventually(t, func() bool {
		_, err = w.traveller.Move(t.Context(), 12*time.Hour)
		return err == nil
	}, 10*time.Second, 50*time.Millisecond, "it moves once the activity works again")
	require.InDelta(t, 12*time.Hour, w.skipped(run), exactly)
}

func TestAnActivityThatStartsToFailStopsTheMove(t *testing.T) {
	w := newWorld(t)
	w.acts.broken.Store(true)
	run := w.start(longCase, "Fragile")
	_, err := w.traveller.Move(t.Context(), 15*day)
	require.ErrorIs(t, err, timetravel.ErrFailing)
	_, pending := w.offset()
	require.Equal(t, 15*day, pending, "the move is unfinished")

	w.acts.broken.Store(false)
	require.Eventually(t, func() bool {
		_, err = w.traveller.Move(t.Context(), 15*day)
		return err == nil
	}, 10*time.Second, 50*time.Millisecond, "the same call finishes it")
	require.InDelta(t, 15*day, w.skipped(run), exactly)
}

func TestAnInterruptedMoveIsFinishedByTheSameCall(t *testing.T) {
	w := newWorld(t)
	stuck, other := w.start(longCase, "Gate"), w.start(longCase, "Quick")
	ctx, interrupt := context.WithCancel(t.Context())
	failed := make(chan error, 1)
	go func() {
		_, err := w.traveller.Move(ctx, 30*day)
		failed <- err
	}()
	<-w.acts.entered // the case stands on day 10, in the middle of its activity
	interrupt()
	require.ErrorIs(t, <-failed, context.Canceled)

	again := newTraveller(w) // an interrupted query closes its connection, as the end of a process does
	_, err := again.Move(t.Context(), 7*day)
	require.ErrorIs(t, err, timetravel.ErrUnfinished)
	require.ErrorContains(t, err, "720h", "the message names the duration to repeat")

	close(w.acts.gate)
	_, err = again.Move(t.Context(), 30*day)
	require.NoError(t, err)
	require.InDelta(t, 30*day, w.skipped(stuck), exactly)
	require.InDelta(t, 30*day, w.skipped(other), exactly)
	offset, pending := w.offset()
	require.Equal(t, 30*day, offset)
	require.Zero(t, pending)
}

func TestOnlyOneMoveAtATime(t *testing.T) {
	w := newWorld(t)
	w.start(longCase, "Gate")
	other, failed := newTraveller(w), make(chan error, 1)
	go func() {
		_, err := w.traveller.Move(t.Context(), 12*day)
		failed <- err
	}()
	<-w.acts.entered // the first move is under way
	_, err := other.Move(t.Context(), time.Hour)
	require.ErrorIs(t, err, timetravel.ErrBusy)
	close(w.acts.gate)
	require.NoError(t, <-failed)
	_, err = other.Move(t.Context(), time.Hour)
	require.NoError(t, err, "the next move may begin")
}

func TestTheClockMovesForwardInWholeMilliseconds(t *testing.T) {
	w := newWorld(t)
	for _, amount := range []time.Duration{0, -day, time.Microsecond} {
		_, err := w.traveller.Move(t.Context(), amount)
		require.Error(t, err, amount)
	}
}

// newTraveller is another process's: it has connections of its own.
func newTraveller(w *world) *timetravel.Traveller {
	other := *w.traveller
	other.Register, other.Engine = w.connect(endpoints.DatabaseURL), w.connect(endpoints.EngineURL)
	return &other
}
