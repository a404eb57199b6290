package allocation_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/allocation"
)

func task() allocation.Task {
	return allocation.Task{
		Reference: "R-7K4F-M2QX-9TBD-Z", Role: casework.RoleExaminer,
		Centre: "64101", Candidate: "0007", Component: "M1/02",
		MarkedBy: []string{"ex-marker"}, EarlierStages: []string{"ex-earlier"},
	}
}

func examiner(id string) allocation.Performer {
	return allocation.Performer{ID: id, Role: casework.RoleExaminer, Components: []string{"M1/01", "M1/02"}, Capacity: 4}
}

func noon(day int) time.Time { return time.Date(2026, time.September, day, 12, 0, 0, 0, time.UTC) }

// Domain §5.1 and Ofqual's General Conditions A4.5–4.6.
func TestChoose_NeverAPersonWithAConflict(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name   string
		spoil  func(p *allocation.Performer)
		reason string
	}{
		{"another role", func(p *allocation.Performer) { p.Role = casework.RoleClerical }, allocation.WrongRole},
		{"another component", func(p *allocation.Performer) { p.Components = []string{"M1/01"} }, allocation.WrongComponent},
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
		{"marked an item", func(p *allocation.Performer) { p.ID = "ex-marker" }, allocation.MarkedItem},
		{"took part before", func(p *allocation.Performer) { p.ID = "ex-earlier" }, allocation.EarlierStage},
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

func conflict(kind, centre, candidate string) func(*allocation.Performer) {
	return func(p *allocation.Performer) {
		p.Conflicts = append(p.Conflicts, allocation.Conflict{Kind: kind, Centre: centre, Candidate: candidate})
	}
}

func TestChoose_AConflictElsewhereDoesNotExclude(t *testing.T) {
	t.Parallel()
	for _, spoil := range []func(*allocation.Performer){
		conflict("works-at", "64202", ""), conflict("worked-at", "64202", "0007"),
		conflict("related-to", "64101", "0008"), conflict("related-to", "", "64202/0007"), conflict("other", "64202", ""),
	} {
		p := examiner("ex-1001")
		spoil(&p)
		require.Equalf(t, "ex-1001", allocation.Choose(task(), []allocation.Performer{p}).Chosen, "%+v", p.Conflicts)
	}
}

func TestChoose_TheProofNamesEveryReasonOnce(t *testing.T) {
	t.Parallel()
	p := examiner("ex-marker")
	p.Role = casework.RoleClerical
	conflict("works-at", "64101", "")(&p)
	conflict("works-at", "64101", "0007")(&p)
	conflict("related-to", "64101", "0007")(&p)
	proof := allocation.Choose(task(), []allocation.Performer{p})
	require.Equal(t, []string{allocation.WrongRole, allocation.WorksAtCentre, allocation.RelatedToCandidate, allocation.MarkedItem}, proof.Findings[0].Excluded)
}

func TestChoose_RanksByLoadThenIdlenessThenID(t *testing.T) {
	t.Parallel()
	with := func(id string, open, capacity, idle int) allocation.Performer {
		p := examiner(id)
		p.OpenTasks, p.Capacity = open, capacity
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
		{"the least loaded", []allocation.Performer{with("a", 2, 4, 1), with("b", 1, 4, 2)}, "b"},
		{"against capacity", []allocation.Performer{with("a", 2, 4, 1), with("b", 3, 10, 2)}, "b"},
		{"1 of 3 is more than 33 of 100, whatever rounding says", []allocation.Performer{with("a", 1, 3, 1), with("b", 33, 100, 2)}, "b"},
		{"2 of 4 is as much as 1 of 2: the longest idle", []allocation.Performer{with("a", 2, 4, 5), with("b", 1, 2, 3)}, "b"},
		{"never had a task before long idle", []allocation.Performer{with("a", 0, 4, 1), with("b", 0, 4, 0)}, "b"},
		{"all alike: the first id", []allocation.Performer{with("b", 0, 4, 1), with("a", 0, 4, 1)}, "a"},
		{"full is passed over", []allocation.Performer{with("a", 1, 1, 0), with("b", 3, 4, 1)}, "b"},
		{"no capacity at all", []allocation.Performer{with("a", 0, 0, 0)}, ""},
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
	full.OpenTasks, excluded.OpenTasks = 4, 4
	conflict("works-at", "64101", "")(&excluded)
	proof := allocation.Choose(task(), []allocation.Performer{excluded, full})
	require.Empty(t, proof.Chosen)
	require.Equal(t, []allocation.Finding{
		{Performer: "a", Full: true, OpenTasks: 4, Capacity: 4},
		{Performer: "b", Excluded: []string{allocation.WorksAtCentre}, OpenTasks: 4, Capacity: 4},
	}, proof.Findings)
}

func TestChoose_LeavesTheRosterAsItWas(t *testing.T) {
	t.Parallel()
	roster := []allocation.Performer{examiner("b"), examiner("a")}
	allocation.Choose(task(), roster)
	require.Equal(t, "b", roster[0].ID)
}

func drawRoster(t *rapid.T) []allocation.Performer {
	ids := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"a", "b", "c", "d", "e", "ex-marker", "ex-earlier"}), 0, 7, rapid.ID[string]).Draw(t, "ids")
	var roster []allocation.Performer
	for _, id := range ids {
		p := allocation.Performer{
			ID: id, Role: rapid.SampledFrom([]casework.Role{casework.RoleExaminer, casework.RoleExaminer, casework.RoleClerical}).Draw(t, "role"),
			Components: rapid.SampledFrom([][]string{{"M1/02"}, {"M1/01", "M1/02"}, {"B1/01"}}).Draw(t, "components"),
			Capacity:   rapid.IntRange(0, 4).Draw(t, "capacity"), OpenTasks: rapid.IntRange(0, 4).Draw(t, "open"),
		}
		if idle := rapid.IntRange(0, 3).Draw(t, "idle"); idle > 0 {
			p.IdleSince = noon(idle)
		}
		for range rapid.IntRange(0, 2).Draw(t, "conflicts") {
			conflict(
				rapid.SampledFrom([]string{"works-at", "worked-at", "related-to", "other"}).Draw(t, "kind"),
				rapid.SampledFrom([]string{"64101", "64202", "71203"}).Draw(t, "centre"),
				rapid.SampledFrom([]string{"", "", "0007", "0008"}).Draw(t, "candidate"),
			)(&p)
		}
		roster = append(roster, p)
	}
	return roster
}

// barred is the rule of conflicts written a second time, for the rosters that drawRoster makes.
func barred(p allocation.Performer) bool {
	if p.Role != casework.RoleExaminer || p.Components[0] == "B1/01" || p.ID == "ex-marker" || p.ID == "ex-earlier" {
		return true
	}
	for _, c := range p.Conflicts {
		sameCentre := c.Centre == "64101"
		work := c.Kind == "works-at" || c.Kind == "worked-at"
		if sameCentre && (work || c.Candidate == "" || c.Candidate == "0007") {
			return true
		}
	}
	return false
}

func TestChoose_AgreesWithTheRuleWrittenASecondTime(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		roster := drawRoster(t)
		proof := allocation.Choose(task(), roster)
		require.Len(t, proof.Findings, len(roster), "everybody was considered")
		free := map[string]allocation.Performer{}
		for _, p := range roster {
			if !barred(p) && p.OpenTasks < p.Capacity {
				free[p.ID] = p
			}
		}
		for _, f := range proof.Findings {
			for _, p := range roster {
				if p.ID == f.Performer {
					require.Equalf(t, barred(p), len(f.Excluded) > 0, "%+v", p)
				}
			}
		}
		if len(free) == 0 {
			require.Empty(t, proof.Chosen)
			return
		}
		chosen, ok := free[proof.Chosen]
		require.Truef(t, ok, "%s is barred or full", proof.Chosen)
		for _, other := range free {
			require.LessOrEqual(t, float64(chosen.OpenTasks)/float64(chosen.Capacity), float64(other.OpenTasks)/float64(other.Capacity)+1e-12)
		}
	})
}

func TestChoose_TheRostersOrderDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		roster := drawRoster(t)
		require.Equal(t, allocation.Choose(task(), roster), allocation.Choose(task(), rapid.Permutation(roster).Draw(t, "shuffled")))
	})
}
