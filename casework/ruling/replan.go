package ruling

import (
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/deadline"
)

// Replan asks what another version of the rules makes of the clocks of a case.
type Replan struct {
	Reference casework.Reference
	// From is the version to which the case is pinned, To the other one.
	From, To string
	Service  casework.Service
	// Nation is the centre's, as the register writes it: the centre's own duties count on its bank holidays.
	Nation string
	// At is the instant at which it is asked, in UTC; what has ended by then stays.
	At     time.Time
	Clocks []deadline.Clock
}

// Replanned is what becomes of one clock; After is Before where Kept says why it stays.
type Replanned struct {
	Before, After deadline.Clock
	Kept          casework.Kept
}

// Difference is the answer as people are shown it.
func (r Replan) Difference(answer []Replanned) casework.Recalculation {
	difference := casework.Recalculation{Reference: r.Reference, From: r.From, Policy: r.To, Changes: make([]casework.ClockChange, len(answer))}
	for i, clock := range answer {
		difference.Changes[i] = casework.ClockChange{
			Clock: clock.Before.ID, Before: clock.Before.Due().UTC(), After: clock.After.Due().UTC(), Kept: clock.Kept,
		}
	}
	return difference
}
