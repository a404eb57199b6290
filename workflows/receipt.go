package workflows

import (
	"time"

	"github.com/recourse-exams/recourse/casework"
)

// receipt is when a message was received: the starter's stamp, unless it lies after the instant at which the message
// reached the case, or longer before it than a message may be on its way. Then the starter's clock is wrong, and
// that instant stands: a stamp from outside never opens a window again (architecture §3.7).
func receipt(stamped, reached time.Time) time.Time {
	if stamped.After(reached) || stamped.Before(reached.Add(-casework.ReceiptGrace)) {
		return reached
	}
	return stamped
}
