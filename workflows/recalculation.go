package workflows

import (
	"go.temporal.io/sdk/workflow"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/casework"
)

// mayRecalculate is the validator: what it refuses leaves no trace in history. It is not replayed.
func (e *enquiry) mayRecalculate(request casework.RecalculateRequest) error {
	if request.Key != "" && e.keys[request.Key] {
		return activities.Failure(casework.NewFault(casework.Invalid, casework.FaultKeyReused,
			"The Idempotency-Key was used before for another request about this case."))
	}
	if fault := e.recalculationFault(request); fault != nil {
		return activities.Failure(fault)
	}
	return nil
}

// recalculationFault says why a recalculation cannot be taken at this moment. A decision that is being recorded is no
// obstacle: the recalculation waits for it and counts the clocks that it leaves.
func (e *enquiry) recalculationFault(request casework.RecalculateRequest) *casework.Fault {
	if e.opened == nil || e.stage.Final() {
		return casework.NotOpen(e.in.Reference, e.stage)
	}
	return request.Check()
}

// recalculate takes the Update.
func (e *enquiry) recalculate(ctx workflow.Context, request casework.RecalculateRequest) (casework.Recalculation, error) {
	e.keys[request.Key] = true
	request.ReceivedAt = receipt(request.ReceivedAt, e.agenda.now(ctx))
	done, err := e.replan(ctx, request, workflow.GetCurrentUpdateInfo(ctx).ID)
	if _, no := activities.Fault(err); err != nil && !no && e.stuck == nil {
		e.stuck = err
	}
	return done, err
}

// receiveRecalculations takes the Signal of the same name: an operator whom no token vouches for, and who must say
// why. What cannot be taken is written down in the case, because nobody gets the answer.
func (e *enquiry) receiveRecalculations(ctx workflow.Context) {
	if workflow.Await(ctx, func() bool { return e.opened != nil }) != nil {
		return
	}
	channel := workflow.GetSignalChannel(ctx, casework.MessageRecalculate)
	for {
		var signalled activities.Signalled[casework.RecalculateRequest]
		if !channel.Receive(ctx, &signalled) {
			return
		}
		e.errand(ctx, func(ctx workflow.Context) error { return e.recalculateSignalled(ctx, signalled) })
	}
}

func (e *enquiry) recalculateSignalled(ctx workflow.Context, signalled activities.Signalled[casework.RecalculateRequest]) error {
	request, fault := signalled.Message, signalled.Fault
	request.Actor.Role, request.Actor.Claimed = casework.RoleOperator, true
	request.ReceivedAt = e.agenda.now(ctx)
	cause := casework.MessageRecalculate + "-signal-" + signalled.Digest
	if fault == nil {
		_, err := e.replan(ctx, request, cause)
		var no bool
		if fault, no = activities.Fault(err); !no {
			return err
		}
	}
	return e.refuse(ctx, casework.MessageRecalculate, cause, request.Actor, fault)
}

// replan lets the recalculating step count the clocks again and takes its plan over. It waits for a step that starts
// clocks, so that no plan is older than the one that it replaces. The error is a fault if the case cannot take it.
func (e *enquiry) replan(ctx workflow.Context, request casework.RecalculateRequest, cause string) (casework.Recalculation, error) {
	if err := e.clocks.Lock(ctx); err != nil {
		return casework.Recalculation{}, err
	}
	defer e.clocks.Unlock()
	if fault := e.recalculationFault(request); fault != nil {
		return casework.Recalculation{}, activities.Failure(fault)
	}
	key := e.key(ctx, casework.StepRecalculate, 1, cause)
	key.About = cause
	answer, err := activities.Recalculate(ctx, casework.RecalculateInput{Key: key, Request: request})
	if fault, no := activities.Fault(err); no {
		return casework.Recalculation{}, activities.Failure(fault)
	}
	if err != nil {
		return casework.Recalculation{}, err
	}
	e.agenda.replace(answer.Plan)
	e.policy, e.outcomeEnds, e.sla = answer.Recalculation.Policy, answer.OutcomeDue, answer.SLAState
	for _, d := range e.agenda.plan {
		if d.Act == casework.ActExpire && d.Clock == casework.ClockWindow {
			// The old end may have come while the new one was being counted.
			e.windowOver = false
		}
	}
	return answer.Recalculation, e.show(ctx)
}
