package specimen_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/allocation"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/register"
)

// onDay is the day of the import in these tests.
var onDay = calendar.Date{Year: 2026, Month: 11, Day: 21}

// rosterOf is the folder's roster as the rule of allocation sees it.
func rosterOf(s register.Set) []allocation.Performer {
	var roster []allocation.Performer
	for _, p := range s.Performers {
		performer := allocation.Performer{
			ID: p.ID, Roles: p.Roles, Rank: p.Rank, Components: p.Components, Subjects: p.Subjects, Tiers: p.Tiers, Capacity: p.Capacity,
			ContractFrom: p.ContractFrom, ContractUntil: p.ContractUntil, TrainedUntil: p.TrainedUntil,
		}
		for _, c := range s.Conflicts {
			if c.Performer == p.ID {
				performer.Conflicts = append(performer.Conflicts, allocation.Conflict{Kind: c.Kind, Centre: c.Centre, Candidate: c.Candidate})
			}
		}
		for _, a := range s.Absences {
			if a.Performer == p.ID {
				performer.Absences = append(performer.Absences, allocation.Absence{From: a.From, Until: a.Until})
			}
		}
		roster = append(roster, performer)
	}
	return roster
}

// involvedIn is who judged each script of the folder.
func involvedIn(s register.Set) map[register.ResultKey][]allocation.Involvement {
	involved := map[register.ResultKey][]allocation.Involvement{}
	for _, mark := range s.ItemMarks {
		for part, who := range map[allocation.Part]string{
			allocation.Marker: mark.Marker, allocation.SecondMarker: mark.SecondMarker, allocation.BackReader: mark.BackReader, allocation.Checker: mark.Checker,
		} {
			if who != "" {
				involved[mark.ResultKey] = append(involved[mark.ResultKey], allocation.Involvement{Person: who, Part: part})
			}
		}
	}
	return involved
}

// proofs are the allocations of every task that the folder's results can bring, for a least rank of reviewers.
func proofs(s register.Set, least casework.Rank) map[string]allocation.Proof {
	subjects := map[string]string{}
	for _, q := range s.Qualifications {
		for _, c := range s.Components {
			if c.Qualification == q.ID {
				subjects[c.ID] = q.Subject
			}
		}
	}
	roster, involved, all := rosterOf(s), involvedIn(s), map[string]allocation.Proof{}
	for _, result := range s.Results {
		for _, role := range []casework.PerformerRole{casework.Reviewer, casework.Clerk} {
			task := allocation.Task{
				Role: role, Centre: result.Centre, Candidate: result.Candidate, Component: result.Component, Subject: subjects[result.Component],
				Ranks: s.Bodies[0].RankOrder(), Day: onDay, Involved: involved[result.ResultKey],
			}
			if role == casework.Reviewer {
				task.LeastRank = least
			}
			if role == casework.Reviewer && (strings.HasPrefix(result.Component, "NT") || result.Component == "DM-2") {
				continue // An objective test has no review of marking, nor has a portfolio.
			}
			all[result.String()+" "+string(role)] = allocation.Choose(task, roster)
		}
	}
	return all
}

// TestRoster_OnlyOneScriptHasNoReviewer: the demonstration shows once what happens when nobody is eligible, and a
// second look finds somebody everywhere else.
func TestRoster_OnlyOneScriptHasNoReviewer(t *testing.T) {
	t.Parallel()
	for _, least := range []casework.Rank{"", casework.RankSenior} {
		var nobody []string
		for task, proof := range proofs(setOn(t, onDay), least) {
			if proof.Chosen == "" {
				nobody = append(nobody, task)
			}
		}
		require.Equal(t, []string{"64202/2002 in AB-2 (demo) reviewer"}, nobody, least)
	}
}

// TestRoster_ShowsEachKindOfExclusion that a roster can show by itself.
func TestRoster_ShowsEachKindOfExclusion(t *testing.T) {
	t.Parallel()
	shown := map[string]bool{}
	for _, proof := range proofs(setOn(t, onDay), casework.RankSenior) {
		for _, finding := range proof.Findings {
			for _, code := range finding.Excluded {
				shown[code] = true
			}
		}
	}
	for _, code := range []string{
		allocation.WrongRole, allocation.WrongComponent, allocation.RankTooLow, allocation.NoContract, allocation.TrainingExpired, allocation.Absent,
		allocation.WorksAtCentre, allocation.WorkedAtCentre, allocation.RelatedToCandidate, allocation.OtherConflict,
		allocation.MarkedItem, allocation.SecondMarkedItem, allocation.BackReadItem, allocation.CheckedItem,
	} {
		require.True(t, shown[code], code)
	}
}

// TestRoster_HasALeadAndAChief above everybody else, whom a task can be sent up to.
func TestRoster_HasALeadAndAChief(t *testing.T) {
	t.Parallel()
	s := setOn(t, onDay)
	order, people := s.Bodies[0].RankOrder(), map[string]register.Performer{}
	for _, p := range s.Performers {
		people[p.ID] = p
	}
	ranks := map[casework.Rank]int{}
	for _, p := range s.Performers {
		ranks[p.Rank]++
		if p.Leader == "" {
			require.Equal(t, casework.RankChief, p.Rank, "%s has nobody above them", p.ID)
			continue
		}
		if !slices.Contains(p.Roles, casework.Clerk) {
			require.True(t, people[p.Leader].Rank.AtLeast(p.Rank, order), "%s is led by somebody of a lower rank", p.ID)
		}
	}
	require.Equal(t, 1, ranks[casework.RankChief])
	require.Equal(t, 2, ranks[casework.RankLead], "of examiners and of moderators")
}
