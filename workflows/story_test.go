package workflows_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/workflows"
)

// A story is one case told with skipped time: what happens at which instant, and afterwards what the case did.
// The activities here keep a diary instead of writing a register; what they answer can be bent for a story.
type story struct {
	t     *testing.T
	env   *testsuite.TestWorkflowEnvironment
	start time.Time
	input casework.EnquiryInput

	// answers
	opened    casework.Opened
	allocated func(round int) casework.Allocated
	// desk has the task and what people do with it, in stories about that.
	desk    *desk
	decide  func(casework.DecideInput) (casework.Decided, error)
	recount func(casework.RecalculateInput) (casework.Recalculated, error)
	// settleable is when the award is settled; before, a settlement cannot be taken over.
	settleable time.Time
	// brokenFor makes a step fail that many times before it works.
	broken map[string]int

	mu sync.Mutex
	// asked counts the calls of activities; the diary holds the names of those that were done.
	asked     int
	diary     []string
	mails     []casework.MailInput
	alerts    []casework.AlertInput
	decided   []casework.DecideInput
	recounted []casework.RecalculateInput
	// refusals are the signals that were refused.
	refusals []casework.RefusedInput
	// recorded is what steps answered: the register, as far as a case that is reset finds it. steps are those that this
	// story recorded, in order.
	recorded map[casework.StepKey]any
	steps    []casework.StepKey
	// receivedAt is the receipt with which the case was opened.
	receivedAt time.Time
}

const (
	performer = "ex-1001"
	reference = casework.Reference("R-7K4F-M2QX-9TBD-H")
)

var received = time.Date(2026, time.September, 24, 9, 15, 0, 0, time.UTC)

// outcomeEnds is the end of 14 October 2026 in London: 20 calendar days after 24 September (domain §5.5).
var outcomeEnds = time.Date(2026, time.October, 14, 23, 0, 0, 0, time.UTC)

func given(t *testing.T, service casework.Service) *story {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(log.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	s := &story{t: t, env: suite.NewTestWorkflowEnvironment(), start: received.Add(time.Second), broken: map[string]int{}, recorded: map[casework.StepKey]any{}}
	s.env.SetStartTime(s.start)
	s.env.SetTestTimeout(20 * time.Second)
	// A busy machine may take a second for what takes a moment.
	s.env.SetWorkerOptions(worker.Options{DeadlockDetectionTimeout: 20 * time.Second})
	s.input = casework.EnquiryInput{
		Reference: reference,
		Request: casework.EnquiryRequest{
			Service: service, CentreNumber: "64101", CandidateNumber: "0007", Series: "2026-06", Component: "MA1/01",
			ReviewedScript: service == casework.ReviewOfMarking, Reason: casework.ReasonNearBoundary,
		},
		Actor:      casework.Actor{Subject: "eo-64101", Role: casework.RolePostResults},
		ReceivedAt: received, RequestSHA256: "00",
	}
	s.opened = casework.Opened{
		Reference: reference, Stage: casework.StageUnassigned, Policy: "cambria-2026.1", OutcomeDue: outcomeEnds,
		Plan: casework.Plan{
			{Clock: casework.ClockOutcome, Act: casework.ActWarn, At: outcomeEnds.Add(-3 * 24 * time.Hour)},
			{Clock: casework.ClockOutcome, Act: casework.ActBreach, At: outcomeEnds},
		},
	}
	s.allocated = func(int) casework.Allocated { return s.reserved() }
	s.decide = func(in casework.DecideInput) (casework.Decided, error) { return s.published(in), nil }
	s.register()
	return s
}

func (s *story) sheet() casework.TaskSheet {
	return casework.TaskSheet{
		Task: casework.TaskID(reference) + "/1", Service: s.input.Request.Service,
		Items: []casework.SheetItem{{Item: "1", Max: 4, Original: 2}, {Item: "2", Max: 6, Original: 5}},
		Rules: casework.CompletionRules{
			ChangeReasons: []string{"totalling"}, UnchangedReasons: []string{"mark-scheme-applied"}, Checklist: []string{"all-marked"},
		},
	}
}

func (s *story) reserved() casework.Allocated {
	return casework.Allocated{Stage: casework.StageAssigned, Assignee: performer, Sheet: s.sheet()}
}

// published is the answer of a deciding step that settled the award alone.
func (s *story) published(in casework.DecideInput) casework.Decided {
	decided := casework.Decided{
		Cause: in.Key.Cause, Subject: in.Actor.Subject, Stage: casework.StageAppealWindow, PublishedAt: in.Key.At,
		Settled: true, ScriptOrdered: s.input.Request.ReviewedScript, SLAState: casework.SLAMet,
		Plan: casework.Plan{{Clock: casework.ClockWindow, Act: casework.ActExpire, At: in.Key.At.AddDate(0, 0, 15).Truncate(24 * time.Hour), Grace: casework.ReceiptGrace}},
	}
	if decided.ScriptOrdered {
		decided.Plan = append(decided.Plan, casework.Deadline{Clock: casework.ClockScript, Act: casework.ActBreach, At: in.Key.At.Add(24 * time.Hour)})
	}
	return decided
}

func completion() casework.Completion {
	return casework.Completion{
		Task:            casework.TaskID(reference) + "/1",
		Items:           []casework.ItemMark{{Item: "1", Mark: 2}, {Item: "2", Mark: 6, Reason: "totalling"}},
		Checklist:       []casework.CheckAnswer{{Check: "all-marked", Correct: true}},
		UnchangedReason: "",
	}
}

// do registers an activity under its name, keeps the diary and breaks it as often as the story wants.
func do[In, Out any](s *story, name string, run func(In) (Out, error)) {
	s.env.RegisterActivityWithOptions(func(_ context.Context, in In) (Out, error) {
		// A local attempt that ran out of time may still be running beside the next.
		s.mu.Lock()
		defer s.mu.Unlock()
		s.asked++
		if s.broken[name] > 0 {
			s.broken[name]--
			var none Out
			return none, errors.New("the database is away")
		}
		out, err := run(in)
		if err == nil {
			s.diary = append(s.diary, name)
		}
		return out, err
	}, activity.RegisterOptions{Name: name})
}

func (s *story) register() {
	do(s, "OpenCase", func(in casework.OpenInput) (casework.Opened, error) {
		s.receivedAt = in.Enquiry.ReceivedAt
		return s.opened, nil
	})
	do(s, "AllocateTask", func(key casework.StepKey) (casework.Allocated, error) {
		if s.desk != nil {
			return s.desk.allocate(key)
		}
		return s.allocated(key.Number), nil
	})
	do(s, "RecordDecision", func(in casework.DecideInput) (casework.Decided, error) {
		s.decided = append(s.decided, in)
		if stored, ok := s.recorded[named(in.Key)].(casework.Decided); ok {
			return stored, nil
		}
		decided, err := s.decide(in)
		if err == nil && decided.Refusal == nil {
			s.record(in.Key, decided)
			s.desk.decide(decided)
		}
		return decided, err
	})
	do(s, "Recalculate", func(in casework.RecalculateInput) (casework.Recalculated, error) {
		if fault := in.Request.Check(); fault != nil {
			return casework.Recalculated{}, activities.Failure(fault)
		}
		s.recounted = append(s.recounted, in)
		if stored, ok := s.recorded[named(in.Key)].(casework.Recalculated); ok {
			return stored, nil
		}
		counted, err := s.recount(in)
		if err == nil {
			s.record(in.Key, counted)
		}
		return counted, err
	})
	do(s, "TakeOverSettlement", func(key casework.StepKey) (casework.Settled, error) {
		if key.At.Before(s.settleable) {
			return casework.Settled{}, activities.Failure(casework.NewFault(casework.Conflict, "award-not-settled", "A linked case is not decided yet."))
		}
		return once(s, key, nil, func() casework.Settled {
			return casework.Settled{Stage: casework.StageAppealWindow, Plan: casework.Plan{
				{Clock: casework.ClockWindow, Act: casework.ActExpire, At: key.At.AddDate(0, 0, 14)},
			}}
		})
	})
	do(s, "RecordAlert", func(in casework.AlertInput) (casework.Alerted, error) {
		return once(s, in.Key, nil, func() casework.Alerted { return s.alert(in) })
	})
	do(s, "RecordRefusal", func(in casework.RefusedInput) (struct{}, error) {
		return once(s, in.Key, nil, func() struct{} {
			s.diary = append(s.diary, "refused:"+in.Fault.Code)
			s.refusals = append(s.refusals, in)
			return struct{}{}
		})
	})
	do(s, "CloseCase", func(casework.StepKey) (struct{}, error) { return struct{}{}, nil })
	do(s, "ReleaseScript", func(key casework.StepKey) (casework.Released, error) {
		return casework.Released{At: key.At, SLAState: casework.SLAMet}, nil
	})
	do(s, "StoreOutcomeLetter", func(casework.CaseInput) (struct{}, error) { return struct{}{}, nil })
	do(s, "TellMembers", func(casework.SettledNotice) (struct{}, error) { return struct{}{}, nil })
	do(s, "SendMails", func(in []casework.MailInput) (casework.MailResult, error) {
		s.mails = append(s.mails, in...)
		return casework.MailResult{Sent: len(in)}, nil
	})
}

// once answers a step's repeat with what was recorded first, as the register does (architecture §3.3), and says no to a
// step that is new where there is a fault.
func once[R any](s *story, key casework.StepKey, no *casework.Fault, answer func() R) (R, error) {
	stored, ok := s.recorded[named(key)].(R)
	if !ok && no != nil {
		return stored, activities.Failure(no)
	}
	if !ok {
		stored = answer()
		s.record(key, stored)
	}
	return stored, nil
}

// record keeps what a step answered.
func (s *story) record(key casework.StepKey, answer any) {
	s.recorded[named(key)] = answer
	s.steps = append(s.steps, key)
}

// named is what names a step: neither what brought it about nor when it was done.
func named(key casework.StepKey) casework.StepKey {
	key.Cause, key.At = "", time.Time{}
	return key
}

// alert counts the alerts of one act and clock, as the register does.
func (s *story) alert(in casework.AlertInput) casework.Alerted {
	answer := casework.Alerted{SLAState: casework.SLAWarned, Due: true, Number: 1}
	for _, earlier := range s.alerts {
		if earlier.Deadline.Clock == in.Deadline.Clock && earlier.Deadline.Act == in.Deadline.Act {
			answer.Number++
		}
	}
	s.alerts = append(s.alerts, in)
	if in.Deadline.Act == casework.ActBreach {
		answer.SLAState = casework.SLABreached
	}
	return answer
}

// on lets something happen at an instant of the story.
func (s *story) on(at time.Time, happen func()) *story {
	s.env.RegisterDelayedCallback(happen, at.Sub(s.start))
	return s
}

// reply is what an Update got.
type reply[Out any] struct {
	rejected, failed error
	done             Out
}

func (r *reply[Out]) Accept()          {}
func (r *reply[Out]) Reject(err error) { r.rejected = err }
func (r *reply[Out]) Complete(success any, err error) {
	r.failed = err
	if done, ok := success.(Out); ok {
		r.done = done
	}
}

// update tells the case something by Update.
func update[Out any](s *story, name, id string, request any) *reply[Out] {
	got := &reply[Out]{}
	s.env.UpdateWorkflow(name, id, got, request)
	return got
}

type answer = reply[casework.Completed]

// completes hands in a completion by Update, as the REST service does.
func (s *story) completes(id, who string, c casework.Completion) *answer {
	return s.completesAt(id, who, c, s.env.Now())
}

// completesUnder hands in the performer's completion under an Idempotency-Key.
func (s *story) completesUnder(key, id string) *answer {
	return update[casework.Completed](s, casework.MessageComplete, id, casework.CompleteRequest{
		Completion: completion(), Actor: casework.Actor{Subject: performer, Role: casework.RoleExaminer}, ReceivedAt: s.env.Now(), Key: key,
	})
}

// completesAt says when the REST service claims to have received the completion.
func (s *story) completesAt(id, who string, c casework.Completion, received time.Time) *answer {
	return update[casework.Completed](s, casework.MessageComplete, id, casework.CompleteRequest{
		Completion: c, Actor: casework.Actor{Subject: who, Role: casework.RoleExaminer}, ReceivedAt: received,
	})
}

func (s *story) run() casework.EnquiryResult {
	s.t.Helper()
	s.env.ExecuteWorkflow(workflows.Enquiry, s.input)
	require.True(s.t, s.env.IsWorkflowCompleted())
	require.NoError(s.t, s.env.GetWorkflowError())
	var result casework.EnquiryResult
	require.NoError(s.t, s.env.GetWorkflowResult(&result))
	return result
}

// did counts how often the case did something.
func (s *story) did(name string) int {
	n := 0
	for _, entry := range s.diary {
		if entry == name {
			n++
		}
	}
	return n
}

// mailed lists the kinds of the mails sent, in order of the alphabet: errands run beside each other.
func (s *story) mailed() []string {
	var kinds []string
	for _, mail := range s.mails {
		kinds = append(kinds, string(mail.Kind))
	}
	slices.Sort(kinds)
	return kinds
}

func faultCode(t *testing.T, err error) string {
	t.Helper()
	fault, ok := activities.Fault(err)
	require.True(t, ok, "the error carries no fault: %v", err)
	return fault.Code
}

func day(n int) time.Time { return received.AddDate(0, 0, n) }
