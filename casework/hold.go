package casework

import "time"

// HoldCause is why a case waits and its work is stopped. Which clocks stand still for it the rules say; the others run on.
type HoldCause string

const (
	// HoldSample: the centre was asked for the original sample.
	HoldSample HoldCause = "waiting-for-sample"
	// HoldConsent: the centre was asked to show the candidate's consent.
	HoldConsent HoldCause = "consent-inspection"
	// HoldPayment: the centre was asked to pay first.
	HoldPayment HoldCause = "waiting-for-payment"
	// HoldMalpractice: a suspected malpractice is being investigated; the result has the indicator Q or will have it.
	HoldMalpractice HoldCause = "malpractice"
	// HoldPending is what a centre reads in the place of HoldMalpractice. No case is ever held for it: HoldCauses lacks it.
	HoldPending HoldCause = "result-pending"
	// HoldOther: the awarding body stopped the case for a reason that it gives.
	HoldOther HoldCause = "hold"
)

// HoldCauses lists every cause; the database's CHECK is compared with it.
func HoldCauses() []HoldCause {
	return []HoldCause{HoldSample, HoldConsent, HoldPayment, HoldMalpractice, HoldOther}
}

// Words names the cause for people, such as "waiting for the sample".
func (c HoldCause) Words() string {
	switch c {
	case HoldSample:
		return "waiting for the sample"
	case HoldConsent:
		return "the consent is being inspected"
	case HoldPayment:
		return "waiting for the payment"
	case HoldMalpractice:
		return "a suspected malpractice is being investigated"
	case HoldPending:
		return "the result is pending"
	case HoldOther:
		return "on hold"
	default:
		return string(c)
	}
}

// Duty is the clock of what the centre owes while a case waits for the cause; empty if it owes nothing.
func (c HoldCause) Duty() ClockID {
	switch c {
	case HoldSample:
		return ClockSample
	case HoldConsent:
		return ClockConsentInspection
	default:
		return ""
	}
}

// AsksCentre is true if the centre was asked for something while a case waits for the cause, so that it can be delivered.
func (c HoldCause) AsksCentre() bool {
	switch c {
	case HoldSample, HoldConsent, HoldPayment:
		return true
	case HoldMalpractice, HoldPending, HoldOther:
	}
	return false
}

// HoldRequest asks a case to wait for a cause: its task is suspended, and every clock stands still whose rule names the
// cause.
type HoldRequest struct {
	Cause HoldCause `json:"cause"`
	// ApprovedBy is the subject of the approver who agreed to it, another person than the one who asks; the centre never
	// sees it. It is empty where the system asks: what the register says nobody has to approve of.
	ApprovedBy string `json:"approvedBy"`
	// Actor is who asks; the reason is required, and the centre reads it.
	Actor      Actor     `json:"actor"`
	Key        string    `json:"key,omitempty"`
	ReceivedAt time.Time `json:"receivedAt,omitzero"`
}

// ResumeRequest ends what a case waits for.
type ResumeRequest struct {
	Cause HoldCause `json:"cause"`
	// Delivered is true if the centre did what it was asked for, false if the body no longer asks: the duty is met or
	// cancelled. It is never true for a cause that asks the centre for nothing.
	Delivered  bool      `json:"delivered"`
	Actor      Actor     `json:"actor"`
	Key        string    `json:"key,omitempty"`
	ReceivedAt time.Time `json:"receivedAt,omitzero"`
}

// HoldInput hands a request to the step that holds a case.
type HoldInput struct {
	Key     StepKey     `json:"key"`
	Request HoldRequest `json:"request"`
}

// ResumeInput hands a request to the step that lets a case go on.
type ResumeInput struct {
	Key     StepKey       `json:"key"`
	Request ResumeRequest `json:"request"`
}

// Held is the answer of both steps, and of the Updates that brought them about.
type Held struct {
	Reference Reference `json:"reference"`
	// Causes are those for which the case waits now, in the order in which they began; none if it goes on.
	Causes []HoldCause `json:"causes,omitempty"`
	// Number is the hold that began or ended, from 1.
	Number int `json:"number"`
	// Plan holds the instants of every clock of the case that is not met, in the place of the earlier plan.
	Plan     Plan     `json:"plan,omitempty"`
	SLAState SLAState `json:"slaState"`
	// OutcomeDue is the exclusive end of the outcome clock, in UTC; zero if the case has none.
	OutcomeDue time.Time `json:"outcomeDue,omitzero"`
	// TaskState and Times are what has become of the case's task; the state is empty if it has none.
	TaskState TaskState `json:"taskState,omitempty"`
	Times     TaskTimes `json:"times,omitzero"`
}

// NudgeRequest asks a case to look again now: a task in the pool is offered again, and a performer who holds one that is not
// suspended is reminded.
type NudgeRequest struct {
	Actor      Actor     `json:"actor"`
	Key        string    `json:"key,omitempty"`
	ReceivedAt time.Time `json:"receivedAt,omitzero"`
}

// NudgeInput hands a request to the step that notes a nudge.
type NudgeInput struct {
	Key     StepKey      `json:"key"`
	Request NudgeRequest `json:"request"`
}

// Nudged is the answer of that step, and of the Update that brought it about.
type Nudged struct {
	Reference Reference `json:"reference"`
	Stage     Stage     `json:"stage"`
	// Number counts the nudges of the case, from 1.
	Number int `json:"number"`
	// WaitingOn is who acts next, in the words of the function WaitingOn.
	WaitingOn string `json:"waitingOn"`
}
