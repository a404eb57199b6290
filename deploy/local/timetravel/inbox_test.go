package timetravel_test

import (
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/deploy/local/mailbox"
)

// The inbox dates a mail by the clock that a fast-forward moves.
func TestTheInboxReadsTheClockThatAMoveSets(t *testing.T) {
	w := newWorld(t)
	register, err := pgxpool.New(t.Context(), endpoints.DatabaseURL)
	require.NoError(t, err)
	defer register.Close()
	ahead, err := mailbox.RegisterClock(register)(t.Context())
	require.NoError(t, err)
	require.Zero(t, ahead, "nothing has moved the clock yet")
	_, err = w.register.Exec(t.Context(), "insert into clock_offset (offset_ms) values ($1)", (20 * day).Milliseconds())
	require.NoError(t, err)
	ahead, err = mailbox.RegisterClock(register)(t.Context())
	require.NoError(t, err)
	require.Equal(t, 20*day, ahead)
}
