package connect_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/connect"
)

// counter answers for the register.
type counter struct {
	counts []docket.CaseCount
	away   error
}

func (c *counter) CaseCounts(context.Context) ([]docket.CaseCount, error) { return c.counts, c.away }

// scrape reads the metrics page of a process with a counter of cases and returns its lines about cases.
func scrape(t *testing.T, c connect.CaseCounter) (cases []string, page string) {
	t.Helper()
	metrics, err := connect.NewMetrics()
	require.NoError(t, err)
	require.NoError(t, metrics.Registry.Register(connect.CaseMetrics(c)))
	calls, err := metrics.Meter.Int64Counter("temporal_requests")
	require.NoError(t, err)
	calls.Add(t.Context(), 3)
	answer := ask(t, metrics.Handler())
	require.Equal(t, http.StatusOK, answer.Code)
	for line := range strings.Lines(answer.Body.String()) {
		if strings.HasPrefix(line, "recourse_cases") {
			cases = append(cases, strings.TrimSpace(line))
		}
	}
	return cases, answer.Body.String()
}

func TestCaseMetrics_CountsByStageAndState(t *testing.T) {
	t.Parallel()
	cases, page := scrape(t, &counter{counts: []docket.CaseCount{
		{Stage: casework.StageAssigned, SLAState: casework.SLABreached, Count: 2},
		{Stage: casework.StageAssigned, SLAState: casework.SLAOnTime, Count: 41},
		{Stage: casework.StageClosed, SLAState: casework.SLAMet, Count: 600_000},
	}})
	require.Equal(t, []string{
		`recourse_cases{sla_state="breached",stage="assigned"} 2`,
		`recourse_cases{sla_state="met",stage="closed"} 600000`,
		`recourse_cases{sla_state="on-time",stage="assigned"} 41`,
	}, cases)
	require.Contains(t, page, "# TYPE recourse_cases gauge")
	require.Contains(t, page, "temporal_requests_total 3", "the SDK's own figures stand on the same page")
	require.Contains(t, page, "go_goroutines")
}

// A register that is away costs its own figures only.
func TestCaseMetrics_TheRestIsShownWhileTheRegisterIsAway(t *testing.T) {
	t.Parallel()
	cases, page := scrape(t, &counter{away: errors.New("connection refused")})
	require.Empty(t, cases)
	require.Contains(t, page, "go_goroutines")
}
