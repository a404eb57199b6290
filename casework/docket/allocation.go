package docket

import (
	"time"

	"github.com/recourse-exams/recourse/casework/allocation"
)

// Allocation is one attempt to give a case's task to somebody, by the rule or by name, with its proof. It names performers,
// so a centre never sees it.
type Allocation struct {
	// Number counts the case's allocations from 1.
	Number int
	// At is when it was made, in UTC.
	At    time.Time
	Proof allocation.Proof
}
