package casework

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// ClockID names a clock of a case, such as "outcome".
type ClockID string

// The clocks of all services (domain §1 and §8.1).
const (
	// ClockAcceptance: the body decides whether it takes the request.
	ClockAcceptance ClockID = "acceptance"
	// ClockAcknowledgement: the body says that it has the request.
	ClockAcknowledgement ClockID = "acknowledgement"
	// ClockOutcome is what the body owes: the outcome of the review.
	ClockOutcome ClockID = "outcome"
	// ClockScript is what the body owes after publication: the reviewed script.
	ClockScript ClockID = "script"
	// ClockEvidence is what the centre owes after it submitted a claim: the candidates' work.
	ClockEvidence ClockID = "evidence"
	// ClockEntry: the body processes an entry.
	ClockEntry ClockID = "entry"
	// ClockResult: the body publishes a result.
	ClockResult ClockID = "result"
	// ClockCertificate: the body issues a certificate.
	ClockCertificate ClockID = "certificate"
	// ClockSample is what the centre owes when it is asked for the original sample.
	ClockSample ClockID = "sample"
	// ClockWindow is until when a service may be asked for; of an open enquiry, the centre's right to appeal.
	ClockWindow ClockID = "window"
	// ClockReasonsWindow is the right to appeal counted from the receipt of the reasons.
	ClockReasonsWindow ClockID = "reasons-window"
	// ClockStage2Window is the right to a hearing after the first stage of an appeal.
	ClockStage2Window ClockID = "stage2-window"
	// ClockValidity: the body says whether an appeal is taken.
	ClockValidity ClockID = "validity"
	// ClockPreliminary: the body decides the first stage of an appeal.
	ClockPreliminary ClockID = "preliminary"
	// ClockHearing: the body decides the second stage of an appeal.
	ClockHearing ClockID = "hearing"
	// ClockConsentInspection is what the centre owes when it is asked to show a candidate's consent.
	ClockConsentInspection ClockID = "consent-inspection"
	// ClockDefect is the right to report that a copy of a script is defective.
	ClockDefect ClockID = "defect"
	// ClockRetention is how long the centre keeps a candidate's consent.
	ClockRetention ClockID = "retention"
)

// The deadlines of a held task, which are no clocks of the case: they stand in its plan beside them.
const (
	// ClockStartBy is until when the performer should have started.
	ClockStartBy ClockID = "start-by"
	// ClockCompleteBy is until when the task should be completed.
	ClockCompleteBy ClockID = "complete-by"
)

// ClockIDs lists every clock that a rule file may name.
func ClockIDs() []ClockID {
	return []ClockID{
		ClockAcceptance, ClockAcknowledgement, ClockOutcome, ClockScript, ClockEvidence, ClockEntry, ClockResult, ClockCertificate,
		ClockSample, ClockWindow, ClockReasonsWindow, ClockStage2Window, ClockValidity, ClockPreliminary, ClockHearing,
		ClockConsentInspection, ClockDefect, ClockRetention,
	}
}

// goalSuffix follows the name of the promise beside which a goal stands.
const goalSuffix = "-target"

// TargetOf names a goal that stands beside a clock of a case, such as "outcome-target": shown, never a breach. Goals of
// one clock are numbered from 1.
func TargetOf(id ClockID, number int) ClockID {
	if number > 1 {
		return ClockID(fmt.Sprintf("%s%s-%d", id, goalSuffix, number))
	}
	return id + goalSuffix
}

// Goals is the clock beside which a goal stands; of any other clock it is the clock itself.
func (id ClockID) Goals() ClockID {
	clock, _, _ := strings.Cut(string(id), goalSuffix)
	return ClockID(clock)
}

// ClockKinds lists every kind that a rule file may name.
func ClockKinds() []ClockKind { return []ClockKind{ClockSLA, ClockDuty, ClockRight, ClockTarget} }

// ClockKind says who owes what and therefore what happens when the instant passes (domain §8.1).
type ClockKind string

const (
	// ClockSLA: the body owes; warn and breach.
	ClockSLA ClockKind = "sla"
	// ClockDuty: the centre owes; chase and flag.
	ClockDuty ClockKind = "duty"
	// ClockRight: a window; expires silently.
	ClockRight ClockKind = "right"
	// ClockTarget: a goal; shown, never a breach.
	ClockTarget ClockKind = "target"
)

// Act is what falls due at an instant of a plan.
type Act string

const (
	// ActWarn: tell operations that an sla clock runs out soon.
	ActWarn Act = "warn"
	// ActBreach: an sla clock ran out; record it once, with its true instant.
	ActBreach Act = "breach"
	// ActExpire: a window ended.
	ActExpire Act = "expire"
	// ActChase: remind the centre of a duty of its own.
	ActChase Act = "chase"
	// ActLapse: a duty of the centre ran out; it is flagged, and nothing else happens by itself.
	ActLapse Act = "lapse"
	// ActRemind: remind the performer who holds the task.
	ActRemind Act = "remind"
	// ActEscalateLead: tell the performer's lead that a task's deadline has passed.
	ActEscalateLead Act = "escalate-lead"
	// ActEscalateChief: tell the chief, because that did not help.
	ActEscalateChief Act = "escalate-chief"
	// ActEscalateOperations: tell operations, because nothing did.
	ActEscalateOperations Act = "escalate-operations"
)

// Deadline is one instant of a case's plan. The rules computed it in an activity and it is recorded as an
// absolute instant in UTC, so that a changed rule never moves a running case's timer.
type Deadline struct {
	Clock ClockID   `json:"clock"`
	Act   Act       `json:"act"`
	At    time.Time `json:"at"`
	// Grace is how long after At the timer fires: a request received before At may still be on its way
	// (architecture §3.7), or nobody is to be woken at night.
	Grace time.Duration `json:"grace,omitempty"`
}

// Fires is the instant at which the plan acts.
func (d Deadline) Fires() time.Time { return d.At.Add(d.Grace) }

// Name tells a deadline from every other one of its case, whichever passes first: clock, act and instant.
func (d Deadline) Name() string {
	return string(d.Clock) + "/" + string(d.Act) + "/" + d.At.UTC().Format(time.RFC3339Nano)
}

// Plan is the set of instants that a case still waits for, in no particular order.
type Plan []Deadline

// Next returns the earliest deadline; ok is false for an empty plan. Equal instants keep their order.
func (p Plan) Next() (next Deadline, ok bool) {
	for i, d := range p {
		if i == 0 || d.Fires().Before(next.Fires()) {
			next, ok = d, true
		}
	}
	return next, ok
}

// Has reports whether a deadline is in the plan.
func (p Plan) Has(d Deadline) bool {
	return slices.ContainsFunc(p, func(other Deadline) bool { return other.Is(d) })
}

// Is reports whether two deadlines are the same: clock, act and instant.
func (d Deadline) Is(other Deadline) bool {
	return d.Clock == other.Clock && d.Act == other.Act && d.At.Equal(other.At)
}

// By returns what of the plan has fired by an instant.
func (p Plan) By(at time.Time) Plan {
	var fired Plan
	for _, d := range p {
		if !d.Fires().After(at) {
			fired = append(fired, d)
		}
	}
	return fired
}

// Without returns the plan without the given deadline. The instant counts, so that the second warn point of a
// clock survives the first.
func (p Plan) Without(done Deadline) Plan {
	var rest Plan
	for _, d := range p {
		if !d.Is(done) {
			rest = append(rest, d)
		}
	}
	return rest
}

// Met returns the plan without the deadlines of a clock that was met at an instant. A breach that had come by then
// stays: it happened, and nobody may have noticed it yet.
func (p Plan) Met(id ClockID, at time.Time) Plan {
	var rest Plan
	for _, d := range p {
		if d.Clock != id || d.Act == ActBreach && !at.Before(d.At) {
			rest = append(rest, d)
		}
	}
	return rest
}

// SLAState is what operators filter by.
type SLAState string

const (
	// SLAOnTime: no warn point has passed.
	SLAOnTime SLAState = "on-time"
	// SLAWarned: a warn point has passed.
	SLAWarned SLAState = "warned"
	// SLABreached: an sla clock of the case ran out before it was met.
	SLABreached SLAState = "breached"
	// SLAMet: every sla clock so far was met in time.
	SLAMet SLAState = "met"
	// SLAPaused: the clocks that are not met stand still, and none was breached.
	SLAPaused SLAState = "paused"
)

// ReceiptGrace is how long after its end a window is closed: a request that was received in time may still be
// on its way to the case (architecture §3.7).
const ReceiptGrace = 5 * time.Minute
