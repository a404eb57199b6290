package workflows_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/testsuite"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/workflows"
)

// month is an invoice run whose activities keep a diary.
type month struct {
	env *testsuite.TestWorkflowEnvironment
	mu  sync.Mutex
	// deliver answers for one invoice; busy and most count how many are on their way at once, queues where they ran.
	deliver    func(number string) error
	busy, most int
	delivered  []string
	queues     []string
}

func aMonth(t *testing.T, numbers ...string) *month {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(log.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	m := &month{env: suite.NewTestWorkflowEnvironment(), deliver: func(string) error { return nil }}
	m.env.RegisterActivityWithOptions(func(_ context.Context, _ casework.InvoiceIssue) (casework.InvoiceRunResult, error) {
		return casework.InvoiceRunResult{Numbers: numbers}, nil
	}, activity.RegisterOptions{Name: "IssueInvoices"})
	m.env.RegisterActivityWithOptions(func(ctx context.Context, in casework.InvoiceDelivery) (casework.MailResult, error) {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.queues = append(m.queues, activity.GetInfo(ctx).TaskQueue)
		if err := m.deliver(in.Number); err != nil {
			return casework.MailResult{}, err
		}
		m.delivered = append(m.delivered, in.Number)
		return casework.MailResult{Sent: 1}, nil
	}, activity.RegisterOptions{Name: "DeliverInvoice"})
	return m
}

func (m *month) run(t *testing.T) casework.InvoiceRunResult {
	t.Helper()
	m.env.ExecuteWorkflow(workflows.InvoiceRun, casework.InvoiceRunInput{
		Body: "cambria", Month: calendar.Date{Year: 2026, Month: time.September, Day: 1},
	})
	require.NoError(t, m.env.GetWorkflowError())
	var result casework.InvoiceRunResult
	require.NoError(t, m.env.GetWorkflowResult(&result))
	return result
}

func numbered(n int) []string {
	numbers := make([]string, n)
	for i := range numbers {
		numbers[i] = fmt.Sprintf("CAMBRIA-%06d", i+1)
	}
	return numbers
}

func TestInvoiceRun_OneInvoiceThatCannotBeDeliveredHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	numbers := numbered(20)
	m := aMonth(t, numbers...)
	m.deliver = func(number string) error {
		if number == numbers[2] || number == numbers[15] {
			return activities.Failure(casework.NewFault(casework.Conflict, "invoice-printed", "It was printed before."))
		}
		return nil
	}
	result := m.run(t)
	require.Equal(t, numbers, result.Numbers, "all were issued")
	require.Equal(t, []string{numbers[2], numbers[15]}, result.Failed)
	slices.Sort(m.delivered)
	require.Equal(t, slices.DeleteFunc(slices.Clone(numbers), func(n string) bool { return slices.Contains(result.Failed, n) }), m.delivered)
}

// One centre's outage is waited for, and the other centres are not kept waiting by it.
func TestInvoiceRun_EndsWhenEveryInvoiceIsDelivered(t *testing.T) {
	t.Parallel()
	numbers := numbered(12)
	m := aMonth(t, numbers...)
	broken := 6
	m.deliver = func(number string) error {
		if number == numbers[0] && broken > 0 {
			broken--
			return errors.New("the bucket does not answer")
		}
		return nil
	}
	result := m.run(t)
	require.Empty(t, result.Failed)
	require.Len(t, m.delivered, len(numbers))
	require.Equal(t, numbers[0], m.delivered[len(numbers)-1], "the one in trouble comes last")
}

func TestInvoiceRun_BoundsWhatIsOnItsWay(t *testing.T) {
	t.Parallel()
	numbers := numbered(40)
	m := aMonth(t, numbers...)
	m.env.SetOnActivityStartedListener(func(info *activity.Info, _ context.Context, _ converter.EncodedValues) {
		m.mu.Lock()
		defer m.mu.Unlock()
		if info.ActivityType.Name == "DeliverInvoice" {
			m.busy++
			m.most = max(m.most, m.busy)
		}
	})
	m.env.SetOnActivityCompletedListener(func(info *activity.Info, _ converter.EncodedValue, _ error) {
		m.mu.Lock()
		defer m.mu.Unlock()
		if info.ActivityType.Name == "DeliverInvoice" {
			m.busy--
		}
	})
	require.Equal(t, numbers, m.run(t).Numbers)
	require.Positive(t, m.most)
	require.LessOrEqual(t, m.most, 8)
	require.Len(t, m.delivered, len(numbers))
}

func TestInvoiceRun_DeliversOnTheQueueOfErrands(t *testing.T) {
	t.Parallel()
	m := aMonth(t, numbered(1)...)
	m.run(t)
	require.Equal(t, []string{casework.ErrandQueue("default-test-taskqueue")}, m.queues)
}

func TestInvoiceRun_OfNothingDeliversNothing(t *testing.T) {
	t.Parallel()
	m := aMonth(t)
	require.Empty(t, m.run(t).Numbers)
	require.Empty(t, m.queues)
}
