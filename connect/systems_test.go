package connect_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/connect"
)

// rows is a register that knows how far the clock is ahead, and whether it was closed.
type rows struct {
	url    string
	ahead  time.Duration
	closed bool
}

func (r *rows) ClockOffset(context.Context) (time.Duration, error) { return r.ahead, nil }
func (r *rows) Close()                                             { r.closed = true }

func TestBegin_NeedsTheRegisterAtOnceAndNotTemporal(t *testing.T) {
	t.Parallel()
	ahead := 30 * 24 * time.Hour
	config := connect.Config{DatabaseURL: database, TemporalAddress: "127.0.0.1:1", Namespace: "exams", MovableClock: true}
	systems, err := connect.Begin(t.Context(), config, func(_ context.Context, url string) (*rows, error) {
		return &rows{url: url, ahead: ahead}, nil
	})
	require.NoError(t, err)
	require.Equal(t, config, systems.Config)
	require.Equal(t, database, systems.Register.url)
	require.WithinDuration(t, time.Now().Add(ahead), systems.Clock.Now(), time.Minute, "the clock is the register's")
	require.NotNil(t, systems.Temporal)
	figures, err := systems.Metrics.Registry.Gather()
	require.NoError(t, err)
	require.NotEmpty(t, figures)

	systems.Close()
	require.True(t, systems.Register.closed)
}

func TestBegin_GivesNothingHalfOpened(t *testing.T) {
	t.Parallel()
	away := errors.New("the database does not answer")
	config := connect.Config{DatabaseURL: database, TemporalAddress: "127.0.0.1:1", Namespace: "exams"}
	systems, err := connect.Begin(t.Context(), config, func(context.Context, string) (*rows, error) { return &rows{}, away })
	require.ErrorIs(t, err, away)
	require.Nil(t, systems)
}
