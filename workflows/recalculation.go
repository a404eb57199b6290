package workflows

import (
	"go.temporal.io/sdk/workflow"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/casework"
)

// recalculations are how a case is counted by another version of its rules. A decision that is being recorded is no
// obstacle: the recalculation waits for it and counts the clocks that it leaves.
func (e *enquiry) recalculations() message[casework.RecalculateRequest, casework.Recalculation] {
	return message[casework.RecalculateRequest, casework.Recalculation]{
		name:        casework.MessageRecalculate,
		description: "Counts the running clocks by another version of the rules.",
		from:        func(r *casework.RecalculateRequest) sender { return sender{&r.Actor, &r.Key, &r.ReceivedAt} },
		now:         func(*casework.RecalculateRequest) *casework.Fault { return e.notOpen() },
		deny:        func(r *casework.RecalculateRequest) *casework.Fault { return r.Check() },
		onBehalf:    nobody[casework.RecalculateRequest],
		step:        casework.StepRecalculate,
		do:          e.recalculate,
	}
}

// recalculate lets the recalculating step count the clocks again and takes its plan over.
func (e *enquiry) recalculate(ctx workflow.Context, request *casework.RecalculateRequest, key casework.StepKey) (casework.Recalculation, error) {
	answer, err := activities.Recalculate(ctx, casework.RecalculateInput{Key: key, Request: *request})
	if err != nil {
		return casework.Recalculation{}, err
	}
	e.policy, e.sla, e.outcomeEnds = answer.Recalculation.Policy, answer.SLAState, answer.OutcomeDue
	e.replan(answer.Plan)
	return answer.Recalculation, e.show(ctx)
}

// replan takes another plan of the clocks over.
func (e *enquiry) replan(plan casework.Plan) {
	e.agenda.replace(plan)
	for _, d := range e.agenda.clocks {
		if closes(d) {
			// The old end may have come while the new one was being counted.
			e.windowOver = false
		}
	}
}
