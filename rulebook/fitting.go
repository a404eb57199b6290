package rulebook

import (
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/policy"
)

// The tables below say what makes sense together. A clock of the wrong kind, or one whose start never comes, would
// load, stay silent, and be missed on results day.

// clocksOf lists the clocks that a service can have. Its window is written under window and is none of them.
func clocksOf(service casework.Service) []casework.ClockID {
	ids := []casework.ClockID{
		casework.ClockAcceptance, casework.ClockAcknowledgement, casework.ClockOutcome, casework.ClockConsentInspection, casework.ClockRetention,
	}
	switch service {
	case casework.ReviewOfModeration, casework.ExpeditedModeration:
		ids = append(ids, casework.ClockSample)
	case casework.ScriptCopy, casework.ReviewedScriptCopy:
		ids = append(ids, casework.ClockScript, casework.ClockDefect)
	case casework.MissingResult, casework.LateCertification:
		ids = append(ids, casework.ClockResult, casework.ClockCertificate)
	case casework.ModerationClaim:
		ids = append(ids, casework.ClockEntry, casework.ClockEvidence, casework.ClockResult, casework.ClockCertificate)
	case casework.Appeal:
		ids = append(ids, casework.ClockReasonsWindow, casework.ClockStage2Window, casework.ClockValidity, casework.ClockPreliminary, casework.ClockHearing)
	default: // A review of marking has no others.
	}
	return ids
}

// kindsOf lists the kinds that a clock can be of: who owes is in the nature of most.
func kindsOf(id casework.ClockID) []casework.ClockKind {
	switch id {
	case casework.ClockEvidence, casework.ClockSample, casework.ClockConsentInspection, casework.ClockRetention:
		return []casework.ClockKind{casework.ClockDuty}
	case casework.ClockWindow, casework.ClockReasonsWindow, casework.ClockStage2Window, casework.ClockDefect:
		return []casework.ClockKind{casework.ClockRight}
	case "":
		return casework.ClockKinds()
	default:
		return []casework.ClockKind{casework.ClockSLA, casework.ClockTarget}
	}
}

// eventsOf lists the events that can happen to a case of a service.
func eventsOf(service casework.Service) []policy.Event {
	events := []policy.Event{
		policy.Received, policy.Accepted, policy.ResultsPublished, policy.OutcomePublished, policy.ConsentCalled, policy.FinalOutcome,
	}
	switch service {
	case casework.ReviewOfModeration, casework.ExpeditedModeration:
		events = append(events, policy.SampleCalled, policy.SampleReceived, policy.Moderated)
	case casework.ScriptCopy, casework.ReviewedScriptCopy:
		events = append(events, policy.ScriptReceived)
	case casework.ModerationClaim:
		events = append(events, policy.Submitted, policy.WorkComplete, policy.Moderated)
	case casework.Appeal:
		events = append(events, policy.ReasonsReceived, policy.PreliminaryDecided, policy.HearingRequested)
	default: // Nothing else happens to the others.
	}
	return events
}

// occasionsOf lists what the fees of a service can be for.
func occasionsOf(service casework.Service) []policy.FeeFor {
	switch service {
	case casework.ReviewedScriptCopy:
		return []policy.FeeFor{policy.ForRequest, policy.ForLateCopy}
	case casework.Appeal:
		return []policy.FeeFor{policy.ForRequest, policy.ForSecondStage}
	default:
		return []policy.FeeFor{policy.ForRequest}
	}
}
