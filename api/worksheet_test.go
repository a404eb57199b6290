package api_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/policy"
	"github.com/recourse-exams/recourse/store/storetest"
)

// TestWorksheet_AddsUpToWhatTheCaseSays: each clock of a case links to its worksheet, whose counted days or seconds
// are the clock's amount and whose end is the case's (domain §8.1).
func TestWorksheet_AddsUpToWhatTheCaseSays(t *testing.T) {
	t.Parallel()
	w := live(t)
	reference := w.open(t, examsOfficer, "4001", storetest.Maths1, "review-of-marking")
	w.decide(t, reference, 1)
	view := get[api.Case](t, w.house, "/v1/cases/"+reference, reader)
	explained := map[api.ClockID]api.Worksheet{}
	for _, clock := range view.Clocks {
		sheet := get[api.Worksheet](t, w.house, clock.Worksheet, reader)
		explained[clock.ID] = sheet
		require.Equal(t, clock.Due, sheet.Due, clock.ID)
		require.Equal(t, clock.Ends, sheet.Ends, clock.ID)
		require.Equal(t, clock.OriginalDue, sheet.OriginalDue, clock.ID)
		require.Equal(t, clock.StartedAt, sheet.StartedAt, clock.ID)
		require.Equal(t, clock.Kind, sheet.Kind)
		require.Equal(t, api.Provenance{Clause: clock.Clause, Source: clock.Source, Confirmed: clock.Confirmed},
			api.Provenance{Clause: sheet.Clause, Source: sheet.Source, Confirmed: sheet.Confirmed})
		require.Equal(t, view.Policy, sheet.Policy)
		require.Equal(t, reference, sheet.Reference)
		days, seconds := 0, int64(0)
		for _, day := range sheet.Days {
			require.NotEmpty(t, day.Why)
			if day.Counts {
				days++
				seconds += day.Seconds
			}
		}
		if clock.Unit == "hours" {
			require.Equal(t, int64(clock.Amount)*3600, seconds, clock.ID)
		} else {
			require.Equal(t, clock.Amount, days, clock.ID)
		}
	}
	require.Equal(t, "20 calendar days from receipt of the request", explained["outcome"].Rule)
	require.Equal(t, "24 hours from publication of the outcome", explained["script"].Rule, "the rule of the reviewed copy")
	require.Equal(t, "14 calendar days from publication of the outcome", explained["window"].Rule, "the right to appeal")
	require.Equal(t, api.WorksheetCalendar("england-and-wales"), explained["outcome"].Calendar)
	require.False(t, explained["outcome"].Days[0].Counts, "day 1 is the day after receipt")
	require.Equal(t, 1, explained["outcome"].Days[1].Number)
}

func TestWorksheet_AClockThatTheCaseHasNotIsNamed(t *testing.T) {
	t.Parallel()
	w := live(t)
	reference := w.open(t, examsOfficer, "4001", storetest.Maths1, "review-of-marking")
	got := w.do(t, call{method: "GET", path: "/v1/cases/" + reference + "/clocks/hearing/worksheet", as: reader})
	require.Equal(t, 404, got.status)
	p := problem(t, got)
	require.Equal(t, "unknown-clock", p.Code)
	require.Contains(t, p.Detail, "there are outcome")
	for path, code := range map[string]string{
		"/v1/cases/" + reference + "/clocks/alarm/worksheet":                        "unknown-clock",
		"/v1/cases/" + reference + "/clocks/Alarm/worksheet":                        "invalid-parameter",
		"/v1/cases/R-1/clocks/outcome/worksheet":                                    "invalid-reference",
		"/v1/cases/" + string(someReference()) + "/clocks/outcome/worksheet":        "not-found",
		"/v1/cases/" + reference + "/clocks/outcome/worksheet?from=2026-01-01T00:0": "unknown-parameter",
	} {
		require.Equal(t, code, problem(t, w.do(t, call{method: "GET", path: path, as: reader})).Code, path)
	}
	for _, stranger := range []string{"other centre", "other family"} {
		got := w.do(t, call{method: "GET", path: "/v1/cases/" + reference + "/clocks/outcome/worksheet", as: everybody(examiner)[stranger]})
		require.Equal(t, "not-found", problem(t, got).Code, stranger)
	}
}

// TestWorksheet_WhatWasPromisedStandsAndPausesAreShown: the case's own end and pauses, whatever the rule alone gives
// (domain §8.1, "pause").
func TestWorksheet_WhatWasPromisedStandsAndPausesAreShown(t *testing.T) {
	t.Parallel()
	h := setup(t)
	reference := h.openCase(t)
	clock := &h.register.cases[0].Clocks[0]
	clock.StartedAt = time.Date(2026, 9, 1, 9, 0, 0, 0, time.UTC)
	clock.OriginalEnds = time.Date(2026, 9, 21, 23, 0, 0, 0, time.UTC)
	clock.Ends = time.Date(2026, 9, 23, 23, 0, 0, 0, time.UTC)
	clock.Pauses = []deadline.Pause{{
		Cause: policy.ConsentInspection, Why: "The consent was asked for.",
		From: time.Date(2026, 9, 8, 9, 0, 0, 0, time.UTC), Until: time.Date(2026, 9, 10, 9, 0, 0, 0, time.UTC),
	}}
	sheet := get[api.Worksheet](t, h, "/v1/cases/"+reference+"/clocks/outcome/worksheet", reader)
	require.Equal(t, clock.Ends, sheet.Ends)
	require.Equal(t, "2026-09-21T22:59:59Z", sheet.OriginalDue.Format(time.RFC3339))
	require.Equal(t, "2026-09-23T22:59:59Z", sheet.Due.Format(time.RFC3339), "two days later")
	require.Len(t, sheet.Pauses, 1)
	require.Equal(t, "the consent is being inspected", sheet.Pauses[0].Text)
	require.True(t, sheet.Pauses[0].Stops)
	counted, stood := 0, 0
	for _, day := range sheet.Days {
		if day.Counts {
			counted++
		} else if day.Date.Day == 8 || day.Date.Day == 9 {
			stood++
			require.Contains(t, day.Why, "stood still")
		}
	}
	require.Equal(t, 20, counted)
	require.Equal(t, 2, stood)
}

func TestWorksheet_ARefusedCaseHasNone(t *testing.T) {
	t.Parallel()
	h := setup(t)
	reference := h.openCase(t)
	h.register.cases[0].Clocks = nil
	h.register.cases[0].Refusal = casework.NewFault(casework.Refused, "window-closed", "Too late.")
	got := h.do(t, call{method: "GET", path: "/v1/cases/" + reference + "/clocks/outcome/worksheet", as: reader})
	require.Equal(t, "unknown-clock", problem(t, got).Code)
	require.Contains(t, problem(t, got).Detail, "has no clocks")
}
