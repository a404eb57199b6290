package casework_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework"
)

// secondSheet is the paper of the review sheet after a first performer corrected item 1a from 2 to 4.
func secondSheet() casework.TaskSheet {
	sheet := reviewSheet()
	sheet.Task, sheet.Kind = "R-7K4F-M2QX-9TBD-Z/2", casework.TaskSecondLook
	sheet.Corrected = []casework.ItemMark{{Item: "1a", Mark: 4, Reason: "points-scheme-misapplied"}}
	return sheet
}

func secondCompletion(mark int) casework.Completion {
	c := changed()
	c.Task = secondSheet().Task
	c.Items[0].Mark = mark
	return c
}

func TestSecondLook_KeepsTheCorrectionOrChangesItFurther(t *testing.T) {
	t.Parallel()
	require.Empty(t, secondCompletion(4).Check(secondSheet()), "the correction is kept")
	require.Empty(t, secondCompletion(3).Check(secondSheet()), "the second performer finds another mark right")
	require.Empty(t, secondCompletion(0).Check(secondSheet()), "even one below the first: marks may fall as well as rise")

	more := secondCompletion(4)
	more.Items[2] = casework.ItemMark{Item: "2", Mark: 7, Reason: "totalling-error"}
	require.Empty(t, more.Check(secondSheet()), "and may correct what the first performer left alone")
}

// Domain §8.3, reading 4: a second-look threshold may never discard a correction.
func TestSecondLook_NeverBringsBackTheMarkFirstGiven(t *testing.T) {
	t.Parallel()
	undone := secondCompletion(2)
	undone.Items[0].Reason = ""
	undone.UnchangedReason = "mark-scheme-applied-correctly"
	requireFault(t, undone.Check(secondSheet()), casework.FaultCorrectionDiscarded, "/items/0/mark")

	reasoned := secondCompletion(2)
	reasoned.Items[2] = casework.ItemMark{Item: "2", Mark: 7, Reason: "totalling-error"}
	requireFault(t, reasoned.Check(secondSheet()), casework.FaultCorrectionDiscarded, "/items/0/mark")
}

func TestSecondLook_ACorrectionThatTheRegisterHasMadeMeanwhileBindsNobody(t *testing.T) {
	t.Parallel()
	sheet := secondSheet()
	sheet.Items[0].Original = 4 // A linked clerical check of the same paper came to the same mark.
	c := secondCompletion(4)
	c.Items[0].Reason, c.UnchangedReason = "", "mark-scheme-applied-correctly"
	require.Empty(t, c.Check(sheet))
}

func TestSecondLook_WhateverIsTakenKeepsEveryCorrectedItemChanged(t *testing.T) {
	t.Parallel()
	taken := 0
	rapid.Check(t, func(t *rapid.T) {
		sheet := secondSheet()
		sheet.Corrected = nil
		for _, item := range sheet.Items {
			if mark := rapid.IntRange(0, item.Max).Draw(t, "first"); mark != item.Original {
				sheet.Corrected = append(sheet.Corrected, casework.ItemMark{Item: item.Item, Mark: mark, Reason: "totalling-error"})
			}
		}
		c := drawSecond(t, sheet)
		if len(c.Check(sheet)) > 0 {
			return
		}
		taken++
		for _, first := range sheet.Corrected {
			require.NotEqual(t, markOf(unchanged(), first.Item), markOf(c, first.Item), "the correction of item %s was discarded", first.Item)
		}
	})
	require.Positive(t, taken, "some of the drawn completions are right")
}

// drawSecond gives each item any mark, with a reason where that is needed.
func drawSecond(t *rapid.T, sheet casework.TaskSheet) casework.Completion {
	c := unchanged()
	c.Task = sheet.Task
	for i, item := range sheet.Items {
		if c.Items[i].Mark = rapid.IntRange(0, item.Max).Draw(t, "second"); c.Items[i].Mark != item.Original {
			c.Items[i].Reason, c.UnchangedReason = "totalling-error", ""
		}
	}
	return c
}

func markOf(c casework.Completion, item string) int {
	for _, given := range c.Items {
		if given.Item == item {
			return given.Mark
		}
	}
	return -1
}
