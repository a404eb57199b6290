package register_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/register"
)

func TestCheck_ASoundSetHasNoFault(t *testing.T) {
	t.Parallel()
	require.Empty(t, check(sound()))
	require.Empty(t, check(coursework()))
	require.Empty(t, check(register.Set{}), "nothing contradicts nothing")
}

// TestCheck_EachFaultIsFoundAtItsRowAndField breaks one thing at a time; the fault named must be among those found.
func TestCheck_EachFaultIsFoundAtItsRowAndField(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		breakIt func(*register.Set)
		want    string
	}{
		"body id":                  {func(s *register.Set) { s.Bodies[0].ID = "a b" }, `bodies row 1, id: "a b" is not a code`},
		"body without name":        {func(s *register.Set) { s.Bodies[0].Name = " " }, "bodies row 1, name: name is empty"},
		"body twice":               {func(s *register.Set) { s.Bodies = append(s.Bodies, s.Bodies[0]) }, "bodies row 2, id: cambria is given twice, first in row 1"},
		"centre number":            {func(s *register.Set) { s.Centres[0].Number = "6410" }, `centres row 1, number: "6410" is not a centre number`},
		"nation":                   {func(s *register.Set) { s.Centres[0].Nation = "Narnia" }, `centres row 1, nation: "Narnia" is not one of england`},
		"no exams officer":         {func(s *register.Set) { s.Contacts[0].ExamsOfficer = false }, "centres row 1, number: centre 64101 has no exams officer"},
		"contact's centre":         {func(s *register.Set) { s.Contacts[0].Centre = "99999" }, "contacts row 1, centre: centre 99999 is not in centres"},
		"contact's address":        {func(s *register.Set) { s.Contacts[0].Email = "exams at ashdown" }, `contacts row 1, email: "exams at ashdown" is not a mail address`},
		"address with two signs":   {func(s *register.Set) { s.Contacts[0].Email = "a@b@c.example" }, "contacts row 1, email"},
		"address that injects":     {func(s *register.Set) { s.Contacts[0].Email = "a@b.example>,<c@d.example" }, "contacts row 1, email"},
		"qualification's body":     {func(s *register.Set) { s.Qualifications[0].Body = "x" }, "qualifications row 1, body: x is not in bodies"},
		"level":                    {func(s *register.Set) { s.Qualifications[0].Level = 9 }, "qualifications row 1, level: level 9 is not between 1 and 8"},
		"family":                   {func(s *register.Set) { s.Qualifications[0].Family = "general" }, "qualifications row 1, family"},
		"no component":             {func(s *register.Set) { s.Components = s.Components[:2] }, "qualifications row 2, id: geography has no component"},
		"maximum of nothing":       {func(s *register.Set) { s.Components[0].MaxMark = 0 }, "components row 1, maxMark"},
		"weight of nothing":        {func(s *register.Set) { s.Components[0].Weight = 0 }, "components row 1, weight"},
		"unknown qualification":    {func(s *register.Set) { s.Components[0].Qualification = "x" }, "components row 1, qualification: x is not in qualifications"},
		"release in wrong order":   {func(s *register.Set) { s.Series[0].CentreRelease = s.Series[0].CandidateRelease.AddDate(0, 0, 1) }, "series row 1, centreRelease"},
		"rules that are none":      {func(s *register.Set) { s.Qualifications[0].Rules = "ocr" }, `qualifications row 1, rules: "ocr" is no set of rules; there are aqa, cambria, ocr-gq`},
		"body without rules":       {func(s *register.Set) { s.Bodies[0].ID, s.Qualifications[0].Body = "wjec", "wjec" }, "qualifications row 1, rules: no set of rules is named like the awarding body wjec: name one of aqa, cambria, ocr-gq"},
		"who marks it":             {func(s *register.Set) { s.Components[0].Assessment = "" }, `components row 1, assessment: "" is not one of external, moderated`},
		"month of no year":         {func(s *register.Set) { s.Series[0].Month = 13 }, "series row 1, month: month 13 is not between 1 and 12"},
		"A levels last":            {func(s *register.Set) { s.Series[0].ALevelRelease = s.Series[0].GCSERelease.AddDays(1) }, "series row 1, aLevelRelease: the A level results day 2026-08-21 is after the GCSE results day 2026-08-20"},
		"priority of a review":     {func(s *register.Set) { s.KeyDates[0].Priority = true }, "keydates row 1, priority: review-of-marking has no last day of its own for priority; only script-copy has"},
		"unknown indicator":        {func(s *register.Set) { s.Results[0].Indicator = "x" }, `results row 1, indicator: "x" is not one of X, #, Q`},
		"unknown award indicator":  {func(s *register.Set) { s.Awards[0].Indicator = "Z" }, `awards row 1, indicator: "Z" is not one of X, #, Q`},
		"no GCSE day":              {func(s *register.Set) { s.Series[0].GCSERelease = calendar.Date{} }, "series row 1, gcseRelease"},
		"unknown service":          {func(s *register.Set) { s.KeyDates[0].Service = "x" }, `keydates row 1, service: "x" is not one of clerical-check, review-of-marking`},
		"window before release":    {func(s *register.Set) { s.KeyDates[0].LastDay.Month = 7 }, "keydates row 1, lastDay: the last day 2026-07-24 is before the candidates' results day 2026-08-20"},
		"boundary of both":         {func(s *register.Set) { s.Boundaries[0].Component = "M1" }, "boundaries row 1, component: give a qualification"},
		"boundary of neither":      {func(s *register.Set) { s.Boundaries[0].Qualification = "" }, "boundaries row 1, component: give a qualification"},
		"boundary out of order":    {func(s *register.Set) { s.Boundaries[1].Mark = 20 }, "boundaries row 2, mark: the boundary 20 of grade 8 is not below the 20 of grade 9"},
		"boundary out of reach":    {func(s *register.Set) { s.Boundaries[0].Mark = 27 }, "boundaries row 1, mark: the boundary 27 is not between 0 and the highest possible mark of 26"},
		"unit grade of linear":     {func(s *register.Set) { s.Boundaries[3].Component = "M1" }, "boundaries row 4, component: maths is linear"},
		"grade twice":              {func(s *register.Set) { s.Boundaries[1].Grade = "9" }, "boundaries row 2, grade: the boundary of grade 9 is given twice"},
		"items above the maximum":  {func(s *register.Set) { s.Items[1].Max = 7 }, "items row 1, component: the items of M1 carry 11 marks in all, but its maximum is 10"},
		"no mark scheme":           {func(s *register.Set) { s.Papers = s.Papers[2:] }, "items row 1, component: M1 has no scheme"},
		"item twice":               {func(s *register.Set) { s.Items[1].Item = "1" }, "items row 2, item: item 1 of M1 is given twice"},
		"candidate number":         {func(s *register.Set) { s.Candidates[0].Number = "10001" }, "candidates row 1, number"},
		"UCI (domain 5.7)":         {func(s *register.Set) { s.Candidates[0].UCI = "641010241001W" }, `candidates row 1, uci: UCI "641010241001W" ends in W, but its check letter is V`},
		"candidate twice":          {func(s *register.Set) { s.Candidates = append(s.Candidates, s.Candidates[0]) }, "candidates row 2, number: candidate 64101/1001 is given twice"},
		"entry of nobody":          {func(s *register.Set) { s.Entries[0].Candidate = "1002" }, "entries row 1, candidate: candidate 64101/1002 is not in candidates"},
		"result without entry":     {func(s *register.Set) { s.Entries, s.Awards = s.Entries[1:], s.Awards[1:] }, "results row 1, component: candidate 64101/1001 has no entry for maths"},
		"mark above the maximum":   {func(s *register.Set) { s.Results[0].Mark = 11 }, "results row 1, mark: mark 11 is above the component's maximum of 10"},
		"items do not sum":         {func(s *register.Set) { s.ItemMarks[0].Mark = 2 }, "results row 1, mark: mark 7 is not the sum of the item marks, which is 6"},
		"item without mark":        {func(s *register.Set) { s.ItemMarks = s.ItemMarks[1:] }, "results row 1, component: 1 of the 2 items are marked"},
		"result twice":             {func(s *register.Set) { s.Results = append(s.Results, s.Results[0]) }, "results row 4, component: the result of 64101/1001 in M1 (s) is given twice"},
		"item mark above maximum":  {func(s *register.Set) { s.ItemMarks[0].Mark = 5 }, "itemmarks row 1, mark: mark 5 is not between 0 and the item's maximum of 4"},
		"unknown item":             {func(s *register.Set) { s.ItemMarks[0].Item = "9" }, "itemmarks row 1, item: M1 has no item 9"},
		"item mark twice":          {func(s *register.Set) { s.ItemMarks[1].Item = "1" }, "itemmarks row 2, item: item 1 of"},
		"nobody marked it":         {func(s *register.Set) { s.ItemMarks[0].Marker = "" }, "itemmarks row 1, marker: marker is empty"},
		"item mark of no result":   {func(s *register.Set) { s.ItemMarks[3].Candidate = "1002" }, "itemmarks row 4, component: the result of 64101/1002 in G1 (s) is not in results"},
		"total does not agree":     {func(s *register.Set) { s.Awards[0].Total = 18 }, "awards row 1, total: total 18 does not agree with the results, which make 17"},
		"grade does not agree":     {func(s *register.Set) { s.Awards[0].Grade = "9" }, "awards row 1, grade: grade 9 does not agree with the boundaries, which give 8 for 17"},
		"award without a result":   {func(s *register.Set) { s.Results, s.ItemMarks = s.Results[1:], s.ItemMarks[2:] }, "awards row 1, qualification: the result in M1"},
		"award without boundaries": {func(s *register.Set) { s.Boundaries = s.Boundaries[:2] }, "awards row 2, grade: geography has no grade boundaries"},
		"award without entry":      {func(s *register.Set) { s.Awards[0].Qualification = "latin" }, "awards row 1, qualification: candidate 64101/1001 has no entry for latin"},
		"performer's component":    {func(s *register.Set) { s.Performers[0].Components[1] = "M9" }, "performers row 1, components: M9 is not in components"},
		"component given twice":    {func(s *register.Set) { s.Performers[0].Components[1] = "M1" }, "performers row 1, components: M1 is given twice"},
		"capacity":                 {func(s *register.Set) { s.Performers[0].Capacity = -1 }, "performers row 1, capacity"},
		"conflict with nobody":     {func(s *register.Set) { s.Conflicts[0].Centre = "" }, "conflicts row 1, centre: the conflict of ex-1 names nobody"},
		"related to whom":          {func(s *register.Set) { s.Conflicts[1].Candidate = "" }, "conflicts row 2, candidate: ex-1 is related to somebody"},
		"conflict of whom":         {func(s *register.Set) { s.Conflicts[0].Performer = "ex-9" }, "conflicts row 1, performer: ex-9 is not in performers"},
		"kind of conflict":         {func(s *register.Set) { s.Conflicts[0].Kind = "dislikes" }, "conflicts row 1, kind"},
		"conflict with a stranger": {func(s *register.Set) { s.Conflicts[1].Candidate = "1002" }, "conflicts row 2, candidate: candidate 64101/1002 is not in candidates"},
		"kind of paper":            {func(s *register.Set) { s.Papers[0].Kind = "notes" }, "papers row 1, kind"},
		"paper without file":       {func(s *register.Set) { s.Papers[0].Path = "" }, "papers row 1, file"},
		"script of no result":      {func(s *register.Set) { s.Scripts[0].Candidate = "1002" }, "scripts row 1, component: the result of"},
		"script twice":             {func(s *register.Set) { s.Scripts = append(s.Scripts, s.Scripts[0]) }, "scripts row 2, component: the script of"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			set := sound()
			test.breakIt(&set)
			var found []string
			for _, fault := range check(set) {
				found = append(found, fault.Error())
			}
			require.True(t, contains(found, test.want), "%q is not among\n%s", test.want, strings.Join(found, "\n"))
		})
	}
}

func TestCheck_FaultsComeInTheOrderOfNounsAndRows(t *testing.T) {
	t.Parallel()
	set := sound()
	set.Scripts[0].Path = ""
	set.Results[1].Mark, set.Results[0].Mark = 99, 99
	set.Bodies[0].Name = ""
	faults := check(set)
	var order []register.Noun
	for _, fault := range faults {
		order = append(order, fault.Noun)
	}
	require.Equal(t, register.Bodies, order[0])
	require.Equal(t, register.Scripts, order[len(order)-1])
	require.Equal(t, 0, faults[1].Index)
	require.Equal(t, 1, faults[2].Index)
}

// TestCheck_AFaultNamesWhatItConsulted keeps the promise that an unreadable file raises no false alarm elsewhere.
func TestCheck_AFaultNamesWhatItConsulted(t *testing.T) {
	t.Parallel()
	for noun, remove := range map[register.Noun]func(*register.Set){
		register.Bodies:         func(s *register.Set) { s.Bodies = nil },
		register.Centres:        func(s *register.Set) { s.Centres = nil },
		register.Contacts:       func(s *register.Set) { s.Contacts = nil },
		register.Qualifications: func(s *register.Set) { s.Qualifications = nil },
		register.Components:     func(s *register.Set) { s.Components = nil },
		register.SeriesList:     func(s *register.Set) { s.Series = nil },
		register.Boundaries:     func(s *register.Set) { s.Boundaries = nil },
		register.Items:          func(s *register.Set) { s.Items = nil },
		register.Candidates:     func(s *register.Set) { s.Candidates = nil },
		register.Entries:        func(s *register.Set) { s.Entries = nil },
		register.Results:        func(s *register.Set) { s.Results = nil },
		register.ItemMarks:      func(s *register.Set) { s.ItemMarks = nil },
		register.Performers:     func(s *register.Set) { s.Performers = nil },
		register.Papers:         func(s *register.Set) { s.Papers = nil },
		register.Moderations:    func(s *register.Set) { s.Moderations = nil },
	} {
		t.Run(string(noun), func(t *testing.T) {
			t.Parallel()
			set := coursework()
			remove(&set)
			faults := check(set)
			require.NotEmpty(t, faults)
			for _, fault := range faults {
				require.Contains(t, fault.Needs, noun, fault.Error())
			}
		})
	}
}

func contains(found []string, want string) bool {
	for _, fault := range found {
		if strings.HasPrefix(fault, want) {
			return true
		}
	}
	return false
}
