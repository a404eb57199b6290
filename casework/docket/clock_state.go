package docket

import (
	"time"

	"github.com/recourse-exams/recourse/casework"
)

// ClockState is how a clock stands, in a word for people.
type ClockState string

const (
	// ClockRunning: nothing is decided, and time runs.
	ClockRunning ClockState = "running"
	// ClockPaused: nothing is decided, and the clock stands still.
	ClockPaused ClockState = "paused"
	// ClockMet: what the clock asks for was done in time.
	ClockMet ClockState = "met"
	// ClockBreached: the awarding body's promise ran out first, whether it was kept late or not at all.
	ClockBreached ClockState = "breached"
	// ClockLapsed: the centre's duty ran out first.
	ClockLapsed ClockState = "lapsed"
	// ClockExpired: a window has closed, or the day of a goal has passed.
	ClockExpired ClockState = "expired"
	// ClockCancelled: nobody asks for it any more.
	ClockCancelled ClockState = "cancelled"
)

// ClockStates lists every state.
func ClockStates() []ClockState {
	return []ClockState{ClockRunning, ClockPaused, ClockMet, ClockBreached, ClockLapsed, ClockExpired, ClockCancelled}
}

// State is how the clock stands at an instant, whether or not anybody has recorded it: a promise that ran out is breached
// also while no worker runs.
func (c Clock) State(at time.Time) ClockState {
	for _, over := range []time.Time{c.MetAt, c.CancelledAt} {
		if !over.IsZero() && over.Before(at) {
			at = over
		}
	}
	switch {
	case !c.InTime(at) || c.Kind == casework.ClockSLA && !c.BreachedAt.IsZero():
		return c.ranOut()
	case !c.CancelledAt.IsZero():
		return ClockCancelled
	case !c.MetAt.IsZero():
		return ClockMet
	case c.Standing():
		return ClockPaused
	default:
		return ClockRunning
	}
}

func (c Clock) ranOut() ClockState {
	switch c.Kind {
	case casework.ClockSLA:
		return ClockBreached
	case casework.ClockDuty:
		return ClockLapsed
	default:
		return ClockExpired
	}
}
