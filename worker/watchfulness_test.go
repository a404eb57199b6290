package worker_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	sdk "go.temporal.io/sdk/worker"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/worker"
)

var noted = time.Date(2026, time.November, 23, 9, 0, 0, 0, time.UTC)

// notes is the register's part: what was noted about activities.
type notes struct {
	recorded []docket.Finding
	cleared  []string
	away     error
}

func (n *notes) RecordFinding(_ context.Context, finding docket.Finding) (bool, error) {
	n.recorded = append(n.recorded, finding)
	return true, n.away
}

func (n *notes) ClearFinding(_ context.Context, reference casework.Reference, kind docket.FindingKind, about string, at time.Time) error {
	n.cleared = append(n.cleared, fmt.Sprint(reference, " ", kind, " ", about, " ", at.Equal(noted)))
	return n.away
}

const caseReference = casework.Reference("R-7K4F-M2QX-9TBD-Z")

// attempted runs one attempt of an activity of a workflow through the interceptor.
func attempted(t *testing.T, register *notes, workflowID string, attempt int32, ends error) error {
	t.Helper()
	return worker.Note(t.Context(), register, func() time.Time { return noted }, workflowID, attempt, false, ends)
}

func TestWatchfulness_AnActivityThatFailsAgainAndAgainIsAFinding(t *testing.T) {
	t.Parallel()
	register := &notes{}
	id := casework.WorkflowID(casework.KindEnquiry, caseReference)
	for attempt := int32(1); attempt <= 6; attempt++ {
		require.NoError(t, attempted(t, register, id, attempt, errors.New("connection refused")))
	}
	require.Len(t, register.recorded, 2, "from the fifth on")
	require.Equal(t, docket.Finding{
		Reference: caseReference, Kind: docket.FindingActivity, About: "SendMails", FoundAt: noted,
		Detail: "The activity SendMails has failed 5 times and is tried again.",
	}, register.recorded[0])
	require.NotContains(t, register.recorded[0].Detail, "refused", "an error's text may name somebody")

	require.NoError(t, attempted(t, register, id, 7, nil))
	require.Equal(t, []string{"R-7K4F-M2QX-9TBD-Z activity-failing SendMails true"}, register.cleared)
}

func TestWatchfulness_WhatIsNoTroubleIsNoFinding(t *testing.T) {
	t.Parallel()
	id := casework.WorkflowID(casework.KindEnquiry, caseReference)
	waiting := temporal.NewApplicationErrorWithOptions("waiting for the delivery event", "mail-uncertain", temporal.ApplicationErrorOptions{NextRetryDelay: time.Second})
	final := temporal.NewNonRetryableApplicationError("the window is closed", "fault", nil)
	for name, c := range map[string]struct {
		id      string
		attempt int32
		ends    error
	}{
		"one that waits on purpose":        {id, 50, waiting},
		"a no of the rules":                {id, 1, final},
		"the first success":                {id, 1, nil},
		"an invoice run's":                 {"invoice-run/cambria/2026-10", 9, errors.New("away")},
		"a batch's":                        {"batch/17", 9, errors.New("away")},
		"one of a workflow with no case's": {"enquiry/R-0000", 9, errors.New("away")},
	} {
		register := &notes{}
		require.NoError(t, attempted(t, register, c.id, c.attempt, c.ends), name)
		require.Empty(t, register.recorded, name)
		require.Empty(t, register.cleared, name)
	}
	register := &notes{}
	require.NoError(t, attempted(t, register, id, 9, final))
	require.Len(t, register.cleared, 1, "it failed, and ends now")
	require.NoError(t, worker.Note(t.Context(), register, func() time.Time { return noted }, id, 9, true, errors.New("away")))
	require.Empty(t, register.recorded, "a local attempt goes on as an ordinary one")
}

// passed has one step that records a passed deadline, as the worker's does.
func passed(answer casework.Alerted, fails error) func(context.Context, casework.AlertInput) (casework.Alerted, error) {
	return func(context.Context, casework.AlertInput) (casework.Alerted, error) { return answer, fails }
}

// delayOf runs the step in an activity environment with the worker's interceptor and returns count and sum of the delays.
func delayOf(t *testing.T, register *notes, deadline casework.Deadline, answer casework.Alerted, fails error) (count int, sum float64) {
	t.Helper()
	watch, histogram := worker.Watchfulness(register, func() time.Time { return noted })
	var suite testsuite.WorkflowTestSuite
	environment := suite.NewTestActivityEnvironment()
	environment.SetWorkerOptions(sdk.Options{Interceptors: []interceptor.WorkerInterceptor{watch}})
	step := passed(answer, fails)
	environment.RegisterActivity(step)
	_, err := environment.ExecuteActivity(step, casework.AlertInput{Deadline: deadline})
	require.Equal(t, fails == nil, err == nil, "what the activity answers is its own")
	registry, page := prometheus.NewRegistry(), httptest.NewRecorder()
	registry.MustRegister(histogram)
	promhttp.HandlerFor(registry, promhttp.HandlerOpts{}).ServeHTTP(page, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	for line := range strings.Lines(page.Body.String()) {
		if value, ok := strings.CutPrefix(line, "recourse_clock_detection_delay_seconds_count "); ok {
			_, err = fmt.Sscan(value, &count)
		}
		if value, ok := strings.CutPrefix(line, "recourse_clock_detection_delay_seconds_sum "); ok {
			_, err = fmt.Sscan(value, &sum)
		}
		require.True(t, err == nil || fails != nil, "%s: %v", line, err)
	}
	return count, sum
}

func TestDelays_MeasureFromTheTrueInstant(t *testing.T) {
	t.Parallel()
	breach := casework.Deadline{Clock: casework.ClockOutcome, Act: casework.ActBreach, At: noted.Add(-90 * time.Second)}
	due := casework.Alerted{Due: true}
	count, sum := delayOf(t, &notes{}, breach, due, nil)
	require.Equal(t, 1, count)
	require.InDelta(t, 90, sum, 0.001)

	warn := casework.Deadline{Clock: casework.ClockOutcome, Act: casework.ActWarn, At: noted.Add(-8 * time.Hour), Grace: 8*time.Hour - time.Second}
	_, sum = delayOf(t, &notes{}, warn, due, nil)
	require.InDelta(t, 1, sum, 0.001, "quiet hours are no delay")

	for name, c := range map[string]struct {
		deadline casework.Deadline
		answer   casework.Alerted
		fails    error
	}{
		"the clock was met": {breach, casework.Alerted{}, nil},
		"the step failed":   {breach, due, errors.New("away")},
		"a reminder":        {casework.Deadline{Act: casework.ActRemind, At: noted}, due, nil},
		"a window's end":    {casework.Deadline{Act: casework.ActExpire, At: noted}, due, nil},
	} {
		count, _ := delayOf(t, &notes{}, c.deadline, c.answer, c.fails)
		require.Zero(t, count, name)
	}
}

// The register away must not fail what was done.
func TestWatchfulness_NeverChangesWhatAnActivityAnswers(t *testing.T) {
	t.Parallel()
	register := &notes{away: errors.New("the register is away")}
	id := casework.WorkflowID(casework.KindEnquiry, caseReference)
	require.Error(t, attempted(t, register, id, 9, errors.New("away")), "it is said in the log")
	count, _ := delayOf(t, register, casework.Deadline{Act: casework.ActBreach, At: noted}, casework.Alerted{Due: true}, nil)
	require.Equal(t, 1, count)
}
