package deadline

import (
	"fmt"
	"slices"
	"time"

	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/policy"
)

// Pause is a time for which somebody waited. Whether the clock stood still depends on its cause.
type Pause struct {
	Cause policy.Pause
	// Why is a sentence of whoever paused the clock.
	Why string
	// ApprovedBy is the subject of who agreed to it, whom a centre never sees; empty if nobody had to.
	ApprovedBy string
	// From is included and Until is not, both in UTC; a zero Until is a pause that lasts.
	From  time.Time
	Until time.Time
}

// Lasts reports whether nobody has ended the pause yet.
func (p Pause) Lasts() bool { return p.Until.IsZero() }

// Stops reports whether the clock stands still for a cause. A key date is fixed: nothing stops it.
func (c Clock) Stops(cause policy.Pause) bool {
	return c.LastDay.IsZero() && slices.Contains(c.PausedBy, cause)
}

// Standing reports whether the clock stands still for a cause that lasts.
func (c Clock) Standing() bool {
	return slices.ContainsFunc(c.Pauses, func(p Pause) bool { return p.Lasts() && c.Stops(p.Cause) })
}

// Pause records that the case waits for a cause from an instant on, and who agreed to it. The clock stands still if
// its rule names the cause, and runs on if not. Several causes may last at once. The error says why it cannot be: a
// clock that was met or cancelled or has ended, a cause that lasts already or that nobody knows, or an instant before what was recorded last.
func (c Clock) Pause(at time.Time, cause policy.Pause, why, approvedBy string) (Clock, error) {
	switch {
	case !slices.Contains(policy.Pauses(), cause):
		return c, fmt.Errorf("pause clock %s: nobody knows the cause %q", c.ID, cause)
	case !c.MetAt.IsZero():
		return c, fmt.Errorf("pause clock %s: it was met at %s", c.ID, c.MetAt.Format(time.RFC3339))
	case !c.CancelledAt.IsZero():
		return c, fmt.Errorf("pause clock %s: it was cancelled at %s", c.ID, c.CancelledAt.Format(time.RFC3339))
	case c.lasting(cause) >= 0:
		return c, fmt.Errorf("pause clock %s: it is paused already, %s", c.ID, cause.Words())
	case at.Before(c.recorded()):
		return c, fmt.Errorf("pause clock %s at %s: something was recorded at %s already", c.ID, at.Format(time.RFC3339), c.recorded().Format(time.RFC3339))
	case !c.InTime(at):
		return c, fmt.Errorf("pause clock %s at %s: it ended at %s", c.ID, at.Format(time.RFC3339), c.Ends.Format(time.RFC3339))
	}
	c.Pauses = append(slices.Clone(c.Pauses), Pause{Cause: cause, Why: why, ApprovedBy: approvedBy, From: at.UTC()})
	return c, nil
}

// Resume records that a cause has ended. If nothing else holds the clock it runs again: in days, a day for whose end
// it stood still does not count; in hours, what was left is left (domain §8.1). The end never moves forward. The
// calendar must be the one with which the clock was started. Errors are those of Start, or say that the cause does
// not last or that something was recorded later.
func (c Clock) Resume(working calendar.Working, cause policy.Pause, at time.Time) (Clock, error) {
	i := c.lasting(cause)
	if i < 0 {
		return c, fmt.Errorf("resume clock %s: it is not paused, %s", c.ID, cause.Words())
	}
	if at.Before(c.recorded()) {
		return c, fmt.Errorf("resume clock %s at %s: something was recorded at %s already", c.ID, at.Format(time.RFC3339), c.recorded().Format(time.RFC3339))
	}
	resumed := c
	resumed.Pauses = slices.Clone(c.Pauses)
	resumed.Pauses[i].Until = at.UTC()
	if !c.Stops(cause) || resumed.Standing() || c.Over() {
		return resumed, nil
	}
	resumed, err := resumed.rearm(working)
	if err != nil {
		return c, fmt.Errorf("resume clock %s: %w", c.ID, err)
	}
	return resumed, nil
}

// rearm computes the end and the warn points of a clock that runs again.
func (c Clock) rearm(working calendar.Working) (Clock, error) {
	if err := c.countsOn(working); err != nil {
		return c, err
	}
	ends, err := c.end(working)
	if err != nil {
		return c, err
	}
	if ends.After(c.Ends) {
		c.Ends = ends
	}
	points, err := c.warnPoints()
	if err != nil {
		return c, err
	}
	before, stood := c.Warn, c.stood()
	// What would have come while the clock ran before the pause was given then, at its earlier place.
	given := func(at time.Time) bool {
		return len(stood) > 0 && at.Before(stood[len(stood)-1].from) && !slices.ContainsFunc(before, at.Equal)
	}
	c.Warn = slices.DeleteFunc(points, given)
	return c, nil
}

// countsOn refuses a calendar other than that with which the clock was started, if it matters.
func (c Clock) countsOn(working calendar.Working) error {
	if c.consults() && working.Division() != c.Division {
		return fmt.Errorf("it counts on the calendar of %q, not on that of %q", c.Division, working.Division())
	}
	return nil
}

// lasting is the index of the pause that lasts for a cause, -1 if there is none.
func (c Clock) lasting(cause policy.Pause) int {
	return slices.IndexFunc(c.Pauses, func(p Pause) bool { return p.Lasts() && p.Cause == cause })
}

// PausedFor reports whether the clock knows of a pause for a cause that lasts, whether or not it stands still for it.
func (c Clock) PausedFor(cause policy.Pause) bool { return c.lasting(cause) >= 0 }

// Recorded is the latest instant of which the clock knows anything, in UTC: nothing can be recorded before it.
func (c Clock) Recorded() time.Time { return c.recorded() }

// recorded is the latest instant of which the clock knows anything.
func (c Clock) recorded() time.Time {
	latest := c.StartedAt
	for _, p := range c.Pauses {
		for _, at := range []time.Time{p.From, p.Until} {
			if at.After(latest) {
				latest = at
			}
		}
	}
	return latest
}

// still is a time in which a clock stood, from included, until not.
type still struct{ from, until time.Time }

// stood lists the times in which the clock stood still, joined where causes overlap. The pauses are in the order of
// their beginnings; one that lasts is taken to last for a thousand years.
func (c Clock) stood() []still {
	var times []still
	for _, p := range c.Pauses {
		until := p.Until
		if p.Lasts() {
			until = p.From.AddDate(1000, 0, 0)
		}
		if !c.Stops(p.Cause) || !p.From.Before(until) {
			continue
		}
		if n := len(times); n > 0 && !times[n-1].until.Before(p.From) {
			times[n-1].until = later(times[n-1].until, until)
			continue
		}
		times = append(times, still{from: p.From, until: until})
	}
	return times
}

// Covers reports whether what the pause stops stood still as an instant came: a pause that begins at the instant is too
// late, one that ends at it is not.
func (p Pause) Covers(at time.Time) bool {
	return p.From.Before(at) && (p.Lasts() || !p.Until.Before(at))
}

// stoodAt reports whether the clock stood still as an instant came.
func (c Clock) stoodAt(at time.Time) bool {
	return slices.ContainsFunc(c.Pauses, func(p Pause) bool { return c.Stops(p.Cause) && p.Covers(at) })
}

// endOfHours is the start and the elapsed time that the rule gives, and all the time in which the clock stood.
func (c Clock) endOfHours() time.Time {
	ends := c.StartedAt.Add(time.Duration(c.Amount) * time.Hour)
	for _, still := range c.stood() {
		ends = ends.Add(still.until.Sub(still.from))
	}
	return ends
}
