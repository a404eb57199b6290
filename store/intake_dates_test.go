package store_test

import (
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

// weekLater is the small register as a folder with relative dates makes it a week later, with a window taken back and
// another one added.
func weekLater() register.Set {
	set := imported("1001")
	series := &set.Series[0]
	series.CentreRelease, series.CandidateRelease = series.CentreRelease.AddDate(0, 0, 7), series.CandidateRelease.AddDate(0, 0, 7)
	series.GCSERelease = series.GCSERelease.AddDays(7)
	series.ALevelRelease = series.GCSERelease.AddDays(-7)
	for i := range set.KeyDates {
		set.KeyDates[i].LastDay = set.KeyDates[i].LastDay.AddDays(7)
	}
	set.KeyDates[2].Service = casework.ClericalCheck
	return set
}

// datesOf writes the dates of a series out.
func datesOf(t *testing.T, s *store.Store, series string) string {
	t.Helper()
	var dates string
	require.NoError(t, s.Pool().QueryRow(t.Context(), `
		SELECT concat_ws(' ', centre_release, candidate_release, gcse_release, a_level_release,
		    (SELECT string_agg(concat_ws(' ', service, priority, last_day), ' ' ORDER BY service, priority) FROM key_dates WHERE series = id))
		FROM series WHERE id = $1`, series).Scan(&dates))
	return dates
}

// refuseOn records a refused request about a result.
func refuseOn(t *testing.T, s *store.Store, result register.ResultKey) {
	t.Helper()
	request := casework.EnquiryRequest{
		Service: casework.ClericalCheck, CentreNumber: result.Centre, CandidateNumber: result.Candidate, Series: result.Series,
		Component: result.Component, Reason: casework.ReasonOther,
	}
	opened, err := s.OpenCase(t.Context(), opening(request, storetest.Now), func(offer.Facts, offer.Ask) offer.Verdict {
		return offer.Verdict{Policy: "test", Refusal: casework.NewFault(casework.Conflict, "window-closed", "The window has closed.")}
	})
	require.NoError(t, err)
	require.NotNil(t, opened.Refusal)
}

// TestImportRegister_ASeriesOnWhichACaseRestsKeepsItsDates, and the import names every one of them.
func TestImportRegister_ASeriesOnWhichACaseRestsKeepsItsDates(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t)
	require.NoError(t, importInto(t, s, imported("1001")))
	openOn(t, s, resultOf("1001", "M1"))
	before := datesOf(t, s, "s")
	set := weekLater()
	set.Series[0].Title, set.Series[0].Month = "June", 7
	kept, err := s.ImportRegister(t.Context(), set, register.KeepDates, storetest.Now)
	require.NoError(t, err)
	day := func(month, day int) calendar.Date {
		return calendar.Date{Year: 2026, Month: time.Month(month), Day: day}
	}
	require.Equal(t, []register.KeptDate{
		{Series: "s", What: "centreRelease", Stored: day(8, 19), Given: day(8, 26)},
		{Series: "s", What: "candidateRelease", Stored: day(8, 20), Given: day(8, 27)},
		{Series: "s", What: "gcseRelease", Stored: day(8, 20), Given: day(8, 27)},
		{Series: "s", What: "aLevelRelease", Given: day(8, 20)},
		{Series: "s", What: "clerical-check", Given: day(11, 6)},
		{Series: "s", What: "review-of-marking", Stored: day(9, 24), Given: day(10, 1)},
		{Series: "s", What: "script-copy", Stored: day(10, 30)},
		{Series: "s", What: "script-copy with priority", Stored: day(9, 3), Given: day(9, 10)},
	}, kept)
	require.Equal(t, before, datesOf(t, s, "s"))
	require.Equal(t, "June 7", one[string](t, s, "SELECT title || ' ' || month FROM series"), "what is no date follows the set")
}

func TestImportRegister_MovesDatesWhenAskedTo(t *testing.T) {
	t.Parallel()
	s, moved := storetest.Open(t), storetest.Open(t)
	require.NoError(t, importInto(t, moved, weekLater()))
	require.NoError(t, importInto(t, s, imported("1001")))
	openOn(t, s, resultOf("1001", "M1"))
	clocks := one[string](t, s, "SELECT coalesce(string_agg(c::text, ' '), 'none') FROM clocks c")
	kept, err := s.ImportRegister(t.Context(), weekLater(), register.MoveDates, storetest.Now)
	require.NoError(t, err)
	require.Empty(t, kept)
	require.Equal(t, datesOf(t, moved, "s"), datesOf(t, s, "s"))
	require.Equal(t, clocks, one[string](t, s, "SELECT coalesce(string_agg(c::text, ' '), 'none') FROM clocks c"), "no clock of a case is touched")
}

// TestImportRegister_DatesMoveUntilACaseRestsOnThem: neither an import nor a refused request holds them.
func TestImportRegister_DatesMoveUntilACaseRestsOnThem(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t)
	require.NoError(t, importInto(t, s, imported("1001")))
	refuseOn(t, s, resultOf("1001", "M1"))
	before := datesOf(t, s, "s")
	kept, err := s.ImportRegister(t.Context(), weekLater(), register.KeepDates, storetest.Now)
	require.NoError(t, err)
	require.Empty(t, kept)
	require.NotEqual(t, before, datesOf(t, s, "s"))
}

// TestImportRegister_EachSeriesKeepsItsOwn: a case in one series holds no other, and a folder of one series leaves
// the others alone.
func TestImportRegister_EachSeriesKeepsItsOwn(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t)
	two := func(set register.Set) register.Set {
		november := set.Series[0]
		november.ID, november.Title, november.Month = "n", "November", 11
		set.Series = append(set.Series, november)
		set.KeyDates = append(set.KeyDates, register.KeyDate{Series: "n", Service: casework.ReviewOfMarking, LastDay: november.GCSERelease.AddDays(35)})
		return set
	}
	require.NoError(t, importInto(t, s, two(imported("1001"))))
	openOn(t, s, resultOf("1001", "M1"))
	summer, november := datesOf(t, s, "s"), datesOf(t, s, "n")

	kept, err := s.ImportRegister(t.Context(), weekLater(), register.KeepDates, storetest.Now)
	require.NoError(t, err)
	require.Len(t, kept, 8)
	require.Equal(t, november, datesOf(t, s, "n"), "the folder does not name it")

	kept, err = s.ImportRegister(t.Context(), two(weekLater()), register.KeepDates, storetest.Now)
	require.NoError(t, err)
	require.Len(t, kept, 8)
	for _, date := range kept {
		require.Equal(t, "s", date.Series)
	}
	require.Equal(t, summer, datesOf(t, s, "s"))
	require.NotEqual(t, november, datesOf(t, s, "n"))
}

// TestImportRegister_TheSameDatesAreNotKeptButEqual: nothing is said and nothing written.
func TestImportRegister_TheSameDatesAreNotKeptButEqual(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t)
	require.NoError(t, importInto(t, s, imported("1001")))
	openOn(t, s, resultOf("1001", "M1"))
	before := rowsOf(t, s)
	for _, dates := range []register.Dates{register.KeepDates, register.MoveDates} {
		kept, err := s.ImportRegister(t.Context(), imported("1001"), dates, storetest.Now)
		require.NoError(t, err)
		require.Empty(t, kept)
		require.Equal(t, before, rowsOf(t, s))
	}
}

// TestImportRegister_IndicatorsFollowTheSetUnderAnEnquiry: they are the body's word of the day; marks are the case's.
func TestImportRegister_IndicatorsFollowTheSetUnderAnEnquiry(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t)
	require.NoError(t, importInto(t, s, imported("1001")))
	openOn(t, s, resultOf("1001", "M1"))
	_, err := s.Pool().Exec(t.Context(), "UPDATE component_results SET mark = 9 WHERE component = 'M1'")
	require.NoError(t, err)
	_, err = s.Pool().Exec(t.Context(), "UPDATE awards SET total = 16, grade = '9'")
	require.NoError(t, err)
	for _, indicator := range []register.Indicator{register.Pending, register.Settled} {
		set := imported("1001")
		set.Results[0].Indicator, set.Awards[0].Indicator = indicator, indicator
		require.NoError(t, importInto(t, s, set))
		require.Equal(t, string(indicator), one[string](t, s, "SELECT indicator FROM component_results WHERE component = 'M1'"))
		require.Equal(t, string(indicator), one[string](t, s, "SELECT indicator FROM awards"))
		require.Equal(t, 9, one[int](t, s, "SELECT mark FROM component_results WHERE component = 'M1'"))
		require.Equal(t, "16 9", one[string](t, s, "SELECT total || ' ' || grade FROM awards"))
	}
}
