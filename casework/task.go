package casework

// TaskID names a human task; it is the case's reference and a number, such as "R-…/1".
type TaskID string

// TaskOf is the task of a case; an enquiry has one.
func TaskOf(ref Reference) TaskID { return TaskID(ref) + "/1" }

// TaskState is the life of a human task, after WS-HumanTask and trimmed to what is used.
type TaskState string

const (
	// TaskReady: in the pool, nobody holds it.
	TaskReady TaskState = "ready"
	// TaskReserved: allocated to a performer, who acts next.
	TaskReserved TaskState = "reserved"
	// TaskCompleted is final.
	TaskCompleted TaskState = "completed"
)

// TaskStates lists every task state; the database's CHECK is compared with it.
func TaskStates() []TaskState { return []TaskState{TaskReady, TaskReserved, TaskCompleted} }

// SheetItem is one question item as the performer sees it: its maximum and the mark first given.
type SheetItem struct {
	Item     string `json:"item"`
	Max      int    `json:"max"`
	Original int    `json:"original"`
}

// TaskSheet is what a completion is checked against. It is recorded in the case's history when the task
// is allocated, so that a wrong completion can be refused before it leaves a trace.
type TaskSheet struct {
	Task    TaskID      `json:"task"`
	Service Service     `json:"service"`
	Items   []SheetItem `json:"items"`
	// Rules is what the policy accepts in this task's completion, pinned when the task was made.
	Rules CompletionRules `json:"rules"`
}
