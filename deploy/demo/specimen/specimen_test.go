package specimen_test

import (
	"bytes"
	"encoding/csv"
	"io/fs"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/grading"
	"github.com/recourse-exams/recourse/casework/register"
	"github.com/recourse-exams/recourse/deploy/demo/specimen"
	"github.com/recourse-exams/recourse/intake"
)

var made = sync.OnceValues(specimen.Files)

// set reads the made files as an import does.
func set(t *testing.T) register.Set {
	t.Helper()
	return setOn(t, calendar.Date{Year: 2026, Month: 11, Day: 21})
}

// setOn reads them on another day than the other tests'.
func setOn(t *testing.T, day calendar.Date) register.Set {
	t.Helper()
	files, err := made()
	require.NoError(t, err)
	dir := fstest.MapFS{}
	for name, body := range files {
		dir[name] = &fstest.MapFile{Data: body}
	}
	read, problems := intake.Read(dir, day, []string{"cambria"})
	require.Empty(t, problems)
	return read
}

// TestFiles_AreWhatIsCheckedIn compares rows byte by byte and PDFs page by page, since another release of the
// compressor may write other bytes. After a change of the sources: go run ./deploy/demo/generate deploy/demo/cambria
func TestFiles_AreWhatIsCheckedIn(t *testing.T) {
	t.Parallel()
	files, err := made()
	require.NoError(t, err)
	dir, size := os.DirFS("../cambria"), 0
	var names []string
	require.NoError(t, fs.WalkDir(dir, ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && name != "README.md" {
			names = append(names, name)
		}
		return err
	}))
	require.Len(t, names, len(files))
	for _, name := range names {
		checkedIn, err := fs.ReadFile(dir, name)
		require.NoError(t, err)
		size += len(checkedIn)
		if strings.HasSuffix(name, ".csv") {
			require.Equal(t, string(files[name]), string(checkedIn), name)
			continue
		}
		require.Equal(t, pages(t, files[name]), pages(t, checkedIn), name)
	}
	require.Less(t, size, 3_250_000, "the folder is part of every clone")
}

func pages(t *testing.T, body []byte) []string {
	t.Helper()
	pdf, err := api.ReadContext(bytes.NewReader(body), &model.Configuration{
		Reader15: true, Offline: true, ValidationMode: model.ValidationRelaxed, Eol: types.EolLF, Limits: model.DefaultResourceLimits(),
	})
	require.NoError(t, err)
	require.NoError(t, pdf.EnsurePageCount())
	var all []string
	for number := 1; number <= pdf.PageCount; number++ {
		page, _, _, err := pdf.PageDict(number, false)
		require.NoError(t, err)
		content, err := pdf.PageContent(page, number)
		require.NoError(t, err)
		all = append(all, string(content))
	}
	return all
}

func TestFiles_AreTheSameEveryTime(t *testing.T) {
	t.Parallel()
	first, err := made()
	require.NoError(t, err)
	second, err := specimen.Files()
	require.NoError(t, err)
	for name, body := range first {
		require.True(t, bytes.Equal(body, second[name]), name)
	}
}

// change moves one item's mark by a number of marks.
type change struct {
	candidate, component string
	by                   int
}

// settle computes what changes do to a candidate's award.
func settle(t *testing.T, s register.Set, centre, candidate, qualification string, changes ...change) grading.Settlement {
	t.Helper()
	var facts grading.Award
	for _, q := range s.Qualifications {
		if q.ID == qualification {
			facts.Unitised = q.Unitised
		}
	}
	ladder := func(qualification, component string) []grading.Boundary {
		var all []grading.Boundary
		for _, b := range s.Boundaries {
			if b.Qualification == qualification && b.Component == component {
				all = append(all, grading.Boundary{Grade: b.Grade, Mark: b.Mark})
			}
		}
		return all
	}
	facts.Boundaries = ladder(qualification, "")
	for _, component := range s.Components {
		for _, result := range s.Results {
			if component.Qualification != qualification || result.Component != component.ID || result.Centre != centre || result.Candidate != candidate {
				continue
			}
			part := grading.Component{Code: component.ID, Before: result.Mark, After: result.Mark, Weight: component.Weight, Boundaries: ladder("", component.ID)}
			for _, c := range changes {
				if c.component == component.ID {
					part.After += c.by
				}
			}
			facts.Components = append(facts.Components, part)
		}
	}
	return grading.Settle(facts)
}

// TestStories_DoWhatTheReadmeSays is what the demonstration relies on.
func TestStories_DoWhatTheReadmeSays(t *testing.T) {
	t.Parallel()
	s := set(t)
	tests := []struct {
		name, centre, candidate, qualification string
		changes                                []change
		before, after                          string
	}{
		{"one mark up, one grade up", "64101", "1001", "gcse-mathematics", []change{{"1001", "GM-1", 1}}, "6", "7"},
		{"one mark up, no grade", "64101", "1002", "gcse-mathematics", []change{{"1002", "GM-1", 1}}, "6", "6"},
		{"linked: the first alone", "64101", "1003", "gcse-mathematics", []change{{"1003", "GM-1", 1}}, "7", "7"},
		{"linked: both", "64101", "1003", "gcse-mathematics", []change{{"1003", "GM-1", 1}, {"1003", "GM-2", 1}}, "7", "8"},
		{"a weighted paper", "64202", "2001", "alevel-biology", []change{{"2001", "AB-3", 1}}, "B", "A"},
		{"one mark down, one grade down", "71203", "3001", "gcse-mathematics", []change{{"3001", "GM-2", -1}}, "5", "4"},
		{"an addition error in a test", "71203", "3002", "l2-numeracy", []change{{"3002", "NT-1", 1}}, "U", "Pass"},
		{"a portfolio put right", "64101", "1004", "gcse-design", []change{{"1004", "DM-2", 1}}, "5", "6"},
		{"a portfolio that falls", "64101", "1019", "gcse-design", []change{{"1019", "DM-2", -1}}, "8", "7"},
		{"a unit grade only", "71305", "4001", "gcse-geography", []change{{"4001", "GG-A", 1}}, "B", "B"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			settled := settle(t, s, test.centre, test.candidate, test.qualification, test.changes...)
			require.Equal(t, test.before, settled.GradeBefore)
			require.Equal(t, test.after, settled.GradeAfter)
		})
	}
	unit, ok := settle(t, s, "71305", "4001", "gcse-geography", change{"4001", "GG-A", 1}).Unit("GG-A")
	require.True(t, ok)
	require.Equal(t, grading.UnitGrade{Component: "GG-A", Before: "B", After: "A"}, unit)
}

// TestStories_ItemMarksLeaveRoom checks the items that the stories change.
func TestStories_ItemMarksLeaveRoom(t *testing.T) {
	t.Parallel()
	given := map[string]int{}
	for _, mark := range set(t).ItemMarks {
		given[strings.Join([]string{mark.Centre, mark.Candidate, mark.Component, mark.Item}, " ")] = mark.Mark
	}
	for item, want := range map[string]int{
		"64101 1001 GM-1 9": 3, "64101 1002 GM-1 8": 2, "64101 1003 GM-1 10": 5, "64101 1003 GM-2 10": 6,
		"64202 2001 AB-3 7": 6, "71203 3001 GM-2 7": 4, "71305 4001 GG-A 7": 5, "71203 3002 NT-1 4": 0,
	} {
		require.Equal(t, want, given[item], item)
	}
}

// TestEnquiries_NameResultsOfTheFolder reads the list that the demonstration sends.
func TestEnquiries_NameResultsOfTheFolder(t *testing.T) {
	t.Parallel()
	body, err := os.ReadFile("../enquiries.csv")
	require.NoError(t, err)
	rows, err := csv.NewReader(bytes.NewReader(body)).ReadAll()
	require.NoError(t, err)
	require.Equal(t, []string{"centre", "candidate", "component", "service", "consentGivenOn", "reviewedScript", "reason"}, rows[0])
	known := map[string]bool{}
	for _, result := range set(t).Results {
		known[result.Centre+result.Candidate+result.Component] = true
	}
	for _, row := range rows[1:] {
		require.True(t, known[row[0]+row[1]+row[2]], row)
		require.Contains(t, casework.Services(), casework.Service(row[3]))
		_, err := intake.ParseDay(row[4], calendar.Date{Year: 2026, Month: 11, Day: 21})
		require.NoError(t, err)
	}
}
