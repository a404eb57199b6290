package policy

import (
	"fmt"

	"github.com/recourse-exams/recourse/casework"
)

// Words names the day from which a window counts, for people: "GCSE results day".
func (a Anchor) Words() string {
	switch a {
	case AnchorGCSERelease:
		return "GCSE results day"
	case AnchorALevelRelease:
		return "A level results day"
	case AnchorCandidateRelease:
		return "results day"
	case AnchorOutcome:
		return "the outcome"
	case AnchorModeration:
		return "the day of moderation"
	case AnchorResult:
		return "receipt of the result"
	case AnchorKeyDate:
		return "the series' key dates"
	case AnchorNone:
		return "no day"
	default:
		return string(a)
	}
}

// Words names what starts a clock, for people: "receipt of the request".
func (e Event) Words() string {
	switch e {
	case Received:
		return "receipt of the request"
	case Accepted:
		return "acceptance of the request"
	case SampleCalled:
		return "the call for the sample"
	case SampleReceived:
		return "receipt of the sample"
	case Submitted:
		return "submission of the claim"
	case WorkComplete:
		return "completion of the work"
	case ResultsPublished:
		return "publication of the results"
	case Moderated:
		return "moderation"
	case OutcomePublished:
		return "publication of the outcome"
	case ReasonsReceived:
		return "receipt of the reasons"
	case PreliminaryDecided:
		return "the decision of the first stage"
	case HearingRequested:
		return "the request for a hearing"
	case ScriptReceived:
		return "receipt of the script"
	case ConsentCalled:
		return "the request to see the consent"
	case FinalOutcome:
		return "the final outcome"
	default:
		return string(e)
	}
}

// Words says how long a clock runs and from what, for people: "20 calendar days from receipt of the request".
func (r ClockRule) Words() string { return r.FullWords() + " from " + r.Starts.Words() }

// Words says until when a service may be asked for, for people: "35 calendar days from GCSE results day".
func (w WindowRule) Words() string {
	switch w.Anchor {
	case AnchorNone:
		return "no last day"
	case AnchorKeyDate:
		return "a last day that only the series' key dates give"
	default:
		return w.FullWords() + " from " + w.Anchor.Words()
	}
}

// FullWords writes the span with what else decides its end, for people: "5 weeks (on the last day before 17:00)".
func (s Span) FullWords() string {
	words := s.Words()
	if s.RollForward {
		words += " (an end that is no working day moves to the next)"
	}
	if s.Cutoff != nil {
		words += fmt.Sprintf(" (on the last day before %s)", s.Cutoff)
	}
	return words
}

// Title names a clock for people: "Outcome".
func (r ClockRule) Title() string {
	switch r.ID {
	case casework.ClockAcceptance:
		return "Acceptance"
	case casework.ClockAcknowledgement:
		return "Acknowledgement"
	case casework.ClockOutcome:
		return "Outcome"
	case casework.ClockScript:
		return "Copy of the script"
	case casework.ClockEvidence:
		return "Evidence"
	case casework.ClockEntry:
		return "Entry"
	case casework.ClockResult:
		return "Result"
	case casework.ClockCertificate:
		return "Certificate"
	case casework.ClockSample:
		return "Sample"
	case casework.ClockWindow:
		return "Window"
	case casework.ClockReasonsWindow:
		return "Window after the reasons"
	case casework.ClockStage2Window:
		return "Window for a hearing"
	case casework.ClockValidity:
		return "Validity"
	case casework.ClockPreliminary:
		return "Decision of the first stage"
	case casework.ClockHearing:
		return "Decision of the hearing"
	case casework.ClockConsentInspection:
		return "Inspection of consent"
	case casework.ClockDefect:
		return "Report of a defect"
	case casework.ClockRetention:
		return "Retention of consent"
	default:
		return string(r.ID)
	}
}

// Words names who may ask, for people.
func (r Requester) Words() string {
	switch r {
	case ExamsOfficer:
		return "exams officer"
	case HeadOfCentre:
		return "head of centre"
	case PrivateCandidate:
		return "private candidate"
	case CentreStaff:
		return "member of the centre's staff"
	default:
		return string(r)
	}
}

// Words says what consent a request needs, for people.
func (n ConsentNeed) Words() string {
	switch n {
	case ConsentRequired:
		return "written consent of the candidate, with its day"
	case ConsentDeclared:
		return "a declaration that the centre holds the candidate's consent"
	case ConsentNone:
		return "no consent"
	default:
		return string(n)
	}
}

// Words says until when a request may be cancelled, for people.
func (u CancelUntil) Words() string {
	switch u {
	case UntilStarted:
		return "until the work on it has begun"
	case UntilCompleted:
		return "until the work on it is completed"
	default:
		return string(u)
	}
}

// Words says what a fee is charged for, for people.
func (f FeeFor) Words() string {
	switch f {
	case ForRequest:
		return "the request"
	case ForLateCopy:
		return "a copy ordered after the review"
	case ForSecondStage:
		return "the second stage"
	default:
		return string(f)
	}
}
