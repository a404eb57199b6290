package casework

import "time"

// Operation is what somebody does with a task, apart from completing it (architecture §5, after WS-HumanTask).
type Operation string

const (
	// OpClaim: an eligible performer takes a task from the pool.
	OpClaim Operation = "claim"
	// OpStart: the holder begins; until then the centre may cancel.
	OpStart Operation = "start"
	// OpRelease: the holder gives a started task back; somebody else is found.
	OpRelease Operation = "release"
	// OpDecline: the holder refuses a task that they have not started, with a reason; somebody else is found.
	OpDecline Operation = "decline"
	// OpDelegate: the holder, or a lead of theirs, hands the task to a named colleague.
	OpDelegate Operation = "delegate"
	// OpForward: the holder sends the task up: somebody of a higher rank is found.
	OpForward Operation = "forward"
	// OpSuspend: a lead or an operator stops the work on the task; its deadlines stand still.
	OpSuspend Operation = "suspend"
	// OpResume: a lead or an operator lets the work go on.
	OpResume Operation = "resume"
	// OpReassign: an operator takes the task from its holder and gives it to a named performer, or to whom the rule
	// finds.
	OpReassign Operation = "reassign"
)

// Operations lists every operation.
func Operations() []Operation {
	return []Operation{OpClaim, OpStart, OpRelease, OpDecline, OpDelegate, OpForward, OpSuspend, OpResume, OpReassign}
}

// DeclineReason is why a performer does not do a task, in a word.
type DeclineReason string

const (
	// DeclineConflict: the performer has an interest that the register does not know; it becomes a conflict with the
	// centre's candidate of this case.
	DeclineConflict DeclineReason = "conflict-of-interest"
	// DeclineTime: the performer has no time.
	DeclineTime DeclineReason = "no-time"
	// DeclineUnfit: the performer is not trained for what the task asks.
	DeclineUnfit DeclineReason = "not-my-field"
	// DeclineScript: the script cannot be read or is incomplete.
	DeclineScript DeclineReason = "script-unreadable"
	// DeclineUnwell: the performer is ill.
	DeclineUnwell DeclineReason = "unwell"
	// DeclineOther: anything else, said in the actor's reason.
	DeclineOther DeclineReason = "other"
)

// DeclineReasons lists every reason.
func DeclineReasons() []DeclineReason {
	return []DeclineReason{DeclineConflict, DeclineTime, DeclineUnfit, DeclineScript, DeclineUnwell, DeclineOther}
}

// TaskRequest asks a case to do something with its task.
type TaskRequest struct {
	Task      TaskID    `json:"task"`
	Operation Operation `json:"operation"`
	// To is the performer whom a task is handed to; empty where the rule finds one.
	To string `json:"to,omitempty"`
	// From is the performer from whom alone a task is taken, so that nothing is taken from who got it meanwhile; empty
	// takes it from whoever holds it.
	From string `json:"from,omitempty"`
	// Why is the reason of a decline or a release.
	Why DeclineReason `json:"why,omitempty"`
	// Actor is who asks; its reason is required of leads and operators.
	Actor Actor `json:"actor"`
	// Key tells the person's Idempotency-Key at this door from every other; empty for a Signal.
	Key string `json:"key,omitempty"`
	// ReceivedAt is stamped by the starter, in UTC; a Signal may leave it out.
	ReceivedAt time.Time `json:"receivedAt,omitzero"`
}

// TaskInput hands a request to the step that acts on a task.
type TaskInput struct {
	Key     StepKey     `json:"key"`
	Request TaskRequest `json:"request"`
}

// TaskDone is the answer of the step that acts on a task, and of the Update that brought it about.
type TaskDone struct {
	Reference Reference `json:"reference"`
	Task      TaskID    `json:"task"`
	State     TaskState `json:"state"`
	// Assignee is who holds the task now; empty if it is in the pool.
	Assignee string `json:"assignee,omitempty"`
	// Stage is the case's stage afterwards; unassigned means that somebody has to be found.
	Stage Stage `json:"stage"`
	// Times are the task's deadlines from now on, in the place of the earlier ones.
	Times TaskTimes `json:"times,omitzero"`
}
