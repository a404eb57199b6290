package casework_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework"
)

var caseworkerOne = casework.Actor{Subject: "cw-1", Role: casework.RoleCaseworker, Reason: "They were lost in the post."}

// A batch says what one case would have to be told, and no more.
func TestBatchCommand_CheckNamesEveryFieldAtFault(t *testing.T) {
	t.Parallel()
	hold := casework.BatchCommand{Action: casework.BatchHold, Cause: casework.HoldSample, ApprovedBy: "cw-2", Actor: caseworkerOne}
	resume := casework.BatchCommand{Action: casework.BatchResume, Cause: casework.HoldSample, Delivered: true, Actor: caseworkerOne}
	reassign := casework.BatchCommand{Action: casework.BatchReassign, To: "ex-2", Actor: caseworkerOne}
	nudge := casework.BatchCommand{Action: casework.BatchNudge, Actor: caseworkerOne}
	for _, good := range []casework.BatchCommand{hold, resume, reassign, nudge} {
		require.Nil(t, good.Check(), "%s", good.Action)
	}
	for name, row := range map[string]struct {
		from     casework.BatchCommand
		change   func(*casework.BatchCommand)
		pointers []string
	}{
		"hold without a cause":       {hold, func(c *casework.BatchCommand) { c.Cause = "" }, []string{"/cause"}},
		"hold without a reason":      {hold, func(c *casework.BatchCommand) { c.Actor.Reason = " " }, []string{"/reason"}},
		"hold without an approver":   {hold, func(c *casework.BatchCommand) { c.ApprovedBy = "" }, []string{"/approvedBy"}},
		"hold approved by the asker": {hold, func(c *casework.BatchCommand) { c.ApprovedBy = "cw-1" }, []string{"/approvedBy"}},
		"hold that is delivered":     {hold, func(c *casework.BatchCommand) { c.Delivered = true }, []string{"/delivered"}},
		"resume with an approver":    {resume, func(c *casework.BatchCommand) { c.ApprovedBy = "cw-2" }, []string{"/approvedBy"}},
		"resume that is delivered":   {resume, func(c *casework.BatchCommand) { c.Cause = casework.HoldOther }, []string{"/delivered"}},
		"resume of anything":         {resume, func(c *casework.BatchCommand) { c.Cause = "" }, []string{"/cause"}},
		"reassign for a cause":       {reassign, func(c *casework.BatchCommand) { c.Cause = casework.HoldOther }, []string{"/cause"}},
		"reassign without a reason":  {reassign, func(c *casework.BatchCommand) { c.Actor.Reason = "" }, []string{"/reason"}},
		"nudge to somebody":          {nudge, func(c *casework.BatchCommand) { c.To = "ex-2" }, []string{"/to"}},
		"nudge without a reason":     {nudge, func(c *casework.BatchCommand) { c.Actor.Reason = "" }, []string{"/reason"}},
		"nothing that is known":      {nudge, func(c *casework.BatchCommand) { c.Action = "sing" }, []string{"/action"}},
		"everything at once": {nudge, func(c *casework.BatchCommand) {
			c.Cause, c.ApprovedBy, c.Delivered, c.To = casework.HoldOther, "cw-2", true, "ex-2"
		}, []string{"/cause", "/approvedBy", "/delivered", "/to"}},
	} {
		command := row.from
		row.change(&command)
		fault := command.Check()
		require.NotNil(t, fault, name)
		require.Equal(t, casework.Invalid, fault.Kind, name)
		var pointers []string
		for _, reason := range fault.Reasons {
			pointers = append(pointers, reason.Pointer)
			require.NotEmpty(t, reason.Remedy, name)
		}
		require.Equal(t, row.pointers, pointers, name)
	}
}

// Two digests are equal exactly if they would do the same to the same cases; when somebody asks makes no difference.
func TestBatchCommand_DigestNamesWhatIsDoneToWhom(t *testing.T) {
	t.Parallel()
	word := rapid.SampledFrom([]string{"", "a", "b", `" "`, "\n"})
	commands := rapid.Custom(func(rt *rapid.T) casework.BatchCommand {
		return casework.BatchCommand{
			Action: casework.BatchAction(word.Draw(rt, "action")), Cause: casework.HoldCause(word.Draw(rt, "cause")), ApprovedBy: word.Draw(rt, "approver"),
			Delivered: rapid.Bool().Draw(rt, "delivered"), To: word.Draw(rt, "to"),
			Actor: casework.Actor{Subject: word.Draw(rt, "subject"), Reason: word.Draw(rt, "reason")},
		}
	})
	targets := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) casework.BatchTarget {
		return casework.BatchTarget{
			Reference: casework.Reference(word.Draw(rt, "reference")), Task: casework.TaskID(word.Draw(rt, "task")), Holder: word.Draw(rt, "holder"),
		}
	}), 0, 2)
	rapid.Check(t, func(rt *rapid.T) {
		one, other := commands.Draw(rt, "one"), commands.Draw(rt, "other")
		cases, others := targets.Draw(rt, "cases"), targets.Draw(rt, "others")
		alike := one == other && len(cases) == len(others)
		for i := range min(len(cases), len(others)) {
			alike = alike && cases[i] == others[i]
		}
		if (one.Digest(cases) == other.Digest(others)) != alike {
			rt.Fatalf("%+v %+v and %+v %+v", one, cases, other, others)
		}
		later := one
		later.ReceivedAt = time.Unix(1, 0)
		if one.Digest(cases) != later.Digest(cases) {
			rt.Fatalf("the digest depends on when")
		}
	})
}

// A task is taken from the holder who was agreed to, and from nobody else.
func TestBatchCommand_AReassignmentNamesFromWhom(t *testing.T) {
	t.Parallel()
	command := casework.BatchCommand{Action: casework.BatchReassign, To: "ex-2", Actor: caseworkerOne, ReceivedAt: time.Unix(5, 0)}
	require.Equal(t, casework.TaskRequest{
		Task: "R-2345-6789-BCDF-G/2", Operation: casework.OpReassign, From: "ex-1", To: "ex-2", Actor: caseworkerOne, Key: "k", ReceivedAt: time.Unix(5, 0),
	}, command.ReassignRequest(casework.BatchTarget{Reference: "R-2345-6789-BCDF-G", Task: "R-2345-6789-BCDF-G/2", Holder: "ex-1"}, "k"))
}
