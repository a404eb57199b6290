package docket

import (
	"slices"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/deadline"
)

// ForCentre is the case as its centre may read it: every cause as it is told to centres, without who asked for a hold, who
// agreed and who ended it, and without why where that is not for the centre (casework.HoldCause.TellsWhy). The case itself
// stays as it is.
func (c Case) ForCentre() Case {
	c.Holds, c.Clocks = slices.Clone(c.Holds), slices.Clone(c.Clocks)
	for i := range c.Holds {
		c.Holds[i] = c.Holds[i].forCentre()
	}
	for i := range c.Clocks {
		c.Clocks[i].Clock = clockForCentre(c.Clocks[i].Clock)
	}
	return c
}

func (h Hold) forCentre() Hold {
	h.AskedBy, h.ApprovedBy, h.ApproverName, h.EndedBy = "", "", "", ""
	if !h.Cause.TellsWhy() {
		h.Reason, h.EndReason = "", ""
	}
	h.Cause = h.Cause.For(casework.AudienceCentre)
	return h
}

// clockForCentre renames a cause in the clock's rule and in its pauses alike, so that the clock stands still for the same
// pauses as before.
func clockForCentre(clock deadline.Clock) deadline.Clock {
	clock.PausedBy, clock.Pauses = slices.Clone(clock.PausedBy), slices.Clone(clock.Pauses)
	for i, cause := range clock.PausedBy {
		clock.PausedBy[i] = cause.For(casework.AudienceCentre)
	}
	for i := range clock.Pauses {
		pause := &clock.Pauses[i]
		pause.ApprovedBy = ""
		if !pause.Cause.TellsWhy() {
			pause.Why = ""
		}
		pause.Cause = pause.Cause.For(casework.AudienceCentre)
	}
	return clock
}
