package watcher_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/watcher"
)

var now = time.Date(2026, time.November, 23, 9, 0, 0, 0, time.UTC)

func at() time.Time { return now }

// diary is what rounds report.
type diary struct {
	mu   sync.Mutex
	well map[string]int
	away error
}

func (d *diary) Watched(_ context.Context, round string, at time.Time) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !at.Equal(now) {
		return errors.New("another instant")
	}
	if d.well == nil {
		d.well = map[string]int{}
	}
	d.well[round]++
	return d.away
}

func (d *diary) times(round string) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.well[round]
}

// soon makes every pause end at once and remembers how long each should have been.
type pauses struct {
	mu   sync.Mutex
	long []time.Duration
}

func (p *pauses) after(d time.Duration) <-chan time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.long = append(p.long, d)
	over := make(chan time.Time, 1)
	over <- now
	return over
}

// Temporal or SES away is one round's trouble: the others go on, and it is tried again.
func TestRounds_OneThatFailsOrHangsStopsNoOther(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	notes, hanging := &diary{}, make(chan struct{})
	var once sync.Once
	looks := 0
	watcher.RunRounds(ctx, notes, at, (&pauses{}).after,
		watcher.Round{Name: "fails", Every: time.Second, Most: time.Minute, Look: func(context.Context) error { return errors.New("Temporal is away") }},
		watcher.Round{Name: "hangs", Every: time.Second, Most: time.Hour, Look: func(ctx context.Context) error {
			once.Do(func() { close(hanging) })
			<-ctx.Done()
			return ctx.Err()
		}},
		watcher.Round{Name: "goes on", Every: time.Second, Most: time.Minute, Look: func(context.Context) error {
			<-hanging
			if looks++; looks == 50 {
				cancel()
			}
			return nil
		}},
	)
	require.GreaterOrEqual(t, notes.times("goes on"), 49)
	require.Zero(t, notes.times("fails"), "only a look that ended well is noted")
	require.Zero(t, notes.times("hangs"))
}

// After failures the pauses grow, never beyond half a minute, so that what comes back is noticed within a minute.
func TestRounds_ComeBackSoon(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	made := &pauses{}
	looks := 0
	watcher.RunRounds(ctx, &diary{}, at, made.after, watcher.Round{Name: "r", Every: 5 * time.Second, Most: time.Minute, Look: func(context.Context) error {
		looks++
		switch looks {
		case 8:
			cancel()
			return nil
		case 7:
			return nil
		}
		return errors.New("away")
	}})
	require.Equal(t, []time.Duration{10, 20, 30, 30, 30, 30, 5}, seconds(made.long[:7]))
}

// The pause after a failure is never shorter than the round's own.
func TestRounds_ASeldomRoundStaysSeldom(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	made := &pauses{}
	looks := 0
	watcher.RunRounds(ctx, &diary{}, at, made.after, watcher.Round{Name: "roll", Every: 10 * time.Minute, Most: time.Minute, Look: func(context.Context) error {
		if looks++; looks == 3 {
			cancel()
		}
		return errors.New("away")
	}})
	require.Equal(t, []time.Duration{600, 600}, seconds(made.long[:2]))
}

func seconds(all []time.Duration) []time.Duration {
	var whole []time.Duration
	for _, d := range all {
		whole = append(whole, d/time.Second)
	}
	return whole
}

func TestRounds_EachLookHasItsTime(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	var left time.Duration
	watcher.RunRounds(ctx, &diary{}, at, (&pauses{}).after, watcher.Round{Name: "r", Every: time.Second, Most: time.Minute, Look: func(ctx context.Context) error {
		deadline, ok := ctx.Deadline()
		require.True(t, ok)
		left = time.Until(deadline)
		cancel()
		return nil
	}})
	require.InDelta(t, time.Minute.Seconds(), left.Seconds(), 30)
}

// A look that leaves work behind bounds itself, so that the work goes on after it; the watcher stops when that has ended.
func TestRounds_WhatALookLeftBehindEndsBeforeTheWatcher(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	looks := 0
	watcher.RunRounds(ctx, &diary{}, at, (&pauses{}).after, watcher.Round{
		Name: "r", Every: time.Second,
		Look: func(ctx context.Context) error {
			_, bounded := ctx.Deadline()
			require.False(t, bounded)
			switch looks++; looks {
			case 1:
				go func() { <-ctx.Done(); close(ended) }()
			case 2:
				require.NoError(t, ctx.Err(), "a look's end is not the end of what it left behind")
				cancel()
			}
			return nil
		},
		Rest: func() { <-ended },
	})
	require.GreaterOrEqual(t, looks, 2)
	select {
	case <-ended:
	default:
		require.Fail(t, "the watcher stopped before what a look left behind")
	}
}

func TestServe_EndsWithItsPagesOrItsContext(t *testing.T) {
	t.Parallel()
	running := func(ctx context.Context) { <-ctx.Done() }
	err := watcher.Serve(t.Context(), "127.0.0.1:nonsense", http.NotFoundHandler(), running)
	require.ErrorContains(t, err, "serve metrics at 127.0.0.1:nonsense", "a watcher that nobody can ask is none")
	ctx, cancel := context.WithCancel(t.Context())
	require.NoError(t, watcher.Serve(ctx, "127.0.0.1:0", http.NotFoundHandler(), func(ctx context.Context) {
		cancel()
		<-ctx.Done()
	}))
}
