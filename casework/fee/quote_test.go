package fee_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/fee"
	"github.com/recourse-exams/recourse/casework/grading"
)

// settledUp is a settlement in which every grade rose.
func settledUp() grading.Settlement {
	return grading.Settlement{
		GradeBefore: "4", GradeAfter: "5", External: grading.Change{Before: "C", After: "B"},
		Units: []grading.UnitGrade{{Component: "A", Before: "C", After: "B"}},
	}
}

// Domain §1.7: AQA and Cambria halve the fee of a review of moderation for five or fewer candidates.
func TestPence_AShareIsInWholePenceWithHalvesRoundedUp(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		pence   fee.Pence
		percent int
		want    fee.Pence
	}{{24250, 50, 12125}, {27030, 50, 13515}, {24500, 50, 12250}, {15, 50, 8}, {1, 50, 1}, {1, 49, 0}, {0, 50, 0}, {999, 100, 999}, {999, 0, 0}, {10, 33, 3}} {
		require.Equalf(t, row.want, row.pence.Share(row.percent), "%d per cent of %s", row.percent, row.pence)
	}
}

func TestPence_TwoHalvesAreNeverLessThanTheWholeNorAPennyMore(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := fee.Pence(rapid.Int64Range(0, 10_000_000).Draw(t, "pence"))
		percent := rapid.IntRange(0, 100).Draw(t, "percent")
		sum := p.Share(percent) + p.Share(100-percent)
		require.GreaterOrEqual(t, sum, p)
		require.LessOrEqual(t, sum, p+1)
		require.LessOrEqual(t, p.Share(percent), p)
	})
}

func TestQuote_AReductionShowsTheFullPriceBesideIt(t *testing.T) {
	t.Parallel()
	q := quote("review-of-moderation", 27030, fee.MarksReinstated).Reduced(fee.Reduction{Percent: 50, Clause: "row 7", Source: "tariff", Confirmed: true})
	require.Equal(t, fee.Pence(13515), q.Pence)
	require.Equal(t, &fee.Reduction{Full: 27030, Percent: 50, Clause: "row 7", Source: "tariff", Confirmed: true}, q.Reduction)
	require.Equal(t, fee.Pence(13515+6200), fee.Total([]fee.Quote{q, quote(review, 6200, fee.LinkedAwardGrade)}))
	require.Zero(t, fee.Total(nil))
}

// Domain §8.2, "Upgrade": the fee of the priority review replaces that of the review.
func TestUpgrade_ReplacesTheFeeOfTheRequestAndLeavesTheCopys(t *testing.T) {
	t.Parallel()
	lines := []fee.Line{quoted(1, "A", review), quoted(2, "A", script)}
	decisions, err := fee.Upgrade(lines, []fee.Code{review}, "Replaced by the fee of the priority review (clause 5.3).")
	require.NoError(t, err)
	require.Equal(t, []fee.Decision{{LineID: 1, State: fee.Cancelled, Why: "Replaced by the fee of the priority review (clause 5.3)."}}, decisions)
}

func TestUpgrade_ReplacesOnlyWhatIsStillQuoted(t *testing.T) {
	t.Parallel()
	for _, state := range fee.States() {
		line := quoted(1, "A", review)
		line.State = state
		decisions, err := fee.Upgrade([]fee.Line{line}, []fee.Code{review}, "why")
		switch state {
		case fee.Quoted:
			require.NoError(t, err)
			require.Len(t, decisions, 1)
		case fee.Cancelled:
			require.ErrorContains(t, err, "no quoted fee", "an upgrade of an upgrade looks for the fee in force")
		default:
			require.ErrorContains(t, err, "fee line 1 of case A is "+string(state))
			require.Empty(t, decisions)
		}
	}
	decisions, err := fee.Upgrade([]fee.Line{quoted(1, "A", script)}, nil, "why")
	require.NoError(t, err, "a free service has nothing to replace")
	require.Empty(t, decisions)
}

// Every priced line ends in exactly one of due, waived, cancelled: an upgraded case pays the new service's fee alone.
func TestUpgrade_ThenDecideChargesTheNewFeeOnly(t *testing.T) {
	t.Parallel()
	const priority = fee.Code("priority-review-of-marking")
	lines := []fee.Line{quoted(1, "A", review), quoted(2, "A", script)}
	replaced, err := fee.Upgrade(lines, []fee.Code{review}, "why")
	require.NoError(t, err)
	for _, d := range replaced {
		lines[d.LineID-1].State = d.State
	}
	lines = append(lines, quoted(3, "A", priority))
	same := grading.Settlement{GradeBefore: "4", GradeAfter: "4"}
	decisions := fee.Decide(lines, found(same), func(fee.Code) (fee.Waiver, bool) {
		return fee.Waiver{Strategy: fee.LinkedAwardGrade}, true
	})
	var ids []int64
	for _, d := range decisions {
		ids = append(ids, d.LineID)
		require.Equal(t, fee.Due, d.State)
	}
	require.Equal(t, []int64{2, 3}, ids)
	require.Equal(t, casework.Reference("A"), lines[2].Reference)
}
