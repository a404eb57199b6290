package casework

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
)

// BatchAction is what the cases of a batch are told.
type BatchAction string

const (
	// BatchHold lets every case wait for a cause.
	BatchHold BatchAction = "hold"
	// BatchResume ends what every case waits for.
	BatchResume BatchAction = "resume"
	// BatchReassign takes the task of every case from its holder and gives it to somebody else.
	BatchReassign BatchAction = "reassign"
	// BatchNudge asks every case to look again.
	BatchNudge BatchAction = "nudge"
)

// BatchActions lists every action; the database's CHECK is compared with it.
func BatchActions() []BatchAction {
	return []BatchAction{BatchHold, BatchResume, BatchReassign, BatchNudge}
}

// MostCases is how many cases one batch may hold: what a person can still look over, and a workflow's history bears.
const MostCases = 1000

// BatchCommand is what every case of a batch is told.
type BatchCommand struct {
	Action BatchAction `json:"action"`
	// Cause is what the cases wait for, of a hold or its end.
	Cause HoldCause `json:"cause,omitempty"`
	// ApprovedBy is the subject of the approver who agreed to a hold, another person than the actor.
	ApprovedBy string `json:"approvedBy,omitempty"`
	// Delivered is true if the centres did what they were asked for, where holds end whose cause asks them for something.
	Delivered bool `json:"delivered,omitempty"`
	// To is the performer to whom tasks are given; empty where the rule finds somebody for each.
	To string `json:"to,omitempty"`
	// Actor is who asks, with the reason.
	Actor Actor `json:"actor"`
	// ReceivedAt is when the batch was asked for, in UTC.
	ReceivedAt time.Time `json:"receivedAt"`
}

// FaultBatchInvalid is the code of a batch that lacks something, or has too much, whatever cases it names.
const FaultBatchInvalid = "batch-invalid"

// Check says what is wrong with a command; nil if nothing is. What its action needs is judged as if one case were asked.
func (c BatchCommand) Check() *Fault {
	var reasons []Reason
	switch c.Action {
	case BatchHold:
		reasons = reasonsOf(c.HoldRequest("").Check())
	case BatchResume:
		reasons = reasonsOf(c.ResumeRequest("").Check())
	case BatchNudge:
		reasons = reasonsOf(c.NudgeRequest("").Check())
	case BatchReassign:
		if strings.TrimSpace(c.Actor.Reason) == "" {
			reasons = append(reasons, batchReason("/reason", "It does not say why.", "Write a sentence that a later reader of the cases understands."))
		}
	default:
		reasons = append(reasons, batchReason("/action", fmt.Sprintf("%q is nothing that cases can be told.", c.Action), "Name one of hold, resume, reassign, nudge."))
	}
	unwanted := func(given bool, pointer, detail string) {
		if given {
			reasons = append(reasons, batchReason(pointer, detail, "Leave it out."))
		}
	}
	unwanted(c.Cause != "" && c.Action != BatchHold && c.Action != BatchResume, "/cause", "Only a hold and its end have a cause.")
	unwanted(c.ApprovedBy != "" && c.Action != BatchHold, "/approvedBy", "Only a hold needs somebody who agreed to it.")
	unwanted(c.Delivered && c.Action != BatchResume, "/delivered", "Only the end of a hold says whether something was delivered.")
	unwanted(c.To != "" && c.Action != BatchReassign, "/to", "Only a reassignment names who gets the tasks.")
	if len(reasons) == 0 {
		return nil
	}
	return NewFault(Invalid, FaultBatchInvalid, "The batch cannot be taken as it is.", reasons...)
}

func batchReason(pointer, detail, remedy string) Reason {
	return Reason{Code: FaultBatchInvalid, Pointer: pointer, Detail: detail, Remedy: remedy}
}

func reasonsOf(fault *Fault) []Reason {
	if fault == nil {
		return nil
	}
	return fault.Reasons
}

// HoldRequest is what one case is asked by a hold, under a key of its own.
func (c BatchCommand) HoldRequest(key string) HoldRequest {
	return HoldRequest{Cause: c.Cause, ApprovedBy: c.ApprovedBy, Actor: c.Actor, Key: key, ReceivedAt: c.ReceivedAt}
}

// ResumeRequest is what one case is asked by the end of holds.
func (c BatchCommand) ResumeRequest(key string) ResumeRequest {
	return ResumeRequest{Cause: c.Cause, Delivered: c.Delivered, Actor: c.Actor, Key: key, ReceivedAt: c.ReceivedAt}
}

// NudgeRequest is what one case is asked by a nudge.
func (c BatchCommand) NudgeRequest(key string) NudgeRequest {
	return NudgeRequest{Actor: c.Actor, Key: key, ReceivedAt: c.ReceivedAt}
}

// ReassignRequest is what the case of a target is asked by a reassignment: its task is taken from the target's holder
// alone.
func (c BatchCommand) ReassignRequest(target BatchTarget, key string) TaskRequest {
	return TaskRequest{
		Task: target.Task, Operation: OpReassign, From: target.Holder, To: c.To, Actor: c.Actor, Key: key, ReceivedAt: c.ReceivedAt,
	}
}

// BatchTarget is one case of a batch, as it stood when somebody looked at what the batch would do.
type BatchTarget struct {
	Reference Reference
	// Task is the case's task and Holder who held it, of a reassignment; both are empty otherwise.
	Task   TaskID
	Holder string
}

// Digest is the hex SHA-256 of a command and its cases: two are equal exactly if they would do the same to the same.
// When it is asked for is no part of it.
func (c BatchCommand) Digest(targets []BatchTarget) string {
	text := &strings.Builder{}
	fmt.Fprintf(text, "%q %q %q %t %q %q %q\n", c.Action, c.Cause, c.ApprovedBy, c.Delivered, c.To, c.Actor.Subject, c.Actor.Reason)
	for _, t := range targets {
		fmt.Fprintf(text, "%q %q %q\n", t.Reference, t.Task, t.Holder)
	}
	sum := sha256.Sum256([]byte(text.String()))
	return hex.EncodeToString(sum[:])
}

// BatchInput starts the workflow of a batch that stands in the register.
type BatchInput struct {
	Batch string `json:"batch"`
	// Cases is how many it has; they are counted from 1.
	Cases int `json:"cases"`
}

// BatchItemInput names one case of a batch by its place, from 1.
type BatchItemInput struct {
	Batch    string `json:"batch"`
	Position int    `json:"position"`
	// Patient is true once the case did not answer at first: then it is asked for as long as it takes.
	Patient bool `json:"patient,omitempty"`
}

// BatchItemState is what became of one case of a batch.
type BatchItemState string

const (
	// ItemWaiting: the case was not told yet, or has not answered.
	ItemWaiting BatchItemState = "waiting"
	// ItemDone: the case did it.
	ItemDone BatchItemState = "done"
	// ItemRefused: the case said no, and why.
	ItemRefused BatchItemState = "refused"
)

// BatchItemStates lists every state; the database's CHECK is compared with it.
func BatchItemStates() []BatchItemState {
	return []BatchItemState{ItemWaiting, ItemDone, ItemRefused}
}

// BatchResult counts what became of the cases of a batch.
type BatchResult struct {
	Done    int `json:"done"`
	Refused int `json:"refused"`
}

// BatchWorkflowID is the business id of a batch: there is one workflow for each.
func BatchWorkflowID(batch string) string { return "batch/" + batch }
