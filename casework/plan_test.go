package casework_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework"
)

func instant(t require.TestingT, text string) time.Time {
	at, err := time.Parse(time.RFC3339, text)
	require.NoError(t, err)
	return at
}

func drawPlan(t *rapid.T) casework.Plan {
	start := time.Date(2026, time.August, 20, 8, 0, 0, 0, time.UTC)
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) casework.Deadline {
		return casework.Deadline{
			Clock: rapid.SampledFrom([]casework.ClockID{casework.ClockOutcome, casework.ClockScript, casework.ClockWindow}).Draw(t, "clock"),
			Act:   rapid.SampledFrom([]casework.Act{casework.ActWarn, casework.ActBreach, casework.ActExpire}).Draw(t, "act"),
			At:    start.Add(time.Duration(rapid.IntRange(0, 5).Draw(t, "hours")) * time.Hour),
			Grace: time.Duration(rapid.IntRange(0, 1).Draw(t, "grace")) * casework.ReceiptGrace,
		}
	}), 0, 12).Draw(t, "plan")
}

func TestPlan_NextIsTheEarliestToFire(t *testing.T) {
	t.Parallel()
	warn := casework.Deadline{Clock: casework.ClockOutcome, Act: casework.ActWarn, At: instant(t, "2026-09-10T08:00:00Z")}
	expire := casework.Deadline{Clock: casework.ClockWindow, Act: casework.ActExpire, At: instant(t, "2026-09-10T07:58:00Z"), Grace: casework.ReceiptGrace}

	next, ok := casework.Plan{expire, warn}.Next()
	require.True(t, ok)
	require.Equal(t, warn, next, "the grace counts: the window fires at 08:03")
	require.Equal(t, instant(t, "2026-09-10T08:03:00Z"), expire.Fires())

	_, ok = casework.Plan{}.Next()
	require.False(t, ok)
}

func TestPlan_EqualInstantsKeepTheirOrder(t *testing.T) {
	t.Parallel()
	at := instant(t, "2026-09-10T08:00:00Z")
	first := casework.Deadline{Clock: casework.ClockScript, Act: casework.ActBreach, At: at}
	second := casework.Deadline{Clock: casework.ClockOutcome, Act: casework.ActBreach, At: at}
	next, _ := casework.Plan{first, second}.Next()
	require.Equal(t, first, next)
	next, _ = casework.Plan{second, first}.Next()
	require.Equal(t, second, next)
}

func TestPlan_WithoutKeepsTheSecondWarnPointOfAClock(t *testing.T) {
	t.Parallel()
	first := casework.Deadline{Clock: casework.ClockOutcome, Act: casework.ActWarn, At: instant(t, "2026-09-10T08:00:00Z")}
	second := casework.Deadline{Clock: casework.ClockOutcome, Act: casework.ActWarn, At: instant(t, "2026-09-12T08:00:00Z")}
	require.Equal(t, casework.Plan{second}, casework.Plan{first, second}.Without(first))
	require.Empty(t, casework.Plan{first}.Without(casework.Deadline{
		Clock: first.Clock, Act: first.Act, At: first.At.In(time.FixedZone("BST", 3600)),
	}), "the same instant in another zone is the same deadline")
}

func TestPlan_ByIsWhatHasFired(t *testing.T) {
	t.Parallel()
	at := instant(t, "2026-09-10T08:00:00Z")
	waits := casework.Deadline{Clock: casework.ClockStartBy, Act: casework.ActRemind, At: at, Grace: time.Hour}
	passed := casework.Deadline{Clock: casework.ClockStartBy, Act: casework.ActEscalateLead, At: at}
	plan := casework.Plan{waits, passed}
	require.Empty(t, plan.By(at.Add(-1)))
	require.Equal(t, casework.Plan{passed}, plan.By(at), "what waits for the morning has not come")
	require.Equal(t, plan, plan.By(at.Add(time.Hour)))
	require.True(t, plan.Has(casework.Deadline{Clock: passed.Clock, Act: passed.Act, At: at.In(time.FixedZone("BST", 3600))}))
	require.False(t, plan.Has(casework.Deadline{Clock: passed.Clock, Act: passed.Act, At: at.Add(1)}))
}

func TestPlan_DoneOneByOneItEndsAndIsInOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		plan := drawPlan(t)
		var last time.Time
		for steps := 0; ; steps++ {
			next, ok := plan.Next()
			if !ok {
				break
			}
			require.False(t, next.Fires().Before(last), "deadlines come in the order of their instants")
			last = next.Fires()
			rest := plan.Without(next)
			require.Less(t, len(rest), len(plan), "every deadline that is done leaves the plan")
			plan = rest
		}
		require.Empty(t, plan)
	})
}

func TestPlan_MetDropsWhatTheClockStillAskedForAndNoOther(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		plan := drawPlan(t)
		at := time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "met at"), 0)
		if len(plan) > 0 && rapid.Bool().Draw(t, "at a deadline") {
			at = rapid.SampledFrom(plan).Draw(t, "the deadline").At
		}
		kept := 0
		for _, d := range plan {
			if d.Clock != casework.ClockOutcome || d.Act == casework.ActBreach && !d.At.After(at) {
				kept++
			}
		}
		rest := plan.Met(casework.ClockOutcome, at)
		require.Len(t, rest, kept)
		for _, d := range rest {
			require.False(t, d.Clock == casework.ClockOutcome && d.At.After(at), "nothing is left to come of the clock")
		}
	})
}

// domain §8.1: a breach has the instant of the clock's exclusive end; what happens before it is in time.
func TestPlan_MetAtTheEndIsABreachThatIsStillToBeTold(t *testing.T) {
	t.Parallel()
	ends := time.Date(2026, time.October, 14, 23, 0, 0, 0, time.UTC)
	warn := casework.Deadline{Clock: casework.ClockOutcome, Act: casework.ActWarn, At: ends.Add(-time.Hour)}
	breach := casework.Deadline{Clock: casework.ClockOutcome, Act: casework.ActBreach, At: ends}
	plan := casework.Plan{warn, breach}
	require.Empty(t, plan.Met(casework.ClockOutcome, ends.Add(-time.Nanosecond)))
	require.Equal(t, casework.Plan{breach}, plan.Met(casework.ClockOutcome, ends))
	require.Equal(t, plan, plan.Met(casework.ClockScript, ends))
}
