package main_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	command "github.com/recourse-exams/recourse/cmd/recourse"
	"github.com/recourse-exams/recourse/rulebook"
	"github.com/recourse-exams/recourse/store/storetest"
)

// desk keeps what was asked of the case's workflow.
type desk struct {
	asked  []casework.RecalculateRequest
	answer error
}

func (d *desk) Recalculate(_ context.Context, _ casework.Reference, _ string, request casework.RecalculateRequest) (casework.Recalculation, error) {
	d.asked = append(d.asked, request)
	return casework.Recalculation{}, d.answer
}

// longer is the rulebook with a second version, by which a review of marking takes 25 days.
func longer(t *testing.T) *rulebook.Book {
	t.Helper()
	book, err := rulebook.Load()
	require.NoError(t, err)
	first, err := book.Policy("cambria-2026.1")
	require.NoError(t, err)
	second := first
	second.Version, second.ValidFrom = "cambria-2026.2", calendar.Date{Year: 2026, Month: 11, Day: 1}
	first.ValidUntil = second.ValidFrom.AddDays(-1)
	second.Services = slices.Clone(second.Services)
	for i := range second.Services {
		s := &second.Services[i]
		s.Clocks = slices.Clone(s.Clocks)
		for j := range s.Clocks {
			if s.Clocks[j].ID == casework.ClockOutcome {
				s.Clocks[j].Amount += 5
			}
		}
	}
	book, err = rulebook.New(first, second)
	require.NoError(t, err)
	return book
}

// The difference is shown first, and exactly what was shown is asked for.
func TestCasesRecalculate_ShowsATableAndAsksForThat(t *testing.T) {
	t.Parallel()
	register := storetest.Seeded(t)
	reference := opened(t, register)
	line := command.Recalculate{Policy: "cambria-2026.2", Reason: "2026.1 was wrong.", By: "ops-5001"}
	var out strings.Builder
	shown, err := line.Show(t.Context(), &out, register, reference, storetest.Now, longer(t))
	require.NoError(t, err)
	require.Contains(t, out.String(), "Case "+string(reference)+", from cambria-2026.1 to cambria-2026.2\n")
	require.Regexp(t, `(?m)^outcome +2026-09-\d\d 22:59:59 UTC .* +2026-09-\d\d 22:59:59 UTC `, out.String())

	cases := &desk{}
	require.NoError(t, line.Hand(t.Context(), &out, cases, shown, storetest.Now))
	require.True(t, strings.HasSuffix(out.String(), "done\n"))
	require.Equal(t, []casework.RecalculateRequest{{
		Policy: "cambria-2026.2", Expect: shown.Digest(), ReceivedAt: storetest.Now,
		Actor: casework.Actor{Subject: "ops-5001", Role: casework.RoleOperator, Reason: "2026.1 was wrong.", Claimed: true},
	}}, cases.asked)

	cases.answer = api.ErrPending
	require.NoError(t, line.Hand(t.Context(), &out, cases, shown, storetest.Now))
	require.Contains(t, out.String(), "accepted; it will be done")
	cases.answer = errors.New("no connection")
	require.ErrorContains(t, line.Hand(t.Context(), &out, cases, shown, storetest.Now), "no connection")
}

// Without --apply the command needs the register only, and says in a sentence what cannot be.
func TestCasesRecalculate_RefusesInASentence(t *testing.T) {
	t.Parallel()
	register := storetest.Seeded(t)
	reference := opened(t, register)
	settings := map[string]string{"RECOURSE_DATABASE_URL": register.Pool().Config().ConnString()}
	why := []string{"--reason", "It was wrong.", "--by", "ops-5001"}
	got := recourse(t, settings, append([]string{"cases", "recalculate", string(reference), "--policy", "cambria-2026.1"}, why...)...)
	require.Equal(t, 1, got.status)
	require.Contains(t, got.errors, "counts by cambria-2026.1 already")
	got = recourse(t, settings, append([]string{"cases", "recalculate", "R-1", "--policy", "cambria-2026.1"}, why...)...)
	require.Equal(t, 1, got.status)
	require.Contains(t, got.errors, "R-1")
	require.Equal(t, usage, recourse(t, settings, "cases", "recalculate", string(reference), "--policy", "cambria-2026.1").status, "it must be said why and by whom")
}

// A case that waits is listed by its cause, with what it waits for and since when.
func TestCasesList_NarrowsByWhatCasesWaitFor(t *testing.T) {
	t.Parallel()
	register := storetest.Seeded(t)
	refs := reviews(t, register, "4001", "4002")
	book, err := rulebook.Load()
	require.NoError(t, err)
	_, err = register.HoldCase(t.Context(), casework.HoldInput{
		Key: casework.StepKey{Reference: refs[0], Step: casework.StepHold, About: "hold", Number: 1, Cause: "test", At: storetest.Now},
		Request: casework.HoldRequest{
			Cause: casework.HoldOther, ApprovedBy: storetest.Approver, Actor: casework.Actor{Subject: "cw-asker", Role: casework.RoleCaseworker, Reason: "The post is slow."},
		},
	}, book)
	require.NoError(t, err)
	for cause, listed := range map[string][]bool{"": {true, true}, "any": {true, false}, "hold": {true, false}, "malpractice": {false, false}} {
		got := recourse(t, settingsOf(register), "cases", "list", "--held-for", cause)
		require.Zero(t, got.status, got.errors)
		for i, want := range listed {
			require.Equal(t, want, strings.Contains(got.out, string(refs[i])), "%q lists %s", cause, refs[i])
		}
		require.Equal(t, listed[0], strings.Contains(got.out, "hold since "+casework.Shown(storetest.Now)), cause)
	}
}
