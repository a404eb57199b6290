package policy

import (
	"fmt"

	"github.com/recourse-exams/recourse/casework/calendar"
)

// Working returns the calendar on which a clock counts: a duty of the centre counts on the bank holidays of the
// centre's nation, everything else on the body's own, less the days on which the body is closed (domain §8.1). The
// error names the policy; a loaded one gives none for a division that there is.
func (p Policy) Working(rule ClockRule, centre calendar.Division) (calendar.Working, error) {
	if !rule.CentresCalendar() {
		return p.WorkingIn(p.Division)
	}
	working, err := calendar.NewWorking(centre)
	if err != nil {
		return calendar.Working{}, fmt.Errorf("the calendar of the centre's nation for %s: %w", p.Version, err)
	}
	return working, nil
}

// WorkingIn returns the body's calendar with the bank holidays of a division that somebody chose, less the days on
// which the body is closed. Its errors are those of Working.
func (p Policy) WorkingIn(division calendar.Division) (calendar.Working, error) {
	closures := make([]calendar.Closure, len(p.Closures))
	for i, c := range p.Closures {
		closures[i] = calendar.Closure{From: c.From, To: c.To, Why: fmt.Sprintf("%s is closed: %s", p.BodyName, sentence(c.Why))}
	}
	working, err := calendar.NewWorking(division, closures...)
	if err != nil {
		return calendar.Working{}, fmt.Errorf("the calendar of %s: %w", p.Version, err)
	}
	return working, nil
}

// sentence ends a closure's reason with one full stop, whether or not its rule file does.
func sentence(why string) string {
	if why == "" || why[len(why)-1] == '.' {
		return why
	}
	return why + "."
}
