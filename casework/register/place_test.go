package register_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/register"
)

// wide is the sound register with a second body, centre, contact, series and so on, so that a fault can stand in a
// row that is not the first.
func wide() register.Set {
	set := sound()
	set.Bodies = append(set.Bodies, register.Body{ID: "second", Name: "Second Awards"})
	set.Centres = append(set.Centres, register.Centre{Number: "71203", Name: "Ysgol Bryn Glas", Nation: "wales"})
	set.Contacts = append(set.Contacts, register.Contact{Centre: "71203", Subject: "eo-71203", Name: "Bronwen Rees", Email: "b.rees@bryn-glas.example", ExamsOfficer: true})
	set.Series = append(set.Series, register.Series{
		ID: "n", Body: "second", Title: "November", Month: 11, CentreRelease: time.Date(2027, 1, 13, 8, 0, 0, 0, time.UTC),
		CandidateRelease: time.Date(2027, 1, 14, 8, 0, 0, 0, time.UTC), GCSERelease: calendar.Date{Year: 2027, Month: 1, Day: 14},
	})
	set.KeyDates = append(set.KeyDates, register.KeyDate{Series: "s", Service: casework.ClericalCheck, LastDay: calendar.Date{Year: 2026, Month: 8, Day: 20}})
	set.Candidates = append(set.Candidates, register.Candidate{Centre: "71203", Number: "5001", Name: "Elin Prys", UCI: "712030265001" + string(register.UCICheckLetter("712030265001"))})
	set.Performers = append(set.Performers, register.Performer{
		ID: "cl-1", Body: "cambria", Name: "Yusuf Demir", Email: "y@cambria.example", Roles: []casework.PerformerRole{casework.Clerk}, Rank: casework.RankExaminer, Leader: "ex-1",
	})
	return set
}

// TestCheck_EachFaultStandsAloneAtItsPlace breaks one thing in a row that is not the first: exactly one fault is
// found, with the noun, the row and the column at fault and what else was consulted.
func TestCheck_EachFaultStandsAloneAtItsPlace(t *testing.T) {
	t.Parallel()
	require.Empty(t, check(wide()))
	type fault struct {
		noun  register.Noun
		index int
		field string
		needs []register.Noun
	}
	consulting := func(nouns ...register.Noun) []register.Noun { return nouns }
	for name, row := range map[string]struct {
		breakIt func(*register.Set)
		want    fault
	}{
		"a body without a name":           {func(s *register.Set) { s.Bodies[1].Name = "\t" }, fault{register.Bodies, 1, "name", nil}},
		"a centre without a name":         {func(s *register.Set) { s.Centres[1].Name = "" }, fault{register.Centres, 1, "name", nil}},
		"a nation of another spelling":    {func(s *register.Set) { s.Centres[1].Nation = "Wales" }, fault{register.Centres, 1, "nation", nil}},
		"a centre without exams officer":  {func(s *register.Set) { s.Contacts[1].ExamsOfficer = false }, fault{register.Centres, 1, "number", consulting(register.Contacts)}},
		"a contact without a name":        {func(s *register.Set) { s.Contacts[1].Name = " " }, fault{register.Contacts, 1, "name", nil}},
		"a subject that is no code":       {func(s *register.Set) { s.Contacts[1].Subject = "eo/71203" }, fault{register.Contacts, 1, "subject", nil}},
		"a qualification without a title": {func(s *register.Set) { s.Qualifications[1].Title = "" }, fault{register.Qualifications, 1, "title", nil}},
		"a level below 1":                 {func(s *register.Set) { s.Qualifications[1].Level = 0 }, fault{register.Qualifications, 1, "level", nil}},
		"a family without a name":         {func(s *register.Set) { s.Qualifications[1].Family = "" }, fault{register.Qualifications, 1, "family", nil}},
		"a qualification of no body":      {func(s *register.Set) { s.Qualifications[1].Body = "third" }, fault{register.Qualifications, 1, "body", consulting(register.Bodies)}},
		"a component without a title":     {func(s *register.Set) { s.Components[2].Title = "" }, fault{register.Components, 2, "title", nil}},
		"a component of negative weight": {func(s *register.Set) {
			s.Awards = s.Awards[1:]
			s.Components[0].Weight = -1
			s.Boundaries = s.Boundaries[2:]
		}, fault{register.Components, 0, "weight", nil}},
		"a series without a title":      {func(s *register.Set) { s.Series[1].Title = "" }, fault{register.SeriesList, 1, "title", nil}},
		"a series of no body":           {func(s *register.Set) { s.Series[1].Body = "third" }, fault{register.SeriesList, 1, "body", consulting(register.Bodies)}},
		"a series without its GCSE day": {func(s *register.Set) { s.Series[1].GCSERelease = calendar.Date{} }, fault{register.SeriesList, 1, "gcseRelease", nil}},
		"a series without its results day": {func(s *register.Set) {
			s.Series[1].CentreRelease, s.Series[1].CandidateRelease = time.Time{}, time.Time{}
		}, fault{register.SeriesList, 1, "candidateRelease", nil}},
		"a window that ends before results": {func(s *register.Set) { s.KeyDates[1].LastDay.Day = 19 }, fault{register.KeyDates, 1, "lastDay", consulting(register.SeriesList)}},
		"a key date of no series":           {func(s *register.Set) { s.KeyDates[1].Series = "x" }, fault{register.KeyDates, 1, "series", consulting(register.SeriesList)}},
		"a boundary without a grade":        {func(s *register.Set) { s.Boundaries[3].Grade = "" }, fault{register.Boundaries, 3, "grade", nil}},
		"a boundary of no series": {func(s *register.Set) {
			s.Boundaries = append(s.Boundaries, s.Boundaries[3])
			s.Boundaries[4].Series = "x"
		}, fault{register.Boundaries, 4, "series", consulting(register.SeriesList)}},
		"a boundary below 0":               {func(s *register.Set) { s.Boundaries[2].Mark, s.Awards[1].Grade = -1, "A" }, fault{register.Boundaries, 2, "mark", consulting(register.Components)}},
		"a boundary above the unit":        {func(s *register.Set) { s.Boundaries[3].Mark = 6 }, fault{register.Boundaries, 3, "mark", consulting(register.Components)}},
		"an item of a second place":        {func(s *register.Set) { s.Items[1].Position = 1 }, fault{register.Items, 1, "item", nil}},
		"an item before the first place":   {func(s *register.Set) { s.Items[2].Position = 0 }, fault{register.Items, 2, "item", nil}},
		"a candidate without a name":       {func(s *register.Set) { s.Candidates[1].Name = "" }, fault{register.Candidates, 1, "name", nil}},
		"a candidate of no centre":         {func(s *register.Set) { s.Candidates[1].Centre = "99999" }, fault{register.Candidates, 1, "centre", consulting(register.Centres)}},
		"a candidate number with a letter": {func(s *register.Set) { s.Candidates[1].Number = "5OO1" }, fault{register.Candidates, 1, "number", nil}},
		"an entry of no series":            {func(s *register.Set) { s.Entries = append(s.Entries, s.Entries[0]); s.Entries[2].Series = "x" }, fault{register.Entries, 2, "series", consulting(register.SeriesList)}},
		"an entry of no qualification":     {func(s *register.Set) { s.Entries = append(s.Entries, s.Entries[0]); s.Entries[2].Qualification = "x" }, fault{register.Entries, 2, "qualification", consulting(register.Qualifications)}},
		"an item mark below 0": {func(s *register.Set) {
			s.ItemMarks[1].Mark, s.ItemMarks[0].Mark = -1, 8
			s.Items[0].Max, s.Items[1].Max = 8, 2
		}, fault{register.ItemMarks, 1, "mark", consulting(register.Items)}},
		"a performer without a name":        {func(s *register.Set) { s.Performers[1].Name = "" }, fault{register.Performers, 1, "name", nil}},
		"a performer's address":             {func(s *register.Set) { s.Performers[1].Email = "" }, fault{register.Performers, 1, "email", nil}},
		"a performer who takes less than 0": {func(s *register.Set) { s.Performers[1].Capacity = -2 }, fault{register.Performers, 1, "capacity", nil}},
		"a performer's id":                  {func(s *register.Set) { s.Performers[1].ID = "" }, fault{register.Performers, 1, "id", nil}},
		"a conflict with no centre":         {func(s *register.Set) { s.Conflicts[1].Centre = "" }, fault{register.Conflicts, 1, "centre", nil}},
		"a conflict with a strange centre":  {func(s *register.Set) { s.Conflicts[0].Centre = "99999" }, fault{register.Conflicts, 0, "centre", consulting(register.Centres)}},
		"a paper of no series":              {func(s *register.Set) { s.Papers = append(s.Papers, s.Papers[0]); s.Papers[6].Series = "x" }, fault{register.Papers, 6, "series", consulting(register.SeriesList)}},
		"a paper of no component":           {func(s *register.Set) { s.Papers = append(s.Papers, s.Papers[0]); s.Papers[6].Component = "X" }, fault{register.Papers, 6, "component", consulting(register.Components)}},
		"a script without a file":           {func(s *register.Set) { s.Scripts[0].Path = "" }, fault{register.Scripts, 0, "file", nil}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			set := wide()
			row.breakIt(&set)
			found := check(set)
			require.Len(t, found, 1, "%v", found)
			require.Equal(t, row.want, fault{found[0].Noun, found[0].Index, found[0].Field, found[0].Needs}, found[0].Error())
			require.NotEmpty(t, found[0].Detail)
			require.NotEqual(t, byte('.'), found[0].Detail[len(found[0].Detail)-1], "the printer adds the full stop")
		})
	}
}

func TestCheck_AMarkBelowNothingIsToldSo(t *testing.T) {
	t.Parallel()
	set := sound()
	set.Results[0].Mark = -1
	require.Contains(t, texts(check(set)), "results row 1, mark: mark -1 is below 0")
}

// TestCheck_AUnitNeedsItsBoundaries: without them a review of the unit would have no unit grade to compare.
func TestCheck_AUnitNeedsItsBoundaries(t *testing.T) {
	t.Parallel()
	set := sound()
	set.Boundaries = set.Boundaries[:3]
	found := check(set)
	require.Len(t, found, 1)
	require.Equal(t, "awards row 2, grade: the unit G1 of geography has no grade boundaries in boundaries", found[0].Error())
	require.Contains(t, found[0].Needs, register.Boundaries)
}

func TestCheck_APaperIsCheckedWhereverItsFirstItemStands(t *testing.T) {
	t.Parallel()
	set := sound()
	set.Items[0].Position, set.Items[1].Position = 5, 9
	require.Empty(t, check(set), "the order counts, not the numbers")
	set.Items[1].Max = 7
	require.Contains(t, texts(check(set)), "items row 1, component: the items of M1 carry 11 marks in all, but its maximum is 10")
}

func TestCheck_MailAddresses(t *testing.T) {
	t.Parallel()
	for address, good := range map[string]bool{
		"a@b.example": true, "amira.holt+exams@ashdown.sch.example": true, "o'neill@st-mary.example": true, "x_1@10.example": true,
		"": false, "@b.example": false, "a@": false, "a@b": false, "a@.": false, "a@b.": false, "a@.example": false, "a@b..example": false,
		"a b@c.example": false, "a@b .example": false, "a@b.example\n": false, "a@b.example\tx": false, "a\u00a0b@c.example": false, "a@b.example\x00": false,
		"a@b.example;c@d.example": false, "Amira <a@b.example>": false, `"a"@b.example`: false, "a@b@c.example": false, "a@[10.0.0.1]": false, "mailto:a@b.example": false,
	} {
		set := sound()
		set.Contacts[0].Email = address
		found := check(set)
		if good {
			require.Empty(t, found, "%q", address)
			continue
		}
		require.Len(t, found, 1, "%q", address)
		require.Equal(t, "email", found[0].Field)
	}
}

func TestCheck_CodesStandInAddressesAndFileKeys(t *testing.T) {
	t.Parallel()
	longest := "a234567890123456789012345678901234567890"
	for id, good := range map[string]bool{
		"a": true, "A-1.b_2": true, longest: true, "0": true,
		"": false, longest + "1": false, "-a": false, ".a": false, "..": false, "a/b": false, `a\b`: false, "a b": false, "a\n": false, "é": false, "a%2fb": false, "a?b": false,
	} {
		set := sound()
		set.Performers = append(set.Performers, register.Performer{
			ID: id, Body: "cambria", Name: "N", Email: "n@b.example", Roles: []casework.PerformerRole{casework.Reviewer}, Rank: casework.RankExaminer,
		})
		require.Equal(t, good, len(check(set)) == 0, "%q", id)
	}
}

func texts(faults []register.Fault) []string {
	var all []string
	for _, fault := range faults {
		all = append(all, fault.Error())
	}
	return all
}
