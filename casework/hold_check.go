package casework

import (
	"fmt"
	"strings"
)

// Codes of why a case is not held, or not let go on.
const (
	// FaultHoldInvalid: the request to hold lacks something; FaultResumeInvalid: that to resume does.
	FaultHoldInvalid   = "hold-invalid"
	FaultResumeInvalid = "resume-invalid"
	// FaultApproverIsAsker: whoever asks for a hold cannot approve of it.
	FaultApproverIsAsker = "approver-is-asker"
	// FaultUnknownApprover: whoever is named as the one who agreed is no approver of the case's awarding body.
	FaultUnknownApprover = "unknown-approver"
	// FaultNothingToWaitFor: the case's rules ask the centre for nothing of the kind, so nobody would be chased for it.
	FaultNothingToWaitFor = "nothing-to-wait-for"
	// FaultHeldAlready: the case waits for the cause already.
	FaultHeldAlready = "held-already"
	// FaultNotHeld: the case does not wait for the cause.
	FaultNotHeld = "not-held"
)

// Check says what is missing in a request, whatever case it is about; nil if nothing is. What the system finds by itself
// nobody has to approve of.
func (r HoldRequest) Check() *Fault {
	reasons := checkCause(r.Cause, FaultHoldInvalid)
	if strings.TrimSpace(r.Actor.Reason) == "" {
		reasons = append(reasons, Reason{
			Code: FaultHoldInvalid, Pointer: "/reason", Detail: "It does not say why the case has to wait.",
			Remedy: "Write a sentence " + readers(r.Cause) + ".",
		})
	}
	switch approver := strings.TrimSpace(r.ApprovedBy); {
	case r.Actor.Role == RoleSystem:
	case approver == "":
		reasons = append(reasons, Reason{
			Code: FaultHoldInvalid, Pointer: "/approvedBy", Detail: "It does not say who approved of it.",
			Remedy: "Name the approver who agreed that the case may wait; " + whereApproversStand,
		})
	case approver == r.Actor.Subject:
		reasons = append(reasons, Reason{
			Code: FaultApproverIsAsker, Pointer: "/approvedBy", Detail: "Whoever asks for it cannot approve of it.",
			Remedy: "Have another approver agree and name them; " + whereApproversStand,
		})
	}
	if len(reasons) == 0 {
		return nil
	}
	return NewFault(Invalid, FaultHoldInvalid, "The case cannot be held by this request.", reasons...)
}

// whereApproversStand ends a remedy with where the people are found who may agree to a hold.
const whereApproversStand = "GET /v1/approvers and “recourse cases approvers” list them."

// UnknownApprover says that somebody may not agree to holds of a body's cases. anybody is true if somebody else may.
func UnknownApprover(approver, body string, anybody bool) *Fault {
	reason := Reason{
		Code: FaultUnknownApprover, Pointer: "/approvedBy",
		Detail: fmt.Sprintf("%s is no approver of %s.", quoted(approver), body),
		Remedy: "Name one who agreed; " + whereApproversStand,
	}
	if !anybody {
		reason.Detail += " Nobody is: none of its cases can be held."
		reason.Remedy = "Have approvers.csv name who may agree, and import it; then ask one of them."
	}
	return NewFault(Invalid, FaultUnknownApprover, "Nobody may hold a case without the agreement of an approver of its awarding body.", reason)
}

// NothingToWaitFor says that the rules of a service ask the centre for nothing that the cause waits for.
func NothingToWaitFor(service Service, cause HoldCause) *Fault {
	asked := "nothing of the kind"
	switch cause {
	case HoldSample:
		asked = "no sample"
	case HoldConsent:
		asked = "no proof of consent"
	case HoldPayment, HoldMalpractice, HoldPending, HoldOther:
	}
	detail := fmt.Sprintf("A %s asks the centre for %s, so nobody would be reminded of it.", strings.ReplaceAll(string(service), "-", " "), asked)
	return NewFault(Invalid, FaultNothingToWaitFor, "The case has nothing to wait for by this cause.", Reason{
		Code: FaultNothingToWaitFor, Pointer: "/cause", Detail: detail,
		Remedy: fmt.Sprintf("Hold it for %s and say why.", quoted(string(HoldOther))),
	})
}

// Check says what is missing in a request, whatever case it is about; nil if nothing is. What was delivered needs no
// further reason; where nothing was asked of the centre, nothing can be.
func (r ResumeRequest) Check() *Fault {
	reasons := checkCause(r.Cause, FaultResumeInvalid)
	asked := r.Cause.AsksCentre()
	if r.Delivered && !asked && len(reasons) == 0 {
		reasons = append(reasons, Reason{
			Code: FaultResumeInvalid, Pointer: "/delivered", Detail: "The cause " + quoted(string(r.Cause)) + " waits for nothing that a centre could deliver.",
			Remedy: "Nothing was asked of the centre: leave delivered out and say why the case goes on.",
		})
	}
	if (!r.Delivered || !asked) && strings.TrimSpace(r.Actor.Reason) == "" {
		remedy := "Write a sentence " + readers(r.Cause)
		if asked {
			remedy += ", or say that what was asked for was delivered"
		}
		reasons = append(reasons, Reason{
			Code: FaultResumeInvalid, Pointer: "/reason", Detail: "It does not say why nobody waits any more.", Remedy: remedy + ".",
		})
	}
	if len(reasons) == 0 {
		return nil
	}
	return NewFault(Invalid, FaultResumeInvalid, "The case cannot go on by this request.", reasons...)
}

// readers says for whom a reason is written.
func readers(cause HoldCause) string {
	if !cause.TellsWhy() {
		return "for later readers of the case; the centre does not read it"
	}
	return "that the centre understands: it reads it"
}

func checkCause(cause HoldCause, code string) []Reason {
	var known []string
	for _, c := range HoldCauses() {
		if c == cause {
			return nil
		}
		known = append(known, string(c))
	}
	detail := "No case waits for the cause " + quoted(string(cause)) + "."
	if cause == "" {
		detail = "It does not say for what the case waits."
	}
	return []Reason{{Code: code, Pointer: "/cause", Detail: detail, Remedy: "Name one of " + strings.Join(known, ", ") + "."}}
}

func quoted(text string) string { return "“" + text + "”" }
