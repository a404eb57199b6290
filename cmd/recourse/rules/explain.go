package rules

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/policy"
)

// ExplainCommand computes one deadline and says why it falls where it falls, day by day.
type ExplainCommand struct {
	Body     string   `help:"The set of rules; recourse rules list shows them." placeholder:"SET"`
	Series   string   `help:"The series whose results day chooses the version and whose key dates come before the formulas." placeholder:"YYYY-MM"`
	Service  string   `help:"The service that was asked for." placeholder:"SERVICE"`
	Clock    string   `help:"The clock of the service." placeholder:"CLOCK"`
	From     string   `help:"What starts the clock happened then, in London's time unless an offset is given. A window may do without it if the series publishes its results day." placeholder:"INSTANT"`
	Division string   `help:"Whose bank holidays do not count, in place of the body's own or, of what a centre owes, England and Wales." placeholder:"DIVISION"`
	Policy   string   `help:"A version of the rules in place of the one that decides." placeholder:"VERSION"`
	Pause    []string `sep:"none" help:"Suppose that the case waited from one instant to another for a cause; may be repeated." placeholder:"FROM..TO=CAUSE"`
	Priority bool     `help:"The window of a script copy that is asked for with priority."`
	JSON     bool     `name:"json" help:"Answer in JSON."`
}

// Run answers on out, or refuses with a *RefusalError before anything is written.
func (c ExplainCommand) Run(out io.Writer, load Load) error {
	book, err := load()
	if err != nil {
		return err
	}
	q, err := c.question(book)
	if err != nil {
		return err
	}
	a, err := q.answer()
	if err != nil {
		return err
	}
	if !c.JSON {
		return a.writeText(out)
	}
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(a.document())
}

// answer is a deadline with everything that explains it.
type answer struct {
	question
	deadline.Clock
	days  []deadline.Day
	goals []goal
	notes []string
}

// goal is a target that the body publishes beside the clock.
type goal struct {
	policy.Target
	due time.Time
}

// answer computes the deadline. Its errors are refusals.
func (q *question) answer() (answer, error) {
	clock, err := q.start()
	if err != nil {
		return answer{}, Refuse("--from: %v", calendarsWords(err))
	}
	if clock, err = suspend(clock, q.working, q.pauses); err != nil {
		return answer{}, err
	}
	days, err := clock.Worksheet(q.working)
	if err != nil {
		return answer{}, Refuse("--from: %v", calendarsWords(err))
	}
	goals, err := q.goals()
	if err != nil {
		return answer{}, Refuse("--from: %v", calendarsWords(err))
	}
	return answer{question: *q, Clock: clock, days: days, goals: goals, notes: q.notes(clock)}, nil
}

// start computes the clock, by the series' key date if it has one.
func (q *question) start() (deadline.Clock, error) {
	if q.keyDate != nil {
		return deadline.Fixed(q.rule, q.from, q.keyDate.Date)
	}
	return deadline.Start(q.rule, q.working, q.from)
}

// goals computes the targets that share the clock's start. One that was passed before the clock starts is left out.
func (q *question) goals() ([]goal, error) {
	var goals []goal
	for _, target := range q.service.Targets {
		if target.Clock != q.rule.ID {
			continue
		}
		due := q.resultsDay(target.By).End().Add(-time.Second)
		if target.By == (policy.YearDay{}) {
			rule := q.rule
			rule.Span, rule.Warn = target.Span, nil
			clock, err := deadline.Start(rule, q.working, q.from)
			if err != nil {
				return nil, err
			}
			due = clock.Due()
		}
		if due.After(q.from) {
			goals = append(goals, goal{Target: target, due: due})
		}
	}
	return goals, nil
}

// resultsDay is a day of the year in which the results were published, which without a series is taken to be that
// of the clock's start.
func (q *question) resultsDay(day policy.YearDay) calendar.Date {
	year := calendar.DateOf(q.from).Year
	if q.series != nil && !q.series.CandidateRelease.IsZero() {
		year = calendar.DateOf(q.series.CandidateRelease).Year
	}
	return calendar.Date{Year: year, Month: day.Month, Day: day.Day}
}

// confirmed reports whether a published text confirms everything that the answer rests on: the rule, and, if a pause
// moved the clock, that pauses move it.
func (a answer) confirmed() bool {
	return a.Confirmed && (!a.moved() || a.rule.PauseRule.Confirmed)
}

// moved reports whether a pause moved the clock.
func (a answer) moved() bool { return !a.Ends.Equal(a.OriginalEnds) }

// notes are the sentences that a careful reader needs beside the worksheet.
func (q *question) notes(clock deadline.Clock) []string {
	notes := q.remarks
	if anchor, ok := q.anchorDay(); ok && calendar.DateOf(q.from) != anchor && q.keyDate == nil {
		notes = append(notes, fmt.Sprintf("The window of this series counts from %s, its results day; this answer counts from %s, as it was asked.", anchor.Long(), calendar.DateOf(q.from).Long()))
	}
	for _, p := range clock.Pauses {
		if !clock.Stops(p.Cause) {
			notes = append(notes, "This clock runs on for the cause "+string(p.Cause)+": its rule does not name it.")
		}
	}
	return notes
}

// calendarsWords leaves of an error what a person outside needs to know: the calendar's own sentence.
func calendarsWords(err error) error {
	var outside *calendar.OutsideError
	if errors.As(err, &outside) {
		return outside
	}
	return err
}
