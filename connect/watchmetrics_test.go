package connect_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/connect"
)

// figures answers for the register.
type figures struct {
	counted []docket.Figure
	asked   time.Time
	away    error
}

func (f *figures) Figures(_ context.Context, at time.Time) ([]docket.Figure, error) {
	f.asked = at
	return f.counted, f.away
}

// watched reads the metrics page of a watcher, by metric with its labels.
func watched(t *testing.T, f *figures) map[string]string {
	t.Helper()
	metrics, err := connect.NewMetrics()
	require.NoError(t, err)
	moved := time.Date(2027, 1, 4, 9, 0, 0, 0, time.UTC)
	require.NoError(t, metrics.Registry.Register(connect.WatchMetrics(f, func() time.Time { return moved }, []string{"unrecorded", "stuck"})))
	found := map[string]string{}
	for line := range strings.Lines(ask(t, metrics.Handler()).Body.String()) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), " "); ok && strings.HasPrefix(name, "recourse_") {
			found[name] = value
		}
	}
	require.Equal(t, moved, f.asked, "deadlines are the case's clock's")
	return found
}

// An alert on a step from zero to one needs the zero.
func TestWatchMetrics_ShowZerosForEveryKnownLabel(t *testing.T) {
	t.Parallel()
	page := watched(t, &figures{})
	for _, clock := range casework.ClockIDs() {
		require.Equal(t, "0", page[`recourse_clock_breaches_total{clock="`+string(clock)+`"}`])
	}
	for _, kind := range docket.FindingKinds() {
		require.Equal(t, "0", page[`recourse_findings{kind="`+string(kind)+`"}`])
	}
	for _, cause := range casework.HoldCauses() {
		require.Equal(t, "0", page[`recourse_holds{cause="`+string(cause)+`"}`])
	}
	for _, name := range []string{
		`recourse_clocks_due{within="24h"}`, `recourse_clocks_due{within="72h"}`, "recourse_clocks_unrecorded", "recourse_pool_tasks",
		"recourse_pool_oldest_seconds", `recourse_tasks_overdue{deadline="start-by"}`, `recourse_tasks_overdue{deadline="complete-by"}`,
		"recourse_webhooks_pending", "recourse_webhooks_dead", "recourse_mails_doubtful", "recourse_questions_open",
		`recourse_watch_last_run_seconds{round="unrecorded"}`, `recourse_watch_last_run_seconds{round="stuck"}`,
	} {
		require.Equal(t, "0", page[name], name)
	}
}

func TestWatchMetrics_ShowWhatWasCounted(t *testing.T) {
	t.Parallel()
	page := watched(t, &figures{counted: []docket.Figure{
		{Name: "breaches", Label: "outcome", Value: 3},
		{Name: "due", Label: "72h", Value: 7},
		{Name: "unrecorded", Value: 2},
		{Name: "pool-oldest", Value: 61.5},
		{Name: "rounds", Label: "stuck", Value: 4},
		{Name: "rounds", Label: "of another release", Value: 1},
	}})
	require.Equal(t, "3", page[`recourse_clock_breaches_total{clock="outcome"}`])
	require.Equal(t, "7", page[`recourse_clocks_due{within="72h"}`])
	require.Equal(t, "2", page["recourse_clocks_unrecorded"])
	require.Equal(t, "61.5", page["recourse_pool_oldest_seconds"])
	require.NotContains(t, page, `recourse_watch_last_run_seconds{round="of another release"}`)
	// Four seconds ago by the machine's clock, whatever the demonstration's shows.
	at, err := strconv.ParseFloat(page[`recourse_watch_last_run_seconds{round="stuck"}`], 64)
	require.NoError(t, err)
	require.InDelta(t, float64(time.Now().Unix()-4), at, 30)
}

// What cannot be counted is not shown: a zero would say that all is well.
func TestWatchMetrics_ShowNothingWhileTheRegisterIsAway(t *testing.T) {
	t.Parallel()
	require.Empty(t, watched(t, &figures{away: errors.New("connection refused")}))
}

// The SDK's histograms tell milliseconds from seconds.
func TestMetrics_HistogramsAreInSeconds(t *testing.T) {
	t.Parallel()
	metrics, err := connect.NewMetrics()
	require.NoError(t, err)
	histogram, err := metrics.Meter.Float64Histogram("temporal_request_latency")
	require.NoError(t, err)
	histogram.Record(t.Context(), 0.007)
	page := ask(t, metrics.Handler()).Body.String()
	require.Contains(t, page, `temporal_request_latency_bucket{le="0.005"} 0`)
	require.Contains(t, page, `temporal_request_latency_bucket{le="0.01"} 1`)
}
