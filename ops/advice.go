package ops

import "github.com/recourse-exams/recourse/casework/docket"

// runbooks is where the pages for people who are asked to do something are published.
const runbooks = "https://github.com/recourse-exams/recourse/blob/main/docs/runbooks/"

// advice is what to do about something, in a sentence, and where the whole of it stands.
type advice struct {
	What    string
	Do      string
	Runbook string
}

// adviceOn says what to do about a finding.
func adviceOn(kind docket.FindingKind) advice {
	switch kind {
	case docket.FindingUnrecorded:
		return advice{"A deadline has passed and no worker has recorded it.", "See that a worker runs; it then records the true instant by itself. Tell the centre meanwhile.", runbooks + "clock-unrecorded.md"}
	case docket.FindingWorkflow:
		return advice{"The workflow's own code fails again and again.", "Open the workflow and read the failure of its last task. It goes on by itself once a repaired worker runs; do not terminate it.", runbooks + "non-determinism.md"}
	case docket.FindingActivity:
		return advice{"A step of the case fails again and again.", "Open the workflow and read the pending activity's last failure; mend what it names. It is tried again by itself.", runbooks + "stuck-case.md"}
	case docket.FindingNoProgress:
		return advice{"Something was due to happen by itself and has not.", "See that workers run and the database answers, then open the workflow. A nudge makes the case look again.", runbooks + "stuck-case.md"}
	case docket.FindingNoWorkflow:
		return advice{"The case is open and no workflow moves it.", "Reset the workflow in the Web UI, as the runbook says.", runbooks + "case-without-workflow.md"}
	default:
		return advice{words(kind), "Open the workflow.", runbooks + "README.md"}
	}
}
