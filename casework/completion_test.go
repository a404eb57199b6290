package casework_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework"
)

// reviewSheet is a paper of three items that is reviewed.
func reviewSheet() casework.TaskSheet {
	return casework.TaskSheet{
		Task:    "R-7K4F-M2QX-9TBD-Z/1",
		Service: casework.ReviewOfMarking,
		Items:   []casework.SheetItem{{Item: "1a", Max: 4, Original: 2}, {Item: "1b", Max: 6, Original: 6}, {Item: "2", Max: 10, Original: 0}},
		Rules: casework.CompletionRules{
			ChangeReasons:    []string{"totalling-error", "points-scheme-misapplied"},
			UnchangedReasons: []string{"mark-scheme-applied-correctly"},
			Checklist:        []string{"all-parts-marked", "addition"},
			AnnotatedScript:  true,
		},
	}
}

// unchanged completes the review sheet without a change.
func unchanged() casework.Completion {
	return casework.Completion{
		Task:            "R-7K4F-M2QX-9TBD-Z/1",
		Items:           []casework.ItemMark{{Item: "1a", Mark: 2}, {Item: "1b", Mark: 6}, {Item: "2", Mark: 0}},
		Checklist:       []casework.CheckAnswer{{Check: "all-parts-marked", Correct: true}, {Check: "addition", Correct: true}},
		UnchangedReason: "mark-scheme-applied-correctly",
		Annotated:       &casework.FileRef{Key: "uploads/t/f.pdf", Version: "1", SHA256: "ab", Size: 3},
	}
}

// changed completes the review sheet with two more marks for item 1a.
func changed() casework.Completion {
	c := unchanged()
	c.Items[0] = casework.ItemMark{Item: "1a", Mark: 4, Reason: "points-scheme-misapplied"}
	c.UnchangedReason = ""
	return c
}

func TestCompletion_IsTaken(t *testing.T) {
	t.Parallel()
	require.Empty(t, unchanged().Check(reviewSheet()))
	require.False(t, unchanged().Changes(reviewSheet()))
	require.Empty(t, changed().Check(reviewSheet()))
	require.True(t, changed().Changes(reviewSheet()))

	reordered := changed()
	reordered.Items[0], reordered.Items[2] = reordered.Items[2], reordered.Items[0]
	require.Empty(t, reordered.Check(reviewSheet()), "the order of the items does not matter")

	down := changed()
	down.Items[0].Mark = 0
	require.Empty(t, down.Check(reviewSheet()), "marks may fall as well as rise (domain §5.2)")

	corrected := changed()
	corrected.Checklist[1].Correct = false
	require.Empty(t, corrected.Check(reviewSheet()), "an error that the checklist found is corrected by a mark")
}

func TestCompletion_EveryFaultHasItsCodeAndItsPlace(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		code, pointer string
		with          func(c *casework.Completion, s *casework.TaskSheet)
	}{
		{"another-task", "/task", func(c *casework.Completion, _ *casework.TaskSheet) { c.Task = "R-7K4F-M2QX-9TBD-Z/2" }},
		{"unknown-item", "/items/3/item", func(c *casework.Completion, _ *casework.TaskSheet) {
			c.Items = append(c.Items, casework.ItemMark{Item: "3", Mark: 1})
		}},
		{"item-twice", "/items/3/item", func(c *casework.Completion, _ *casework.TaskSheet) {
			c.Items = append(c.Items, casework.ItemMark{Item: "2", Mark: 0})
		}},
		{"item-missing", "/items", func(c *casework.Completion, _ *casework.TaskSheet) { c.Items = c.Items[:2] }},
		{"mark-out-of-range", "/items/0/mark", func(c *casework.Completion, _ *casework.TaskSheet) { c.Items[0].Mark = 5 }},
		{"mark-out-of-range", "/items/0/mark", func(c *casework.Completion, _ *casework.TaskSheet) { c.Items[0].Mark = -1 }},
		{"reason-without-change", "/items/1/reason", func(c *casework.Completion, _ *casework.TaskSheet) { c.Items[1].Reason = "totalling-error" }},
		{"reason-missing", "/items/0/reason", func(c *casework.Completion, _ *casework.TaskSheet) { c.Items[0].Reason = "" }},
		{"reason-not-accepted", "/items/0/reason", func(c *casework.Completion, _ *casework.TaskSheet) { c.Items[0].Reason = "centre-mark-wrong" }},
		{"unknown-check", "/checklist/2/check", func(c *casework.Completion, _ *casework.TaskSheet) {
			c.Checklist = append(c.Checklist, casework.CheckAnswer{Check: "boundaries", Correct: true})
		}},
		{"check-twice", "/checklist/2/check", func(c *casework.Completion, _ *casework.TaskSheet) {
			c.Checklist = append(c.Checklist, casework.CheckAnswer{Check: "addition", Correct: true})
		}},
		{"check-missing", "/checklist", func(c *casework.Completion, _ *casework.TaskSheet) { c.Checklist = c.Checklist[:1] }},
		{"unchanged-reason-with-change", "/unchangedReason", func(c *casework.Completion, _ *casework.TaskSheet) {
			c.UnchangedReason = "mark-scheme-applied-correctly"
		}},
		{"annotated-script-missing", "/annotated", func(c *casework.Completion, _ *casework.TaskSheet) { c.Annotated = nil }},
		{"annotated-script-not-wanted", "/annotated", func(_ *casework.Completion, s *casework.TaskSheet) { s.Rules.AnnotatedScript = false }},
	} {
		t.Run(row.code, func(t *testing.T) {
			t.Parallel()
			completion, sheet := changed(), reviewSheet()
			row.with(&completion, &sheet)
			requireFault(t, completion.Check(sheet), row.code, row.pointer)
		})
	}
}

func TestCompletion_FaultsOfAnUnchangedOutcome(t *testing.T) {
	t.Parallel()
	missing := unchanged()
	missing.UnchangedReason = ""
	requireFault(t, missing.Check(reviewSheet()), "unchanged-reason-missing", "/unchangedReason")

	another := unchanged()
	another.UnchangedReason = "looks-fine"
	requireFault(t, another.Check(reviewSheet()), "unchanged-reason-not-accepted", "/unchangedReason")

	uncorrected := unchanged()
	uncorrected.Checklist[1].Correct = false
	requireFault(t, uncorrected.Check(reviewSheet()), "error-not-corrected", "/checklist/1/correct")
}

func requireFault(t *testing.T, reasons []casework.Reason, code, pointer string) {
	t.Helper()
	require.Len(t, reasons, 1, "exactly this is wrong")
	require.Equal(t, code, reasons[0].Code)
	require.Equal(t, pointer, reasons[0].Pointer)
	require.NotEmpty(t, reasons[0].Detail)
	if code != "another-task" {
		require.NotEmpty(t, reasons[0].Remedy)
	}
}

func TestCompletion_AllFaultsAreNamedAtOnce(t *testing.T) {
	t.Parallel()
	c := casework.Completion{
		Task:  "R-7K4F-M2QX-9TBD-Z/1",
		Items: []casework.ItemMark{{Item: "1a", Mark: 9}, {Item: "1b", Mark: 5}},
	}
	var codes []string
	for _, reason := range c.Check(reviewSheet()) {
		codes = append(codes, reason.Code)
	}
	require.Equal(t, []string{"mark-out-of-range", "reason-missing", "item-missing", "check-missing", "check-missing", "annotated-script-missing"}, codes)
}

func TestCompletion_AReasonThatIsMissingIsHelpedByTheAcceptedOnes(t *testing.T) {
	t.Parallel()
	c := changed()
	c.Items[0].Reason = ""
	require.Contains(t, c.Check(reviewSheet())[0].Remedy, "totalling-error, points-scheme-misapplied")
}

// Whatever passes the check has everything that the decision relies on.
func TestCompletion_WhatIsTakenIsWholeAndWithinBounds(t *testing.T) {
	t.Parallel()
	sheet := reviewSheet()
	taken := 0
	rapid.Check(t, func(t *rapid.T) {
		c := drawCompletion(t, sheet)
		if rapid.Bool().Draw(t, "a right one") {
			c = changed()
		}
		if len(c.Check(sheet)) > 0 {
			return
		}
		taken++
		require.Len(t, c.Items, len(sheet.Items))
		marks := 0
		for _, item := range sheet.Items {
			for _, given := range c.Items {
				if given.Item != item.Item {
					continue
				}
				require.True(t, 0 <= given.Mark && given.Mark <= item.Max)
				require.Equal(t, given.Mark != item.Original, given.Reason != "", "a change and its reason go together")
				marks++
			}
		}
		require.Equal(t, len(sheet.Items), marks, "each item once")
		require.Equal(t, c.Changes(sheet), c.UnchangedReason == "")
		require.Len(t, c.Checklist, len(sheet.Rules.Checklist))
		require.NotNil(t, c.Annotated)
	})
	require.Positive(t, taken, "some of the drawn completions are right")
}

// drawCompletion starts from a right completion and spoils it now and then.
func drawCompletion(t *rapid.T, sheet casework.TaskSheet) casework.Completion {
	c := unchanged()
	c.Items = nil
	for _, item := range sheet.Items {
		mark := casework.ItemMark{Item: item.Item, Mark: item.Original}
		if rapid.Bool().Draw(t, "change") {
			mark.Mark = rapid.IntRange(-1, item.Max+1).Draw(t, "mark")
			mark.Reason = rapid.SampledFrom([]string{"", "totalling-error", "points-scheme-misapplied", "mood"}).Draw(t, "reason")
		}
		if rapid.IntRange(0, 9).Draw(t, "omit") > 0 {
			c.Items = append(c.Items, mark)
		}
	}
	c.UnchangedReason = rapid.SampledFrom([]string{"", "mark-scheme-applied-correctly"}).Draw(t, "unchanged")
	if rapid.IntRange(0, 9).Draw(t, "annotated") == 0 {
		c.Annotated = nil
	}
	c.Checklist[1].Correct = rapid.Bool().Draw(t, "correct")
	return c
}

// Domain §8.3, reading 3: a clerical check has a checklist, administrative reasons and no annotated script.
func TestCompletion_OfAClericalCheck(t *testing.T) {
	t.Parallel()
	sheet := reviewSheet()
	sheet.Service = casework.ClericalCheck
	sheet.Rules = casework.CompletionRules{
		ChangeReasons:    []string{"totalling-error", "work-not-marked"},
		UnchangedReasons: []string{"addition-and-transfer-correct"},
		Checklist:        []string{"all-parts-marked", "addition"},
	}
	c := unchanged()
	c.Annotated, c.UnchangedReason = nil, "addition-and-transfer-correct"
	require.Empty(t, c.Check(sheet))

	c.Items[2] = casework.ItemMark{Item: "2", Mark: 7, Reason: "work-not-marked"}
	c.Checklist[0].Correct, c.UnchangedReason = false, ""
	require.Empty(t, c.Check(sheet), "a part that nobody had marked is marked now")

	c.Items[2].Reason = "points-scheme-misapplied"
	requireFault(t, c.Check(sheet), "reason-not-accepted", "/items/2/reason")
}

func TestCompletion_AnEmptyOneIsToldEverythingThatIsMissing(t *testing.T) {
	t.Parallel()
	var codes []string
	for _, reason := range (casework.Completion{Task: reviewSheet().Task}).Check(reviewSheet()) {
		codes = append(codes, reason.Code)
	}
	require.Equal(t, []string{"item-missing", "item-missing", "item-missing", "check-missing", "check-missing", "unchanged-reason-missing", "annotated-script-missing"}, codes)
}
