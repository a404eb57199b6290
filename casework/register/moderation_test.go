package register_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework/register"
)

// TestCheck_ModerationsOfACohort breaks one thing of a moderated component at a time; it is the only fault found.
func TestCheck_ModerationsOfACohort(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		breakIt func(*register.Set)
		want    string
	}{
		"a cohort that nobody moderated": {
			func(s *register.Set) { s.Moderations = s.Moderations[:1] },
			"results row 5, component: A1 is moderated, but the moderation of centre 71203 in A1 (s) is not in moderations",
		},
		"a moderation of nobody's work": {
			func(s *register.Set) { s.Results, s.Awards = s.Results[:4], s.Awards[:3] },
			"moderations row 2, component: centre 71203 in A1 (s) has no result in results",
		},
		"a moderation of a paper that the body marks": {
			func(s *register.Set) {
				s.Moderations = append(s.Moderations, s.Moderations[0])
				s.Moderations[2].Component = "M1"
			},
			"moderations row 3, component: M1 is marked by the awarding body, so there is nothing to moderate",
		},
		"a moderation of no component": {
			func(s *register.Set) {
				s.Moderations = append(s.Moderations, s.Moderations[0])
				s.Moderations[2].Component = "A2"
			},
			"moderations row 3, component: A2 is not in components",
		},
		"a sample elsewhere": {
			func(s *register.Set) { s.Moderations[0].Sample = "kept" },
			`moderations row 1, sample: "kept" is not one of held, returned, lost`,
		},
		"a moderation by nobody": {
			func(s *register.Set) { s.Moderations[1].Moderator, s.Moderations[1].Checker = "", "" },
			"moderations row 2, moderator: moderator is empty",
		},
		"a moderation that its moderator checked": {
			func(s *register.Set) { s.Moderations[1].Checker = "mo-1" },
			"moderations row 2, checker: mo-1 cannot have checked their own moderation",
		},
		"an objective test that the centre marks": {
			func(s *register.Set) { s.Components[3].Objective = true },
			"components row 4, objective: A1 is marked by the centre, so it is no objective test",
		},
		"an external paper without items": {
			func(s *register.Set) {
				s.Components[3].Assessment, s.Moderations, s.Results = register.External, nil, s.Results[:4]
				s.Awards = s.Awards[:3]
			},
			"results row 4, component: A1 has no items in items",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			set := coursework()
			test.breakIt(&set)
			require.Equal(t, []string{test.want}, texts(check(set)))
		})
	}
}

func TestCheck_TheCheckerOfAModerationMayBeNobody(t *testing.T) {
	t.Parallel()
	for _, sample := range []register.Sample{register.SampleHeld, register.SampleReturned, register.SampleLost} {
		set := coursework()
		set.Moderations[0].Checker, set.Moderations[0].Sample = "", sample
		require.Empty(t, check(set))
	}
}

// TestCheck_AModeratedComponentMayHaveItems: criteria with marks are checked like the items of a paper.
func TestCheck_AModeratedComponentMayHaveItems(t *testing.T) {
	t.Parallel()
	set := coursework()
	set.Items = append(set.Items, register.Item{Series: "s", Component: "A1", Item: "all", Position: 1, Max: 30})
	for _, kind := range []string{"paper", "scheme"} {
		set.Papers = append(set.Papers, register.Paper{Series: "s", Component: "A1", Kind: kind, Path: kind})
	}
	for _, result := range set.Results[3:] {
		set.ItemMarks = append(set.ItemMarks, register.ItemMark{ResultKey: result.ResultKey, Item: "all", Mark: 20, Marker: "teacher"})
	}
	require.Empty(t, check(set))
	set.ItemMarks[4].Mark = 19
	require.Equal(t, []string{"results row 4, mark: mark 20 is not the sum of the item marks, which is 19"}, texts(check(set)))
}

// TestCheck_LaddersOfAPart: an overall grade of the external or the moderated components has a ladder of its own,
// up to what these components can give.
func TestCheck_LaddersOfAPart(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		ladder []register.Boundary
		want   []string
	}{
		"sound": {[]register.Boundary{
			{Qualification: "maths", Part: register.External, Grade: "9", Mark: 26},
			{Qualification: "maths", Part: register.External, Grade: "8", Mark: 15},
			{Qualification: "art", Part: register.Moderated, Grade: "Pass", Mark: 30},
		}, nil},
		"out of reach": {
			[]register.Boundary{{Qualification: "art", Part: register.Moderated, Grade: "Merit", Mark: 31}},
			[]string{"boundaries row 6, mark: the boundary 31 is not between 0 and the highest possible mark of 30"},
		},
		"out of order": {
			[]register.Boundary{{Qualification: "maths", Part: register.External, Grade: "9", Mark: 5}, {Qualification: "maths", Part: register.External, Grade: "8", Mark: 5}},
			[]string{"boundaries row 7, mark: the boundary 5 of grade 8 is not below the 5 of grade 9 before it: give grades highest first"},
		},
		"of nothing": {
			[]register.Boundary{{Qualification: "art", Part: register.External, Grade: "Pass", Mark: 3}},
			[]string{`boundaries row 6, part: "external" is not how a component of art is marked: write external or moderated, as its components say`},
		},
		"of a unit": {
			[]register.Boundary{{Component: "G1", Part: register.External, Grade: "B", Mark: 3}},
			[]string{"boundaries row 6, part: G1 is one component, so a boundary of it has no part"},
		},
		"of another spelling": {
			[]register.Boundary{{Qualification: "maths", Part: "External", Grade: "9", Mark: 0}},
			[]string{`boundaries row 6, part: "External" is not how a component of maths is marked: write external or moderated, as its components say`},
		},
	} {
		set := coursework()
		for _, b := range test.ladder {
			b.Series = "s"
			set.Boundaries = append(set.Boundaries, b)
		}
		require.Equal(t, test.want, texts(check(set)), name)
	}
}

func TestQualification_IsGovernedByTheSetOfItsBodyUnlessItNamesOne(t *testing.T) {
	t.Parallel()
	require.Equal(t, "cambria", register.Qualification{Body: "cambria"}.RuleSet())
	require.Equal(t, "ocr-gq", register.Qualification{Body: "ocr", Rules: "ocr-gq"}.RuleSet())
}

// TestCheck_EveryCohortNeedsExactlyOneModeration spreads candidates over cohorts and loses or doubles one row.
func TestCheck_EveryCohortNeedsExactlyOneModeration(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		set := coursework()
		for i := range rapid.IntRange(0, 5).Draw(t, "more candidates") {
			addToCohort(t, &set, 2001+i)
		}
		require.Empty(t, check(set))
		row := rapid.IntRange(0, len(set.Moderations)-1).Draw(t, "row")
		if rapid.Bool().Draw(t, "lost") {
			set.Moderations = without(set.Moderations, row)
		} else {
			set.Moderations = append(set.Moderations, set.Moderations[row])
		}
		require.Len(t, check(set), 1, "one fault a cohort, however many candidates it has")
	})
}

// addToCohort adds a candidate with a portfolio to one of the two centres.
func addToCohort(t *rapid.T, set *register.Set, number int) {
	centre := rapid.SampledFrom([]string{"64101", "71203"}).Draw(t, "centre")
	candidate, mark := fmt.Sprint(number), rapid.IntRange(0, 30).Draw(t, "mark")
	uci := fmt.Sprintf("%s026%s", centre, candidate)
	entry := register.Entry{Centre: centre, Candidate: candidate, Series: "s", Qualification: "art"}
	award := register.Award{Entry: entry, Total: mark, Grade: "U"}
	if mark >= 12 {
		award.Grade = "Pass"
	}
	set.Candidates = append(set.Candidates, register.Candidate{Centre: centre, Number: candidate, Name: "N " + candidate, UCI: uci + string(register.UCICheckLetter(uci))})
	set.Entries = append(set.Entries, entry)
	set.Awards = append(set.Awards, award)
	set.Results = append(set.Results, register.Result{
		ResultKey: register.ResultKey{Centre: centre, Candidate: candidate, Series: "s", Component: "A1"}, Mark: mark,
	})
}
