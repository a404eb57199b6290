package rules_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework/policy"
	"github.com/recourse-exams/recourse/cmd/recourse/rules"
	"github.com/recourse-exams/recourse/rulebook"
)

// A series' own row stands in place of the formula, with its own clause and source, and the worksheet says so
// (domain §8.2; §1.4: NCFE published 19 September 2025, which is not 25 working days).
func TestExplain_AKeyDateStandsInPlaceOfTheFormula(t *testing.T) {
	t.Parallel()
	const window = "--body ncfe-vcert --service review-of-moderation --clock window --from 2025-08-21T08:00"
	formula := explained(t, window)
	require.Equal(t, "2025-09-26T23:59:59+01:00", formula.Due)
	require.Empty(t, formula.KeyDate)

	a := explained(t, window+" --series 2025-06")
	require.Equal(t, "2025-09-19T23:59:59+01:00", a.Due)
	require.Equal(t, "2025-09-19", a.KeyDate)
	require.NotEqual(t, formula.Clause, a.Clause)
	require.Contains(t, a.Days[len(a.Days)-1].Why, "key date, which stands in place of the formula")
	for _, day := range a.Days {
		require.False(t, *day.Counts)
	}
	text := asked(t, "explain "+window+" --series 2025-06")
	require.Contains(t, text, "until the series' key date, Friday 19 September 2025, which stands in place of the formula, 25 working days")
	require.Contains(t, text, "\n2025-08-21 to 2025-09-18  29 days  no ", "days that nobody counts are not listed one by one")
	require.NotContains(t, text, "2025-08-22")
}

// Every key date of every body is answered by its own row.
func TestExplain_EveryKeyDateOfTheData(t *testing.T) {
	t.Parallel()
	rows := 0
	for _, set := range book(t).Sets() {
		for _, p := range book(t).Versions(set) {
			for _, series := range p.Series {
				for _, row := range series.KeyDates {
					rows++
					requireKeyDate(t, p, series, row)
				}
			}
		}
	}
	require.GreaterOrEqual(t, rows, 10, "domain §1.6")
}

func requireKeyDate(t *testing.T, p policy.Policy, series policy.Series, row policy.KeyDate) {
	t.Helper()
	line := "--body " + p.Set + " --policy " + p.Version + " --series " + series.ID + " --service " + string(row.Service) + " --clock window"
	if row.Priority {
		line += " --priority"
	}
	a := explained(t, line)
	require.Equal(t, row.Date.String(), a.KeyDate, line)
	require.Equal(t, row.Date.String()+"T23:59:59", a.Due[:len("2025-09-19T23:59:59")], line)
	require.Equal(t, []string{row.Clause, row.Source}, []string{a.Clause, a.Source})
	require.Equal(t, row.Confirmed, *a.Confirmed)
}

// A window without --from counts from the results day that the series publishes; one from another day says so.
func TestExplain_AWindowCountsFromResultsDay(t *testing.T) {
	t.Parallel()
	const window = "--body ocr-gq --series 2026-06 --service review-of-marking --clock window"
	a := explained(t, window)
	require.Equal(t, "2026-08-20T00:00:00+01:00", a.From)
	require.Equal(t, "2026-09-24T23:59:59+01:00", a.Due)
	require.Empty(t, a.Notes)
	require.Equal(t, a.Due, explained(t, window+" --from 2026-08-20T08:00").Due)
	other := explained(t, window+" --from 2026-08-21")
	require.Equal(t, "2026-09-25T23:59:59+01:00", other.Due)
	require.Len(t, other.Notes, 1)
	require.Contains(t, other.Notes[0], "Thursday 20 August 2026, its results day")
}

// A series that another body has is no mistake; the answer says that this body has no dates for it.
func TestExplain_ASeriesOfAnotherBodyIsAnsweredByTheFormula(t *testing.T) {
	t.Parallel()
	a := explained(t, "--body ocr-remote --series 2026-06 --service moderation-claim --clock result --from 2026-11-30")
	require.Equal(t, "2026-12-31T23:59:59+00:00", a.Due)
	require.Empty(t, a.Series)
	require.Equal(t, []string{"ocr-remote-2026.1 has no dates of its own for the series 2026-06."}, a.Notes)
}

// AQA published a last day for January 2026 and no results day: the last day is all that can be shown.
func TestExplain_AKeyDateWithoutAResultsDay(t *testing.T) {
	t.Parallel()
	const window = "--body aqa --series 2026-01 --service script-copy --clock window"
	a := explained(t, window)
	require.Equal(t, "2026-04-02T23:59:59+01:00", a.Due)
	require.Len(t, a.Days, 1)
	require.Equal(t, []string{"The series does not publish its results day; the worksheet shows the last day alone."}, a.Notes)
	require.Len(t, explained(t, window+" --from 2026-03-31").Days, 3)
}

// Where only the series' own row gives a last day there is no formula, and none is shown.
func TestExplain_AKeyDateThatHasNoFormula(t *testing.T) {
	t.Parallel()
	const row = "    keyDates:\n      - {service: late-certification, date: 2025-09-30, clause: The deadline of the series, source: ocr-2012, confirmed: true}\n"
	p, err := rulebook.Parse("ocr-gq-2026.1.yaml", []byte(strings.Replace(ruleFile(t, "ocr-gq-2026.1"), "    keyDates:\n", row, 1)))
	require.NoError(t, err)
	ask := rules.ExplainCommand{Body: "ocr-gq", Series: "2025-06", Service: "late-certification", Clock: "window", From: "2025-08-21"}
	for _, inJSON := range []bool{false, true} {
		var out bytes.Buffer
		ask.JSON = inJSON
		require.NoError(t, ask.Run(&out, func() (*rulebook.Book, error) { return rulebook.New(p) }))
		if inJSON {
			require.Contains(t, out.String(), `"due": "2025-09-30T23:59:59+01:00"`)
			require.NotContains(t, out.String(), `"amount"`)
			require.NotContains(t, out.String(), `"unit"`)
			continue
		}
		require.Contains(t, out.String(), "\nWindow: until the series' key date, Tuesday 30 September 2025 (right: it expires)\n")
	}
}
