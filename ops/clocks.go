package ops

import (
	"strings"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// clockLine is a clock as operations read it.
type clockLine struct {
	docket.Clock
	Name string
	// Owes says whose clock it is.
	Owes string
	// State is a word or two, Tone how it is to be shown: "bad", "warn", "good" or empty.
	State string
	Tone  string
	// Due says until when; Moved the due date of before the pauses if that was another.
	Due   string
	Moved string
	// Stood lists the times for which it stood still.
	Stood []string
}

// clockLines puts the clocks that run first, in the order in which they end.
func clockLines(clocks []docket.Clock, at time.Time) []clockLine {
	var open, over []clockLine
	for _, c := range clocks {
		line := lineOfClock(c, at)
		if line.over() {
			over = append(over, line)
		} else {
			open = append(open, line)
		}
	}
	return append(open, over...)
}

func (l clockLine) over() bool { return !l.MetAt.IsZero() || !l.CancelledAt.IsZero() }

func lineOfClock(c docket.Clock, at time.Time) clockLine {
	line := clockLine{Clock: c, Name: capital(words(c.ID)), Owes: owes(c.Kind)}
	line.State, line.Tone = stateOfClock(c, at)
	line.Due = moment(c.Due())
	if !line.over() && !c.Standing() {
		line.Due += " (" + away(at, c.Due()) + ")"
	}
	if !c.OriginalEnds.IsZero() && !c.OriginalEnds.Equal(c.Ends) {
		line.Moved = moment(c.OriginalEnds.Add(-time.Second))
	}
	for _, p := range c.Pauses {
		if !c.Stops(p.Cause) {
			continue
		}
		text := p.Cause.Words() + ", from " + moment(p.From)
		if !p.Lasts() {
			text += " until " + moment(p.Until)
		}
		line.Stood = append(line.Stood, text)
	}
	return line
}

// stateOfClock says in a word where a clock stands; a breach is said even when the clock was met after it.
func stateOfClock(c docket.Clock, at time.Time) (state, tone string) {
	switch {
	case !c.CancelledAt.IsZero():
		return "cancelled", ""
	case !c.BreachedAt.IsZero() && !c.MetAt.IsZero():
		return "met late", "bad"
	case !c.BreachedAt.IsZero():
		return "breached", "bad"
	case !c.MetAt.IsZero():
		return "met", "good"
	case c.Standing():
		return "stands still", "warn"
	case at.Before(c.Ends):
		return goingOn(c, at)
	case c.Kind == casework.ClockSLA:
		return "passed, not recorded yet", "bad"
	case c.Kind == casework.ClockDuty:
		return "lapsed", "warn"
	default:
		return "passed", ""
	}
}

// goingOn is the state of a clock that runs.
func goingOn(c docket.Clock, at time.Time) (state, tone string) {
	if c.Kind == casework.ClockSLA && c.Warned(at) {
		return "runs out soon", "warn"
	}
	return "runs", ""
}

// owes says who owes what by a clock of a kind.
func owes(kind casework.ClockKind) string {
	switch kind {
	case casework.ClockSLA:
		return "we promised it"
	case casework.ClockDuty:
		return "the centre owes it"
	case casework.ClockRight:
		return "the centre may"
	case casework.ClockTarget:
		return "our goal, no promise"
	default:
		return strings.ToLower(string(kind))
	}
}
