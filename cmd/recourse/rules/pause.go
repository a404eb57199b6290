package rules

import (
	"slices"
	"strings"
	"time"

	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/policy"
)

// pause is a time for which somebody is supposed to have waited.
type pause struct {
	text     string
	cause    policy.Pause
	from, to time.Time
}

// parsePause reads "2026-10-01T09:00..2026-10-08=waiting-for-sample".
func parsePause(text string) (pause, error) {
	span, cause, caused := strings.Cut(text, "=")
	begin, end, spanned := strings.Cut(span, "..")
	if !caused || !spanned {
		return pause{}, Refuse("--pause is written like 2026-10-01T09:00..2026-10-08=waiting-for-sample; %q is not", text)
	}
	named, err := oneOf("--pause", cause, "cause", "causes", policy.Pauses())
	if err != nil {
		return pause{}, err
	}
	p := pause{text: text, cause: named}
	if p.from, err = calendar.ParseInstant(begin); err != nil {
		return pause{}, Refuse("--pause: %v", err)
	}
	if p.to, err = calendar.ParseInstant(end); err != nil {
		return pause{}, Refuse("--pause: %v", err)
	}
	if !p.from.Before(p.to) {
		return pause{}, Refuse("--pause: %s ends before it begins", text)
	}
	return p, nil
}

// turn is the beginning or the end of a pause.
type turn struct {
	pause
	at   time.Time
	ends bool
}

// suspend lets a clock live through the pauses in the order in which they would have happened. Of a pause that ends
// when another begins, the end comes first.
func suspend(clock deadline.Clock, working calendar.Working, pauses []pause) (deadline.Clock, error) {
	turns := make([]turn, 0, 2*len(pauses))
	for _, p := range pauses {
		turns = append(turns, turn{pause: p, at: p.from}, turn{pause: p, at: p.to, ends: true})
	}
	slices.SortStableFunc(turns, func(a, b turn) int {
		switch {
		case !a.at.Equal(b.at):
			return a.at.Compare(b.at)
		case a.ends && !b.ends:
			return -1
		case b.ends && !a.ends:
			return 1
		}
		return 0
	})
	for _, t := range turns {
		var err error
		if t.ends {
			clock, err = clock.Resume(working, t.cause, t.at)
		} else {
			clock, err = clock.Pause(t.at, t.cause, "", "")
		}
		if err != nil {
			return clock, Refuse("--pause: %s: %v", t.text, calendarsWords(err))
		}
	}
	return clock, nil
}
