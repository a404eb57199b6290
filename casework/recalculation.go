package casework

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
)

// RecalculateRequest asks a case to count its running clocks by another version of its rules and to be pinned to that
// version from then on. Nothing else moves a running case to new rules.
type RecalculateRequest struct {
	// Policy is the version by which the case is to be counted.
	Policy string `json:"policy"`
	// Expect is the digest of the difference that was shown to the person; the case refuses if it is another by now.
	Expect string `json:"expect"`
	// Actor is who asks, with the reason: it is required.
	Actor Actor `json:"actor"`
	// Key tells the person's Idempotency-Key at this door from every other; empty for a Signal.
	Key string `json:"key,omitempty"`
	// ReceivedAt is stamped by the starter, in UTC; a Signal may leave it out.
	ReceivedAt time.Time `json:"receivedAt,omitzero"`
}

// Check says what is missing in a request, whatever case it is about; nil if nothing is.
func (r RecalculateRequest) Check() *Fault {
	var reasons []Reason
	need := func(value, pointer, detail, remedy string) {
		if strings.TrimSpace(value) == "" {
			reasons = append(reasons, Reason{Code: FaultRecalculationInvalid, Detail: detail, Remedy: remedy, Pointer: pointer})
		}
	}
	need(r.Policy, "/policy", "It does not say by which version of the rules.", "Name a version of the case's set of rules.")
	need(r.Actor.Reason, "/reason", "It does not say why.", "Write a sentence that a later reader of the case understands.")
	need(r.Expect, "/expect", "It does not say which difference was agreed to.", "Ask for the difference first and send its digest.")
	if len(reasons) == 0 {
		return nil
	}
	return NewFault(Invalid, FaultRecalculationInvalid, "The recalculation cannot be taken as it is.", reasons...)
}

// Recalculation is the difference that another version of the rules makes to the clocks of a case: before it is
// applied what would change, afterwards what did.
type Recalculation struct {
	Reference Reference `json:"reference"`
	// From is the version to which the case was pinned, Policy the one by which its clocks were counted again.
	From   string `json:"from"`
	Policy string `json:"policy"`
	// Changes has one entry for every clock of the case, in the order in which they started.
	Changes []ClockChange `json:"changes"`
}

// ClockChange is what becomes of one clock.
type ClockChange struct {
	Clock ClockID `json:"clock"`
	// Before and After are when the clock was due and is due now, in UTC, as people are told.
	Before time.Time `json:"before"`
	After  time.Time `json:"after"`
	// Kept says why the clock stays as it is; empty if the new version counts it.
	Kept Kept `json:"kept,omitempty"`
}

// Kept is why another version of the rules leaves a clock alone.
type Kept string

const (
	// KeptMet: what the clock asks for was done.
	KeptMet Kept = "met"
	// KeptEnded: the clock has run out; a breach stays a breach, a window that has closed stays closed.
	KeptEnded Kept = "ended"
	// KeptKeyDate: the clock ends with a date of the series, which no rule counts.
	KeptKeyDate Kept = "key-date"
	// KeptNoRule: the new version has no rule for the clock.
	KeptNoRule Kept = "no-rule"
	// KeptOtherStart: the new version starts the clock with another event, whose instant the clock does not know.
	KeptOtherStart Kept = "other-start"
)

// Words says to people why a clock stays; empty for one that does not.
func (k Kept) Words() string {
	switch k {
	case KeptMet:
		return "done already"
	case KeptEnded:
		return "ended already"
	case KeptKeyDate:
		return "ends with a date of the series"
	case KeptNoRule:
		return "the new version has no such clock"
	case KeptOtherStart:
		return "the new version starts it with another event"
	default:
		return ""
	}
}

// Digest is the hex SHA-256 of the difference: two are equal exactly if they say the same.
func (r Recalculation) Digest() string {
	text := &strings.Builder{}
	fmt.Fprintf(text, "%q %q %q\n", r.Reference, r.From, r.Policy)
	for _, c := range r.Changes {
		fmt.Fprintf(text, "%q %d %d %q\n", c.Clock, c.Before.UnixMicro(), c.After.UnixMicro(), c.Kept)
	}
	sum := sha256.Sum256([]byte(text.String()))
	return hex.EncodeToString(sum[:])
}

// RecalculateInput hands a request to the recalculating step.
type RecalculateInput struct {
	Key     StepKey            `json:"key"`
	Request RecalculateRequest `json:"request"`
}

// Recalculated is the answer of the recalculating step.
type Recalculated struct {
	Recalculation Recalculation `json:"recalculation"`
	// Plan holds the instants of every clock of the case that is not met, whether or not the clock has changed.
	Plan     Plan     `json:"plan,omitempty"`
	SLAState SLAState `json:"slaState"`
	// OutcomeDue is the exclusive end of the outcome clock, in UTC; zero if the case has none.
	OutcomeDue time.Time `json:"outcomeDue,omitzero"`
}

// Codes of why a case is not recalculated.
const (
	// FaultRecalculationInvalid: the request lacks something.
	FaultRecalculationInvalid = "recalculation-invalid"
	// FaultNotOpen: the case is not opened yet, or at its end.
	FaultNotOpen = "case-not-open"
	// FaultSamePolicy: the case is pinned to that version already.
	FaultSamePolicy = "policy-pinned-already"
	// FaultUnknownPolicy: nobody knows the version.
	FaultUnknownPolicy = "unknown-policy"
	// FaultOtherSet: the version belongs to another set of rules than the case.
	FaultOtherSet = "policy-of-another-set"
	// FaultPolicyUnfit: the version lacks a clock that the case has still to start, or counts beyond its calendar.
	FaultPolicyUnfit = "policy-unfit"
	// FaultDifferenceChanged: the difference is another than the one that was agreed to.
	FaultDifferenceChanged = "difference-changed"
)

// NotOpen is the fault of a case that takes no recalculation in its stage.
func NotOpen(reference Reference, stage Stage) *Fault {
	if stage == "" {
		return NewFault(Conflict, FaultNotOpen, fmt.Sprintf("Case %s is not opened yet.", reference))
	}
	return NewFault(Conflict, FaultNotOpen, fmt.Sprintf("Case %s is %s; its clocks do not run any more.", reference, stage))
}

// DifferenceChanged is the fault of agreeing to a difference that is another by now.
func DifferenceChanged(now Recalculation) *Fault {
	return NewFault(Conflict, FaultDifferenceChanged,
		fmt.Sprintf("What %s would change in case %s is not what was shown: something happened in between.", now.Policy, now.Reference))
}
