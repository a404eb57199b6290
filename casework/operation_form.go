package casework

import (
	"fmt"
	"slices"
	"strings"
)

// FaultOperationInvalid is the code of a request about a task that lacks something, or says too much.
const FaultOperationInvalid = "operation-invalid"

// Performer is who does what the request asks for, where a performer does it: the one who is acted for, or the actor.
func (r TaskRequest) Performer() string {
	if r.Actor.OnBehalfOf != "" {
		return r.Actor.OnBehalfOf
	}
	return r.Actor.Subject
}

// Check says what is wrong with a request in itself, whatever task it is about; nil if nothing is.
func (r TaskRequest) Check() *Fault {
	var reasons []Reason
	if r.Task == "" {
		reasons = append(reasons, Reason{Code: "task-missing", Pointer: "/task", Detail: "It does not say which task.", Remedy: "Name the task, such as R-7K4F-M2QX-9TBD-Z/1."})
	}
	if !slices.Contains(Operations(), r.Operation) {
		reasons = append(reasons, Reason{
			Code: "unknown-operation", Pointer: "/operation", Detail: fmt.Sprintf("%q is nothing that is done with a task.", r.Operation),
			Remedy: "Ask for one of these: " + words(Operations()) + ".",
		})
	}
	reasons = append(reasons, r.checkTo()...)
	reasons = append(reasons, r.checkWhy()...)
	reasons = append(reasons, r.checkActor()...)
	if len(reasons) == 0 {
		return nil
	}
	return NewFault(Invalid, FaultOperationInvalid, "This cannot be done with the task as it was asked for.", reasons...)
}

func (r TaskRequest) checkTo() []Reason {
	switch {
	case r.Operation == OpDelegate && r.To == "":
		return []Reason{{Code: "to-missing", Pointer: "/to", Detail: "It does not say to whom.", Remedy: "Name the colleague, or decline the task with a reason: then somebody is found."}}
	case r.Operation == OpDelegate && r.To == r.Performer():
		return []Reason{{Code: "cannot-delegate-to-self", Pointer: "/to", Detail: "A task is not delegated to oneself.", Remedy: "Name a colleague."}}
	case r.To != "" && r.Operation != OpDelegate && r.Operation != OpReassign:
		return []Reason{{Code: "to-not-wanted", Pointer: "/to", Detail: fmt.Sprintf("To %s takes no name.", r.Operation), Remedy: "Leave it out, or delegate the task."}}
	}
	return nil
}

func (r TaskRequest) checkWhy() []Reason {
	gives := r.Operation == OpDecline || r.Operation == OpRelease
	switch {
	case gives && r.Why == "":
		return []Reason{{Code: "why-missing", Pointer: "/why", Detail: fmt.Sprintf("To %s a task takes a reason.", r.Operation), Remedy: "Give one of these: " + words(DeclineReasons()) + "."}}
	case gives && !slices.Contains(DeclineReasons(), r.Why):
		return []Reason{{Code: "unknown-why", Pointer: "/why", Detail: fmt.Sprintf("%q is not one of the reasons.", r.Why), Remedy: "Give one of these: " + words(DeclineReasons()) + "."}}
	case !gives && r.Why != "":
		return []Reason{{Code: "why-not-wanted", Pointer: "/why", Detail: fmt.Sprintf("To %s takes no such reason.", r.Operation), Remedy: "Leave it out, and write a sentence into the reason."}}
	}
	return nil
}

func (r TaskRequest) checkActor() []Reason {
	var reasons []Reason
	if r.Actor.Subject == "" {
		reasons = append(reasons, Reason{Code: "actor-missing", Pointer: "/actor/subject", Detail: "It does not say who asks.", Remedy: "Name the person who asks."})
	}
	ordered := slices.Contains([]Operation{OpSuspend, OpResume, OpReassign}, r.Operation)
	if (ordered || r.Actor.OnBehalfOf != "" || r.Why == DeclineOther) && strings.TrimSpace(r.Actor.Reason) == "" {
		reasons = append(reasons, ReasonMissing())
	}
	return reasons
}

// ReasonMissing is the reason of a fault where the actor has to say why and has not.
func ReasonMissing() Reason {
	return Reason{Code: FaultReasonMissing, Pointer: "/reason", Detail: "It does not say why.", Remedy: "Write a sentence that a later reader of the case understands."}
}

func words[T ~string](of []T) string {
	text := make([]string, len(of))
	for i, word := range of {
		text[i] = string(word)
	}
	return list(text)
}
