package docket_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

func candidate(reference casework.Reference, change func(*docket.BatchCandidate)) docket.BatchCandidate {
	c := docket.BatchCandidate{
		BatchTarget: casework.BatchTarget{Reference: reference, Task: casework.TaskOf(reference, 1), Holder: "ex-1"},
		Stage:       casework.StageAssigned, TaskState: casework.TaskReserved,
	}
	if change != nil {
		change(&c)
	}
	return c
}

// Each action fits some cases; of every other one its namer learns why not, at the place where it was named.
func TestFitBatch_SaysOfEachCaseWhyItDoesNotFit(t *testing.T) {
	t.Parallel()
	hold := casework.BatchCommand{Action: casework.BatchHold, Cause: casework.HoldSample}
	resume := casework.BatchCommand{Action: casework.BatchResume, Cause: casework.HoldSample}
	anybody := casework.BatchCommand{Action: casework.BatchReassign}
	named := casework.BatchCommand{Action: casework.BatchReassign, To: "ex-2"}
	nudge := casework.BatchCommand{Action: casework.BatchNudge}
	for name, row := range map[string]struct {
		command casework.BatchCommand
		change  func(*docket.BatchCandidate)
		why     string
	}{
		"hold an open case":      {hold, nil, ""},
		"hold for another cause": {hold, func(c *docket.BatchCandidate) { c.HeldFor = []casework.HoldCause{casework.HoldOther} }, ""},
		"hold what is held": {hold, func(c *docket.BatchCandidate) {
			c.HeldFor = []casework.HoldCause{casework.HoldOther, casework.HoldSample}
		}, "held already"},
		"hold what is closed":           {hold, func(c *docket.BatchCandidate) { c.Stage = casework.StageClosed }, "is closed"},
		"resume what is held":           {resume, func(c *docket.BatchCandidate) { c.HeldFor = []casework.HoldCause{casework.HoldSample} }, ""},
		"resume what is not held":       {resume, nil, "is not held for that"},
		"reassign a held task":          {anybody, nil, ""},
		"reassign a suspended task":     {anybody, func(c *docket.BatchCandidate) { c.TaskState = casework.TaskSuspended }, ""},
		"reassign a task of the pool":   {anybody, func(c *docket.BatchCandidate) { c.TaskState, c.Holder = casework.TaskReady, "" }, "in the pool"},
		"give a task of the pool":       {named, func(c *docket.BatchCandidate) { c.TaskState, c.Holder = casework.TaskReady, "" }, ""},
		"give it to its holder":         {named, func(c *docket.BatchCandidate) { c.Holder = "ex-2" }, "held by ex-2 already"},
		"reassign what is done":         {anybody, func(c *docket.BatchCandidate) { c.TaskState = casework.TaskCompleted }, "has no task"},
		"reassign where there is none":  {anybody, func(c *docket.BatchCandidate) { c.Task, c.TaskState, c.Holder = "", "", "" }, "has no task"},
		"nudge an open case":            {nudge, nil, ""},
		"nudge what was refused at all": {nudge, func(c *docket.BatchCandidate) { c.Stage = casework.StageRefused }, "is refused"},
	} {
		one := candidate("R-1", row.change)
		fit, reasons := docket.FitBatch(row.command, []casework.Reference{"R-0", "R-1"}, []docket.BatchCandidate{candidate("R-0", row.change), one})
		if row.why == "" {
			require.Len(t, fit, 2, name)
			require.Empty(t, reasons, name)
			continue
		}
		require.Empty(t, fit, name)
		require.Len(t, reasons, 2, name)
		require.Contains(t, reasons[1].Detail, row.why, name)
		require.Equal(t, "/references/1", reasons[1].Pointer, name)
	}
}

func TestFitBatch_ATargetHoldsOnlyWhatTheActionIsAbout(t *testing.T) {
	t.Parallel()
	all := []docket.BatchCandidate{candidate("R-1", nil)}
	fit, _ := docket.FitBatch(casework.BatchCommand{Action: casework.BatchNudge}, nil, all)
	require.Equal(t, casework.BatchTarget{Reference: "R-1"}, fit[0].BatchTarget, "so that a task that moves is no other batch")
	fit, _ = docket.FitBatch(casework.BatchCommand{Action: casework.BatchReassign}, nil, all)
	require.Equal(t, casework.BatchTarget{Reference: "R-1", Task: "R-1/1", Holder: "ex-1"}, fit[0].BatchTarget)
	require.Equal(t, "ex-1", all[0].Holder, "what was read is left as it was")
}

func TestFitBatch_ANamedCaseThatDoesNotExistIsNamed(t *testing.T) {
	t.Parallel()
	fit, reasons := docket.FitBatch(casework.BatchCommand{Action: casework.BatchNudge}, []casework.Reference{"R-1", "R-2"}, []docket.BatchCandidate{candidate("R-1", nil)})
	require.Len(t, fit, 1)
	require.Len(t, reasons, 1)
	require.Equal(t, "/references/1", reasons[0].Pointer)
	require.Contains(t, reasons[0].Detail, "There is no case R-2")
}

// A filter leaves out in the query what the action can never be about, so that many other cases do not fill the page.
func TestNarrowed_LeavesOutWhatCannotFit(t *testing.T) {
	t.Parallel()
	of := func(action casework.BatchAction) docket.BatchSelection {
		return docket.BatchSelection{Centre: "64101"}.Narrowed(casework.BatchCommand{Action: action, Cause: casework.HoldSample})
	}
	require.Equal(t, docket.BatchSelection{Centre: "64101", HeldFor: casework.HoldSample}, of(casework.BatchResume))
	require.Equal(t, docket.BatchSelection{Centre: "64101", WithTask: true}, of(casework.BatchReassign))
	require.Equal(t, docket.BatchSelection{Centre: "64101"}, of(casework.BatchHold))
	given := docket.BatchSelection{HeldFor: casework.HoldOther}.Narrowed(casework.BatchCommand{Action: casework.BatchResume, Cause: casework.HoldSample})
	require.Equal(t, casework.HoldOther, given.HeldFor, "what the person chose stays")
}
