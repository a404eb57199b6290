package casework

// Stage is where a case stands. Every change goes through the transition table below; the same names
// stand in the database's CHECK and in the contract's enum, which tests compare with this list.
type Stage string

const (
	// StageRefused is final: the opening step found a reason why the request cannot be taken.
	StageRefused Stage = "refused"
	// StageUnassigned: opened; nobody eligible was free, so the task waits in the pool.
	StageUnassigned Stage = "unassigned"
	// StageAssigned: a performer holds the task and acts next.
	StageAssigned Stage = "assigned"
	// StageDecided: the component's outcome is published; a linked case of the same award is still open.
	StageDecided Stage = "decided"
	// StageAppealWindow: the award is settled and the outcome letter is due or out; the centre may appeal.
	StageAppealWindow Stage = "appeal-window"
	// StageClosed is final: the appeal window has passed.
	StageClosed Stage = "closed"
)

// Stages lists every stage in the order in which a case passes through them.
func Stages() []Stage {
	return []Stage{StageRefused, StageUnassigned, StageAssigned, StageDecided, StageAppealWindow, StageClosed}
}

// Final reports whether a case in this stage can never change again.
func (s Stage) Final() bool { return s == StageRefused || s == StageClosed }

// Initial reports whether the opening step may put a case into this stage.
func (s Stage) Initial() bool { return s == StageRefused || s == StageUnassigned }

// Event is something that happened to a case and may move it to another stage.
type Event string

const (
	// EventAssign: the allocation step reserved the task for a performer.
	EventAssign Event = "assign"
	// EventGiveBack: the performer gave the task back, or it was taken from them; somebody else is to be found.
	EventGiveBack Event = "give-back"
	// EventSecondLook: the completion was taken, and another performer looks at it before it is published.
	EventSecondLook Event = "second-look"
	// EventDecide: the performer's completion was recorded and the component's outcome published.
	EventDecide Event = "decide"
	// EventSettle: the last linked case of the award was decided, so grade and fees are final.
	EventSettle Event = "settle"
	// EventClose: the appeal window has passed.
	EventClose Event = "close"
)

// Events lists every event.
func Events() []Event {
	return []Event{EventAssign, EventGiveBack, EventSecondLook, EventDecide, EventSettle, EventClose}
}

type transition struct {
	from  Stage
	event Event
	to    Stage
}

// transitions is the only place that says how a case may move. A row may be added freely; removing or
// retargeting one changes the replay of running cases and needs workflow.GetVersion.
var transitions = []transition{
	{StageUnassigned, EventAssign, StageAssigned},
	{StageAssigned, EventGiveBack, StageUnassigned},
	{StageAssigned, EventSecondLook, StageUnassigned},
	{StageAssigned, EventDecide, StageDecided},
	{StageDecided, EventSettle, StageAppealWindow},
	{StageAppealWindow, EventClose, StageClosed},
}

// Next says where a case in stage from goes when event happens; ok is false if the event does not fit.
func Next(from Stage, event Event) (to Stage, ok bool) {
	for _, t := range transitions {
		if t.from == from && t.event == event {
			return t.to, true
		}
	}
	return from, false
}
