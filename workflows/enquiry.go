// Package workflows holds one durable process per file, and the parts that they share: waiting for deadlines,
// taking completions, what the Web UI shows, and versions.
package workflows

import (
	"fmt"
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/casework"
)

// Enquiry is the life of one enquiry about a result: from the request through the review, the outcome and the
// award's settlement to the end of the appeal window (seed 000; domain §8.2).
func Enquiry(ctx workflow.Context, in casework.EnquiryInput) (casework.EnquiryResult, error) {
	// A case ends by its own rules only. A cancellation from the Web UI or a script would leave the register with
	// a case that nobody works on, so it is not listened to.
	ctx, _ = workflow.NewDisconnectedContext(ctx)
	e := &enquiry{
		in: in, turn: workflow.NewMutex(ctx), agenda: agenda{offset: in.ClockOffset}, pool: pool{asked: true, cause: causeStart},
		keys: map[string]bool{}, underWay: map[string]int{}, heard: map[string]int{}, refusals: map[string]int{},
	}
	if err := e.register(ctx); err != nil {
		return casework.EnquiryResult{}, err
	}
	if err := e.run(ctx); err != nil {
		// A step gave an answer that the program does not know. The workflow task fails and is tried again until
		// repaired code runs, where a failed workflow would have lost the case.
		panic(fmt.Errorf("case %s cannot go on: %w", in.Reference, err))
	}
	return casework.EnquiryResult{Reference: in.Reference, Stage: e.stage}, nil
}

// enquiry is the state of one case. It is rebuilt by replay and never shared.
type enquiry struct {
	in casework.EnquiryInput
	// stage is what the last step answered.
	stage casework.Stage
	// opened is nil until the opening step has answered.
	opened *casework.Opened
	// turn is held by whoever changes where the case stands, from the question to the register until the case has the
	// answer: one after the other, so that none starts from what another is changing.
	turn workflow.Mutex
	// task is what somebody performs, or has performed; its sheet is what a completion is checked against. pool is where
	// it is while nobody holds it.
	task task
	pool pool
	// completed lists the tasks whose completion was taken; decided is nil until the last of them has decided the case.
	completed []casework.TaskID
	decided   *casework.Decided
	// held are the causes for which the case waits.
	held []casework.HoldCause
	sla  casework.SLAState
	// agenda holds the instants that the case waits for.
	agenda agenda
	// outcomeEnds is the exclusive end of the outcome clock, which a recalculation or a hold may move; zero before the
	// opening.
	outcomeEnds time.Time
	// policy is the version of the rules by which the case counts; empty before the opening.
	policy string
	// keys holds the Idempotency-Keys of the Updates that were accepted, underWay counts the messages by name that have
	// not got their answer, heard how often each was heard.
	keys     map[string]bool
	underWay map[string]int
	heard    map[string]int
	// awardSettled is set by the signal of that name.
	awardSettled bool
	// windowOver is set when the appeal window has expired.
	windowOver bool
	// passed holds the deadlines that have come and are not recorded yet, in the order in which they were noticed.
	passed []casework.AlertInput
	// refusals counts the refused signals by what was refused and why, to number their steps.
	refusals map[string]int
	// lastRefusal is shown to operators: why the last signal was not taken.
	lastRefusal string
	// shown is what the search attributes say.
	shown standing
	// unsent are the mails that go with the next lot.
	unsent []casework.MailInput
	// errands counts the activities that run beside the main line: mails, letters, scripts.
	errands int
	// stuck is the first error of an errand, which only a mistake in the program can cause.
	stuck error
}

// run reads like the procedure: open, give somebody the task and wait for the review, again for as long as it is given
// back or looked at again; publish, settle, announce, wait out the window, close.
func (e *enquiry) run(ctx workflow.Context) error {
	if err := e.open(ctx); err != nil {
		return err
	}
	if e.stage.Final() {
		return e.leave(ctx)
	}
	e.unsent = []casework.MailInput{e.mail(ctx, casework.MailAcknowledgement, 1, "")}
	workflow.Go(ctx, e.keepAgenda)
	for e.decided == nil {
		if err := e.allocate(ctx); err != nil {
			return err
		}
		if err := e.review(ctx); err != nil {
			return err
		}
	}
	steps := []func(workflow.Context) error{e.settle, e.appealWindow, e.close}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return e.leave(ctx)
}

// open makes the case file and starts its outcome clock at the receipt.
func (e *enquiry) open(ctx workflow.Context) error {
	e.in.ReceivedAt = receipt(e.in.ReceivedAt, workflow.GetInfo(ctx).WorkflowStartTime.Add(e.in.ClockOffset).UTC())
	opened, err := activities.OpenCase(ctx, casework.OpenInput{Enquiry: e.in, At: e.agenda.now(ctx)})
	if err != nil {
		return err
	}
	e.opened, e.stage = &opened, opened.Stage
	e.agenda.clocks, e.outcomeEnds, e.policy = opened.Plan, opened.OutcomeDue, opened.Policy
	e.sla = casework.SLAOnTime
	if e.stage.Final() {
		return e.show(ctx)
	}
	return nil
}

// review waits for the completion that decides the case, or until nobody holds the task again.
func (e *enquiry) review(ctx workflow.Context) error {
	err := e.until(ctx, func() bool { return e.decided != nil || e.stage == casework.StageUnassigned })
	if err == nil && e.decided != nil && e.decided.ScriptOrdered {
		e.errand(ctx, e.releaseScript)
	}
	return err
}

// settle waits until the award review is settled: at once if this decision was its last, otherwise until the
// linked case that is decided last sends word.
func (e *enquiry) settle(ctx workflow.Context) error {
	if e.decided.Settled {
		if len(e.decided.Members) > 0 {
			e.errand(ctx, e.tellMembers)
		}
		return nil
	}
	e.errand(ctx, send(e.mail(ctx, casework.MailComponentOutcome, 1, "")))
	if err := e.settlement(ctx); err != nil {
		return err
	}
	return e.show(ctx)
}

// settlement waits for word that the award is settled and takes the settlement over. Word that is not true, which
// an operator may have sent, is refused; the case goes on waiting.
func (e *enquiry) settlement(ctx workflow.Context) error {
	for {
		if err := e.until(ctx, func() bool { return e.awardSettled }); err != nil {
			return err
		}
		e.awardSettled = false // Before the step: word that comes meanwhile counts again.
		err := e.takeOver(ctx)
		fault, no := activities.Fault(err)
		if !no || fault.Code != casework.FaultNotSettled {
			return err
		}
		if err := e.refuse(ctx, casework.SignalAwardSettled, casework.SignalAwardSettled, casework.System(), fault); err != nil {
			return err
		}
	}
}

// takeOver takes the settlement over, with the appeal window that it starts.
func (e *enquiry) takeOver(ctx workflow.Context) error {
	if err := e.turn.Lock(ctx); err != nil {
		return err
	}
	defer e.turn.Unlock()
	settled, err := activities.TakeOverSettlement(ctx, e.key(ctx, casework.StepSettle, 1, casework.SignalAwardSettled))
	if err != nil {
		return err
	}
	e.stage = settled.Stage
	e.agenda.clocks = append(e.agenda.clocks, settled.Plan...)
	return nil
}

// appealWindow sends the outcome letter and waits until the centre's right to appeal has expired, nobody is just counting
// it again, and the case waits for nothing.
func (e *enquiry) appealWindow(ctx workflow.Context) error {
	e.errand(ctx, e.announce)
	return e.until(ctx, func() bool { return e.windowOver && e.errands == 0 && len(e.held) == 0 && !e.turn.IsLocked() })
}

// close ends the case, once every errand is done: nothing may be left unsent behind a closed case.
func (e *enquiry) close(ctx workflow.Context) error {
	if err := e.turn.Lock(ctx); err != nil {
		return err
	}
	defer e.turn.Unlock()
	if err := activities.CloseCase(ctx, e.key(ctx, casework.StepClose, 1, causeTimer)); err != nil {
		return err
	}
	e.stage = casework.StageClosed
	return e.show(ctx)
}

// leave returns only when nobody waits for an answer any more.
func (e *enquiry) leave(ctx workflow.Context) error {
	return e.until(ctx, func() bool { return workflow.AllHandlersFinished(ctx) && e.errands == 0 })
}

// until waits for a condition, or for the first error of an errand.
func (e *enquiry) until(ctx workflow.Context, done func() bool) error {
	if err := workflow.Await(ctx, func() bool { return done() || e.stuck != nil }); err != nil {
		return err
	}
	return e.stuck
}

// Causes of steps that neither an Update nor a Signal brought about.
const (
	causeStart = "start"
	causeTimer = "timer"
)

func (e *enquiry) key(ctx workflow.Context, step casework.Step, number int, cause string) casework.StepKey {
	return casework.StepKey{Reference: e.in.Reference, Step: step, Number: number, Cause: cause, At: e.agenda.now(ctx)}
}
