package policy

import "github.com/recourse-exams/recourse/casework"

// CaseClock returns the rule of a clock that runs in a case of a service: those that follow its outcome are rules of
// the service that the centre may ask for next. ok is false if the policy has no such rule.
func (p Policy) CaseClock(service casework.Service, id casework.ClockID) (rule ClockRule, ok bool) {
	switch id {
	case casework.ClockScript:
		service = casework.ReviewedScriptCopy
	case casework.ClockWindow, casework.ClockReasonsWindow, casework.ClockStage2Window:
		service = casework.Appeal
	default:
		// Every other clock is a rule of the service itself.
	}
	return p.Clock(service, id)
}
