package watcher_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/connect"
	"github.com/recourse-exams/recourse/watcher"
)

// attic is the register's part: how many rows are old enough, and on which day it was swept last.
type attic struct {
	old    []int
	before []time.Time
	swept  calendar.Date
	away   error
}

func (a *attic) Sweep(_ context.Context, before time.Time) ([]docket.Swept, error) {
	a.before = append(a.before, before)
	rows := 0
	if len(a.old) > 0 {
		rows, a.old = a.old[0], a.old[1:]
	}
	return []docket.Swept{{Table: "findings", Rows: rows}, {Table: "batches"}}, a.away
}

func (a *attic) SweptDay(context.Context) (calendar.Date, error) { return a.swept, nil }

func (a *attic) MarkSwept(_ context.Context, day calendar.Date, _ time.Time) error {
	a.swept = day
	return nil
}

func date(t *testing.T, text string) calendar.Date {
	t.Helper()
	day, err := calendar.ParseDate(text)
	require.NoError(t, err)
	return day
}

// Once a day, from three o'clock in London on; whoever was away at night does it late, and what was missed is one sweep.
func TestRetention_OnceANight(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		swept  string
		now    time.Time
		sweeps int
		marked string
	}{
		"at night, not yet":               {"2026-07-06", time.Date(2026, 7, 7, 1, 59, 0, 0, time.UTC), 0, "2026-07-06"},
		"at three in summer":              {"2026-07-06", time.Date(2026, 7, 7, 2, 0, 0, 0, time.UTC), 1, "2026-07-07"},
		"at three in winter":              {"2026-12-06", time.Date(2026, 12, 7, 3, 0, 0, 0, time.UTC), 1, "2026-12-07"},
		"done for the day":                {"2026-07-07", time.Date(2026, 7, 7, 15, 0, 0, 0, time.UTC), 0, "2026-07-07"},
		"late, after nights away":         {"2026-07-01", time.Date(2026, 7, 7, 15, 0, 0, 0, time.UTC), 1, "2026-07-07"},
		"the day on which clocks go back": {"2026-10-24", time.Date(2026, 10, 25, 3, 0, 0, 0, time.UTC), 1, "2026-10-25"},
		"a clock that was put back":       {"2026-07-09", time.Date(2026, 7, 7, 15, 0, 0, 0, time.UTC), 0, "2026-07-09"},
	} {
		register := &attic{swept: date(t, row.swept)}
		require.NoError(t, sweep(t, register, func() time.Time { return row.now }, prometheus.NewRegistry())(t.Context()), name)
		require.Len(t, register.before, row.sweeps, name)
		require.Equal(t, date(t, row.marked), register.swept, name)
	}
}

func sweep(t *testing.T, register *attic, now func() time.Time, registry prometheus.Registerer) func(context.Context) error {
	t.Helper()
	look, err := watcher.Retention(register, now, 90, registry)
	require.NoError(t, err)
	return look
}

// The day is over when nothing is left; each sweep counts what has gone.
func TestRetention_GoesOnUntilNothingIsLeft(t *testing.T) {
	t.Parallel()
	shown := metrics(t)
	register := &attic{old: []int{500, 500, 7}}
	require.NoError(t, sweep(t, register, at, shown.Registry)(t.Context()))
	require.Len(t, register.before, 4)
	for _, before := range register.before {
		require.Equal(t, now.AddDate(0, 0, -90), before, "what ended longer ago than the days that it is kept")
	}
	require.Equal(t, calendar.DateOf(now), register.swept)
	require.Contains(t, text(t, shown), `recourse_watch_swept_rows_total{table="findings"} 1007`)
	require.Contains(t, text(t, shown), `recourse_watch_swept_rows_total{table="batches"} 0`)
}

// text is the page of the metrics.
func text(t *testing.T, shown connect.Metrics) string {
	t.Helper()
	page := httptest.NewRecorder()
	shown.Handler().ServeHTTP(page, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil))
	return page.Body.String()
}

func metrics(t *testing.T) connect.Metrics {
	t.Helper()
	made, err := connect.NewMetrics()
	require.NoError(t, err)
	return made
}

// Years of rows are no reason to hold up the watcher or to fail: the next look goes on.
func TestRetention_AMountainTakesSeveralLooks(t *testing.T) {
	t.Parallel()
	register := &attic{old: make([]int, 30)}
	for i := range register.old {
		register.old[i] = 500
	}
	look := sweep(t, register, at, prometheus.NewRegistry())
	require.NoError(t, look(t.Context()))
	require.Len(t, register.old, 10)
	require.Zero(t, register.swept, "the day is not done")
	require.NoError(t, look(t.Context()))
	require.Empty(t, register.old)
	require.Equal(t, calendar.DateOf(now), register.swept)
}

func TestRetention_WhatWentBeforeTheTroubleIsCounted(t *testing.T) {
	t.Parallel()
	shown := metrics(t)
	register := &attic{old: []int{12}, away: errors.New("the register is away")}
	require.ErrorIs(t, sweep(t, register, at, shown.Registry)(t.Context()), register.away)
	require.Zero(t, register.swept)
	require.Contains(t, text(t, shown), `recourse_watch_swept_rows_total{table="findings"} 12`)
}

func TestRetention_NobodyKeepsLessThanTheyNeed(t *testing.T) {
	t.Parallel()
	for days, refused := range map[int]bool{-1: true, 0: true, 6: true, 7: false, 3650: false} {
		_, err := watcher.Retention(&attic{}, at, days, prometheus.NewRegistry())
		if !refused {
			require.NoError(t, err)
			continue
		}
		require.ErrorContains(t, err, "RECOURSE_WATCH_KEEP_DAYS is")
		require.ErrorContains(t, err, "must be 7 at least")
	}
	registry := prometheus.NewRegistry()
	sweep(t, &attic{}, at, registry)
	_, err := watcher.Retention(&attic{}, at, 90, registry)
	require.ErrorContains(t, err, "show how many rows were swept")
}
