package store_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/offer"
	"github.com/recourse-exams/recourse/casework/register"
	"github.com/recourse-exams/recourse/store"
	"github.com/recourse-exams/recourse/store/storetest"
)

// resultOf names a result of the test's only series.
func resultOf(candidate, component string) register.ResultKey {
	return register.ResultKey{Centre: "64101", Candidate: candidate, Series: "s", Component: component}
}

// imported is a small register: one linear award of two papers for each candidate, with everything that hangs on it.
func imported(candidates ...string) register.Set {
	file := func(name string) casework.FileRef {
		return casework.FileRef{Key: name + ".pdf", Version: "v1", SHA256: digest(name), Size: 7}
	}
	set := register.Set{
		Bodies:   []register.Body{{ID: "cambria", Name: "Cambria Awards"}},
		Centres:  []register.Centre{{Number: "64101", Name: "Ashdown School", Nation: "england", Address: []string{"Forest Road", "Ashdown Cross"}}},
		Contacts: []register.Contact{{Centre: "64101", Subject: "eo", Name: "Amira Holt", Email: "exams@ashdown.example", ExamsOfficer: true}},
		Qualifications: []register.Qualification{
			{ID: "maths", Body: "cambria", Title: "Mathematics", Level: 2, Subject: "mathematics", Family: casework.FamilyGeneral},
		},
		Components: []register.Component{
			{ID: "M1", Qualification: "maths", Title: "Paper 1", MaxMark: 10, Weight: 1, Assessment: register.External},
			{ID: "M2", Qualification: "maths", Title: "Paper 2", MaxMark: 10, Weight: 1, Assessment: register.External},
			{ID: "P1", Qualification: "maths", Title: "Portfolio", MaxMark: 10, Weight: 1, Assessment: register.Moderated},
		},
		Series: []register.Series{{
			ID: "s", Body: "cambria", Title: "Summer", Month: 6, CentreRelease: storetest.Now.AddDate(0, 0, -8),
			CandidateRelease: storetest.Now.AddDate(0, 0, -7), GCSERelease: calendar.Date{Year: 2026, Month: 8, Day: 20},
		}},
		KeyDates: []register.KeyDate{
			{Series: "s", Service: casework.ReviewOfMarking, LastDay: calendar.Date{Year: 2026, Month: 9, Day: 24}},
			{Series: "s", Service: casework.ScriptCopy, Priority: true, LastDay: calendar.Date{Year: 2026, Month: 9, Day: 3}},
			{Series: "s", Service: casework.ScriptCopy, LastDay: calendar.Date{Year: 2026, Month: 10, Day: 30}},
		},
		Boundaries: []register.Boundary{
			{Series: "s", Qualification: "maths", Grade: "9", Mark: 15},
			{Series: "s", Component: "M1", Grade: "a", Mark: 5},
			{Series: "s", Qualification: "maths", Part: register.External, Grade: "Pass", Mark: 7},
		},
		Moderations: []register.Moderation{{
			CohortKey: register.CohortKey{Centre: "64101", Component: "P1", Series: "s"}, Changed: true, Sample: register.SampleHeld, Moderator: "mo-1", Checker: "mo-2",
		}},
		Performers: []register.Performer{
			{
				ID: "ex-1", Body: "cambria", Name: "Helen Marsh", Email: "h@cambria.example", Roles: []casework.PerformerRole{casework.Reviewer, casework.Moderator},
				Rank: casework.RankSenior, Leader: "ex-2", Components: []string{"M2", "M1"}, Tiers: []string{"higher"}, Capacity: 4,
				ContractFrom: calendar.Date{Year: 2026, Month: 1, Day: 1}, ContractUntil: calendar.Date{Year: 2026, Month: 12, Day: 31},
				TrainedUntil: calendar.Date{Year: 2026, Month: 11, Day: 30},
			},
			{
				ID: "ex-2", Body: "cambria", Name: "Ingrid Voss", Email: "i@cambria.example", Roles: []casework.PerformerRole{casework.Reviewer},
				Rank: casework.RankLead, Subjects: []string{"mathematics"}, Capacity: 2,
			},
		},
		Absences: []register.Absence{{
			Performer: "ex-1", From: calendar.Date{Year: 2026, Month: 10, Day: 1}, Until: calendar.Date{Year: 2026, Month: 10, Day: 9}, Reason: "holiday",
		}},
		Conflicts: []register.Conflict{
			{Performer: "ex-1", Kind: "works-at", Centre: "64101"},
			{Performer: "ex-1", Kind: "related-to", Centre: "64101", Candidate: candidates[0]},
		},
		Papers: []register.Paper{{Series: "s", Component: "M1", Kind: "scheme", File: file("scheme")}},
	}
	for _, component := range []string{"M1", "M2"} {
		set.Items = append(set.Items,
			register.Item{Series: "s", Component: component, Item: "1", Position: 1, Max: 4},
			register.Item{Series: "s", Component: component, Item: "2", Position: 2, Max: 6})
	}
	for _, number := range candidates {
		entry := register.Entry{Centre: "64101", Candidate: number, Series: "s", Qualification: "maths"}
		set.Candidates = append(set.Candidates, register.Candidate{Centre: "64101", Number: number, Name: "Candidate " + number, UCI: number})
		set.Entries = append(set.Entries, entry)
		set.Awards = append(set.Awards, register.Award{Entry: entry, Total: 14, Grade: "U"})
		for _, component := range []string{"M1", "M2"} {
			key := resultOf(number, component)
			set.Results = append(set.Results, register.Result{ResultKey: key, Mark: 7})
			set.ItemMarks = append(set.ItemMarks,
				register.ItemMark{ResultKey: key, Item: "1", Mark: 3, Marker: "mk-1", SecondMarker: "mk-2", BackReader: "mk-3"},
				register.ItemMark{ResultKey: key, Item: "2", Mark: 4, Marker: "mk-1", Checker: "cl-1"})
			set.Scripts = append(set.Scripts, register.Script{ResultKey: key, Original: file("original" + number + component), Anonymised: file("copy" + number + component)})
		}
	}
	return set
}

// importInto imports a set, keeping the dates of series on which a case rests.
func importInto(t testing.TB, s *store.Store, set register.Set) error {
	t.Helper()
	_, err := s.ImportRegister(t.Context(), set, register.KeepDates, storetest.Now)
	return err
}

// registerTables are the tables that an import writes.
var registerTables = []string{
	"awarding_bodies", "centres", "contacts", "qualifications", "components", "series", "key_dates", "award_boundaries",
	"component_boundaries", "candidates", "entries", "component_results", "item_marks", "item_checks", "awards",
	"performers", "performer_components", "conflicts", "absences", "roster_changes", "roster_version", "component_files", "scripts", "part_boundaries", "moderations", "approvers", "approver_changes",
}

// rowsOf writes every row of the register out, with the transaction that last wrote it.
func rowsOf(t *testing.T, s *store.Store) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, table := range registerTables {
		var rows string
		query := fmt.Sprintf("SELECT coalesce(string_agg(t::text || ' ' || t.xmin::text, E'\\n' ORDER BY t::text), '') FROM %s t", table)
		require.NoError(t, s.Pool().QueryRow(t.Context(), query).Scan(&rows))
		all[table] = rows
	}
	return all
}

func one[T any](t *testing.T, s *store.Store, query string) T {
	t.Helper()
	var value T
	require.NoError(t, s.Pool().QueryRow(t.Context(), query).Scan(&value))
	return value
}

// openOn opens a case on a result, by rules that refuse nothing.
func openOn(t *testing.T, s *store.Store, result register.ResultKey) {
	t.Helper()
	request := casework.EnquiryRequest{
		Service: casework.ClericalCheck, CentreNumber: result.Centre, CandidateNumber: result.Candidate, Series: result.Series,
		Component: result.Component, Reason: casework.ReasonOther,
	}
	opened, err := s.OpenCase(t.Context(), opening(request, storetest.Now), func(offer.Facts, offer.Ask) offer.Verdict {
		return offer.Verdict{Policy: "test"}
	})
	require.NoError(t, err)
	require.Nil(t, opened.Refusal)
}

func TestImportRegister_FillsEveryTable(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t)
	empty, err := s.RegisterEmpty(t.Context())
	require.NoError(t, err)
	require.True(t, empty)
	set := imported("1001", "1002")
	set.Approvers = []register.Approver{{ID: "cw-1", Body: "cambria", Name: "Imogen Vale", Email: "vale@cambria.example"}}
	require.NoError(t, importInto(t, s, set))
	empty, err = s.RegisterEmpty(t.Context())
	require.NoError(t, err)
	require.False(t, empty)
	for table, rows := range rowsOf(t, s) {
		require.NotEmpty(t, rows, table)
	}
	require.Equal(t, []string{"Forest Road", "Ashdown Cross"}, one[[]string](t, s, "SELECT address FROM centres"))
	require.Equal(t, 12, one[int](t, s, "SELECT count(*)::int FROM item_checks"))
	require.Equal(t, 28, one[int](t, s, "SELECT sum(original_mark)::int FROM component_results"))
	require.Equal(t, 1, one[int](t, s, "SELECT count(*)::int FROM conflicts WHERE candidate IS NULL"))
}

func TestImportRegister_TwiceWritesNothing(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t)
	require.NoError(t, importInto(t, s, imported("1001", "1002")))
	before := rowsOf(t, s)
	require.NoError(t, importInto(t, s, imported("1001", "1002")))
	require.Equal(t, before, rowsOf(t, s))
}

func TestImportRegister_MakesRowsEqualToTheSet(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t)
	require.NoError(t, importInto(t, s, imported("1001", "1002")))
	set := imported("1001", "1002", "1003")
	set.Centres[0].Name = "Ashdown Academy"
	set.Contacts[0].Subject = "successor"
	set.Boundaries[0].Grade = "8"
	set.KeyDates = nil
	set.Performers[0].Components = []string{"M2"}
	set.Results[0].Mark, set.ItemMarks[0].Mark, set.Awards[0].Total = 6, 2, 13
	set.ItemMarks[1].Checker = ""
	set.Qualifications[0].Rules, set.Components[0].Assessment, set.Series[0].Month = "ocr-gq", register.Moderated, 11
	set.Boundaries[2].Grade = "Merit"
	set.Moderations[0].Sample, set.Moderations[0].Checker = register.SampleReturned, ""
	set.Results[2].Indicator, set.Awards[1].Indicator = register.PartlyAbsent, register.Pending
	require.NoError(t, importInto(t, s, set))
	require.Equal(t, "Ashdown Academy", one[string](t, s, "SELECT name FROM centres"))
	require.Equal(t, "successor", one[string](t, s, "SELECT string_agg(subject, ',') FROM contacts"))
	require.Equal(t, "8", one[string](t, s, "SELECT string_agg(grade, ',') FROM award_boundaries"))
	require.Zero(t, one[int](t, s, "SELECT count(*)::int FROM key_dates"))
	require.Equal(t, "M2", one[string](t, s, "SELECT string_agg(component, ',') FROM performer_components"))
	require.Equal(t, 3, one[int](t, s, "SELECT count(*)::int FROM candidates"))
	require.Equal(t, "ocr-gq moderated 11", one[string](t, s, `SELECT concat_ws(' ', (SELECT rules FROM qualifications), (SELECT assessment FROM components WHERE id = 'M1'), (SELECT month FROM series))`))
	require.Equal(t, "Merit", one[string](t, s, "SELECT string_agg(grade, ',') FROM part_boundaries"))
	require.Equal(t, "returned", one[string](t, s, "SELECT sample FROM moderations WHERE checker IS NULL"))
	require.Equal(t, "1002", one[string](t, s, "SELECT candidate FROM component_results WHERE indicator = '#'"))
	require.Equal(t, "1002", one[string](t, s, "SELECT candidate FROM awards WHERE indicator = 'Q'"))
	const first = " FROM component_results WHERE candidate = '1001' AND component = 'M1'"
	require.Equal(t, 6, one[int](t, s, "SELECT original_mark"+first))
	require.Equal(t, 6, one[int](t, s, "SELECT sum(i.original_mark)::int FROM item_marks i WHERE i.result = (SELECT id"+first+")"))
	require.Equal(t, 2, one[int](t, s, "SELECT count(*)::int FROM item_checks WHERE result = (SELECT id"+first+")"))
	require.Equal(t, 13, one[int](t, s, "SELECT original_total FROM awards WHERE candidate = '1001'"))
	require.Equal(t, 12, one[int](t, s, "SELECT count(*)::int FROM item_marks"))
}

// TestImportRegister_AResultUnderEnquiryIsChangedByItsCaseOnly: everything on which a case rests is guarded.
func TestImportRegister_AResultUnderEnquiryIsChangedByItsCaseOnly(t *testing.T) {
	t.Parallel()
	touched := resultOf("1001", "M1")
	for name, change := range map[string]func(*register.Set){
		"mark":          func(s *register.Set) { s.Results[0].Mark = 8 },
		"item mark":     func(s *register.Set) { s.ItemMarks[0].Mark, s.ItemMarks[1].Mark = 4, 3 },
		"item left out": func(s *register.Set) { s.ItemMarks = s.ItemMarks[1:] },
		"maximum":       func(s *register.Set) { s.Items[0].Max = 5 },
		"marker":        func(s *register.Set) { s.ItemMarks[0].Marker = "ex-1" },
		"second marker": func(s *register.Set) { s.ItemMarks[0].SecondMarker = "" },
		"back-reader":   func(s *register.Set) { s.ItemMarks[0].BackReader = "mk-4" },
		"checker":       func(s *register.Set) { s.ItemMarks[0].Checker = "cl-2" },
		"script":        func(s *register.Set) { s.Scripts[0].Original.SHA256 = digest("another") },
		"award": func(s *register.Set) {
			s.Results[1].Mark, s.ItemMarks[2].Mark, s.Awards[0].Total = 8, 4, 15 // Through the other paper.
			s.Awards[0].Grade = "9"
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := storetest.Open(t)
			require.NoError(t, importInto(t, s, imported("1001", "1002")))
			openOn(t, s, touched)
			before := rowsOf(t, s)
			set := imported("1001", "1002")
			set.Centres[0].Name = "Ashdown Academy"
			change(&set)
			var refusal *register.TouchedError
			require.ErrorAs(t, importInto(t, s, set), &refusal)
			require.Equal(t, []register.ResultKey{touched}, refusal.Results)
			require.Equal(t, before, rowsOf(t, s), "nothing else of the set was stored either")
		})
	}
}

func TestImportRegister_OtherResultsMayStillChange(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t)
	require.NoError(t, importInto(t, s, imported("1001", "1002")))
	openOn(t, s, resultOf("1001", "M1"))
	set := imported("1001", "1002")
	set.Results[2].Mark, set.ItemMarks[4].Mark, set.Awards[1].Total = 8, 4, 15
	require.NoError(t, importInto(t, s, set))
	require.Equal(t, 8, one[int](t, s, "SELECT mark FROM component_results WHERE candidate = '1002' AND component = 'M1'"))
}

// TestImportRegister_KeepsWhatACaseChanged: the folder still says what was published first.
func TestImportRegister_KeepsWhatACaseChanged(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t)
	require.NoError(t, importInto(t, s, imported("1001")))
	openOn(t, s, resultOf("1001", "M1"))
	for _, change := range []string{
		"UPDATE component_results SET mark = 9 WHERE component = 'M1'",
		"UPDATE item_marks SET mark = 6 WHERE item = '2' AND result = (SELECT id FROM component_results WHERE component = 'M1')",
		"UPDATE awards SET total = 16, grade = '9'",
		"UPDATE performers SET open_tasks = 3",
	} {
		_, err := s.Pool().Exec(t.Context(), change)
		require.NoError(t, err)
	}
	before := rowsOf(t, s)
	require.NoError(t, importInto(t, s, imported("1001")))
	require.Equal(t, before, rowsOf(t, s))
}

// TestImportRegister_IsAllOrNothing breaks a rule of the schema in the last table.
func TestImportRegister_IsAllOrNothing(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t)
	set := imported("1001")
	set.Scripts[0].Anonymised.SHA256 = "no hash"
	require.ErrorContains(t, importInto(t, s, set), "import scripts")
	for table, rows := range rowsOf(t, s) {
		if table != "roster_version" {
			require.Empty(t, rows, table)
		}
	}
}

func TestImportRegister_ManyAtOnceLeaveOneRegister(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t)
	var running sync.WaitGroup
	errs := make([]error, 4)
	for i := range errs {
		running.Go(func() { errs[i] = importInto(t, s, imported("1001", "1002")) })
	}
	running.Wait()
	require.Equal(t, make([]error, 4), errs)
	require.Equal(t, 4, one[int](t, s, "SELECT count(*)::int FROM component_results"))
}

// TestImportRegister_RacesWithAnOpening: whichever comes first, no case rests on marks that an import replaced.
func TestImportRegister_RacesWithAnOpening(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t)
	var numbers []string
	for i := range 12 {
		numbers = append(numbers, fmt.Sprint(1001+i))
	}
	require.NoError(t, importInto(t, s, imported(numbers...)))
	for i, number := range numbers {
		set := imported(numbers...)
		set.Results[2*i].Mark, set.ItemMarks[4*i].Mark, set.Awards[i].Total = 8, 4, 15
		var running sync.WaitGroup
		var err error
		running.Go(func() { err = importInto(t, s, set) })
		openOn(t, s, resultOf(number, "M1"))
		running.Wait()
		mark := one[int](t, s, "SELECT original_mark FROM component_results WHERE component = 'M1' AND candidate = '"+number+"'")
		if err == nil {
			require.Equal(t, 8, mark)
			break // The next round would find this one's result changed back.
		}
		var refusal *register.TouchedError
		require.ErrorAs(t, err, &refusal)
		require.True(t, slices.Contains(refusal.Results, resultOf(number, "M1")))
		require.Equal(t, 7, mark)
	}
}

// BenchmarkImportRegister imports 20,000 results with two items each; the budget of architecture §10 is 10,000 a second.
func BenchmarkImportRegister(b *testing.B) {
	var numbers []string
	for i := range 10_000 {
		numbers = append(numbers, fmt.Sprintf("%04d", i))
	}
	set := imported(numbers...)
	for b.Loop() {
		b.StopTimer()
		s := storetest.Open(b)
		b.StartTimer()
		started := time.Now()
		require.NoError(b, importInto(b, s, set))
		b.ReportMetric(float64(len(set.Results))/time.Since(started).Seconds(), "results/s")
	}
}
