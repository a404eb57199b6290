package watcher_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/watcher"
)

// dates notes with which instant and grace the register was asked.
type dates struct {
	at    []time.Time
	grace []time.Duration
	away  error
}

func (d *dates) FindUnrecorded(_ context.Context, at time.Time, grace time.Duration) (int, error) {
	d.at, d.grace = append(d.at, at), append(d.grace, grace)
	return 0, d.away
}

func (d *dates) FindNoProgress(ctx context.Context, at time.Time, grace time.Duration) (int, error) {
	return d.FindUnrecorded(ctx, at, grace)
}

// movable is a clock with an offset that a test moves, on a machine whose time it moves too.
type movable struct {
	machine time.Time
	offset  time.Duration
}

func (m *movable) Now() time.Time                       { return m.machine.Add(m.offset) }
func (m *movable) Offset(context.Context) time.Duration { return m.offset }

func TestOverdue_AsksTheRegisterWithItsGrace(t *testing.T) {
	t.Parallel()
	register, clock := &dates{}, &movable{machine: now}
	unrecorded, stuck := watcher.Unrecorded(register, clock, func() time.Time { return clock.machine })
	require.NoError(t, unrecorded(t.Context()))
	require.NoError(t, stuck(t.Context()))
	require.Equal(t, []time.Time{now, now}, register.at)
	require.Equal(t, []time.Duration{30 * time.Second, 2 * time.Minute}, register.grace)
	register.away = errors.New("the register is away")
	require.ErrorIs(t, unrecorded(t.Context()), register.away)
}

// A demonstration moves twenty days in a moment; everything between is due at once, and the workers get their time.
func TestOverdue_AMovedClockGivesTheWorkersTheirTime(t *testing.T) {
	t.Parallel()
	register, clock := &dates{}, &movable{machine: now, offset: time.Hour}
	unrecorded, stuck := watcher.Unrecorded(register, clock, func() time.Time { return clock.machine })
	require.NoError(t, unrecorded(t.Context()))
	require.Len(t, register.at, 1, "an offset that was there before is no move")

	clock.offset += 20 * 24 * time.Hour
	for range 30 {
		require.NoError(t, unrecorded(t.Context()))
		clock.machine = clock.machine.Add(time.Second)
	}
	require.Len(t, register.at, 1)
	require.NoError(t, unrecorded(t.Context()))
	require.Len(t, register.at, 2)
	require.NoError(t, stuck(t.Context()))
	require.Len(t, register.at, 2, "being stuck takes longer")
	clock.machine = clock.machine.Add(2 * time.Minute)
	require.NoError(t, stuck(t.Context()))
	require.Len(t, register.at, 3)
}
