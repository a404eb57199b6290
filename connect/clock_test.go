package connect_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/connect"
	"github.com/recourse-exams/recourse/store/storetest"
)

// offsets answers for the register: an offset, or that it is away.
type offsets struct {
	ahead time.Duration
	away  error
	asked int
}

func (o *offsets) ClockOffset(context.Context) (time.Duration, error) {
	o.asked++
	return o.ahead, o.away
}

func TestClock_InProductionItIsTheMachinesAndReadsNothing(t *testing.T) {
	t.Parallel()
	register := &offsets{ahead: time.Hour}
	clock := connect.NewClock(register, false)
	require.Zero(t, clock.Offset(t.Context()))
	require.WithinDuration(t, time.Now(), clock.Now(), time.Minute)
	require.Equal(t, time.UTC, clock.Now().Location())
	require.Zero(t, register.asked)
}

func TestClock_MovableAddsTheOffset(t *testing.T) {
	t.Parallel()
	const ahead = 20 * 24 * time.Hour
	clock := connect.NewClock(&offsets{ahead: ahead}, true)
	require.Equal(t, ahead, clock.Offset(t.Context()))
	require.WithinDuration(t, time.Now().Add(ahead), clock.Now(), time.Minute)
	require.Equal(t, time.UTC, clock.Now().Location())
}

// Time never jumps back because the database is away for a moment.
func TestClock_LastOffsetStandsWhileTheRegisterIsAway(t *testing.T) {
	t.Parallel()
	register := &offsets{away: errors.New("connection refused")}
	clock := connect.NewClock(register, true)
	require.Zero(t, clock.Offset(t.Context()), "nothing was ever read")
	register.ahead, register.away = time.Hour, nil
	require.Equal(t, time.Hour, clock.Offset(t.Context()))
	register.ahead, register.away = 0, errors.New("connection refused")
	require.Equal(t, time.Hour, clock.Offset(t.Context()))
	require.WithinDuration(t, time.Now().Add(time.Hour), clock.Now(), time.Minute)
	register.ahead, register.away = 2*time.Hour, nil
	require.Equal(t, 2*time.Hour, clock.Offset(t.Context()))
}

func TestClock_ReadsTheRegistersRow(t *testing.T) {
	t.Parallel()
	register := storetest.Open(t)
	clock := connect.NewClock(register, true)
	require.Zero(t, clock.Offset(t.Context()), "time was never moved")
	_, err := register.Pool().Exec(t.Context(), "INSERT INTO clock_offset (offset_ms) VALUES (90061001)")
	require.NoError(t, err)
	require.Equal(t, 25*time.Hour+time.Minute+time.Second+time.Millisecond, clock.Offset(t.Context()))
}
