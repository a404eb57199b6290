package casework

import "strings"

// FaultNudgeInvalid is the code of a nudge that lacks something.
const FaultNudgeInvalid = "nudge-invalid"

// Check says what is missing in a request, whatever case it is about; nil if nothing is.
func (r NudgeRequest) Check() *Fault {
	var reasons []Reason
	if r.Actor.Subject == "" {
		reasons = append(reasons, Reason{
			Code: FaultNudgeInvalid, Pointer: "/actor/subject", Detail: "It does not say who asks.", Remedy: "Name the person who asks.",
		})
	}
	if strings.TrimSpace(r.Actor.Reason) == "" {
		reasons = append(reasons, Reason{
			Code: FaultNudgeInvalid, Pointer: "/reason", Detail: "It does not say why.", Remedy: "Write a sentence that a later reader of the case understands.",
		})
	}
	if len(reasons) == 0 {
		return nil
	}
	return NewFault(Invalid, FaultNudgeInvalid, "The nudge cannot be taken as it is.", reasons...)
}
