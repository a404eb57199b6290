package policy

import "github.com/recourse-exams/recourse/casework"

// CaseClock returns the rule of a clock that runs in a case of a service: those that follow its outcome are rules of
// the service that the centre may ask for next. A goal that is a span has a rule too. ok is false if the policy has no such
// rule.
func (p Policy) CaseClock(service casework.Service, id casework.ClockID) (rule ClockRule, ok bool) {
	switch id {
	case casework.ClockScript:
		service = casework.ReviewedScriptCopy
	case casework.ClockWindow, casework.ClockReasonsWindow, casework.ClockStage2Window:
		service = casework.Appeal
	default:
		// Every other clock is a rule of the service itself.
	}
	rule, ok = p.Clock(service, id.Goals())
	if !ok || id.Goals() == id {
		return rule, ok
	}
	rules, _ := p.Service(service)
	number := 0
	for _, target := range rules.Targets {
		if target.Clock != id.Goals() {
			continue
		}
		if number++; casework.TargetOf(target.Clock, number) == id {
			return target.Rule(number, rule.Starts), target.By == (YearDay{})
		}
	}
	return ClockRule{}, false
}
