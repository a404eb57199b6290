package casework_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
)

func difference(t *testing.T) casework.Recalculation {
	return casework.Recalculation{
		Reference: "R-7K4F-M2QX-9TBD-H", From: "cambria-2026.1", Policy: "cambria-2026.2",
		Changes: []casework.ClockChange{
			{Clock: casework.ClockOutcome, Before: instant(t, "2026-10-14T22:59:59Z"), After: instant(t, "2026-10-19T22:59:59Z")},
			{Clock: casework.ClockScript, Before: instant(t, "2026-09-15T14:00:00Z"), After: instant(t, "2026-09-15T14:00:00Z"), Kept: casework.KeptMet},
		},
	}
}

// TestRecalculation_DigestTellsDifferencesApart: whoever agrees to a difference agrees to nothing else.
func TestRecalculation_DigestTellsDifferencesApart(t *testing.T) {
	t.Parallel()
	shown := difference(t).Digest()
	require.Len(t, shown, 64)
	require.Equal(t, shown, difference(t).Digest())
	for name, change := range map[string]func(*casework.Recalculation){
		"another case":           func(r *casework.Recalculation) { r.Reference = "R-2222-2222-2222-A" },
		"another version before": func(r *casework.Recalculation) { r.From = "cambria-2025.1" },
		"another version after":  func(r *casework.Recalculation) { r.Policy = "cambria-2026.3" },
		"another clock":          func(r *casework.Recalculation) { r.Changes[0].Clock = casework.ClockWindow },
		"another due before":     func(r *casework.Recalculation) { r.Changes[0].Before = r.Changes[0].Before.Add(-time.Second) },
		"another due after":      func(r *casework.Recalculation) { r.Changes[0].After = r.Changes[0].After.Add(time.Microsecond) },
		"a clock met meanwhile":  func(r *casework.Recalculation) { r.Changes[0].Kept = casework.KeptMet },
		"a clock less":           func(r *casework.Recalculation) { r.Changes = r.Changes[:1] },
	} {
		other := difference(t)
		change(&other)
		require.NotEqual(t, shown, other.Digest(), name)
	}
	inLondon := difference(t)
	inLondon.Changes[0].After = inLondon.Changes[0].After.In(time.FixedZone("BST", 3600))
	require.Equal(t, shown, inLondon.Digest(), "the same instant, however it is written")
}

func TestRecalculateRequest_SaysEverythingThatIsMissing(t *testing.T) {
	t.Parallel()
	whole := casework.RecalculateRequest{
		Policy: "cambria-2026.2", Expect: "00ff", Actor: casework.Actor{Subject: "op-1", Role: casework.RoleOperator, Reason: "The 2026.1 file was wrong."},
	}
	require.Nil(t, whole.Check())
	fault := casework.RecalculateRequest{Actor: casework.Actor{Reason: " \n"}}.Check()
	require.Equal(t, casework.Invalid, fault.Kind)
	var pointers []string
	for _, reason := range fault.Reasons {
		require.NotEmpty(t, reason.Remedy)
		pointers = append(pointers, reason.Pointer)
	}
	require.Equal(t, []string{"/policy", "/reason", "/expect"}, pointers)
}

func TestNotOpen_SaysWhetherTheCaseIsBeforeOrAfter(t *testing.T) {
	t.Parallel()
	require.EqualError(t, casework.NotOpen("R-1", ""), "Case R-1 is not opened yet.")
	require.EqualError(t, casework.NotOpen("R-1", casework.StageClosed), "Case R-1 is closed; its clocks do not run any more.")
	require.Equal(t, casework.Conflict, casework.DifferenceChanged(difference(t)).Kind)
}
