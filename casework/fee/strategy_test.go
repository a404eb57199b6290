package fee_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/fee"
	"github.com/recourse-exams/recourse/casework/grading"
)

// decideOne decides one quoted line by a strategy; ok is false if the line was left quoted.
func decideOne(strategy fee.Strategy, finding fee.Finding) (decision fee.Decision, ok bool) {
	decisions := fee.Decide(
		[]fee.Line{quoted(1, "A", review)},
		func(casework.Reference) fee.Finding { return finding },
		func(fee.Code) (fee.Waiver, bool) {
			return fee.Waiver{Strategy: strategy, Clause: "clause 6", Source: "Regulations"}, true
		},
	)
	if len(decisions) == 0 {
		return fee.Decision{}, false
	}
	return decisions[0], true
}

func award(s grading.Settlement) fee.Finding { return fee.Finding{Component: "A", Award: &s} }

func moderation(reinstated bool, changed int) fee.Finding {
	return fee.Finding{Component: "A", Moderation: &fee.Moderation{Reinstated: reinstated, ChangedGrades: changed}}
}

// Every strategy with every kind of finding that decides it (domain §1.1, §1.4, §1.5, §8.2 and §8.3, reading 1).
func TestDecide_EachStrategyLooksAtItsOwnFact(t *testing.T) {
	t.Parallel()
	units := func(before, after string) grading.Settlement {
		return grading.Settlement{GradeBefore: "B", GradeAfter: "B", Units: []grading.UnitGrade{{Component: "A", Before: before, After: after}, {Component: "B", Before: "C", After: "A"}}}
	}
	external := func(before, after string) grading.Settlement {
		return grading.Settlement{GradeBefore: "P", GradeAfter: "P", External: grading.Change{Before: before, After: after}}
	}
	const waived, due = fee.Waived, fee.Due
	for _, row := range []struct {
		name     string
		strategy fee.Strategy
		finding  fee.Finding
		state    fee.State
		why      string
	}{
		{"a unit's grade rose", fee.UnitGrade, award(units("B", "A")), waived, "The grade of unit A changed from B to A (clause 6)."},
		{"a unit's grade fell", fee.UnitGrade, award(units("A", "B")), waived, "The grade of unit A changed from A to B (clause 6)."},
		{"only another unit's grade moved", fee.UnitGrade, award(units("B", "B")), due, "No grade changed (clause 6)."},
		{"the award's grade changed (AQA: all are free then)", fee.UnitGrade, award(grading.Settlement{GradeBefore: "B", GradeAfter: "A"}), waived, "The grade of the award changed from B to A (clause 6)."},
		{"the award's grade rose", fee.LinkedAwardGrade, award(grading.Settlement{GradeBefore: "4", GradeAfter: "5"}), waived, "The grade of the award changed from 4 to 5 (clause 6)."},
		{"the award's grade fell", fee.LinkedAwardGrade, award(grading.Settlement{GradeBefore: "5", GradeAfter: "4"}), waived, "The grade of the award changed from 5 to 4 (clause 6)."},
		{"only marks changed", fee.LinkedAwardGrade, award(grading.Settlement{TotalAfter: 4, GradeBefore: "5", GradeAfter: "5"}), due, "No grade changed (clause 6)."},
		{"the external grade rose", fee.OverallExternalGrade, award(external("C", "B")), waived, "The overall external assessment grade changed from C to B (clause 6)."},
		{"the external grade fell", fee.OverallExternalGrade, award(external("B", "C")), waived, "The overall external assessment grade changed from B to C (clause 6)."},
		{"the external grade stands", fee.OverallExternalGrade, award(external("B", "B")), due, "The overall external assessment grade did not change (clause 6)."},
		{"the marks are reinstated", fee.MarksReinstated, moderation(true, 0), waived, "The centre's marks were reinstated (clause 6)."},
		{"grades moved without reinstatement", fee.MarksReinstated, moderation(false, 9), due, "The centre's marks were not reinstated (clause 6)."},
		{"a moderated grade changed", fee.ModeratedGradeChange, moderation(false, 1), waived, "The overall moderated grade changed for one candidate (clause 6)."},
		{"moderated grades changed", fee.ModeratedGradeChange, moderation(true, 3), waived, "The overall moderated grade changed for 3 candidates (clause 6)."},
		{"no moderated grade changed", fee.ModeratedGradeChange, moderation(true, 0), due, "No overall moderated grade changed (clause 6)."},
		{"the appeal is upheld", fee.AppealUpheld, fee.Finding{Appeal: fee.Upheld}, waived, "The appeal was upheld (clause 6)."},
		{"the appeal is upheld in part", fee.AppealUpheld, fee.Finding{Appeal: fee.UpheldInPart}, waived, "The appeal was upheld in part (clause 6)."},
		{"the appeal is not upheld", fee.AppealUpheld, fee.Finding{Appeal: fee.NotUpheld}, due, "The appeal was not upheld (clause 6)."},
		{"the appeal is not accepted", fee.AppealUpheld, fee.Finding{Appeal: fee.NotAccepted}, due, "The appeal was not accepted (clause 6)."},
		{"the service is free", fee.AlwaysFree, fee.Finding{}, waived, "This service is free of charge (clause 6)."},
		{"a late copy after a changed grade", fee.Never, award(grading.Settlement{GradeBefore: "4", GradeAfter: "5"}), due, "This fee is charged whatever the outcome (clause 6)."},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			decision, ok := decideOne(row.strategy, row.finding)
			require.True(t, ok)
			require.Equal(t, row.state, decision.State)
			require.Equal(t, row.why, decision.Why)
		})
	}
}

// Domain §8.3, reading 1: an S3 is never waived because a grade moved.
func TestDecide_AReviewOfModerationIsNotWaivedByTheAwardsGrade(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawSettlement(t)
		f := moderation(rapid.Bool().Draw(t, "reinstated"), rapid.IntRange(0, 5).Draw(t, "changed"))
		f.Award = &s
		decision, ok := decideOne(fee.MarksReinstated, f)
		require.True(t, ok)
		require.Equal(t, f.Moderation.Reinstated, decision.State == fee.Waived)
	})
}

func TestDecide_WhatIsNotKnownYetStaysQuoted(t *testing.T) {
	t.Parallel()
	linear := grading.Settlement{GradeBefore: "4", GradeAfter: "4"}
	for _, row := range []struct {
		strategy fee.Strategy
		finding  fee.Finding
	}{
		{fee.LinkedAwardGrade, fee.Finding{}},
		{fee.UnitGrade, fee.Finding{}},
		{fee.UnitGrade, award(linear)},
		{fee.OverallExternalGrade, fee.Finding{}},
		{fee.OverallExternalGrade, award(linear)},
		{fee.MarksReinstated, award(linear)},
		{fee.ModeratedGradeChange, award(linear)},
		{fee.AppealUpheld, award(linear)},
	} {
		_, ok := decideOne(row.strategy, row.finding)
		require.Falsef(t, ok, "%s without %v", row.strategy, row.strategy.Needs())
	}
}

// Domain §8.2: a copy that is ordered with the review shares its waiver, a late one has its own rule.
func TestDecide_ACopyIsWaivedWithItsReviewAndALateOneNever(t *testing.T) {
	t.Parallel()
	const late = fee.Code("late-script")
	rules := func(code fee.Code) (fee.Waiver, bool) {
		if code == late {
			return fee.Waiver{Strategy: fee.Never, Clause: "clause 6.4"}, true
		}
		return waivers(code)
	}
	lines := []fee.Line{quoted(1, "A", review), quoted(2, "A", script), quoted(3, "A", late)}
	decisions := fee.Decide(lines, found(grading.Settlement{GradeBefore: "4", GradeAfter: "3"}), rules)
	require.Equal(t, []fee.State{fee.Waived, fee.Waived, fee.Due}, states(decisions))
}

// A strategy decides if and only if the finding has what it needs: the loader relies on that.
func TestStrategy_NeedsExactlyWhatItLooksAt(t *testing.T) {
	t.Parallel()
	brings := map[fee.Need]func(*fee.Finding){
		fee.NeedAwardGrade:      func(f *fee.Finding) { f.Award = &grading.Settlement{GradeBefore: "4", GradeAfter: "4"} },
		fee.NeedUnitGrade:       func(f *fee.Finding) { f.Award = &grading.Settlement{Units: []grading.UnitGrade{{Component: "A"}}} },
		fee.NeedExternalGrade:   func(f *fee.Finding) { f.Award = &grading.Settlement{External: grading.Change{Before: "P", After: "P"}} },
		fee.NeedReinstatement:   func(f *fee.Finding) { f.Moderation = &fee.Moderation{} },
		fee.NeedModeratedGrades: func(f *fee.Finding) { f.Moderation = &fee.Moderation{} },
		fee.NeedAppealOutcome:   func(f *fee.Finding) { f.Appeal = fee.NotUpheld },
	}
	seen := map[fee.Need]bool{}
	for _, strategy := range fee.Strategies() {
		_, ok := decideOne(strategy, fee.Finding{Component: "A"})
		require.Equal(t, len(strategy.Needs()) == 0, ok, "%s with nothing known", strategy)
		complete := fee.Finding{Component: "A"}
		for _, need := range strategy.Needs() {
			require.Contains(t, brings, need)
			brings[need](&complete)
			seen[need] = true
		}
		_, ok = decideOne(strategy, complete)
		require.Truef(t, ok, "%s with %v", strategy, strategy.Needs())
	}
	require.Len(t, seen, len(brings), "every need is some strategy's")
	require.Empty(t, fee.Strategy("on_tuesdays").Needs())
}
