package docket

import (
	"fmt"
	"slices"

	"github.com/recourse-exams/recourse/casework"
)

// Narrowed is the selection without what the command cannot be about, so that a page of the register is not filled with
// cases that do not fit.
func (s BatchSelection) Narrowed(command casework.BatchCommand) BatchSelection {
	switch command.Action {
	case casework.BatchResume:
		if s.HeldFor == "" {
			s.HeldFor = command.Cause
		}
	case casework.BatchReassign:
		s.WithTask = true
	case casework.BatchHold, casework.BatchNudge:
		// Any open case can be held or nudged.
	}
	return s
}

// FitBatch picks the candidates that a command fits and says of the others why not, each with the pointer of the
// reference by which it was named. It leaves out of a target what the command is not about.
func FitBatch(command casework.BatchCommand, named []casework.Reference, candidates []BatchCandidate) (fit []BatchCandidate, reasons []casework.Reason) {
	for _, candidate := range candidates {
		if why := candidate.unfit(command); why != "" {
			reasons = append(reasons, casework.Reason{
				Code: "case-unfit", Detail: why, Pointer: placeOf(candidate.Reference, named), Remedy: "Leave the case out, or wait until it fits.",
			})
			continue
		}
		if command.Action != casework.BatchReassign {
			candidate.Task, candidate.Holder = "", ""
		}
		fit = append(fit, candidate)
	}
	for _, reference := range named {
		if !slices.ContainsFunc(candidates, func(c BatchCandidate) bool { return c.Reference == reference }) {
			reasons = append(reasons, casework.Reason{
				Code: "case-unfit", Detail: fmt.Sprintf("There is no case %s.", reference), Pointer: placeOf(reference, named), Remedy: "Check the reference.",
			})
		}
	}
	return fit, reasons
}

func placeOf(reference casework.Reference, named []casework.Reference) string {
	if i := slices.Index(named, reference); i >= 0 {
		return fmt.Sprintf("/references/%d", i)
	}
	return ""
}

// unfit says why a command cannot be about a case; empty if it can.
func (c BatchCandidate) unfit(command casework.BatchCommand) string {
	waits := slices.Contains(c.HeldFor, command.Cause)
	switch {
	case c.Stage.Final():
		return fmt.Sprintf("Case %s is %s: nothing happens in it any more.", c.Reference, c.Stage)
	case command.Action == casework.BatchHold && waits:
		return fmt.Sprintf("Case %s is held already: %s.", c.Reference, command.Cause.Words())
	case command.Action == casework.BatchResume && !waits:
		return fmt.Sprintf("Case %s is not held for that: %s.", c.Reference, command.Cause.Words())
	case command.Action == casework.BatchReassign:
		return c.keepsItsTask(command.To)
	}
	return ""
}

// keepsItsTask says why a case's task cannot be given to somebody, who is empty where the rule finds one.
func (c BatchCandidate) keepsItsTask(to string) string {
	switch {
	case c.Task == "" || c.TaskState.Final():
		return fmt.Sprintf("Case %s has no task that somebody could be given.", c.Reference)
	case c.Holder == "" && to == "":
		return fmt.Sprintf("The task of case %s is in the pool: it is given to whoever the rule finds as soon as there is somebody.", c.Reference)
	case c.Holder != "" && c.Holder == to:
		return fmt.Sprintf("The task of case %s is held by %s already.", c.Reference, to)
	}
	return ""
}
