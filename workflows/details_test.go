package workflows_test

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"

	"github.com/recourse-exams/recourse/casework"
)

var offered = regexp.MustCompile("(?m)^- `([a-z]+)`: .*\n  `(.*)`$")

// offers are the signals that a case's details offer, with the inputs to start from.
func offers(details string) (names []string, inputs []string) {
	for _, match := range offered.FindAllStringSubmatch(details, -1) {
		names, inputs = append(names, match[1]), append(inputs, match[2])
	}
	return names, inputs
}

// An operator reads what may be done now, under the names that the case listens to, with inputs that it can read.
func TestDetails_OfferWhatMayBeDoneNow(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ReviewOfMarking).people()
	var pool, assigned, stopped, waiting, window string
	s.on(day(1), func() { pool = s.details(); s.acts("mine", by(performer, casework.OpClaim)) })
	s.on(day(2), func() { assigned = s.details(); s.acts("stop", ordered(casework.OpSuspend, "")) })
	s.on(day(3), func() { stopped = s.details(); s.acts("on", ordered(casework.OpResume, "")) })
	s.on(day(4), func() { s.holds("h1", casework.HoldPayment) })
	s.on(day(5), func() { waiting = s.details(); s.resumes("r1", casework.HoldPayment) })
	s.on(day(6), func() { s.completes("u1", performer, completion()) })
	s.on(day(7), func() { window = s.details() })
	s.run()
	closed := s.details()
	for name, row := range map[string]struct {
		page string
		want []string
	}{
		"in the pool":          {pool, []string{"reassign", "hold", "nudge"}},
		"assigned":             {assigned, []string{"complete", "reassign", "task", "hold", "nudge"}},
		"suspended":            {stopped, []string{"task", "reassign", "hold", "nudge"}},
		"on hold":              {waiting, []string{"reassign", "resume", "hold", "nudge"}},
		"in the appeal window": {window, []string{"hold", "nudge"}},
		"closed":               {closed, nil},
	} {
		names, inputs := offers(row.page)
		require.Equal(t, row.want, names, name)
		for i, input := range inputs {
			readable(t, names[i], input)
		}
	}
	require.Contains(t, closed, "Nothing is left to be done.")
	require.Contains(t, window, string(reference)+"/1, completed by "+performer)
}

// readable expects that a signal's input is a message of its type, and nothing else.
func readable(t *testing.T, name, input string) {
	t.Helper()
	message := map[string]any{
		casework.MessageComplete: &casework.CompleteRequest{}, casework.MessageTask: &casework.TaskRequest{}, casework.MessageReassign: &casework.TaskRequest{},
		casework.MessageHold: &casework.HoldRequest{}, casework.MessageResume: &casework.ResumeRequest{}, casework.MessageNudge: &casework.NudgeRequest{},
	}[name]
	require.NotNil(t, message, name)
	decoder := json.NewDecoder(bytes.NewReader([]byte(input)))
	decoder.DisallowUnknownFields()
	require.NoError(t, decoder.Decode(message), input)
	if request, ok := message.(*casework.TaskRequest); ok && name == casework.MessageTask {
		request.Actor.Role = casework.RoleOperator
		require.Nil(t, request.Check(), input)
	}
	require.NotContains(t, input, "{task}")
	require.NotContains(t, input, "{actor}")
}

// The details are what a person of the awarding body reads; a candidate is not in them (architecture §3.12).
func TestDetails_NameNoCandidateAndFitIntoThePage(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ReviewOfMarking).people(performer).practice()
	shown := ""
	s.on(day(1), func() { s.holds("h1", casework.HoldPayment) })
	s.on(day(2), func() { shown = s.details(); s.resumes("r1", casework.HoldPayment) })
	s.on(day(3), func() { s.completes("u1", performer, completion()) })
	s.run()
	require.NotContains(t, shown, s.input.Request.CandidateNumber)
	require.NotContains(t, shown, "Page 3 is missing", "no free text")
	require.Less(t, len(shown), 20_000)
	for line := range strings.Lines(shown) {
		if strings.HasPrefix(line, "|") {
			require.Equal(t, 3, strings.Count(line, "|"), line)
		}
	}
}

// Search attributes are written when they change, so that a wake which finds nobody costs a step and nothing else.
func TestShow_WritesAttributesOnlyWhenTheyChange(t *testing.T) {
	t.Parallel()
	written := func(wakes int) int {
		s := given(t, casework.ReviewOfMarking).people()
		upserts := s.upserts()
		for n := range wakes {
			s.on(day(1+n), func() { s.env.SignalWorkflow(casework.SignalReallocate, nil) })
		}
		s.on(day(8), func() { s.acts("mine", by(performer, casework.OpClaim)) })
		s.on(day(9), func() { s.completes("u1", performer, completion()) })
		s.run()
		return len(*upserts)
	}
	require.Equal(t, written(0), written(5))
}

// What filters in the Web UI find: who waits, who is paused, and nobody's task with nobody's name.
func TestShow_AttributesFollowTheCase(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ReviewOfMarking).people(performer).standsStill()
	upserts := s.upserts()
	s.on(day(1), func() { s.holds("h1", casework.HoldSample) })
	s.on(day(2), func() { s.resumes("r1", casework.HoldSample) })
	s.on(day(3), func() { s.acts("no", by(performer, casework.OpDecline)) })
	s.on(day(4), func() { s.acts("mine", by(second, casework.OpClaim)) })
	s.on(day(5), func() { s.completes("u1", second, completion()) })
	s.run()
	var lines []string
	for _, u := range *upserts {
		lines = append(lines, strings.Join([]string{u.stage, u.assignee, u.sla, u.waitingOn}, ", "))
	}
	require.Equal(t, []string{
		"assigned, ex-1001, on-time, reviewer",
		"assigned, ex-1001, paused, centre",
		"assigned, ex-1001, on-time, reviewer",
		"unassigned, , on-time, awarding body",
		"assigned, ex-1002, on-time, reviewer",
		"appeal-window, ex-1002, met, centre",
		"closed, ex-1002, met, nobody",
	}, slices.Compact(lines))
}

// upsert is what one upsert wrote.
type upsert struct{ stage, assignee, sla, waitingOn string }

// upserts notes every upsert of a story.
func (s *story) upserts() *[]upsert {
	var all []upsert
	s.env.OnUpsertTypedSearchAttributes(mock.Anything).Run(func(arguments mock.Arguments) {
		attributes, ok := arguments.Get(0).(temporal.SearchAttributes)
		require.True(s.t, ok)
		word := func(name string) string {
			value, _ := attributes.GetKeyword(temporal.NewSearchAttributeKeyKeyword(name))
			return value
		}
		all = append(all, upsert{
			word(casework.AttributeStage), word(casework.AttributeAssignee), word(casework.AttributeSLAState), word(casework.AttributeWaitingOn),
		})
	}).Return(nil)
	return &all
}
