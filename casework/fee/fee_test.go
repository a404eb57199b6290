package fee_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/fee"
	"github.com/recourse-exams/recourse/casework/grading"
)

const (
	review = fee.Code("review-of-marking")
	script = fee.Code("reviewed-script")
)

// waivers waives reviews and copies by the linked award's grade, and no other fee.
func waivers(code fee.Code) (fee.Waiver, bool) {
	switch code {
	case review:
		return fee.Waiver{Strategy: fee.LinkedAwardGrade, Clause: "clause 6.1"}, true
	case script:
		return fee.Waiver{Strategy: fee.LinkedAwardGrade, Clause: "clause 6.3"}, true
	}
	return fee.Waiver{}, false
}

// found finds the same settlement of the award for every case of these tests: case "A" is about component A.
func found(s grading.Settlement) func(casework.Reference) fee.Finding {
	return func(ref casework.Reference) fee.Finding { return fee.Finding{Component: string(ref), Award: &s} }
}

func quoted(id int64, ref casework.Reference, code fee.Code) fee.Line {
	return fee.Line{ID: id, Reference: ref, Code: code, Pence: 6200, State: fee.Quoted}
}

func states(decisions []fee.Decision) []fee.State {
	var list []fee.State
	for _, d := range decisions {
		list = append(list, d.State)
	}
	return list
}

func TestPence_IsWrittenInPounds(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		pence fee.Pence
		want  string
	}{{0, "£0.00"}, {5, "£0.05"}, {1500, "£15.00"}, {6200, "£62.00"}, {123456, "£1234.56"}, {-1350, "-£13.50"}, {-5, "-£0.05"}} {
		require.Equal(t, row.want, row.pence.String())
	}
}

// Domain §8.2, "Waiver", and §8.3, reading 1.
func TestDecide_AChangedAwardGradeWaivesEveryLinkedFee(t *testing.T) {
	t.Parallel()
	lines := []fee.Line{quoted(1, "A", review), quoted(2, "A", script), quoted(3, "B", review)}
	for _, s := range []grading.Settlement{
		{GradeBefore: "4", GradeAfter: "5"},
		{GradeBefore: "5", GradeAfter: "4"},
		{GradeBefore: "4", GradeAfter: "5", Units: []grading.UnitGrade{{Component: "A", Before: "C", After: "C"}}},
	} {
		decisions := fee.Decide(lines, found(s), waivers)
		require.Equal(t, []fee.State{fee.Waived, fee.Waived, fee.Waived}, states(decisions), "whichever component caused it, up or down")
	}
	decisions := fee.Decide(lines, found(grading.Settlement{GradeBefore: "5", GradeAfter: "4"}), waivers)
	require.Equal(t, "The grade of the award changed from 5 to 4 (clause 6.1).", decisions[0].Why)
	require.Equal(t, "The grade of the award changed from 5 to 4 (clause 6.3).", decisions[1].Why, "the copy follows its own clause")
}

func TestDecide_WithoutAChangedGradeEveryFeeIsDue(t *testing.T) {
	t.Parallel()
	lines := []fee.Line{quoted(1, "A", review), quoted(2, "A", script)}
	s := grading.Settlement{TotalBefore: 80, TotalAfter: 84, GradeBefore: "4", GradeAfter: "4"}
	decisions := fee.Decide(lines, found(s), waivers)
	require.Equal(t, []fee.State{fee.Due, fee.Due}, states(decisions), "a mark alone waives nothing")
	require.Equal(t, "No grade changed (clause 6.1).", decisions[0].Why)
}

func TestDecide_AChangedUnitGradeWaivesTheFeesOfItsOwnCaseOnly(t *testing.T) {
	t.Parallel()
	lines := []fee.Line{quoted(1, "A", review), quoted(2, "A", script), quoted(3, "B", review), quoted(4, "B", script)}
	s := grading.Settlement{GradeBefore: "B", GradeAfter: "B", Units: []grading.UnitGrade{
		{Component: "A", Before: "B", After: "A"}, {Component: "B", Before: "C", After: "C"},
	}}
	decisions := fee.Decide(lines, found(s), waivers)
	require.Equal(t, []fee.State{fee.Waived, fee.Waived, fee.Due, fee.Due}, states(decisions))
	require.Equal(t, "The grade of unit A changed from B to A (clause 6.1).", decisions[0].Why)
}

func TestDecide_AFeeWithoutAWaiverRuleIsDue(t *testing.T) {
	t.Parallel()
	changed := grading.Settlement{GradeBefore: "4", GradeAfter: "5"}
	decisions := fee.Decide([]fee.Line{quoted(1, "A", "appeal")}, found(changed), waivers)
	require.Equal(t, []fee.Decision{{LineID: 1, State: fee.Due, Why: "No rule waives this fee."}}, decisions)

	unknown := func(fee.Code) (fee.Waiver, bool) { return fee.Waiver{Strategy: "on_tuesdays"}, true }
	require.Equal(t, []fee.State{fee.Due}, states(fee.Decide([]fee.Line{quoted(1, "A", review)}, found(changed), unknown)))
}

func TestDecide_WhatIsNotQuotedAnyMoreStands(t *testing.T) {
	t.Parallel()
	var lines []fee.Line
	for i, state := range fee.States() {
		line := quoted(int64(i+1), "A", review)
		line.State = state
		lines = append(lines, line)
	}
	decisions := fee.Decide(lines, found(grading.Settlement{GradeBefore: "4", GradeAfter: "5"}), waivers)
	require.Len(t, decisions, 1)
	require.Equal(t, int64(1), decisions[0].LineID, "quoted is the first state")
	require.Empty(t, fee.Decide(nil, found(grading.Settlement{}), waivers))
}

func TestDecide_EveryQuotedLineEndsDueOrWaivedAndNoMoneyIsLost(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		lines := drawLines(t)
		settlement := drawSettlement(t)
		decisions := fee.Decide(lines, found(settlement), waivers)

		var quotedSum, dueSum, waivedSum fee.Pence
		next := 0
		for _, line := range lines {
			if line.State != fee.Quoted {
				continue
			}
			quotedSum += line.Pence
			require.Less(t, next, len(decisions))
			decision := decisions[next]
			next++
			require.Equal(t, line.ID, decision.LineID, "one decision for each quoted line, in their order")
			require.NotEmpty(t, decision.Why)
			switch decision.State {
			case fee.Due:
				dueSum += line.Pence
			case fee.Waived:
				waivedSum += line.Pence
			default:
				require.Failf(t, "neither due nor waived", "line %d is %s", line.ID, decision.State)
			}
		}
		require.Len(t, decisions, next)
		require.Equal(t, quotedSum, dueSum+waivedSum)
		if settlement.Changed() {
			require.Equal(t, fee.Pence(0), dueSum, "a changed award grade leaves nothing to pay")
		}
	})
}

func drawLines(t *rapid.T) []fee.Line {
	var lines []fee.Line
	for i := range rapid.IntRange(0, 8).Draw(t, "lines") {
		lines = append(lines, fee.Line{
			ID:        int64(i + 1),
			Reference: casework.Reference(rapid.SampledFrom([]string{"A", "B", "C"}).Draw(t, "case")),
			Code:      rapid.SampledFrom([]fee.Code{review, script}).Draw(t, "code"),
			Pence:     fee.Pence(rapid.Int64Range(0, 100_000).Draw(t, "pence")),
			State:     rapid.SampledFrom(fee.States()).Draw(t, "state"),
		})
	}
	return lines
}

func drawSettlement(t *rapid.T) grading.Settlement {
	grade := rapid.SampledFrom([]string{"A", "B"})
	s := grading.Settlement{GradeBefore: grade.Draw(t, "before"), GradeAfter: grade.Draw(t, "after")}
	if rapid.Bool().Draw(t, "unitised") {
		for _, code := range []string{"A", "B", "C"} {
			s.Units = append(s.Units, grading.UnitGrade{Component: code, Before: grade.Draw(t, "unit before"), After: grade.Draw(t, "unit after")})
		}
	}
	return s
}

func TestStates_AreListedOnce(t *testing.T) {
	t.Parallel()
	require.Equal(t, []fee.State{fee.Quoted, fee.Due, fee.Waived, fee.Cancelled, fee.Invoiced, fee.Credited}, fee.States())
	require.Equal(t, []fee.Strategy{
		"unit_grade", "linked_award_grade", "overall_external_grade", "marks_reinstated", "moderated_grade_change", "appeal_upheld",
		"always_free", "never",
	}, fee.Strategies())
}
