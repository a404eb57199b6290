package casework

import (
	"slices"
	"strings"
)

// FaultKind says what sort of no a fault is; the edge of the system maps it to a status.
type FaultKind string

const (
	// Invalid: the request is malformed or breaks a rule of form; correcting it may succeed.
	Invalid FaultKind = "invalid"
	// Refused: the request is well-formed and a rule of the awarding body says no.
	Refused FaultKind = "refused"
	// Conflict: another fact came first (the paper is already under review, the task is done).
	Conflict FaultKind = "conflict"
	// NotFound: there is no such thing, or the person may not know of it.
	NotFound FaultKind = "not-found"
	// Forbidden: the person is known and lacks the role or the second factor.
	Forbidden FaultKind = "forbidden"
	// Unavailable: a part of the system is away; trying again later may succeed.
	Unavailable FaultKind = "unavailable"
)

// FaultNotSettled is the code of a settlement that was asked for while a linked case is undecided; the case that
// asked waits on.
const FaultNotSettled = "award-not-settled"

// FaultKeyReused is the code of a request under an Idempotency-Key that was used for another request.
const FaultKeyReused = "idempotency-key-reused"

// Reason is one cause of a no: what is wrong, where, by which clause, and what to do about it.
type Reason struct {
	// Code is stable and machine-readable, in kebab case, such as "window-closed".
	Code string `json:"code"`
	// Detail is a sentence for the person, with the facts of this request in it.
	Detail string `json:"detail"`
	// Remedy is a sentence that says what to do, or what would change the answer.
	Remedy string `json:"remedy,omitempty"`
	// Pointer is the JSON pointer of the field at fault, empty if no field is.
	Pointer string `json:"pointer,omitempty"`
	// Clause names the rule and Source where it is published, for refusals.
	Clause string `json:"clause,omitempty"`
	Source string `json:"source,omitempty"`
	// Unconfirmed is true if the rule is a reading that no published text confirms; it is shown as such.
	Unconfirmed bool `json:"unconfirmed,omitempty"`
}

// Fault is a no that a person caused and can understand. It crosses every boundary unchanged: rules
// make it, steps record it, the API shows it as a problem document.
type Fault struct {
	Kind    FaultKind `json:"kind"`
	Code    string    `json:"code"`
	Detail  string    `json:"detail"`
	Reasons []Reason  `json:"reasons,omitempty"`
}

// Error implements error with the detail and every reason in one line, each sentence once.
func (f *Fault) Error() string {
	parts := []string{f.Detail}
	for _, r := range f.Reasons {
		if !slices.Contains(parts, r.Detail) {
			parts = append(parts, r.Detail)
		}
	}
	return strings.Join(parts, " ")
}

// NewFault makes a fault with optional reasons.
func NewFault(kind FaultKind, code, detail string, reasons ...Reason) *Fault {
	return &Fault{Kind: kind, Code: code, Detail: detail, Reasons: reasons}
}
