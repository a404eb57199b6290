package register_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/register"
)

// drawn is a random register in which everything agrees. Totals and grades are worked out here a second time,
// without the grading package: the sum of weight times mark, and the first grade from above that it reaches.
func drawn(t *rapid.T) register.Set {
	set := sound()
	set.Qualifications, set.Components, set.Boundaries, set.Items, set.Papers = nil, nil, nil, nil, nil
	set.Entries, set.Results, set.ItemMarks, set.Awards, set.Scripts = nil, nil, nil, nil, nil
	set.Performers[0].Components, set.Performers[0].Subjects = nil, nil
	for q := range rapid.IntRange(1, 3).Draw(t, "qualifications") {
		drawQualification(t, &set, fmt.Sprintf("Q%d", q))
	}
	return set
}

func drawQualification(t *rapid.T, set *register.Set, id string) {
	set.Qualifications = append(set.Qualifications, register.Qualification{ID: id, Body: "cambria", Title: id, Level: 3, Subject: "drawing", Family: casework.FamilyGeneral})
	entry := register.Entry{Centre: "64101", Candidate: "1001", Series: "s", Qualification: id}
	set.Entries = append(set.Entries, entry)
	total, highest := 0, 0
	for c := range rapid.IntRange(1, 3).Draw(t, "components") {
		component := register.Component{ID: fmt.Sprintf("%s-%d", id, c), Qualification: id, Title: "Paper", Assessment: register.External, Weight: rapid.IntRange(1, 4).Draw(t, "weight")}
		key := register.ResultKey{Centre: "64101", Candidate: "1001", Series: "s", Component: component.ID}
		mark := 0
		for i := range rapid.IntRange(1, 6).Draw(t, "items") {
			item := register.Item{Series: "s", Component: component.ID, Item: fmt.Sprint(i + 1), Position: i + 1, Max: rapid.IntRange(1, 12).Draw(t, "max")}
			given := rapid.IntRange(0, item.Max).Draw(t, "mark")
			set.Items = append(set.Items, item)
			set.ItemMarks = append(set.ItemMarks, register.ItemMark{ResultKey: key, Item: item.Item, Mark: given, Marker: "mk-1"})
			component.MaxMark += item.Max
			mark += given
		}
		set.Components = append(set.Components, component)
		set.Results = append(set.Results, register.Result{ResultKey: key, Mark: mark})
		for _, kind := range []string{"paper", "scheme"} {
			set.Papers = append(set.Papers, register.Paper{Series: "s", Component: component.ID, Kind: kind, Path: component.ID + kind})
		}
		total += component.Weight * mark
		highest += component.Weight * component.MaxMark
	}
	grade := "U"
	for _, b := range drawLadder(t, id, highest) {
		set.Boundaries = append(set.Boundaries, b)
		if grade == "U" && total >= b.Mark {
			grade = b.Grade
		}
	}
	set.Awards = append(set.Awards, register.Award{Entry: entry, Total: total, Grade: grade})
}

func drawLadder(t *rapid.T, qualification string, highest int) []register.Boundary {
	var ladder []register.Boundary
	next := math.MaxInt
	for i := range rapid.IntRange(1, 5).Draw(t, "grades") {
		if ladder != nil && next == 0 {
			break
		}
		next = rapid.IntRange(0, min(highest, next-1)).Draw(t, "boundary")
		ladder = append(ladder, register.Boundary{Series: "s", Qualification: qualification, Grade: string(rune('A' + i)), Mark: next})
	}
	return ladder
}

func TestCheck_AnyRegisterThatAgreesHasNoFault(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) { require.Empty(t, check(drawn(t))) })
}

// TestCheck_NoMarkCanBeWrongAlone changes one number anywhere among the marks: something else must disagree with it.
func TestCheck_NoMarkCanBeWrongAlone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		set := drawn(t)
		by := rapid.SampledFrom([]int{-3, -1, 1, 2}).Draw(t, "by")
		switch rapid.SampledFrom([]string{"item mark", "item maximum", "result", "component", "total"}).Draw(t, "where") {
		case "item mark":
			set.ItemMarks[rapid.IntRange(0, len(set.ItemMarks)-1).Draw(t, "row")].Mark += by
		case "item maximum":
			set.Items[rapid.IntRange(0, len(set.Items)-1).Draw(t, "row")].Max += by
		case "result":
			set.Results[rapid.IntRange(0, len(set.Results)-1).Draw(t, "row")].Mark += by
		case "component":
			set.Components[rapid.IntRange(0, len(set.Components)-1).Draw(t, "row")].MaxMark += by
		case "total":
			set.Awards[rapid.IntRange(0, len(set.Awards)-1).Draw(t, "row")].Total += by
		}
		require.NotEmpty(t, check(set))
	})
}

// TestCheck_NoRowIsDispensable: whatever row of a result's chain is lost, somebody notices.
func TestCheck_NoRowIsDispensable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		set := drawn(t)
		lose := func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "row") }
		rapid.SampledFrom([]func(){
			func() { set.Items = without(set.Items, lose(len(set.Items))) },
			func() { set.ItemMarks = without(set.ItemMarks, lose(len(set.ItemMarks))) },
			func() { set.Results = without(set.Results, lose(len(set.Results))) },
			func() { set.Entries = without(set.Entries, lose(len(set.Entries))) },
			func() { set.Components = without(set.Components, lose(len(set.Components))) },
			func() { set.Papers = without(set.Papers, lose(len(set.Papers))) },
		}).Draw(t, "noun")()
		require.NotEmpty(t, check(set))
	})
}

// TestCheck_AnyRowGivenTwiceIsFound covers every noun by the register's own list of rows.
func TestCheck_AnyRowGivenTwiceIsFound(t *testing.T) {
	t.Parallel()
	for noun, double := range map[register.Noun]func(*register.Set){
		register.Bodies:         func(s *register.Set) { s.Bodies = twice(s.Bodies) },
		register.Centres:        func(s *register.Set) { s.Centres = twice(s.Centres) },
		register.Contacts:       func(s *register.Set) { s.Contacts = twice(s.Contacts) },
		register.Qualifications: func(s *register.Set) { s.Qualifications = twice(s.Qualifications) },
		register.Components:     func(s *register.Set) { s.Components = twice(s.Components) },
		register.SeriesList:     func(s *register.Set) { s.Series = twice(s.Series) },
		register.KeyDates:       func(s *register.Set) { s.KeyDates = twice(s.KeyDates) },
		register.Boundaries:     func(s *register.Set) { s.Boundaries = twice(s.Boundaries) },
		register.Items:          func(s *register.Set) { s.Items = twice(s.Items) },
		register.Candidates:     func(s *register.Set) { s.Candidates = twice(s.Candidates) },
		register.Entries:        func(s *register.Set) { s.Entries = twice(s.Entries) },
		register.Results:        func(s *register.Set) { s.Results = twice(s.Results) },
		register.ItemMarks:      func(s *register.Set) { s.ItemMarks = twice(s.ItemMarks) },
		register.Awards:         func(s *register.Set) { s.Awards = twice(s.Awards) },
		register.Performers:     func(s *register.Set) { s.Performers = twice(s.Performers) },
		register.Conflicts:      func(s *register.Set) { s.Conflicts = twice(s.Conflicts) },
		register.Absences:       func(s *register.Set) { s.Absences = twice(s.Absences) },
		register.Approvers:      func(s *register.Set) { s.Approvers = twice(s.Approvers) },
		register.Papers:         func(s *register.Set) { s.Papers = twice(s.Papers) },
		register.Scripts:        func(s *register.Set) { s.Scripts = twice(s.Scripts) },
		register.Moderations:    func(s *register.Set) { s.Moderations = twice(s.Moderations) },
	} {
		t.Run(string(noun), func(t *testing.T) {
			t.Parallel()
			set := coursework()
			double(&set)
			var found []string
			for _, fault := range check(set) {
				if fault.Noun == noun {
					found = append(found, fault.Detail)
				}
			}
			require.Contains(t, fmt.Sprint(found), "is given twice, first in row 1")
		})
	}
	require.Len(t, register.Nouns(), 21, "a new noun needs a row above")
}

func without[R any](rows []R, at int) []R { return append(append([]R{}, rows[:at]...), rows[at+1:]...) }

// twice repeats the first row at the end.
func twice[R any](rows []R) []R { return append(append([]R{}, rows...), rows[0]) }
