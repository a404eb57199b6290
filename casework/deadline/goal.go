package deadline

import (
	"time"

	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/policy"
)

// Goal computes a body's goal, from its rule, beside the promise of a clock that starts at an instant: a clock of its own
// that is shown and never breached. A goal that is a day of the year ends on that day of the results' year; ok is false if
// the day has passed, for then nobody can reach it. Errors are those of Start.
func Goal(target policy.Target, rule policy.ClockRule, working calendar.Working, at time.Time, resultsYear int) (goal Clock, ok bool, err error) {
	if target.By == (policy.YearDay{}) {
		goal, err = Start(rule, working, at)
		return goal, err == nil, err
	}
	last := calendar.Date{Year: resultsYear, Month: target.By.Month, Day: target.By.Day}
	if !last.End().After(at) {
		return Clock{}, false, nil
	}
	goal, err = Fixed(rule, at, last)
	return goal, err == nil, err
}
