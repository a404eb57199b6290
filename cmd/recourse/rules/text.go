package rules

import (
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/policy"
)

// writeText writes the answer for people: the rule in words, the worksheet, and what comes of it.
func (a answer) writeText(out io.Writer) error {
	text := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(text, "%s\n%s\n\n", a.service.Title, a.heading())
	fmt.Fprintln(text, "DATE\tDAY\tCOUNTS\t"+a.countHeading()+"\tWHY")
	days := a.days
	if n := len(days) - 1; a.keyDate != nil && n > 1 {
		// Up to a key date no day is counted, and all for one reason.
		fmt.Fprintf(text, "%s to %s\t%d days\t%s\t\t%s\n", days[0].Date, days[n-1].Date, n, yesNo(false), days[0].Why)
		days = days[n:]
	}
	for _, day := range days {
		fmt.Fprintf(text, "%s\t%s\t%s\t%s\t%s\n", day.Date, day.Date.Weekday(), yesNo(day.Counts), a.count(day), day.Why)
	}
	if err := text.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(out)
	rows := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, row := range a.conclusion() {
		fmt.Fprintf(rows, "%s\t%s\n", row[0], row[1])
	}
	return rows.Flush()
}

// heading is the rule in words.
func (a answer) heading() string {
	formula := a.rule.Words()
	if a.keyDate != nil {
		formula = "until the series' key date, " + a.keyDate.Date.Long()
		if a.Amount > 0 {
			formula += ", which stands in place of the formula, " + a.Words()
		}
	}
	return fmt.Sprintf("%s: %s (%s)", a.rule.Title(), formula, kindWords(a.Kind))
}

// kindWords says who owes what and therefore what happens when the clock ends.
func kindWords(kind casework.ClockKind) string {
	switch kind {
	case casework.ClockSLA:
		return "sla: the awarding body owes it; late is a breach"
	case casework.ClockDuty:
		return "duty: the centre owes it; late is chased"
	case casework.ClockRight:
		return "right: it expires"
	case casework.ClockTarget:
		return "target: a goal, never a breach"
	default:
		return string(kind)
	}
}

func (a answer) countHeading() string {
	if a.hours() {
		return "ELAPSED"
	}
	return "NUMBER"
}

// count is what a date adds: its number, or the time that ran on it.
func (a answer) count(day deadline.Day) string {
	switch {
	case a.hours():
		return fmt.Sprintf("%d:%02d:%02d", day.Elapsed/time.Hour, day.Elapsed/time.Minute%60, day.Elapsed/time.Second%60)
	case day.Counts:
		return strconv.Itoa(day.Number)
	}
	return ""
}

func (a answer) hours() bool { return a.Unit == deadline.Hours && a.LastDay.IsZero() }

// conclusion lists what comes of the worksheet and what it rests on, each with its name.
func (a answer) conclusion() [][2]string {
	rows := [][2]string{{"Due", long(a.Due())}, {endsAs(a.Kind), long(a.Ends)}}
	if a.moved() {
		rows = append(rows, [2]string{"Without the pauses", long(a.OriginalEnds.Add(a.Due().Sub(a.Ends)))})
	}
	for _, g := range a.goals {
		rows = append(rows, [2]string{"Goal, never a breach", long(g.due) + ": " + g.Clause + mark(g.Confirmed)})
	}
	rows = append(rows,
		[2]string{"Starts", long(a.StartedAt) + ": " + a.rule.Starts.Words()},
		[2]string{"Clause", a.Clause},
		[2]string{"Source", a.source()},
	)
	if !a.Confirmed {
		rows = append(rows, [2]string{"Unconfirmed reading", "no published text that was read confirms this rule"})
	}
	if a.moved() && !a.rule.PauseRule.Confirmed {
		rows = append(rows, [2]string{"Unconfirmed reading", "that the clock stands still: " + a.rule.PauseRule.Clause})
	}
	rows = append(rows, [2]string{"Rules", a.policy.Title + " (" + a.policy.Version + ")"})
	if a.series != nil {
		rows = append(rows, [2]string{"Series", a.series.Title})
	}
	if a.keyDate == nil && (a.Unit == policy.WorkingDays || a.RollForward) {
		rows = append(rows, [2]string{"Calendar", a.working.Division().Name()})
	}
	for _, note := range a.notes {
		rows = append(rows, [2]string{"Note", note})
	}
	return rows
}

// endsAs says what happens at the first instant that is late.
func endsAs(kind casework.ClockKind) string {
	switch kind {
	case casework.ClockSLA:
		return "Breach from"
	case casework.ClockDuty:
		return "Overdue from"
	case casework.ClockRight:
		return "Closed from"
	default:
		return "Passed from"
	}
}

// source is where the rule is published.
func (a answer) source() string {
	if address := a.address(); address != "" {
		return a.Source + ", " + address
	}
	return a.Source
}

// long writes an instant in London's time for people, with the zone's letters, which tell summer from winter.
func long(at time.Time) string {
	return calendar.DateOf(at).Long() + at.In(calendar.London()).Format(" 15:04:05 MST")
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

// mark is what follows a rule that no published text confirms.
func mark(confirmed bool) string {
	if confirmed {
		return ""
	}
	return " [unconfirmed]"
}
