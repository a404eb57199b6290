package casework

import (
	"time"

	"github.com/recourse-exams/recourse/casework/calendar"
)

// Shown writes an instant for operators: in UTC, as logs have it, and as London's clocks show it, as people say it.
// It is a text to read and nothing else: London's clocks are data of the build, so nothing that a workflow decides or
// sends may depend on it.
func Shown(at time.Time) string {
	return at.UTC().Format("2006-01-02 15:04:05 UTC") + " (" + at.In(calendar.London()).Format("Mon 2 Jan 15:04 MST") + " in London)"
}
