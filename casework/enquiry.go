package casework

import (
	"strings"
	"time"

	"github.com/recourse-exams/recourse/casework/calendar"
)

// EnquiryReason says why the centre asks, in a word: it helps caseworkers and is never shown to a performer.
type EnquiryReason string

const (
	// ReasonUnexpected: the mark is out of line with what the centre expected.
	ReasonUnexpected EnquiryReason = "unexpected-mark"
	// ReasonNearBoundary: the mark is close to the next grade.
	ReasonNearBoundary EnquiryReason = "near-boundary"
	// ReasonPlace: a university or college place depends on the grade.
	ReasonPlace EnquiryReason = "place-at-stake"
	// ReasonAddition: the centre doubts the addition or that everything was marked.
	ReasonAddition EnquiryReason = "addition-doubted"
	// ReasonOther: anything else.
	ReasonOther EnquiryReason = "other"
)

// EnquiryRequest is what a centre asks for, by identifiers: one service for one candidate in one component.
type EnquiryRequest struct {
	Service         Service `json:"service"`
	CentreNumber    string  `json:"centreNumber"`
	CandidateNumber string  `json:"candidateNumber"`
	Series          string  `json:"series"`
	Component       string  `json:"component"`
	// ConsentGivenOn is the London day on which the candidate consented in writing; zero if it was not declared.
	ConsentGivenOn calendar.Date `json:"consentGivenOn,omitzero"`
	// ReviewedScript orders a copy of the reviewed script with the request.
	ReviewedScript bool          `json:"reviewedScript"`
	Reason         EnquiryReason `json:"reason"`
}

// EnquiryInput starts an enquiry's workflow. It carries everything that decides the case, so that the case
// opens with a receipt that no later moment can change (architecture §3.7).
type EnquiryInput struct {
	Reference Reference      `json:"reference"`
	Request   EnquiryRequest `json:"request"`
	Actor     Actor          `json:"actor"`
	// ReceivedAt is the instant, in UTC, at which the starter received the request.
	ReceivedAt time.Time `json:"receivedAt"`
	// RequestSHA256 is the hex hash of the request's canonical form; the same key with another hash is refused.
	RequestSHA256 string `json:"requestSha256"`
	// ClockOffset is added to the workflow's time; zero in production (architecture §9, "One clock").
	ClockOffset time.Duration `json:"clockOffset,omitempty"`
}

// EnquiryResult is what a finished enquiry's workflow returns.
type EnquiryResult struct {
	Reference Reference `json:"reference"`
	Stage     Stage     `json:"stage"`
}

// WorkflowID is the id of a case's workflow, the only place where it is built.
func WorkflowID(kind Kind, ref Reference) string { return string(kind) + "/" + string(ref) }

// CaseOf is the case whose workflow has an id; ok is false for the id of anything else.
func CaseOf(workflowID string) (ref Reference, ok bool) {
	typed, found := strings.CutPrefix(workflowID, string(KindEnquiry)+"/")
	if !found {
		return "", false
	}
	ref, err := ParseReference(typed)
	if err != nil || string(ref) != typed {
		return "", false
	}
	return ref, true
}
