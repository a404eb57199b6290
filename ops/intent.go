package ops

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"

	"github.com/recourse-exams/recourse/casework"
)

// The actions that these pages offer. They are the Updates of the same names.
const (
	actHold     = "hold"
	actResume   = "resume"
	actReassign = "reassign"
	actNudge    = "nudge"
	// actNote is no Update: a note is kept beside the case.
	actNote = "note"
)

// intent is what somebody wants done to a case, as they filled it in.
type intent struct {
	Action string `json:"action"`
	Reason string `json:"reason"`
	// Approver is the name of who agreed to a hold; empty for somebody who is no approver of the case's body.
	Approver string `json:"-"`
	// Cause and ApprovedBy are of a hold; Cause and Delivered, "yes" or "no", of a resumption; Delivered
	// is empty where the cause asks the centre for nothing.
	Cause      casework.HoldCause `json:"cause,omitempty"`
	ApprovedBy string             `json:"approvedBy,omitempty"`
	Delivered  string             `json:"delivered,omitempty"`
	// Task, From and To are of a reassignment: the task and its holder as the person saw them, and who is to have it,
	// empty for whom the rule finds.
	Task casework.TaskID `json:"task,omitempty"`
	From string          `json:"from,omitempty"`
	To   string          `json:"to,omitempty"`
	// Key makes the action happen once, however often the form is sent.
	Key string `json:"-"`
}

// readIntent reads a form. Fields that the action does not have stay empty.
func readIntent(r *http.Request, action string) intent {
	field := func(name string) string { return typed(r, name) }
	read := intent{Action: action, Reason: field("reason"), Key: field("key")}
	switch action {
	case actHold:
		read.Cause, read.ApprovedBy = casework.HoldCause(field("cause")), field("approvedBy")
	case actResume:
		read.Cause = casework.HoldCause(field("cause"))
		if read.Cause.AsksCentre() {
			read.Delivered = field("delivered")
		}
	case actReassign:
		read.Task, read.From, read.To = casework.TaskID(field("task")), field("from"), field("to")
	}
	return read
}

// stepDo is the step of a form that has what was shown done.
const stepDo = "do"

// faults says, by field, what is missing or cannot be at a step of the form; what only the case knows the case answers.
func (i intent) faults(subject, step string) map[string]string {
	found := map[string]string{}
	if i.Reason == "" {
		found["reason"] = "Say why, in a sentence."
	}
	if len(i.Reason) > mostReason {
		found["reason"] = fmt.Sprintf("Say it in at most %d characters.", mostReason)
	}
	if (i.Action == actHold || i.Action == actResume) && !slices.Contains(casework.HoldCauses(), i.Cause) {
		found["cause"] = "Choose a cause."
	}
	switch {
	case i.Action == actHold && i.ApprovedBy == "":
		found["approvedBy"] = "Choose the approver who agreed."
	case i.Action == actHold && i.ApprovedBy == subject:
		found["approvedBy"] = "Somebody else has to agree: you cannot approve your own request."
	// Whoever was no approver any more when the form was sent again had agreed when it was sent first: the case knows.
	case i.Action == actHold && i.Approver == "" && step != stepDo:
		found["approvedBy"] = "This is no approver of the case's awarding body: choose one of the list."
	case i.Action == actResume && i.Cause.AsksCentre() && i.Delivered != "yes" && i.Delivered != "no":
		found["delivered"] = "Choose one of the two."
	case i.Action == actReassign && i.To != "" && i.To == i.From:
		found["to"] = "This person holds the task already."
	}
	return found
}

// mostReason is how many bytes a reason may have.
const mostReason = 1000

// digest names something of a person's by everything that makes it different from every other.
func digest(parts ...any) (string, error) {
	text, err := json.Marshal(parts)
	if err != nil {
		return "", fmt.Errorf("name the request: %w", err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16]), nil
}

// names are the id of the Update that carries out an intent, and the key that the case remembers: the same form sent
// again is the same Update, the same key with another content is refused.
func (i intent) names(subject string, reference casework.Reference) (updateID, key string, err error) {
	door := "operators' page " + i.Action
	if key, err = digest(door, subject, reference, i.Key); err != nil {
		return "", "", err
	}
	updateID, err = digest(door, subject, reference, i.Key, i)
	return updateID, key, err
}
