package register_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/register"
)

// led is the wide register with three people: ex-1, cl-1 whom ex-1 leads, and ex-3 of the other body.
func led() register.Set {
	set := wide()
	set.Bodies[1].Ranks = []casework.Rank{"assessor", "verifier"}
	set.Performers = append(set.Performers, register.Performer{
		ID: "ex-3", Body: "second", Name: "Third Person", Email: "t@second.example", Roles: []casework.PerformerRole{casework.Independent}, Rank: "verifier",
	})
	return set
}

// TestCheck_ARosterIsSoundInItself breaks one thing about people and what they may do: exactly one fault is found, in
// the words that its reader needs.
func TestCheck_ARosterIsSoundInItself(t *testing.T) {
	t.Parallel()
	require.Empty(t, check(led()))
	for name, test := range map[string]struct {
		breakIt func(*register.Set)
		want    string
	}{
		"a role that there is not": {
			func(s *register.Set) { s.Performers[0].Roles[0] = "operator" },
			`performers row 1, roles: "operator" is not one of reviewer, moderator, clerical, panel, independent`,
		},
		"no role": {
			func(s *register.Set) { s.Performers[1].Roles = nil },
			"performers row 2, roles: cl-1 is engaged for nothing: give one of reviewer, moderator, clerical, panel, independent",
		},
		"a role twice": {
			func(s *register.Set) { s.Performers[0].Roles[1] = casework.Reviewer },
			"performers row 1, roles: reviewer is given twice",
		},
		"a body that there is not": {
			func(s *register.Set) { s.Performers[2].Body = "third" },
			"performers row 3, body: third is not in bodies",
		},
		"another body's rank": {
			func(s *register.Set) { s.Performers[2].Rank = casework.RankLead },
			`performers row 3, rank: "lead" is no rank of second, which has assessor, verifier`,
		},
		"a rank of no body": {
			func(s *register.Set) { s.Performers[1].Rank = "" },
			`performers row 2, rank: "" is no rank of cambria, which has examiner, team-leader, senior, principal, lead, chief`,
		},
		"a body's rank twice": {
			func(s *register.Set) { s.Bodies[1].Ranks = append(s.Bodies[1].Ranks, "verifier") },
			"bodies row 2, ranks: verifier is given twice",
		},
		"a body's rank that is no code": {
			func(s *register.Set) { s.Bodies[1].Ranks = append(s.Bodies[1].Ranks, "-") },
			`bodies row 2, ranks: "-" is not a code of up to 40 letters, digits, dots, dashes and underscores`,
		},
		"a leader who is not there": {
			func(s *register.Set) { s.Performers[1].Leader = "ex-9" },
			"performers row 2, leader: ex-9 is not in performers",
		},
		"a leader of another body": {
			func(s *register.Set) { s.Performers[1].Leader = "ex-3" },
			"performers row 2, leader: ex-3 works for second, and cl-1 for cambria",
		},
		"somebody who leads themselves": {
			func(s *register.Set) { s.Performers[0].Leader = "ex-1" },
			"performers row 1, leader: ex-1 leads themselves",
		},
		"a component of another body": {
			func(s *register.Set) { s.Performers[2].Components = []string{"M1"} },
			"performers row 3, components: M1 is a component of cambria, and ex-3 works for second",
		},
		"a subject that nobody is awarded": {
			func(s *register.Set) { s.Performers[0].Subjects[0] = "alchemy" },
			"performers row 1, subjects: no qualification has the subject alchemy",
		},
		"a subject twice": {
			func(s *register.Set) { s.Performers[0].Subjects = []string{"geography", "geography"} },
			"performers row 1, subjects: geography is given twice",
		},
		"a tier that there is not": {
			func(s *register.Set) { s.Performers[0].Tiers[0] = "intermediate" },
			`performers row 1, tiers: "intermediate" is not one of foundation, higher`,
		},
		"a tier twice": {
			func(s *register.Set) { s.Performers[0].Tiers = []string{"higher", "higher"} },
			"performers row 1, tiers: higher is given twice",
		},
		"a contract that ends before it begins": {
			func(s *register.Set) { s.Performers[0].ContractUntil.Year = 2025 },
			"performers row 1, contractUntil: the contract ends on 2025-12-31, before it begins on 2026-01-01",
		},
		"a subject that is no code": {
			func(s *register.Set) { s.Qualifications[0].Subject = "further mathematics" },
			`qualifications row 1, subject: "further mathematics" is not a code of up to 40 letters, digits, dots, dashes and underscores`,
		},
		"a component's tier": {
			func(s *register.Set) { s.Components[0].Tier = "middle" },
			`components row 1, tier: "middle" is not one of foundation, higher`,
		},
		"an absence of a stranger": {
			func(s *register.Set) { s.Absences[0].Performer = "ex-9" },
			"absences row 1, performer: ex-9 is not in performers",
		},
		"an absence that ends before it begins": {
			func(s *register.Set) { s.Absences[0].Until = calendar.Date{Year: 2026, Month: 8, Day: 31} },
			"absences row 1, until: the absence ends on 2026-08-31, before it begins on 2026-09-01",
		},
		"an absence for no known reason": {
			func(s *register.Set) { s.Absences[0].Reason = "fishing" },
			`absences row 1, reason: "fishing" is not one of holiday, illness, other`,
		},
		"an absence twice, for another reason": {
			func(s *register.Set) {
				s.Absences = append(s.Absences, s.Absences[0])
				s.Absences[1].Reason = "holiday"
			},
			"absences row 2, performer: this absence of ex-1 is given twice, first in row 1",
		},
		"an approver whose id is no code": {
			func(s *register.Set) { s.Approvers[0].ID = "i vale" },
			`approvers row 1, id: "i vale" is not a code of up to 40 letters, digits, dots, dashes and underscores`,
		},
		"an approver of no known body": {
			func(s *register.Set) { s.Approvers[0].Body = "oxbridge" },
			"approvers row 1, body: oxbridge is not in bodies",
		},
		"an approver without a name": {
			func(s *register.Set) { s.Approvers[0].Name = " " },
			"approvers row 1, name: name is empty",
		},
		"an approver who cannot be written to": {
			func(s *register.Set) { s.Approvers[0].Email = "i.vale" },
			`approvers row 1, email: "i.vale" is not a mail address`,
		},
		"an approver twice": {
			func(s *register.Set) { s.Approvers = append(s.Approvers, s.Approvers[0]) },
			"approvers row 2, id: cw-1 of cambria is given twice, first in row 1",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			set := led()
			test.breakIt(&set)
			require.Equal(t, []string{test.want}, texts(check(set)))
		})
	}
}

// TestCheck_NobodyLeadsInACircle, however long; who stands outside it has no fault.
func TestCheck_NobodyLeadsInACircle(t *testing.T) {
	t.Parallel()
	set := led()
	set.Performers[0].Leader = "cl-1"
	require.Equal(t, []string{
		"performers row 1, leader: cl-1 is led by ex-1 in turn", "performers row 2, leader: ex-1 is led by cl-1 in turn",
	}, texts(check(set)))

	longer := led()
	longer.Performers[2].Body, longer.Performers[2].Rank, longer.Performers[2].Leader = "cambria", casework.RankLead, "cl-1"
	longer.Performers[0].Leader = "ex-3"
	outside := longer.Performers[1]
	outside.ID = "cl-2"
	longer.Performers = append(longer.Performers, outside)
	require.Equal(t, []string{
		"performers row 1, leader: ex-3 is led by ex-1 in turn", "performers row 2, leader: ex-1 is led by cl-1 in turn", "performers row 3, leader: cl-1 is led by ex-3 in turn",
	}, texts(check(longer)))
}

// TestBody_HasAnOrderOfRanks, the common one if it names none.
func TestBody_HasAnOrderOfRanks(t *testing.T) {
	t.Parallel()
	require.Equal(t, casework.Ranks(), register.Body{}.RankOrder())
	require.Equal(t, []casework.Rank{"a", "b"}, register.Body{Ranks: []casework.Rank{"a", "b"}}.RankOrder())
}

// A body that holds nothing needs nobody who agrees, and one person may agree for two bodies.
func TestCheck_ApproversAreOfABody(t *testing.T) {
	t.Parallel()
	set := led()
	set.Approvers = nil
	require.Empty(t, check(set))
	set.Bodies = append(set.Bodies, register.Body{ID: "other", Name: "Other Awards"})
	set.Approvers = []register.Approver{
		{ID: "cw-1", Body: "cambria", Name: "Imogen Vale", Email: "i@cambria.example"}, {ID: "cw-1", Body: "other", Name: "Imogen Vale", Email: "i@cambria.example"},
	}
	require.Empty(t, check(set))
	for _, noun := range register.Nouns() {
		require.Equal(t, noun == register.Approvers, noun.Optional(), noun)
	}
}
