package bench_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/deploy/local/bench"
)

func TestOpenLoop_DoesNotWaitForAnswers(t *testing.T) {
	t.Parallel()
	// Every call waits for the last one, so the loop ends only if it starts them all without an answer.
	const calls = 20
	var begun atomic.Int32
	all := make(chan struct{})
	took, err := bench.OpenLoop(t.Context(), 1000, calls*time.Millisecond, func(ctx context.Context) error {
		if begun.Add(1) == calls {
			close(all)
		}
		select {
		case <-all:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	require.NoError(t, err)
	require.Len(t, took, calls)
	for _, one := range took {
		require.Positive(t, one)
	}
}

func TestOpenLoop_ACallWithoutAnswerCountsAsItsWait(t *testing.T) {
	t.Parallel()
	took, err := bench.OpenLoop(t.Context(), 1000, 3*time.Millisecond, func(context.Context) error {
		return fmt.Errorf("no answer: %w", context.DeadlineExceeded)
	})
	require.NoError(t, err)
	require.Len(t, took, 3)
	require.Positive(t, bench.Percentile(took, 1))
}

func TestOpenLoop_StopsAtTheFirstFailure(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	_, err := bench.OpenLoop(t.Context(), 1000, 5*time.Millisecond, func(context.Context) error { return broken })
	require.ErrorIs(t, err, broken)

	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = bench.OpenLoop(ended, 10, time.Hour, func(ctx context.Context) error { return ctx.Err() })
	require.ErrorIs(t, err, context.Canceled)
}

func TestThroughput_CompletesEachCaseAndWaitsForWhatIsLeft(t *testing.T) {
	t.Parallel()
	const limit = 12
	var opened, completed, looks atomic.Int32
	side := bench.Side{
		OpenCase:     func(context.Context) (string, error) { opened.Add(1); return "one", nil },
		CompleteCase: func(_ context.Context, id string) error { require.Equal(t, "one", id); completed.Add(1); return nil },
		LeftOver: func(done bool) int {
			require.True(t, done)
			return max(0, 2-int(looks.Add(1)))
		},
	}
	rate, err := bench.CasesPerSecond(t.Context(), side, 3, limit, time.Hour)
	require.NoError(t, err)
	require.Positive(t, rate)
	require.EqualValues(t, limit, opened.Load(), "no more cases than there are papers")
	require.EqualValues(t, limit, completed.Load())
	require.EqualValues(t, 2, looks.Load(), "it looks until nothing is left")
}

func TestThroughput_ReportsAFailure(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	_, err := bench.CasesPerSecond(t.Context(), bench.Side{
		OpenCase: func(context.Context) (string, error) { return "", broken },
	}, 2, 5, time.Hour)
	require.ErrorIs(t, err, broken)
}

func TestRun_RefusesLengthsThatThePapersDoNotLast(t *testing.T) {
	t.Parallel()
	for _, length := range []time.Duration{0, time.Millisecond, time.Minute} {
		require.ErrorContains(t, bench.Run(t.Context(), bench.Options{Length: length}), "measure for 1 to 20 seconds")
	}
	const numbers = 2 * 5000 // two centres, four digits from 5000
	require.LessOrEqual(t, bench.Papers(bench.Options{Length: 20 * time.Second}), numbers)
}

func TestPersist_SendsAgainOnlyWhatWasNotTaken(t *testing.T) {
	t.Parallel()
	sent := 0
	require.NoError(t, bench.Persist(t.Context(), func() error {
		sent++
		if sent < 3 {
			return fmt.Errorf("the third time: %w", bench.ErrBusy)
		}
		return nil
	}))
	require.Equal(t, 3, sent)

	broken := errors.New("broken")
	require.ErrorIs(t, bench.Persist(t.Context(), func() error { return broken }), broken)

	ended, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, bench.Persist(ended, func() error { return bench.ErrBusy }), context.Canceled)
}
