package policy

import "github.com/recourse-exams/recourse/casework"

// Output is a document that a service produces, as rule files spell it.
type Output string

// The documents of domain §1.8.
const (
	OutcomeLetter      Output = "outcome-letter"
	MarkBreakdown      Output = "mark-breakdown"
	ReviewedScriptCopy Output = "reviewed-script"
	ScriptCopy         Output = "script"
	ModerationReport   Output = "moderation-report"
	FeedbackReport     Output = "feedback-report"
	RevisedStatement   Output = "revised-statement"
	Certificate        Output = "certificate"
	ControlReport      Output = "control-report"
	AppealLetter       Output = "appeal-letter"
)

// Outputs lists every document that a rule file may name.
func Outputs() []Output {
	return []Output{
		OutcomeLetter, MarkBreakdown, ReviewedScriptCopy, ScriptCopy, ModerationReport, FeedbackReport, RevisedStatement, Certificate,
		ControlReport, AppealLetter,
	}
}

// Notice is a mail that the centre gets, as rule files spell it.
type Notice string

// The mails of domain §1.8.
const (
	NoticeReceived   Notice = "received"
	NoticeAccepted   Notice = "accepted"
	NoticeSample     Notice = "sample-wanted"
	NoticeOutcome    Notice = "outcome"
	NoticeScript     Notice = "script-ready"
	NoticeClaimSent  Notice = "claim-sent"
	NoticeWithdrawn  Notice = "withdrawn-report"
	NoticeResult     Notice = "result"
	NoticeCertified  Notice = "certificate-issued"
	NoticeStageMoved Notice = "stage-decided"
)

// Notices lists every mail that a rule file may name.
func Notices() []Notice {
	return []Notice{
		NoticeReceived, NoticeAccepted, NoticeSample, NoticeOutcome, NoticeScript, NoticeClaimSent, NoticeWithdrawn, NoticeResult,
		NoticeCertified, NoticeStageMoved,
	}
}

// RoadMap is the way of a result through the services of one family of qualifications, for people.
type RoadMap struct {
	// Family names the map, such as "t-level".
	Family string
	Title  string
	// Steps come in the order in which a centre meets them.
	Steps []RoadStep
	Provenance
}

// RoadStep is one station of a road map: a service that may be asked for there, or a sentence alone.
type RoadStep struct {
	// Service is empty for a station that is no service, such as results day.
	Service casework.Service
	Text    string
	// After lists the stations, by their numbers from 1, that lead here; empty for the first.
	After []int
}
