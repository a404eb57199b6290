package rulebook

import (
	"slices"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/policy"
)

// Qualification levels run from 1 to 8.
const (
	lowestLevel  = 1
	highestLevel = 8
)

// condition reads one condition of eligibility with the keys that its test takes.
func condition(t *table, of casework.Service) policy.Condition {
	c := policy.Condition{Test: choice(t, "test", policy.Tests()), Provenance: t.provenance()}
	switch c.Test {
	case policy.LevelWithin:
		c.FromLevel, c.ToLevel = levels(t, "from", "to")
	case policy.SeriesMonth:
		t.need("months", "a list of months such as [6]")
		if c.Months = months(t); t.has("months") && len(c.Months) == 0 {
			t.file.fault(t.place("months"), "months is empty; name the months of the series, such as [6]")
		}
	case policy.NotAfter, policy.OnlyAfter, policy.WithinAfter:
		c.Services = servicesIn(t, "services", 1)
		if slices.Contains(c.Services, of) {
			t.file.fault(t.place("services"), "a %s is not tested against itself; name other services, or write test: once", of)
		}
		if c.Test == policy.WithinAfter {
			c.Within = span(t, windowUnits())
		}
	default: // The name of the test says it all.
	}
	t.end()
	return c
}

// levels reads the first and the last level of a range.
func levels(t *table, fromKey, toKey string) (from, to int) {
	from, to = t.whole(fromKey, lowestLevel, highestLevel), t.whole(toKey, lowestLevel, highestLevel)
	if to < from {
		t.file.fault(t.place(toKey), "level %d lies below level %d; write the lower one first", to, from)
	}
	return from, to
}

// levelsOf returns the first and the last level for which a service may be asked.
func levelsOf(s policy.Service) (from, to int) {
	from, to = lowestLevel, highestLevel
	for _, c := range s.Eligible {
		if c.Test == policy.LevelWithin {
			from, to = max(from, c.FromLevel), min(to, c.ToLevel)
		}
	}
	return from, to
}
