package rulebook_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/policy"
)

// due computes when a clock of the data runs out, for a centre in a division.
func due(t *testing.T, set string, service casework.Service, id casework.ClockID, from string, division calendar.Division) string {
	t.Helper()
	p := newest(t, set)
	rule, ok := p.Clock(service, id)
	require.True(t, ok, "%s %s %s", set, service, id)
	working, err := p.WorkingIn(division)
	require.NoError(t, err)
	at, err := calendar.ParseInstant(from)
	require.NoError(t, err)
	clock, err := deadline.Start(rule, working, at)
	require.NoError(t, err)
	return calendar.DateOf(clock.Due()).String()
}

// The worked examples of domain §5.5, by the rules of the set that each is about.
func TestVectors_OfTheWorkedExamples(t *testing.T) {
	t.Parallel()
	ew, ni := calendar.EnglandAndWales, calendar.NorthernIreland
	for _, row := range []struct {
		set      string
		service  casework.Service
		clock    casework.ClockID
		from     string
		division calendar.Division
		want     string
	}{
		{"ocr-gq", s2, "outcome", "2026-09-24T10:15", ew, "2026-10-14"},
		{"ocr-gq", s1, "outcome", "2026-09-24T10:15", ew, "2026-10-04"},
		{"ocr-gq", s3, "outcome", "2026-09-24T10:15", ew, "2026-10-29"},
		{"ocr-gq", p2, "outcome", "2026-08-20T10:15", ew, "2026-09-04"},
		{"jcq", s2, "outcome", "2026-09-24", ew, "2026-10-14"},
		{"aqa", s3, "outcome", "2026-09-24", ew, "2026-10-29"},
		{"cambria", s2, "outcome", "2026-09-24T10:15", ew, "2026-10-14"},
		{"cambria", p2, "outcome", "2026-08-20", ew, "2026-09-04"},
		{"ocr-gq", appeal, "window", "2026-10-14T09:00", ew, "2026-11-13"},
		{"ocr-2012", appeal, "window", "2026-10-14T09:00", ew, "2026-10-28"},
		{"cambria", appeal, "window", "2026-10-14T09:00", ew, "2026-10-28"},
		{"ncfe-vcert", appeal, "window", "2026-10-14T09:00", ew, "2026-11-25"},
		{"ocr-remote", claim, "result", "2026-11-30T12:00", ew, "2026-12-31"},
		{"ocr-remote", claim, "certificate", "2026-12-31T12:00", ew, "2027-01-08"},
		{"ocr-remote", claim, "result", "2026-12-04T12:00", ew, "2027-01-07"},
		{"ocr-remote", claim, "certificate", "2027-01-07T12:00", ew, "2027-01-14"},
		{"cambria", claim, "result", "2026-06-22T12:00", ew, "2026-07-21"},
		{"cambria", claim, "result", "2026-06-22T12:00", ni, "2026-07-22"},
		{"ocr-gq", s2, "retention", "2026-08-31T12:00", ew, "2027-02-28"},
	} {
		require.Equal(t, row.want, due(t, row.set, row.service, row.clock, row.from, row.division), "%s %s %s from %s", row.set, row.service, row.clock, row.from)
	}
}

// The key dates of domain §1.6: published ones stand in the file, the others follow from the formula.
func TestVectors_OfTheKeyDates(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		set, series string
		service     casework.Service
		priority    bool
		want        string
		fixed       bool
	}{
		{"jcq", "2025-06", p2, false, "2025-08-21", true},
		{"jcq", "2026-06", p2, false, "2026-08-20", false},
		{"jcq", "2025-06", s1, false, "2025-09-25", true},
		{"jcq", "2025-06", s3, false, "2025-09-25", true},
		{"ocr-gq", "2026-06", s1, false, "2026-09-24", false},
		{"ocr-gq", "2026-06", s2, false, "2026-09-24", false},
		{"ocr-gq", "2026-06", s3, false, "2026-09-24", false},
		{"ocr-technicals", "2026-06", s2, false, "2026-09-24", true},
		{"aqa", "2024-06", s1, false, "2024-09-26", true},
		{"aqa", "2024-06", s2, false, "2024-09-26", false},
		{"aqa", "2025-06", ats, true, "2025-08-28", true},
		{"aqa", "2026-06", ats, true, "2026-08-27", false},
		{"aqa", "2026-06", ats, false, "2026-10-30", true},
		{"aqa", "2025-11", ats, false, "2026-02-12", true},
		{"aqa", "2026-01", ats, false, "2026-04-02", true},
		{"aqa", "2025-11", s1, false, "2026-02-12", false},
		{"ncfe-vcert", "2025-06", s2, false, "2025-09-19", true},
		{"ncfe-vcert", "2025-06", s3, false, "2025-09-19", true},
		{"ncfe-vcert", "2025-06", ats, true, "2025-08-29", true},
		{"ncfe-vcert", "2025-06", ats, false, "2025-10-03", true},
		{"ncfe-vcert", "2026-06", s2, false, "2026-09-18", false},
		{"ncfe-vcert", "2026-06", s3, false, "2026-09-18", true},
		{"ncfe-vcert", "2026-06", ats, true, "2026-08-27", false},
		{"ncfe-vcert", "2026-06", ats, false, "2026-10-02", false},
		{"cambria", "2026-06", s2, false, "2026-09-24", false},
		{"cambria", "2026-06", p2, false, "2026-08-20", false},
		{"cambria", "2026-06", ats, true, "2026-08-27", false},
		{"cambria", "2026-06", ats, false, "2026-10-30", false},
	} {
		p := newest(t, row.set)
		series, ok := p.In(row.series)
		require.True(t, ok, "%s %s", row.set, row.series)
		last, fixed := lastDay(t, p, series, row.service, row.priority)
		require.Equal(t, row.want, last, "%s %s %s", row.set, row.series, row.service)
		require.Equal(t, row.fixed, fixed, "%s %s %s", row.set, row.series, row.service)
	}
}

// lastDay is the last day for a service in a series, and whether the series' own row says so.
func lastDay(t *testing.T, p policy.Policy, series policy.Series, service casework.Service, priority bool) (day string, fixed bool) {
	t.Helper()
	rules, ok := p.Service(service)
	require.True(t, ok)
	date, found := series.KeyDate(service)
	window := rules.Window
	if priority {
		date, found = series.PriorityDate(service)
		window = *rules.Priority
	}
	if found {
		return date.Date.String(), true
	}
	return formula(t, p, series, window), false
}

// formula is the last day by the window's own count.
func formula(t *testing.T, p policy.Policy, series policy.Series, window policy.WindowRule) string {
	t.Helper()
	rule, counted := window.Clock()
	require.True(t, counted)
	anchor, known := series.Anchor(window.Anchor)
	require.True(t, known)
	working, err := p.WorkingIn(p.Division)
	require.NoError(t, err)
	clock, err := deadline.Start(rule, working, anchor.Start())
	require.NoError(t, err)
	return calendar.DateOf(clock.Due()).String()
}

// TestVectors_APublishedDayIsThatOfTheFormula: where a list published a day and the formula is known, they agree, but
// for NCFE's review of moderation, whose guide counts 25 working days and whose page 20 (domain §6, row 3).
func TestVectors_APublishedDayIsThatOfTheFormula(t *testing.T) {
	t.Parallel()
	compared := 0
	for _, set := range load(t).Sets() {
		p := newest(t, set)
		for _, series := range p.Series {
			for _, date := range series.KeyDates {
				rules, ok := p.Service(date.Service)
				require.True(t, ok)
				window := rules.Window
				if date.Priority {
					window = *rules.Priority
				}
				if _, known := series.Anchor(window.Anchor); !known || p.Body == "ncfe" && date.Service == s3 || series.ID == "2025-11" {
					continue
				}
				compared++
				require.Equal(t, formula(t, p, series, window), date.Date.String(), "%s %s %s", set, series.ID, date.Service)
			}
		}
	}
	require.GreaterOrEqual(t, compared, 14)
}

// TestVectors_EveryClockOfEveryServiceHasAnAnswer: nothing that the data offers runs into an error.
func TestVectors_EveryClockOfEveryServiceHasAnAnswer(t *testing.T) {
	t.Parallel()
	for _, set := range load(t).Sets() {
		p := newest(t, set)
		for _, service := range p.Services {
			for _, rule := range service.AllClocks() {
				at := instant(t, "2026-10-24T12:00:00Z")
				working, err := p.Working(rule, calendar.Scotland)
				require.NoError(t, err)
				clock, err := deadline.Start(rule, working, at)
				require.NoError(t, err, "%s %s %s", set, service.Service, rule.ID)
				require.True(t, clock.Ends.After(at))
				days, err := clock.Worksheet(working)
				require.NoError(t, err)
				require.NotEmpty(t, days)
			}
		}
	}
}
