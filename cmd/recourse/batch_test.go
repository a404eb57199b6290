package main_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/docket"
	command "github.com/recourse-exams/recourse/cmd/recourse"
	"github.com/recourse-exams/recourse/rulebook"
	"github.com/recourse-exams/recourse/store"
	"github.com/recourse-exams/recourse/store/storetest"
)

// heard keeps what cases were told.
type heard struct {
	held       []casework.HoldRequest
	resumed    []casework.ResumeRequest
	acted      []casework.TaskRequest
	nudged     []casework.NudgeRequest
	started    []casework.BatchInput
	references []casework.Reference
	answer     error
}

func (h *heard) Hold(_ context.Context, ref casework.Reference, _ string, r casework.HoldRequest) (casework.Held, error) {
	h.held, h.references = append(h.held, r), append(h.references, ref)
	return casework.Held{}, h.answer
}

func (h *heard) Resume(_ context.Context, ref casework.Reference, _ string, r casework.ResumeRequest) (casework.Held, error) {
	h.resumed, h.references = append(h.resumed, r), append(h.references, ref)
	return casework.Held{}, h.answer
}

func (h *heard) Act(_ context.Context, ref casework.Reference, _ string, r casework.TaskRequest) (casework.TaskDone, error) {
	h.acted, h.references = append(h.acted, r), append(h.references, ref)
	return casework.TaskDone{}, h.answer
}

func (h *heard) Nudge(_ context.Context, ref casework.Reference, _ string, r casework.NudgeRequest) (casework.Nudged, error) {
	h.nudged, h.references = append(h.nudged, r), append(h.references, ref)
	return casework.Nudged{}, h.answer
}

func (h *heard) StartBatch(_ context.Context, in casework.BatchInput) error {
	h.started = append(h.started, in)
	return h.answer
}

// reviews opens assigned reviews of marking of these candidates.
func reviews(t *testing.T, register *store.Store, candidates ...string) []casework.Reference {
	t.Helper()
	book, err := rulebook.Load()
	require.NoError(t, err)
	var all []casework.Reference
	for _, candidate := range candidates {
		ref := casework.NewReference([]byte(candidate + ", a hash of many bytes"))
		opened, err := register.OpenCase(t.Context(), casework.OpenInput{At: storetest.Now, Enquiry: casework.EnquiryInput{
			Reference: ref, Actor: casework.Actor{Subject: storetest.ExamsOfficer, Role: casework.RolePostResults}, ReceivedAt: storetest.Now,
			RequestSHA256: strings.Repeat("0", 64),
			Request: casework.EnquiryRequest{
				Service: casework.ReviewOfMarking, CentreNumber: storetest.Centre, CandidateNumber: candidate, Series: storetest.Series,
				Component: storetest.Maths1, ConsentGivenOn: calendar.Date{Year: 2026, Month: time.August, Day: 24}, Reason: casework.ReasonNearBoundary,
			},
		}}, book.Assess)
		require.NoError(t, err)
		require.Nil(t, opened.Refusal)
		_, err = register.Allocate(t.Context(), casework.StepKey{Reference: ref, Step: casework.StepAllocate, Number: 1, Cause: "test", At: storetest.Now}, book)
		require.NoError(t, err)
		all = append(all, ref)
	}
	return all
}

var asked = command.Why{Reason: "The post is slow.", By: "op-1"}

// shown runs the part of a command that shows what it would do.
func shown(t *testing.T, register *store.Store, w command.Why, picks command.Picks, order casework.BatchCommand) (command.Plan, string, error) {
	t.Helper()
	selection, err := picks.Selection()
	require.NoError(t, err)
	var out strings.Builder
	plan, err := w.Show(t.Context(), &out, register, selection, w.Sign(order, storetest.Now))
	return plan, out.String(), err
}

func holding() casework.BatchCommand {
	return casework.BatchCommand{Action: casework.BatchHold, Cause: casework.HoldOther, ApprovedBy: storetest.Approver}
}

// approvedBy is a hold to which somebody is said to have agreed.
func approvedBy(approver string) casework.BatchCommand {
	order := holding()
	order.ApprovedBy = approver
	return order
}

// One named case is told at once, as an operator whom no token vouches for.
func TestCases_OneNamedCaseIsTold(t *testing.T) {
	t.Parallel()
	register := storetest.Seeded(t)
	ref := reviews(t, register, "4001")[0]
	by := casework.Actor{Subject: "op-1", Role: casework.RoleOperator, Reason: "The post is slow.", Claimed: true}
	one := command.Picks{References: []string{strings.ToLower(string(ref))}}
	_, out, err := shown(t, register, asked, one, holding())
	require.NoError(t, err)
	require.Contains(t, out, string(ref))
	require.Contains(t, out, "1 case; nothing was done. To hold it, repeat the command with --apply\n")
	require.NotContains(t, out, "TASK HELD BY", "who holds the task is shown where it is taken from them")

	do := asked
	do.Apply = true
	for action, order := range map[casework.BatchAction]casework.BatchCommand{
		casework.BatchHold: holding(), casework.BatchReassign: {Action: casework.BatchReassign, To: "ex-9"}, casework.BatchNudge: {Action: casework.BatchNudge},
	} {
		plan, _, err := shown(t, register, do, one, order)
		require.NoError(t, err, action)
		line := &heard{}
		var said strings.Builder
		require.NoError(t, plan.Apply(t.Context(), &said, register, line))
		require.Equal(t, "done\n", said.String())
		require.Equal(t, []casework.Reference{ref}, line.references, action)
		require.Empty(t, line.started)
		for _, request := range line.held {
			require.Equal(t, casework.HoldRequest{Cause: casework.HoldOther, ApprovedBy: storetest.Approver, Actor: by, ReceivedAt: storetest.Now}, request)
		}
		for _, request := range line.acted {
			require.Equal(t, "ex-9", request.To)
			require.NotEmpty(t, request.From, "taken from its holder only")
		}
		line.answer = api.ErrPending
		require.NoError(t, plan.Apply(t.Context(), &said, register, line))
		require.Contains(t, said.String(), "accepted; it will be done")
		line.answer = errors.New("no connection")
		require.ErrorContains(t, plan.Apply(t.Context(), &said, register, line), "no connection")
	}
}

// Several cases are shown first and need the digest of what was shown.
func TestCases_SeveralAreShownFirst(t *testing.T) {
	t.Parallel()
	register := storetest.Seeded(t)
	refs := reviews(t, register, "4001", "4002")
	all := command.Filtered(command.Filters{Centre: storetest.Centre})
	plan, out, err := shown(t, register, asked, all, holding())
	require.NoError(t, err)
	require.Contains(t, out, "--apply --expect "+plan.Digest())
	for _, ref := range refs {
		require.Contains(t, out, string(ref))
	}

	do := asked
	do.Apply = true
	_, _, err = shown(t, register, do, all, holding())
	require.ErrorContains(t, err, "need --expect")
	do.Expect = "00ff"
	_, _, err = shown(t, register, do, all, holding())
	require.ErrorContains(t, err, "others than those you were shown")
	do.Expect = plan.Digest()
	plan, _, err = shown(t, register, do, all, holding())
	require.NoError(t, err)
	line := &heard{}
	var said strings.Builder
	require.NoError(t, plan.Apply(t.Context(), &said, register, line))
	require.Len(t, line.started, 1)
	require.Equal(t, 2, line.started[0].Cases)
	require.Regexp(t, `^b_[0-9a-f]{32}$`, line.started[0].Batch)
	require.Contains(t, said.String(), "recourse cases batch "+line.started[0].Batch)
	kept, err := register.Batch(t.Context(), line.started[0].Batch)
	require.NoError(t, err)
	require.Equal(t, 2, kept.Waiting)
	require.True(t, kept.Command.Actor.Claimed)

	line.answer = errors.New("connection refused")
	require.ErrorContains(t, plan.Apply(t.Context(), &said, register, line), "it is not known whether it runs")
}

func TestCases_SayInASentenceWhatCannotBe(t *testing.T) {
	t.Parallel()
	register := storetest.Seeded(t)
	ref := reviews(t, register, "4001")[0]
	named := command.Picks{References: []string{string(ref)}}
	for name, row := range map[string]struct {
		why   command.Why
		picks command.Picks
		order casework.BatchCommand
		says  string
	}{
		"approved by oneself":    {command.Why{Reason: "So.", By: storetest.Approver}, named, holding(), "cannot approve"},
		"approved by nobody":     {asked, named, approvedBy("nobody-at-all"), "“nobody-at-all” is no approver of cambria"},
		"approved by who left":   {asked, command.Filtered(command.Filters{Centre: storetest.Centre}), approvedBy("cw-left"), "“cw-left” is no approver"},
		"a case that is not":     {asked, command.Picks{References: []string{"R-2345-6789-BCDF-T"}}, holding(), ""},
		"not held":               {asked, named, casework.BatchCommand{Action: casework.BatchResume, Cause: casework.HoldOther}, "is not held for that"},
		"nothing was asked":      {asked, named, casework.BatchCommand{Action: casework.BatchResume, Cause: casework.HoldOther, Delivered: true}, "waits for nothing that a centre could deliver"},
		"nothing that is picked": {asked, command.Filtered(command.Filters{Centre: "99999"}), holding(), "nothing to do"},
	} {
		selection, err := row.picks.Selection()
		if err == nil {
			_, err = row.why.Show(t.Context(), &strings.Builder{}, register, selection, row.why.Sign(row.order, storetest.Now))
		}
		require.ErrorContains(t, err, row.says, name)
	}
	for _, picks := range []command.Picks{{}, command.Filtered(command.Filters{Centre: "64101"}, string(ref))} {
		_, err := picks.Selection()
		require.ErrorContains(t, err, "not both")
	}
}

// crowdedBook picks more cases than a batch may have.
type crowdedBook struct{ *store.Store }

func (crowdedBook) BatchCandidates(_ context.Context, selection docket.BatchSelection) ([]docket.BatchCandidate, error) {
	return make([]docket.BatchCandidate, selection.Limit), nil
}

func TestCases_TooManyAreNotShownInPart(t *testing.T) {
	t.Parallel()
	_, err := asked.Show(t.Context(), &strings.Builder{}, crowdedBook{}, docket.BatchSelection{Centre: "64101"}, asked.Sign(holding(), storetest.Now))
	require.ErrorContains(t, err, fmt.Sprintf("more than %d cases", casework.MostCases))
}

// The commands are read, list what there is, and change nothing without --apply.
func TestCases_AsCommands(t *testing.T) {
	t.Parallel()
	register := storetest.Seeded(t)
	ref := reviews(t, register, "4001")[0]
	settings := settingsOf(register)
	why := []string{"--reason", "So.", "--by", "op-1"}
	var holder string
	require.NoError(t, register.Pool().QueryRow(t.Context(), "SELECT assignee FROM tasks WHERE reference = $1", ref).Scan(&holder))
	for name, row := range map[string]struct {
		line   []string
		status int
		says   string
	}{
		"list":             {[]string{"cases", "list", "--stage", "assigned"}, 0, string(ref)},
		"list none held":   {[]string{"cases", "list", "--held-for", "any"}, 0, "HELD FOR"},
		"list held badly":  {[]string{"cases", "list", "--held-for", "lunch"}, usage, "--held-for must be one of"},
		"list misspelled":  {[]string{"cases", "list", "--stage", "asigned"}, usage, "--stage must be one of"},
		"hold":             {append([]string{"cases", "hold", string(ref), "--cause", "hold", "--approved-by", storetest.Approver}, why...), 0, "nothing was done"},
		"hold by nobody":   {append([]string{"cases", "hold", string(ref), "--cause", "hold", "--approved-by", "nobody-at-all"}, why...), 1, "is no approver of cambria. Name one who agreed; GET /v1/approvers and “recourse cases approvers” list them."},
		"approvers":        {[]string{"cases", "approvers"}, 0, storetest.Approver + "  Imogen Vale  cambria"},
		"who could when":   {[]string{"cases", "approvers", "--changes"}, 0, "SINCE  APPROVER"},
		"hold for what":    {append([]string{"cases", "hold", string(ref), "--approved-by", storetest.Approver}, why...), usage, "missing flags: --cause"},
		"hold unsigned":    {[]string{"cases", "hold", string(ref), "--cause", "hold", "--approved-by", storetest.Approver}, usage, "missing flags: --by=YOU, --reason"},
		"resume":           {append([]string{"cases", "resume", string(ref), "--cause", "hold"}, why...), 1, "is not held for that"},
		"reassign":         {append([]string{"cases", "reassign", "--centre", storetest.Centre}, why...), 0, holder},
		"nudge":            {append([]string{"cases", "nudge", string(ref)}, why...), 0, "To nudge it"},
		"nudge everything": {append([]string{"cases", "nudge"}, why...), 1, "at least one flag"},
		"batch":            {[]string{"cases", "batch", "b_0"}, 1, "no batch b_0"},
		"examiners":        {[]string{"examiners", "list", "--role", "reviewer"}, 0, holder},
		"examiner":         {[]string{"examiners", "show", holder}, 0, string(casework.TaskOf(ref, 1))},
		"nobody":           {[]string{"examiners", "show", "nobody"}, 1, "nobody"},
		"away":             {append([]string{"examiners", "reassign", holder}, why...), 0, "--apply --expect "},
		"away already":     {append([]string{"examiners", "reassign", "nobody"}, why...), 1, "nothing to do"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := recourse(t, settings, row.line...)
			require.Equal(t, row.status, got.status, "%s%s", got.out, got.errors)
			require.Contains(t, got.out+got.errors, row.says)
		})
	}
}
