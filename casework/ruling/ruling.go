// Package ruling names the rules that a step applies inside its transaction, so that the store can call them
// with the facts it has locked and the rulebook can answer by the policy version that the case is pinned to.
package ruling

import (
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/fee"
	"github.com/recourse-exams/recourse/casework/grading"
)

// Rules answers by policy version. Every method is pure: the same arguments give the same answer for ever.
type Rules interface {
	// Settle says what an award review did to marks and grades.
	Settle(version string, award grading.Award) (grading.Settlement, error)
	// FeeDecisions says for each quoted line of an award review whether it is due or waived, and why.
	// component names the component of a line's case.
	FeeDecisions(version string, lines []fee.Line, settlement grading.Settlement, component func(casework.Reference) string) ([]fee.Decision, error)
	// PublicationClocks are the clocks that start when a component's outcome is published, at that instant.
	PublicationClocks(version string, published time.Time, scriptOrdered bool) ([]deadline.Clock, error)
	// WindowClock is the centre's right to appeal, which starts when the award is settled.
	WindowClock(version string, settled time.Time) (deadline.Clock, error)
	Recounter
}

// Recounter counts the clocks of running cases by another version.
type Recounter interface {
	// Replan counts the running clocks of a case by another version, in the order in which they are given. It is a
	// *casework.Fault if that version cannot take the case over.
	Replan(ask Replan) ([]Replanned, error)
}
