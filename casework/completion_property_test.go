package casework_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework"
)

// drawnTask draws a sheet and a completion that its rules take.
func drawnTask(t *rapid.T) (casework.TaskSheet, casework.Completion) {
	sheet := casework.TaskSheet{Task: "R-2345-6789-BCDF-G/1", Service: casework.ReviewOfMarking, Rules: casework.CompletionRules{
		ChangeReasons: []string{"totalling-error", "rubric-error"}, UnchangedReasons: []string{"marked-as-agreed"},
		Checklist: []string{"addition", "transfer"}, AnnotatedScript: rapid.Bool().Draw(t, "annotated"),
	}}
	done := casework.Completion{Task: sheet.Task}
	changed := false
	for i := range rapid.IntRange(1, 6).Draw(t, "items") {
		item := casework.SheetItem{Item: fmt.Sprint(i + 1), Max: rapid.IntRange(1, 20).Draw(t, "max")}
		item.Original = rapid.IntRange(0, item.Max).Draw(t, "original")
		mark := casework.ItemMark{Item: item.Item, Mark: rapid.IntRange(0, item.Max).Draw(t, "mark")}
		if mark.Mark != item.Original {
			mark.Reason = rapid.SampledFrom(sheet.Rules.ChangeReasons).Draw(t, "reason")
			changed = true
		}
		sheet.Items, done.Items = append(sheet.Items, item), append(done.Items, mark)
	}
	done.Items = rapid.Permutation(done.Items).Draw(t, "order")
	for _, check := range sheet.Rules.Checklist {
		done.Checklist = append(done.Checklist, casework.CheckAnswer{Check: check, Correct: !changed || rapid.Bool().Draw(t, "correct")})
	}
	if !changed {
		done.UnchangedReason = "marked-as-agreed"
	}
	if sheet.Rules.AnnotatedScript {
		done.Annotated = &casework.FileRef{Key: "uploads/x.pdf"}
	}
	return sheet, done
}

// TestCompletion_OneMistakeIsOneReasonAtItsPlace spoils a completion that would be taken in one way at one place.
func TestCompletion_OneMistakeIsOneReasonAtItsPlace(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		sheet, done := drawnTask(t)
		require.Empty(t, done.Check(sheet))
		at := rapid.IntRange(0, len(done.Items)-1).Draw(t, "at")
		check := rapid.IntRange(0, 1).Draw(t, "check")
		want, pointer := "", ""
		switch rapid.IntRange(0, 6).Draw(t, "mistake") {
		case 0:
			done.Items = append(done.Items, done.Items[at])
			want, pointer = "item-twice", fmt.Sprintf("/items/%d/item", len(done.Items)-1)
		case 1:
			done.Items = append(done.Items, casework.ItemMark{Item: "77", Mark: 1})
			want, pointer = "unknown-item", fmt.Sprintf("/items/%d/item", len(done.Items)-1)
		case 2:
			done.Checklist = append(done.Checklist, done.Checklist[check])
			want, pointer = "check-twice", "/checklist/2/check"
		case 3:
			done.Checklist = append(done.Checklist, casework.CheckAnswer{Check: "mood", Correct: true})
			want, pointer = "unknown-check", "/checklist/2/check"
		case 4:
			done.Checklist = append(done.Checklist[:check:check], done.Checklist[check+1:]...)
			want, pointer = "check-missing", "/checklist"
		case 5:
			if done.Annotated = nil; !sheet.Rules.AnnotatedScript {
				done.Annotated = &casework.FileRef{}
			}
			want, pointer = "annotated-script-missing", "/annotated"
			if !sheet.Rules.AnnotatedScript {
				want = "annotated-script-not-wanted"
			}
		case 6:
			if done.UnchangedReason = "mood"; done.Changes(sheet) {
				want = "unchanged-reason-with-change"
			} else {
				want = "unchanged-reason-not-accepted"
			}
			pointer = "/unchangedReason"
		}
		reasons := done.Check(sheet)
		require.Len(t, reasons, 1, "%v", reasons)
		require.Equal(t, want, reasons[0].Code)
		require.Equal(t, pointer, reasons[0].Pointer)
		require.NotEmpty(t, reasons[0].Detail)
		require.NotEmpty(t, reasons[0].Remedy)
	})
}

// TestCompletion_TheOrderInWhichItIsWrittenDoesNotMatter: an examiner may mark from the back of the script.
func TestCompletion_TheOrderInWhichItIsWrittenDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		sheet, done := drawnTask(t)
		changes := done.Changes(sheet)
		done.Items = rapid.Permutation(done.Items).Draw(t, "items again")
		done.Checklist = rapid.Permutation(done.Checklist).Draw(t, "checklist again")
		require.Empty(t, done.Check(sheet))
		require.Equal(t, changes, done.Changes(sheet))
	})
}

// TestCompletion_OfAnotherTaskIsToldNothingOfThisOne: a completion that went astray learns no item and no reason.
func TestCompletion_OfAnotherTaskIsToldNothingOfThisOne(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		sheet, done := drawnTask(t)
		done.Task = "R-2345-6789-BCDF-G/2"
		done.Items = nil
		reasons := done.Check(sheet)
		require.Len(t, reasons, 1)
		require.Equal(t, "another-task", reasons[0].Code)
		require.NotContains(t, reasons[0].Detail, "Item", reasons[0].Detail)
	})
}

// TestWaitingOn_SaysForEveryStageWhoActsNext is what operators filter by; a stage without a word would be a case that
// nobody looks after.
func TestWaitingOn_SaysForEveryStageWhoActsNext(t *testing.T) {
	t.Parallel()
	want := map[casework.Stage]string{
		casework.StageRefused: casework.WaitingNobody, casework.StageUnassigned: casework.WaitingBody, casework.StageAssigned: casework.WaitingReviewer,
		casework.StageDecided: casework.WaitingLinkedCase, casework.StageAppealWindow: casework.WaitingCentre, casework.StageClosed: casework.WaitingNobody,
	}
	for _, stage := range casework.Stages() {
		require.Contains(t, want, stage, "a new stage needs a row")
		require.Equal(t, want[stage], stage.WaitingOn())
		require.Equal(t, stage.Final(), stage.WaitingOn() == casework.WaitingNobody, "only what is over waits for nobody")
	}
	require.Equal(t, casework.WaitingBody, casework.Stage("new").WaitingOn(), "what is unknown is looked after by the awarding body")
}

// TestAttributes_FitIntoAVisibilityStore: PostgreSQL's allows ten keywords and three datetimes (architecture §3.11).
func TestAttributes_FitIntoAVisibilityStore(t *testing.T) {
	t.Parallel()
	require.LessOrEqual(t, len(casework.KeywordAttributes()), 10)
	require.LessOrEqual(t, len(casework.DatetimeAttributes()), 3)
	seen := map[string]bool{}
	for _, name := range append(casework.KeywordAttributes(), casework.DatetimeAttributes()...) {
		require.Regexp(t, `^[A-Z][A-Za-z]+$`, name)
		require.False(t, seen[name], "%s is registered once", name)
		seen[name] = true
	}
}
