package ops

import "github.com/recourse-exams/recourse/casework"

// choice is an action with whether it can be done now.
type choice struct {
	Action string
	Title  string
	// Why says why it cannot be done now; empty if it can.
	Why string
}

// choices are the actions in the order in which they are shown.
func choices(p casePage) []choice {
	var over string
	if p.Stage.Final() {
		over = "The case is " + words(p.Stage) + "."
	}
	hold := choice{actHold, "Hold", over}
	resume := choice{actResume, "Resume", over}
	if over == "" && len(p.Lasting()) == 0 {
		resume.Why = "The case waits for nothing."
	}
	reassign := choice{actReassign, "Reassign", over}
	switch latest := p.Latest(); {
	case over != "":
	case latest == nil:
		reassign.Why = "The case has no task."
	case latest.DeskTask.State.Final():
		reassign.Why = "The task is " + words(latest.DeskTask.State) + "."
	case latest.DeskTask.State == casework.TaskReady:
		reassign.Why = "Nobody holds the task; a nudge offers it again."
	}
	return []choice{hold, resume, reassign, {actNudge, "Nudge", over}}
}

// allows says why an action cannot be done, or nil.
func (p casePage) allows(action string) *casework.Fault {
	for _, c := range p.Actions {
		if c.Action != action {
			continue
		}
		if c.Why != "" {
			return casework.NewFault(casework.Conflict, "not-now", "This cannot be done now. "+c.Why)
		}
		return nil
	}
	return casework.NewFault(casework.NotFound, "unknown-action", "There is no such action.")
}
