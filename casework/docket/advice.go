package docket

import "strings"

// Runbooks is where the pages begin on which people read, step by step, what to do; README.md there lists them.
const Runbooks = "https://github.com/recourse-exams/recourse/blob/main/docs/runbooks/"

// Advice is what to do about something, for whoever is asked to do it: on the page of operations and in mails alike.
type Advice struct {
	// What says what is wrong, in a sentence, and Do what to do about it.
	What, Do string
	// Runbook is the address of the page where the whole of it stands.
	Runbook string
}

// Advice says what to do about a finding of the kind.
func (k FindingKind) Advice() Advice {
	switch k {
	case FindingUnrecorded:
		return Advice{"A deadline has passed and no worker has recorded it.", "See that a worker runs; it then records the true instant by itself. Tell the centre meanwhile.", Runbooks + "clock-unrecorded.md"}
	case FindingWorkflow:
		return Advice{"The workflow’s own code fails again and again.", "Open the workflow and read the failure of its last task. It goes on by itself once a repaired worker runs; do not terminate it.", Runbooks + "non-determinism.md"}
	case FindingActivity:
		return Advice{"A step of the case fails again and again.", "Open the workflow and read the pending activity’s last failure; mend what it names. It is tried again by itself.", Runbooks + "stuck-case.md"}
	case FindingNoProgress:
		return Advice{"Something was due to happen by itself and has not.", "See that workers run and the database answers, then open the workflow. A nudge makes the case look again.", Runbooks + "stuck-case.md"}
	case FindingNoWorkflow:
		return Advice{"The case is open and no workflow moves it.", "Reset the workflow in the Web UI, as the runbook says.", Runbooks + "case-without-workflow.md"}
	case FindingConflicted:
		return Advice{"Who holds the task may not complete it: a conflict was declared since they got it.", "Reassign the task. If the conflict was entered in error, have it taken back instead.", Runbooks + "holder-conflicted.md"}
	default:
		return Advice{"Something is wrong with the case: " + strings.ReplaceAll(string(k), "-", " ") + ".", "Open the workflow.", Runbooks + "README.md"}
	}
}
