package casework

import "time"

// Step names one recorded change of a case. A step is one transaction: it is done once per About and Number, and
// a repeat is answered with what was stored the first time (architecture §3.3).
type Step string

const (
	// StepOpen makes the case or refuses it.
	StepOpen Step = "open"
	// StepAllocate reserves the task for a performer or puts it into the pool.
	StepAllocate Step = "allocate"
	// StepDecide takes a completion, publishes the component's outcome and settles the award if it is the last.
	StepDecide Step = "decide"
	// StepSettle takes the award's settlement over into a case that waited for it.
	StepSettle Step = "settle"
	// StepScript releases the reviewed script to the centre.
	StepScript Step = "script"
	// StepAlert records that a warn point or a breach has passed.
	StepAlert Step = "alert"
	// StepRecalculate counts the clocks by another version of the rules and pins the case to it.
	StepRecalculate Step = "recalculate"
	// StepTask does something with the task, short of completing it.
	StepTask Step = "task"
	// StepHold stops the case for a cause.
	StepHold Step = "hold"
	// StepResume lets it go on.
	StepResume Step = "resume"
	// StepNudge notes that somebody asked the case to look again.
	StepNudge Step = "nudge"
	// StepRefusal records a signal that could not be taken.
	StepRefusal Step = "refusal"
	// StepClose ends the case after its appeal window.
	StepClose Step = "close"
)

// StepKey names one occurrence of a step in one case.
type StepKey struct {
	Reference Reference `json:"reference"`
	Step      Step      `json:"step"`
	// About is the deadline or the message that the step is about, where one case has several, whatever order they
	// came in: a case that is reset and told otherwise must never be answered with what was stored about another.
	About string `json:"about,omitempty"`
	// Number counts the occurrences of the step in the case about the same thing, from 1.
	Number int `json:"number"`
	// Cause is what brought the step about: "start", "timer", an update's or a signal's id.
	Cause string `json:"cause"`
	// At is the case's instant (architecture §9, "One clock"), in UTC.
	At time.Time `json:"at"`
}

// Opened is the answer of the opening step.
type Opened struct {
	Reference Reference `json:"reference"`
	Stage     Stage     `json:"stage"`
	// Refusal is set when the stage is refused.
	Refusal *Fault `json:"refusal,omitempty"`
	// Policy is the version of the rules that the case is pinned to.
	Policy string `json:"policy,omitempty"`
	// Plan holds the instants of the clocks that started on opening.
	Plan Plan `json:"plan,omitempty"`
	// OutcomeDue is the exclusive end of the outcome clock, in UTC; the case is in time before it.
	OutcomeDue time.Time `json:"outcomeDue,omitzero"`
}

// Allocated is the answer of the allocation step.
type Allocated struct {
	Stage Stage `json:"stage"`
	// Assignee is the performer's subject; empty if nobody eligible was free.
	Assignee string    `json:"assignee,omitempty"`
	Sheet    TaskSheet `json:"sheet"`
	// Times are the deadlines of a task that somebody holds.
	Times TaskTimes `json:"times,omitzero"`
}

// DecideInput hands a completion to the deciding step.
type DecideInput struct {
	Key        StepKey    `json:"key"`
	Completion Completion `json:"completion"`
	Actor      Actor      `json:"actor"`
	// ReceivedAt is when the starter received the completion, in UTC.
	ReceivedAt time.Time `json:"receivedAt"`
}

// Decided is the answer of the deciding step; the workflow adopts it, whatever it had sent.
type Decided struct {
	// Refusal is set when the completion was not taken; nothing has changed then.
	Refusal *Fault `json:"refusal,omitempty"`
	// Cause and Subject tell whose completion was recorded, which a repeat may find to be another's.
	Cause   string `json:"cause,omitempty"`
	Subject string `json:"subject,omitempty"`
	// Stage is unassigned if another performer has to look before anything is published: then only Cause, Subject and
	// SLAState are set beside it, and the case allocates again.
	Stage Stage `json:"stage"`
	// PublishedAt is when the component's outcome was published, in UTC.
	PublishedAt time.Time `json:"publishedAt,omitzero"`
	// Settled is true if this decision was the award review's last.
	Settled bool `json:"settled"`
	// Members are the other cases of the award review, which wait for the settlement.
	Members []Reference `json:"members,omitempty"`
	// ScriptOrdered is true if a copy of the reviewed script is owed.
	ScriptOrdered bool `json:"scriptOrdered"`
	// Plan holds the instants of the clocks that started with the publication.
	Plan     Plan     `json:"plan,omitempty"`
	SLAState SLAState `json:"slaState"`
}

// Settled is the answer of the settling step of a member.
type Settled struct {
	Stage Stage `json:"stage"`
	Plan  Plan  `json:"plan,omitempty"`
}

// Released is the answer of the script step.
type Released struct {
	// At is when the copy became available to the centre, in UTC.
	At time.Time `json:"at"`
	// SLAState is the case's state after the script clock was met.
	SLAState SLAState `json:"slaState"`
}

// AlertInput records that a deadline of the plan has passed.
type AlertInput struct {
	Key      StepKey  `json:"key"`
	Deadline Deadline `json:"deadline"`
}

// Alerted is the answer of the alert step.
type Alerted struct {
	SLAState SLAState `json:"slaState"`
	// Due is false if the clock had been met before: then nobody is told.
	Due bool `json:"due"`
	// Number counts the alerts of this act on this clock, from 1, in the order in which they were noticed; zero if
	// nobody is told.
	Number int `json:"number"`
	// Assignee is who holds the task and is accountable for it; empty if nobody does.
	Assignee string `json:"assignee,omitempty"`
}

// RefusedInput records a signal that the case could not take.
type RefusedInput struct {
	Key   StepKey `json:"key"`
	Actor Actor   `json:"actor"`
	// Name is the signal's name.
	Name  string `json:"name"`
	Fault *Fault `json:"fault"`
}

// OpenInput hands a request to the opening step.
type OpenInput struct {
	Enquiry EnquiryInput `json:"enquiry"`
	// At is the case's instant of opening, in UTC; whether the request was in time is decided by its receipt.
	At time.Time `json:"at"`
}
