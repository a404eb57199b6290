package deadline

import (
	"slices"
	"time"

	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/policy"
)

// Replan counts a running clock afresh by another rule, from its own start and through the pauses that it had; what
// was first promised stays. A pause for which the new rule does not stop the clock leaves it running, and one that
// began after the new end is forgotten: the clock had run out before. Errors are those of Start.
func (c Clock) Replan(rule policy.ClockRule, working calendar.Working) (Clock, error) {
	fresh, err := Start(rule, working, c.StartedAt)
	if err != nil {
		return c, err
	}
	promised := c.OriginalEnds
	for _, e := range c.events() {
		switch {
		case !e.ends && fresh.InTime(e.at):
			fresh, err = fresh.Pause(e.at, e.cause, e.why, e.approvedBy)
		case e.ends && fresh.lasting(e.cause) >= 0:
			fresh, err = fresh.Resume(working, e.cause, e.at)
		}
		if err != nil {
			return c, err
		}
	}
	fresh.OriginalEnds, fresh.Quiet = promised, c.Quiet
	return fresh, nil
}

// event is a beginning or an end of a pause.
type event struct {
	at    time.Time
	ends  bool
	cause policy.Pause
	// why and approvedBy belong to a beginning alone.
	why        string
	approvedBy string
}

// events lists what happened to the clock in the order in which it did.
func (c Clock) events() []event {
	var events []event
	for _, p := range c.Pauses {
		events = append(events, event{at: p.From, cause: p.Cause, why: p.Why, approvedBy: p.ApprovedBy})
		if !p.Lasts() {
			events = append(events, event{at: p.Until, ends: true, cause: p.Cause})
		}
	}
	slices.SortStableFunc(events, func(a, b event) int { return a.at.Compare(b.at) })
	return events
}
