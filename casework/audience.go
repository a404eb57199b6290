package casework

import "slices"

// Audience is for whom something about a case is worded. It decides how much of a cause is told: HoldCause.For.
type Audience string

const (
	// AudienceBody: operators and caseworkers of the awarding body, who read everything.
	AudienceBody Audience = "body"
	// AudiencePerformer: whoever works on the case's task or leads who does.
	AudiencePerformer Audience = "performer"
	// AudienceCentre: the centre that asked, and whoever else is neither of the two.
	AudienceCentre Audience = "centre"
)

// For is the cause as an audience reads it. That malpractice is suspected only the awarding body's own people read: to a
// centre the result is pending, as its results sheet prints for the indicator Q (domain §1.2), and to a performer the case
// is on hold.
func (c HoldCause) For(audience Audience) HoldCause {
	switch {
	case c != HoldMalpractice || audience == AudienceBody:
		return c
	case audience == AudiencePerformer:
		return HoldOther
	default:
		return HoldPending
	}
}

// Told lists every cause as the audience reads it, each once.
func (a Audience) Told() []HoldCause {
	var told []HoldCause
	for _, cause := range HoldCauses() {
		if read := cause.For(a); !slices.Contains(told, read) {
			told = append(told, read)
		}
	}
	return told
}

// Causes lists the causes that the audience reads as the one told; none if it never reads that.
func (a Audience) Causes(told HoldCause) []HoldCause {
	var causes []HoldCause
	for _, cause := range HoldCauses() {
		if cause.For(a) == told {
			causes = append(causes, cause)
		}
	}
	return causes
}

// TellsWhy reports whether the centre reads why its case waits for the cause and why that ended, in the words of whoever
// asked for it. What is written about a suspicion stays inside.
func (c HoldCause) TellsWhy() bool { return c.For(AudienceCentre) == c }
