package workflows_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/common/v1"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/history/v1"
	"go.temporal.io/api/taskqueue/v1"
	"go.temporal.io/sdk/converter"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
)

// teller writes a history down by hand, as a server would record it.
type teller struct {
	t      *testing.T
	events []*history.HistoryEvent
	queue  *taskqueue.TaskQueue
}

func told(t *testing.T) *teller {
	t.Helper()
	return &teller{t: t, queue: &taskqueue.TaskQueue{Name: "recourse"}}
}

// run tells of an invoice run that issued the invoices and delivered each.
func (h *teller) run(numbers ...string) *history.History {
	h.t.Helper()
	body, month := "cambria", calendar.Date{Year: 2026, Month: time.September, Day: 1}
	result := casework.InvoiceRunResult{Numbers: numbers}
	h.add(&history.HistoryEvent{EventType: enums.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED, Attributes: &history.HistoryEvent_WorkflowExecutionStartedEventAttributes{
		WorkflowExecutionStartedEventAttributes: &history.WorkflowExecutionStartedEventAttributes{
			WorkflowType: &common.WorkflowType{Name: "InvoiceRun"}, TaskQueue: h.queue, Attempt: 1, OriginalExecutionRunId: "run",
			WorkflowId: casework.InvoiceRunWorkflowID(body, month), Input: h.payloads(casework.InvoiceRunInput{Body: body, Month: month}),
		},
	}})
	h.activity(h.task(), "IssueInvoices", casework.InvoiceIssue{Body: body, Month: month}, result)
	task, asked := h.task(), map[string]int64{}
	for _, number := range numbers {
		asked[number] = h.ask(task, "DeliverInvoice", casework.InvoiceDelivery{Number: number})
	}
	for _, number := range numbers {
		h.done(asked[number], casework.MailResult{Sent: 1})
	}
	h.add(&history.HistoryEvent{EventType: enums.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED, Attributes: &history.HistoryEvent_WorkflowExecutionCompletedEventAttributes{
		WorkflowExecutionCompletedEventAttributes: &history.WorkflowExecutionCompletedEventAttributes{WorkflowTaskCompletedEventId: h.task(), Result: h.payloads(result)},
	}})
	return &history.History{Events: h.events}
}

// add writes the next event and returns its id.
func (h *teller) add(event *history.HistoryEvent) int64 {
	event.EventId = int64(len(h.events) + 1)
	event.EventTime = timestamppb.New(received.Add(time.Duration(event.EventId) * time.Second))
	h.events = append(h.events, event)
	return event.EventId
}

func (h *teller) payloads(value any) *common.Payloads {
	h.t.Helper()
	payloads, err := converter.GetDefaultDataConverter().ToPayloads(value)
	require.NoError(h.t, err)
	return payloads
}

// task tells of a workflow task and returns the id of its completion.
func (h *teller) task() int64 {
	scheduled := h.add(&history.HistoryEvent{EventType: enums.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED, Attributes: &history.HistoryEvent_WorkflowTaskScheduledEventAttributes{
		WorkflowTaskScheduledEventAttributes: &history.WorkflowTaskScheduledEventAttributes{TaskQueue: h.queue, Attempt: 1},
	}})
	started := h.add(&history.HistoryEvent{EventType: enums.EVENT_TYPE_WORKFLOW_TASK_STARTED, Attributes: &history.HistoryEvent_WorkflowTaskStartedEventAttributes{
		WorkflowTaskStartedEventAttributes: &history.WorkflowTaskStartedEventAttributes{ScheduledEventId: scheduled},
	}})
	return h.add(&history.HistoryEvent{EventType: enums.EVENT_TYPE_WORKFLOW_TASK_COMPLETED, Attributes: &history.HistoryEvent_WorkflowTaskCompletedEventAttributes{
		WorkflowTaskCompletedEventAttributes: &history.WorkflowTaskCompletedEventAttributes{ScheduledEventId: scheduled, StartedEventId: started},
	}})
}

// activity tells of an activity that a workflow task asked for and that was done.
func (h *teller) activity(task int64, name string, in, out any) {
	h.t.Helper()
	h.done(h.ask(task, name, in), out)
}

// ask tells of an activity that a workflow task asked for.
func (h *teller) ask(task int64, name string, in any) int64 {
	h.t.Helper()
	id := strconv.Itoa(len(h.events) + 1)
	return h.add(&history.HistoryEvent{EventType: enums.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED, Attributes: &history.HistoryEvent_ActivityTaskScheduledEventAttributes{
		ActivityTaskScheduledEventAttributes: &history.ActivityTaskScheduledEventAttributes{
			ActivityId: id, ActivityType: &common.ActivityType{Name: name}, TaskQueue: h.queue, Input: h.payloads(in), WorkflowTaskCompletedEventId: task,
		},
	}})
}

// done tells that an activity was done.
func (h *teller) done(scheduled int64, out any) {
	h.t.Helper()
	started := h.add(&history.HistoryEvent{EventType: enums.EVENT_TYPE_ACTIVITY_TASK_STARTED, Attributes: &history.HistoryEvent_ActivityTaskStartedEventAttributes{
		ActivityTaskStartedEventAttributes: &history.ActivityTaskStartedEventAttributes{ScheduledEventId: scheduled, Attempt: 1},
	}})
	h.add(&history.HistoryEvent{EventType: enums.EVENT_TYPE_ACTIVITY_TASK_COMPLETED, Attributes: &history.HistoryEvent_ActivityTaskCompletedEventAttributes{
		ActivityTaskCompletedEventAttributes: &history.ActivityTaskCompletedEventAttributes{ScheduledEventId: scheduled, StartedEventId: started, Result: h.payloads(out)},
	}})
}
