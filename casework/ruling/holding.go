package ruling

import (
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/deadline"
)

// Holding are the rules by which a case waits and goes on.
type Holding interface {
	Staffing
	// DutyClock is what the centre owes from the instant at which it is asked for what the case waits for; nation is the
	// centre's, as the register writes it. ok is false if the version has no such duty.
	DutyClock(version string, service casework.Service, cause casework.HoldCause, nation string, asked time.Time) (clock deadline.Clock, ok bool, err error)
	// Resume ends a pause of a clock that counts by a version, on the calendar on which it was started.
	Resume(version string, clock deadline.Clock, cause casework.HoldCause, at time.Time) (deadline.Clock, error)
}
