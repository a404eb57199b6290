package calendar_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/gb"
	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework/calendar"
)

func datesOf(division calendar.Division) []string {
	var dates []string
	for _, holiday := range calendar.BankHolidays().In(division) {
		dates = append(dates, holiday.Date.String())
	}
	return dates
}

// without returns the sorted values of a that b lacks.
func without(a, b []string) []string {
	var rest []string
	for _, value := range a {
		if !slices.Contains(b, value) {
			rest = append(rest, value)
		}
	}
	slices.Sort(rest)
	return rest
}

// TestBankHolidays_ReachTwelveMonthsBeyondToday is meant to fail one day: then the next year's days are due.
func TestBankHolidays_ReachTwelveMonthsBeyondToday(t *testing.T) {
	t.Parallel()
	require.NoError(t, calendar.BankHolidays().Check(calendar.DateOf(time.Now())))
}

func TestHolidays_CheckFailsWithinTwelveMonthsOfTheEnd(t *testing.T) {
	t.Parallel()
	holidays, err := calendar.ParseHolidays("covers 2026-01-01 2027-12-31")
	require.NoError(t, err)
	require.NoError(t, holidays.Check(date(t, "2026-12-31")))
	require.EqualError(t, holidays.Check(date(t, "2027-01-01")),
		"the bank holidays are known until 2027-12-31, and on 2027-01-01 they must be known until 2028-01-01: add the next year's")
	require.Error(t, holidays.Check(date(t, "2031-01-01")))
}

func TestBankHolidays_AreWeekdaysOfEveryYear(t *testing.T) {
	t.Parallel()
	first, last := calendar.BankHolidays().Covers()
	require.Equal(t, "2012-01-01 2028-12-31", first.String()+" "+last.String())
	fewest := map[calendar.Division]int{calendar.EnglandAndWales: 8, calendar.Scotland: 9, calendar.NorthernIreland: 10}
	for _, division := range calendar.Divisions() {
		perYear := map[int]int{}
		for _, holiday := range calendar.BankHolidays().In(division) {
			require.NotContains(t, []time.Weekday{time.Saturday, time.Sunday}, holiday.Date.Weekday(), "%v", holiday)
			require.NotEmpty(t, holiday.Name)
			perYear[holiday.Date.Year]++
		}
		for year := first.Year; year <= last.Year; year++ {
			require.GreaterOrEqual(t, perYear[year], fewest[division], "%s in %d", division, year)
			require.LessOrEqual(t, perYear[year], fewest[division]+2, "%s in %d", division, year)
		}
	}
}

// TestBankHolidays_AreThoseOfDomain55: the days that domain §5.5 lists, and every day that was moved or added.
func TestBankHolidays_AreThoseOfDomain55(t *testing.T) {
	t.Parallel()
	inYear := func(division calendar.Division, year string) []string {
		return slices.DeleteFunc(datesOf(division), func(d string) bool { return d[:4] != year })
	}
	require.Equal(t, []string{"2026-01-01", "2026-04-03", "2026-04-06", "2026-05-04", "2026-05-25", "2026-08-31", "2026-12-25", "2026-12-28"}, inYear(calendar.EnglandAndWales, "2026"))
	require.Equal(t, []string{"2027-01-01", "2027-03-26", "2027-03-29", "2027-05-03", "2027-05-31", "2027-08-30", "2027-12-27", "2027-12-28"}, inYear(calendar.EnglandAndWales, "2027"))
	require.Equal(t, []string{"2026-03-17", "2026-07-13"}, without(inYear(calendar.NorthernIreland, "2026"), inYear(calendar.EnglandAndWales, "2026")))
	require.Equal(t, []string{"2027-03-17", "2027-07-12"}, without(inYear(calendar.NorthernIreland, "2027"), inYear(calendar.EnglandAndWales, "2027")))
	require.Equal(t, []string{"2026-01-02", "2026-06-15", "2026-08-03", "2026-11-30"}, without(inYear(calendar.Scotland, "2026"), inYear(calendar.EnglandAndWales, "2026")))
	require.Equal(t, []string{"2026-04-06", "2026-08-31"}, without(inYear(calendar.EnglandAndWales, "2026"), inYear(calendar.Scotland, "2026")))
	for _, division := range calendar.Divisions() {
		own := datesOf(division)
		for _, special := range []string{"2012-06-04", "2012-06-05", "2020-05-08", "2022-06-02", "2022-06-03", "2022-09-19", "2023-05-08"} {
			require.Contains(t, own, special, "%s", division)
		}
		for _, movedAway := range []string{"2012-05-28", "2020-05-04", "2022-05-30"} {
			require.NotContains(t, own, movedAway, "%s", division)
		}
	}
}

// TestBankHolidays_AgreeWithAnIndependentLibrary for England and Wales. The library does not know the days of the
// Diamond Jubilee and of the State Funeral; everything else agrees, day by day.
func TestBankHolidays_AgreeWithAnIndependentLibrary(t *testing.T) {
	t.Parallel()
	others := cal.NewBusinessCalendar()
	others.AddHoliday(gb.Holidays...)
	var theirs []string
	first, last := calendar.BankHolidays().Covers()
	for d := first; !last.Before(d); d = d.AddDays(1) {
		at := time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, time.UTC)
		_, observed, _ := others.IsHoliday(at)
		if observed {
			theirs = append(theirs, d.String())
		}
	}
	ours := datesOf(calendar.EnglandAndWales)
	require.Equal(t, []string{"2012-06-04", "2012-06-05", "2022-09-19"}, without(ours, theirs))
	require.Equal(t, []string{"2012-05-28"}, without(theirs, ours))
}

// TestBankHolidays_AgreeWithTheGovernmentsList where a copy of it is at hand.
func TestBankHolidays_AgreeWithTheGovernmentsList(t *testing.T) {
	t.Parallel()
	path := os.Getenv("RECOURSE_BANK_HOLIDAYS")
	if path == "" {
		path = filepath.Join("..", "..", "..", "shared", "data", "bank-holidays.json")
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("no copy of the government's list; name one in RECOURSE_BANK_HOLIDAYS")
	}
	require.NoError(t, err)
	var list map[calendar.Division]struct {
		Events []struct {
			Date string `json:"date"`
		} `json:"events"`
	}
	require.NoError(t, json.Unmarshal(text, &list))
	// Proclaimed in February 2026; older copies lack it.
	proclaimed := map[calendar.Division][]string{calendar.Scotland: {"2026-06-15"}}
	for _, division := range calendar.Divisions() {
		var theirs []string
		for _, event := range list[division].Events {
			theirs = append(theirs, event.Date)
		}
		ours := datesOf(division)
		require.Empty(t, without(theirs, ours), "%s: missing here", division)
		require.Empty(t, without(without(ours, theirs), proclaimed[division]), "%s: unknown there", division)
	}
}

func TestParseHolidays_RefusesADamagedList(t *testing.T) {
	t.Parallel()
	const head = "# A list\ncovers 2026-01-01 2026-12-31\n\n"
	for _, row := range []struct{ text, want string }{
		{"", "does not say what it covers"},
		{"2026-08-31 scotland  Summer", `line 1 of the bank holidays: the list begins with a line such as "covers`},
		{"covers 2026-01-01", "line 1"},
		{"covers January December", "a date is written like"},
		{"covers 2026-01-01 December", "a date is written like"},
		{"covers 2026-12-31 2026-01-01", "cannot end on 2026-01-01, before it begins"},
		{head + "2026-08-31 scotland Summer", "line 4 of the bank holidays: a bank holiday is written as"},
		{head + "2026-08-31  Summer", "a bank holiday is written as"},
		{head + "31/08/2026 scotland  Summer", "a date is written like"},
		{head + "2027-08-30 scotland  Summer", "2027-08-30 lies outside what the list covers, 2026-01-01 to 2026-12-31"},
		{head + "2026-08-31 mercia  Summer", `"mercia" is no division`},
		{head + "2026-08-31 scotland scotland  Summer", "2026-08-31 is already a bank holiday in Scotland: Summer"},
		{head + "2026-08-31 scotland  Summer\n2026-08-03 scotland  Summer", "line 5 of the bank holidays: 2026-08-03 comes after 2026-08-31"},
	} {
		_, err := calendar.ParseHolidays(row.text)
		require.ErrorContains(t, err, row.want, "%q", row.text)
	}
}

func FuzzParseHolidays(f *testing.F) {
	f.Add("covers 2026-01-01 2026-12-31\n2026-08-31 england-and-wales northern-ireland  Summer bank holiday\n")
	f.Add("covers 2026-01-01 2026-12-31\n2026-08-31 scotland")
	f.Add("# nothing")
	f.Fuzz(func(t *testing.T, text string) {
		holidays, err := calendar.ParseHolidays(text)
		if err != nil {
			return
		}
		first, last := holidays.Covers()
		for _, division := range calendar.Divisions() {
			var before calendar.Date
			for _, holiday := range holidays.In(division) {
				require.True(t, before.Before(holiday.Date) && !holiday.Date.Before(first) && !last.Before(holiday.Date))
				before = holiday.Date
			}
		}
	})
}
