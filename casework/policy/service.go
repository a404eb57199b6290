package policy

import "github.com/recourse-exams/recourse/casework"

// Service is what one policy says about one service.
type Service struct {
	Service casework.Service
	// Title is the body's own name of the service, such as "Service 2: review of marking".
	Title string
	// Provenance is where the body says that it offers the service.
	Provenance
	// Requesters lists who may ask.
	Requesters []Requester
	Scope      Scope
	// Eligible lists what must hold of the result, the cohort or the claim; all of it.
	Eligible []Condition
	Consent  ConsentRule
	// Opens is the rule about the instant from which the service may be asked for: candidate release, not the
	// centres' embargoed release (domain §8.1, "published").
	Opens  Provenance
	Window WindowRule
	// Priority is until when a script may be asked for with priority, so that it arrives before the last day for a
	// review; nil if the body makes no such difference. Window is then that of all other requests.
	Priority *WindowRule
	// Clocks holds every clock of a case of the service but its window, one per id.
	Clocks []ClockRule
	// Targets are the body's goals beside its promises: shown, never a breach.
	Targets []Target
	Effect  EffectRule
	// Fees holds what the service may cost, at least one entry. A free service has one that is always free.
	Fees []FeeRule
	// Cancel is until when the centre may cancel, and Upgrades into what it may be turned; nil and empty if not.
	Cancel   *CancelRule
	Upgrades []UpgradeRule
	// Outputs are the documents that the centre gets, Notices the mails.
	Outputs []Output
	Notices []Notice
	Script  *ScriptRule
	// Completion is what the policy accepts of a performer: the codes of reasons and checks. It is empty for a
	// service that has no task of an examiner.
	Completion casework.CompletionRules
	// Rank is the lowest rank of who may carry it out, empty if any of the role will do.
	Rank casework.Rank
	// Decisions and Panel are an appeal's only: until when decisions that are no outcome of a review may be appealed
	// against, and who decides the second stage.
	Decisions []DecisionWindow
	Panel     *PanelRule
}

// AllClocks returns the rule of every clock, the window first if it is counted in days.
func (s Service) AllClocks() []ClockRule {
	window, ok := s.WindowClock()
	if !ok {
		return s.Clocks
	}
	return append([]ClockRule{window}, s.Clocks...)
}

// Clock returns the rule of one clock; ok is false if there is none.
func (s Service) Clock(id casework.ClockID) (rule ClockRule, ok bool) {
	if id == casework.ClockWindow {
		return s.WindowClock()
	}
	for _, c := range s.Clocks {
		if c.ID == id {
			return c, true
		}
	}
	return ClockRule{}, false
}

// Requester is who may ask for a service, as rule files spell it.
type Requester string

// Who may ask.
const (
	ExamsOfficer     Requester = "exams-officer"
	HeadOfCentre     Requester = "head-of-centre"
	PrivateCandidate Requester = "private-candidate"
	CentreStaff      Requester = "centre-staff"
)

// Requesters lists every requester that a rule file may name.
func Requesters() []Requester {
	return []Requester{ExamsOfficer, HeadOfCentre, PrivateCandidate, CentreStaff}
}

// Scope is what one request is about, as rule files spell it.
type Scope string

// What one request is about.
const (
	CandidateComponent Scope = "candidate-component"
	CohortComponent    Scope = "cohort-component"
	CandidateAward     Scope = "candidate-award"
	WholeClaim         Scope = "claim"
	WholeCase          Scope = "case"
)

// Scopes lists every scope that a rule file may name.
func Scopes() []Scope {
	return []Scope{CandidateComponent, CohortComponent, CandidateAward, WholeClaim, WholeCase}
}

// ConsentNeed is what consent of the candidate a request needs, as rule files spell it.
type ConsentNeed string

const (
	// ConsentRequired: written consent, whose day the request declares.
	ConsentRequired ConsentNeed = "required"
	// ConsentDeclared: the centre declares that it holds consent.
	ConsentDeclared ConsentNeed = "declaration"
	// ConsentNone: no consent is needed.
	ConsentNone ConsentNeed = "none"
)

// ConsentNeeds lists every need that a rule file may name.
func ConsentNeeds() []ConsentNeed {
	return []ConsentNeed{ConsentRequired, ConsentDeclared, ConsentNone}
}

// ConsentRule says what consent of the candidate a request needs.
type ConsentRule struct {
	Need ConsentNeed
	// AfterRelease: consent that is older than the day on which the result was known does not count.
	AfterRelease bool
	Provenance
}

// EffectRule says what an outcome may do to marks and grades.
type EffectRule struct {
	// Protected: the published subject grade never falls in this series; marks may.
	Protected bool
	// CarryForward: a mark that fell counts when it is carried to a later series.
	CarryForward bool
	Provenance
}

// CancelUntil is how far a case may have gone when it is cancelled, as rule files spell it.
type CancelUntil string

const (
	// UntilStarted: until the performer has begun.
	UntilStarted CancelUntil = "started"
	// UntilCompleted: until the task is completed.
	UntilCompleted CancelUntil = "completed"
)

// CancelUntils lists every limit that a rule file may name.
func CancelUntils() []CancelUntil { return []CancelUntil{UntilStarted, UntilCompleted} }

// CancelRule says until when a request may be cancelled without charge.
type CancelRule struct {
	Until CancelUntil
	Provenance
}

// UpgradeRule says into which service a request may be turned; the new service's fee replaces the old one's.
type UpgradeRule struct {
	To casework.Service
	Provenance
}

// ScriptRule says what happens to copies of the script.
type ScriptRule struct {
	// HideDuringReview: the original cannot be read while a review runs (domain §6, row 12).
	HideDuringReview bool
	// IncludedCopy: the reviewed copy comes with the outcome without being asked for.
	IncludedCopy bool
	Provenance
}
