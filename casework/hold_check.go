package casework

import "strings"

// Codes of why a case is not held, or not let go on.
const (
	// FaultHoldInvalid: the request to hold lacks something; FaultResumeInvalid: that to resume does.
	FaultHoldInvalid   = "hold-invalid"
	FaultResumeInvalid = "resume-invalid"
	// FaultApproverIsAsker: whoever asks for a hold cannot approve of it.
	FaultApproverIsAsker = "approver-is-asker"
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
			Remedy: "Write a sentence that the centre understands: it reads it.",
		})
	}
	switch approver := strings.TrimSpace(r.ApprovedBy); {
	case r.Actor.Role == RoleSystem:
	case approver == "":
		reasons = append(reasons, Reason{
			Code: FaultHoldInvalid, Pointer: "/approvedBy", Detail: "It does not say who approved of it.",
			Remedy: "Name the colleague who agreed that the case may wait.",
		})
	case approver == r.Actor.Subject:
		reasons = append(reasons, Reason{
			Code: FaultApproverIsAsker, Pointer: "/approvedBy", Detail: "Whoever asks for it cannot approve of it.",
			Remedy: "Have a colleague agree and name them.",
		})
	}
	if len(reasons) == 0 {
		return nil
	}
	return NewFault(Invalid, FaultHoldInvalid, "The case cannot be held by this request.", reasons...)
}

// Check says what is missing in a request, whatever case it is about; nil if nothing is. What was delivered needs no
// further reason.
func (r ResumeRequest) Check() *Fault {
	reasons := checkCause(r.Cause, FaultResumeInvalid)
	if !r.Delivered && strings.TrimSpace(r.Actor.Reason) == "" {
		reasons = append(reasons, Reason{
			Code: FaultResumeInvalid, Pointer: "/reason", Detail: "It does not say why nobody waits any more.",
			Remedy: "Write a sentence that the centre understands, or say that what was asked for was delivered.",
		})
	}
	if len(reasons) == 0 {
		return nil
	}
	return NewFault(Invalid, FaultResumeInvalid, "The case cannot go on by this request.", reasons...)
}

func checkCause(cause HoldCause, code string) []Reason {
	var known []string
	for _, c := range HoldCauses() {
		if c == cause {
			return nil
		}
		known = append(known, string(c))
	}
	return []Reason{{
		Code: code, Pointer: "/cause", Detail: "No case waits for the cause " + quoted(string(cause)) + ".",
		Remedy: "Name one of " + strings.Join(known, ", ") + ".",
	}}
}

func quoted(text string) string { return "“" + text + "”" }
