package workflows

import (
	"slices"
	"strings"

	"github.com/recourse-exams/recourse/casework"
)

// act is something that an operator may do with a case by Signal, with an input to start from: {task} and {actor} are
// filled in, and what stands in angle brackets the operator writes.
type act struct {
	what, signal, example string
}

// The acts of operators. Each input is a message of the signal's type.
var (
	actComplete = act{
		"hand in the completion on behalf of the performer", casework.MessageComplete,
		`{"completion": {"task": "{task}", "items": [{"item": "<item>", "mark": 0, "reason": "<code>"}], "checklist": [{"check": "<question>", "correct": true}]}, "actor": {actor}}`,
	}
	actReassign = act{
		"give the task to somebody else; without `to` the rule finds them", casework.MessageReassign,
		`{"task": "{task}", "to": "<performer>", "actor": {actor}}`,
	}
	actSuspend = act{
		"stop the work on the task", casework.MessageTask,
		`{"task": "{task}", "operation": "suspend", "actor": {actor}}`,
	}
	actUnsuspend = act{
		"let the work on the task go on", casework.MessageTask,
		`{"task": "{task}", "operation": "resume", "actor": {actor}}`,
	}
	actHold = act{
		"let the case wait for a cause (" + strings.Join(words(casework.HoldCauses()), ", ") + ")", casework.MessageHold,
		`{"cause": "<cause>", "approvedBy": "<an approver, not you>", "actor": {actor}}`,
	}
	actResume = act{
		"end what the case waits for; `delivered` is true only if the centre was asked for something and did it", casework.MessageResume,
		`{"cause": "<cause>", "delivered": false, "actor": {actor}}`,
	}
	actNudge = act{
		"look again now: offer the task, or remind its performer", casework.MessageNudge,
		`{"actor": {actor}}`,
	}
)

// actor is how the input of a signal names its sender.
const actor = `{"subject": "<you>", "reason": "<why>"}`

// allowed lists what an operator may do now. Counting by other rules needs the difference first, so it is no signal to
// write by hand.
func (e *enquiry) allowed() string {
	acts := e.acts()
	if len(acts) == 0 {
		return "Nothing is left to be done."
	}
	list := "You may signal:\n"
	for _, a := range acts {
		input := strings.NewReplacer("{task}", string(e.task.Sheet.Task), "{actor}", actor).Replace(a.example)
		list += "\n- `" + a.signal + "`: " + a.what + "\n  `" + input + "`"
	}
	return list + "\n\nOther rules: `recourse cases recalculate`. An input that cannot be taken changes nothing and is written down."
}

// acts are what fits the case as it stands.
func (e *enquiry) acts() []act {
	if e.notOpen() != nil {
		return nil
	}
	var acts []act
	switch {
	case e.task.stopped:
		acts = []act{actUnsuspend, actReassign}
	case e.stage == casework.StageAssigned && len(e.held) > 0:
		acts = []act{actReassign}
	case e.stage == casework.StageAssigned:
		acts = []act{actComplete, actReassign, actSuspend}
	case e.stage == casework.StageUnassigned && e.task.state == casework.TaskReady:
		acts = []act{actReassign}
	}
	if len(e.held) > 0 {
		acts = append(acts, actResume)
	}
	if len(e.held) < len(casework.HoldCauses()) {
		acts = append(acts, actHold)
	}
	return slices.Concat(acts, []act{actNudge})
}
