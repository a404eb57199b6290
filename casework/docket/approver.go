package docket

import (
	"slices"
	"time"

	"github.com/recourse-exams/recourse/casework"
)

// Approver is somebody of an awarding body who may agree that one of its cases waits.
type Approver struct {
	// ID is the identity provider's stable id.
	ID   string
	Body string
	Name string
}

// ApproverChange is an approver as an import made them.
type ApproverChange struct {
	// At is the instant of the import, in UTC.
	At    time.Time
	ID    string
	Body  string
	Name  string
	Email string
	// Active is false of somebody who may agree to nothing any more.
	Active bool
}

// CheckApprover says for which body of its cases a batch's hold has no approver; nil if nothing is wrong, as with every
// other command. approvers are those of every body.
func CheckApprover(command casework.BatchCommand, cases []BatchCandidate, approvers []Approver) *casework.Fault {
	if command.Action != casework.BatchHold {
		return nil
	}
	for _, c := range cases {
		of := slices.DeleteFunc(slices.Clone(approvers), func(a Approver) bool { return a.Body != c.Body })
		if !slices.ContainsFunc(of, func(a Approver) bool { return a.ID == command.ApprovedBy }) {
			return casework.UnknownApprover(command.ApprovedBy, c.Body, len(of) > 0)
		}
	}
	return nil
}
