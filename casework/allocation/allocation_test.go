package allocation_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/allocation"
	"github.com/recourse-exams/recourse/casework/calendar"
)

// Domain §5.1 and Ofqual's General Conditions A4.5–4.6.
func TestChoose_NeverAPersonWithAConflict(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name   string
		spoil  func(p *allocation.Performer)
		reason string
	}{
		{"another role", func(p *allocation.Performer) { p.Roles = []casework.PerformerRole{casework.Moderator, casework.Clerk} }, allocation.WrongRole},
		{"no role", func(p *allocation.Performer) { p.Roles = nil }, allocation.WrongRole},
		{"another component", func(p *allocation.Performer) { p.Components = []string{"M1/01"} }, allocation.WrongComponent},
		{"another subject", func(p *allocation.Performer) { p.Components, p.Subjects = nil, []string{"biology"} }, allocation.WrongComponent},
		{"another tier", func(p *allocation.Performer) { p.Tiers = []string{"foundation"} }, allocation.WrongTier},
		{"a rank below", func(p *allocation.Performer) { p.Rank = casework.RankPrincipal }, allocation.RankTooLow},
		{"a rank that the body does not know", func(p *allocation.Performer) { p.Rank = "emperor" }, allocation.RankTooLow},
		{"no rank", func(p *allocation.Performer) { p.Rank = "" }, allocation.RankTooLow},
		{"inactive", func(p *allocation.Performer) { p.Inactive = true }, allocation.Inactive},
		{"a contract from tomorrow", func(p *allocation.Performer) { p.ContractFrom = today.AddDays(1) }, allocation.NoContract},
		{"a contract until yesterday", func(p *allocation.Performer) { p.ContractUntil = today.AddDays(-1) }, allocation.NoContract},
		{"trained until yesterday", func(p *allocation.Performer) { p.TrainedUntil = today.AddDays(-1) }, allocation.TrainingExpired},
		{"absent today", away(0, 0), allocation.Absent},
		{"absent from today", away(0, 5), allocation.Absent},
		{"absent until today", away(-5, 0), allocation.Absent},
		{"works at the centre", conflict("works-at", "64101", ""), allocation.WorksAtCentre},
		{"worked at the centre", conflict("worked-at", "64101", ""), allocation.WorkedAtCentre},
		{"works at the centre, whatever candidate is named", conflict("works-at", "64101", "0001"), allocation.WorksAtCentre},
		{"related to the candidate", conflict("related-to", "", "64101/0007"), allocation.RelatedToCandidate},
		{"related to the candidate, named apart", conflict("related-to", "64101", "0007"), allocation.RelatedToCandidate},
		{"related to somebody at the centre", conflict("related-to", "64101", ""), allocation.RelatedToCandidate},
		{"another interest in the centre", conflict("other", "64101", ""), allocation.OtherConflict},
		{"another interest in the candidate", conflict("other", "64101", "0007"), allocation.OtherConflict},
		{"a kind that nobody foresaw", conflict("tutors", "64101", "0007"), allocation.OtherConflict},
		{"an entry that names nothing", conflict("other", "", ""), allocation.UnclearConflict},
		{"a workplace that is not named", conflict("works-at", "", ""), allocation.UnclearConflict},
		{"a candidate of no centre", conflict("related-to", "", "0007"), allocation.UnclearConflict},
		{"marked an item", named("ex-marker"), allocation.MarkedItem},
		{"second-marked an item", named("ex-second"), allocation.SecondMarkedItem},
		{"back-read an item", named("ex-reader"), allocation.BackReadItem},
		{"checked an item", named("ex-checker"), allocation.CheckedItem},
		{"moderated the cohort", named("ex-moderator"), allocation.ModeratedCohort},
		{"checked the moderation", named("ex-moderated"), allocation.CheckedModeration},
		{"had a part that nobody foresaw", named("ex-strange"), allocation.EarlierStage},
		{"took part before", named("ex-earlier"), allocation.EarlierStage},
		{"gave the task back", named("ex-leaver"), allocation.GaveTaskBack},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			p := examiner("ex-1001")
			row.spoil(&p)
			proof := allocation.Choose(task(), []allocation.Performer{p})
			require.Empty(t, proof.Chosen)
			require.Equal(t, []allocation.Finding{{Performer: p.ID, Excluded: []string{row.reason}, Capacity: 4}}, proof.Findings)
		})
	}
}

// away adds an absence between two days, counted from today.
func away(from, until int) func(*allocation.Performer) {
	return func(p *allocation.Performer) {
		p.Absences = append(p.Absences, allocation.Absence{From: today.AddDays(from), Until: today.AddDays(until)})
	}
}

func TestChoose_WhatDoesNotExclude(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*allocation.Performer){
		"nothing":                                 func(*allocation.Performer) {},
		"works at another centre":                 conflict("works-at", "64202", ""),
		"worked at another centre":                conflict("worked-at", "64202", "0007"),
		"related to another candidate":            conflict("related-to", "64101", "0008"),
		"related to the same number elsewhere":    conflict("related-to", "", "64202/0007"),
		"an interest in another centre":           conflict("other", "64202", ""),
		"the subject in the place of the paper":   func(p *allocation.Performer) { p.Components, p.Subjects = nil, []string{"mathematics"} },
		"every tier":                              func(p *allocation.Performer) { p.Tiers = nil },
		"the least rank itself":                   func(p *allocation.Performer) { p.Rank = casework.RankLead },
		"a contract that begins today":            func(p *allocation.Performer) { p.ContractFrom = today },
		"a contract that ends today":              func(p *allocation.Performer) { p.ContractUntil = today },
		"training that is valid for the last day": func(p *allocation.Performer) { p.TrainedUntil = today },
		"a contract without ends and no run-out": func(p *allocation.Performer) {
			p.ContractFrom, p.ContractUntil, p.TrainedUntil = calendar.Date{}, calendar.Date{}, calendar.Date{}
		},
		"an absence that was called off":           away(0, -1),
		"a marker's namesake with another subject": named("ex-marker2"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := examiner("ex-1001")
			change(&p)
			require.Equalf(t, p.ID, allocation.Choose(task(), []allocation.Performer{p}).Chosen, "%+v", p)
		})
	}
}

// A service that asks for no rank takes every one, and a component without a tier every trained person.
func TestChoose_AsksForNoMoreThanTheTaskDoes(t *testing.T) {
	t.Parallel()
	open := task()
	open.LeastRank, open.Tier = "", ""
	p := examiner("ex-1001")
	p.Rank, p.Tiers = "nothing that the order knows", []string{"foundation"}
	require.Equal(t, "ex-1001", allocation.Choose(open, []allocation.Performer{p}).Chosen)
	open.Subject = ""
	p.Components, p.Subjects = nil, []string{""}
	require.Equal(t, []string{allocation.WrongComponent}, allocation.Choose(open, []allocation.Performer{p}).Findings[0].Excluded, "a missing subject is nobody's")
}

// NCFE: a review is a chief's or a lead examiner's (domain §2.6). The order is the body's own.
func TestChoose_RanksAreTheBodysOwn(t *testing.T) {
	t.Parallel()
	own := task()
	own.Ranks, own.LeastRank = []casework.Rank{"assessor", "verifier", "lead verifier"}, "verifier"
	for rank, eligible := range map[casework.Rank]bool{"assessor": false, "verifier": true, "lead verifier": true, casework.RankChief: false} {
		p := examiner("ex-1001")
		p.Rank = rank
		require.Equal(t, eligible, allocation.Choose(own, []allocation.Performer{p}).Chosen != "", rank)
	}
	own.LeastRank = casework.RankLead
	require.Empty(t, allocation.Choose(own, []allocation.Performer{examiner("ex-1001")}).Chosen, "nobody reaches a rank that the body does not have")
}

func TestChoose_TheProofNamesEveryReasonOnce(t *testing.T) {
	t.Parallel()
	p := examiner("ex-marker")
	p.Roles, p.Inactive = []casework.PerformerRole{casework.Clerk}, true
	conflict("works-at", "64101", "")(&p)
	conflict("works-at", "64101", "0007")(&p)
	conflict("related-to", "64101", "0007")(&p)
	everything := task()
	everything.Involved = append(everything.Involved,
		allocation.Involvement{Person: "ex-marker", Part: allocation.Checker}, allocation.Involvement{Person: "ex-marker", Part: allocation.Marker})
	proof := allocation.Choose(everything, []allocation.Performer{p})
	require.Equal(t, []string{
		allocation.WrongRole, allocation.Inactive, allocation.WorksAtCentre, allocation.RelatedToCandidate, allocation.MarkedItem, allocation.CheckedItem,
	}, proof.Findings[0].Excluded)
}

func TestChoose_RanksByLoadThenIdlenessThenID(t *testing.T) {
	t.Parallel()
	with := func(id string, open, week, capacity, idle int) allocation.Performer {
		p := examiner(id)
		p.OpenTasks, p.WeekTasks, p.Capacity = open, week, capacity
		if idle > 0 {
			p.IdleSince = noon(idle)
		}
		return p
	}
	for _, row := range []struct {
		name   string
		roster []allocation.Performer
		want   string
	}{
		{"the least loaded", []allocation.Performer{with("a", 2, 0, 4, 1), with("b", 1, 0, 4, 2)}, "b"},
		{"against capacity", []allocation.Performer{with("a", 2, 0, 4, 1), with("b", 3, 0, 10, 2)}, "b"},
		{"1 of 3 is more than 33 of 100, whatever rounding says", []allocation.Performer{with("a", 1, 0, 3, 1), with("b", 33, 0, 100, 2)}, "b"},
		{"2 of 4 is as much as 1 of 2: the longest idle", []allocation.Performer{with("a", 2, 0, 4, 5), with("b", 1, 0, 2, 3)}, "b"},
		{"the week counts where it is more", []allocation.Performer{with("a", 0, 3, 4, 1), with("b", 2, 2, 4, 2)}, "b"},
		{"what is held counts where it is more", []allocation.Performer{with("a", 3, 1, 4, 1), with("b", 1, 2, 4, 2)}, "b"},
		{"never had a task before long idle", []allocation.Performer{with("a", 0, 0, 4, 1), with("b", 0, 0, 4, 0)}, "b"},
		{"all alike: the first id", []allocation.Performer{with("b", 0, 0, 4, 1), with("a", 0, 0, 4, 1)}, "a"},
		{"full is passed over", []allocation.Performer{with("a", 1, 0, 1, 0), with("b", 3, 0, 4, 1)}, "b"},
		{"a full week is passed over", []allocation.Performer{with("a", 0, 2, 2, 0), with("b", 3, 0, 4, 1)}, "b"},
		{"no capacity at all", []allocation.Performer{with("a", 0, 0, 0, 0)}, ""},
		{"nobody is there", nil, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, row.want, allocation.Choose(task(), row.roster).Chosen)
		})
	}
}

func TestChoose_FullIsSaidOfTheEligibleOnly(t *testing.T) {
	t.Parallel()
	full, excluded := examiner("a"), examiner("b")
	full.OpenTasks, excluded.OpenTasks, full.WeekTasks = 4, 4, 1
	conflict("works-at", "64101", "")(&excluded)
	proof := allocation.Choose(task(), []allocation.Performer{excluded, full})
	require.Empty(t, proof.Chosen)
	require.Equal(t, []allocation.Finding{
		{Performer: "a", Full: true, OpenTasks: 4, WeekTasks: 1, Capacity: 4},
		{Performer: "b", Excluded: []string{allocation.WorksAtCentre}, OpenTasks: 4, Capacity: 4},
	}, proof.Findings)
}

func TestChoose_LeavesTheRosterAsItWas(t *testing.T) {
	t.Parallel()
	roster := []allocation.Performer{examiner("b"), examiner("a")}
	allocation.Choose(task(), roster)
	require.Equal(t, "b", roster[0].ID)
}

// Whoever looks for several people at once asks once: the queue is who is chosen if each is given a task in turn.
func TestChoose_QueueIsWhoIsChosenOneAfterTheOther(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		_, asked, roster := dice{func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "n") }}.draw()
		var chosen []string
		queue := allocation.Choose(asked, roster).Queue
		for {
			next := allocation.Choose(asked, roster).Chosen
			if next == "" || slices.Contains(chosen, next) {
				break
			}
			chosen = append(chosen, next)
			at := slices.IndexFunc(roster, func(p allocation.Performer) bool { return p.ID == next })
			roster[at] = roster[at].WithOneMore()
		}
		require.Equal(t, chosen, queue)
	})
}

func TestChoose_QueueEndsWhereSomebodyWouldComeAgain(t *testing.T) {
	t.Parallel()
	idle, busy, full := examiner("idle"), examiner("busy"), examiner("full")
	busy.OpenTasks, full.OpenTasks = 2, 4
	require.Equal(t, []string{"idle"}, allocation.Choose(task(), []allocation.Performer{full, busy, idle}).Queue, "with one task they still have less than the busy one")
	idle.Capacity = 1
	require.Equal(t, []string{"idle", "busy"}, allocation.Choose(task(), []allocation.Performer{full, busy, idle}).Queue, "with one task they are full")
}

func TestChoose_QueueIsNotKept(t *testing.T) {
	t.Parallel()
	kept, err := json.Marshal(allocation.Choose(task(), []allocation.Performer{examiner("a"), examiner("b")}))
	require.NoError(t, err)
	require.JSONEq(t, `{"chosen": "a", "findings": [
		{"performer": "a", "openTasks": 0, "weekTasks": 0, "capacity": 4}, {"performer": "b", "openTasks": 0, "weekTasks": 0, "capacity": 4}]}`, string(kept))
}
