package casework

import "slices"

// Names of the search attributes by which operators filter cases in the Temporal Web UI. They hold no personal
// data and are never encrypted. A PostgreSQL visibility store allows ten keywords and three datetimes, so new
// ones are chosen with care (architecture §3.11).
const (
	AttributeCaseKind     = "CaseKind"
	AttributeService      = "Service"
	AttributeStage        = "Stage"
	AttributeCentreNumber = "CentreNumber"
	AttributeSeries       = "Series"
	AttributeAssignee     = "Assignee"
	AttributeSLAState     = "SlaState"
	AttributeWaitingOn    = "WaitingOn"
	AttributeSLADueAt     = "SlaDueAt"
	AttributeNextActionAt = "NextActionAt"
)

// KeywordAttributes lists the attributes that hold a word.
func KeywordAttributes() []string {
	return []string{
		AttributeCaseKind, AttributeService, AttributeStage, AttributeCentreNumber, AttributeSeries,
		AttributeAssignee, AttributeSLAState, AttributeWaitingOn,
	}
}

// DatetimeAttributes lists the attributes that hold an instant.
func DatetimeAttributes() []string { return []string{AttributeSLADueAt, AttributeNextActionAt} }

// Words of WaitingOn: who acts next.
const (
	WaitingReviewer   = "reviewer"
	WaitingBody       = "awarding body"
	WaitingLinkedCase = "linked case"
	WaitingCentre     = "centre"
	WaitingNobody     = "nobody"
)

// WaitingOn says who acts next on a case in this stage.
func (s Stage) WaitingOn() string {
	switch s {
	case StageUnassigned:
		return WaitingBody
	case StageAssigned:
		return WaitingReviewer
	case StageDecided:
		return WaitingLinkedCase
	case StageAppealWindow:
		return WaitingCentre
	case StageRefused, StageClosed:
		return WaitingNobody
	default:
		return WaitingBody
	}
}

// WaitingOn says who acts next on a case in a stage that waits for causes: where one of them is the centre's to end, the
// centre; otherwise the awarding body. A case that waits for nothing is its stage's.
func WaitingOn(stage Stage, causes []HoldCause) string {
	if len(causes) == 0 || stage.Final() {
		return stage.WaitingOn()
	}
	if slices.ContainsFunc(causes, HoldCause.AsksCentre) {
		return WaitingCentre
	}
	return WaitingBody
}
