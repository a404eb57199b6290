package keydate_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/keydate"
	"github.com/recourse-exams/recourse/casework/policy"
)

func day(year int, month time.Month, d int) calendar.Date {
	return calendar.Date{Year: year, Month: month, Day: d}
}

func from(clause string) policy.Provenance {
	return policy.Provenance{Clause: clause, Source: "Regulations", Confirmed: true}
}

func window(anchor policy.Anchor, amount int, unit policy.Unit) policy.WindowRule {
	return policy.WindowRule{Anchor: anchor, Span: policy.Span{Amount: amount, Unit: unit}, Provenance: from("window")}
}

func service(name casework.Service, w policy.WindowRule) policy.Service {
	return policy.Service{Service: name, Title: name.Short(), Window: w}
}

// june is the June series of a year with its published results days (domain §1.6).
func june(year int, aLevel, gcse calendar.Date) policy.Series {
	return policy.Series{
		ID: "june", Title: "June", CandidateRelease: time.Date(year, aLevel.Month, aLevel.Day, 7, 0, 0, 0, time.UTC),
		ALevelRelease: aLevel, GCSERelease: gcse, Provenance: from("results days"),
	}
}

func rules(services ...policy.Service) policy.Policy {
	return policy.Policy{Version: "body-1", BodyName: "A body", Division: calendar.EnglandAndWales, Services: services}
}

func one(t *testing.T, p policy.Policy, s policy.Series) keydate.Date {
	t.Helper()
	dates, err := keydate.Of(p, s)
	require.NoError(t, err)
	require.Len(t, dates, 1)
	return dates[0]
}

// TestOf_TheFormulasGiveThePublishedDates: domain §1.6, every row that is counted from a results day.
func TestOf_TheFormulasGiveThePublishedDates(t *testing.T) {
	t.Parallel()
	summer2025 := june(2025, day(2025, 8, 14), day(2025, 8, 21))
	summer2026 := june(2026, day(2026, 8, 13), day(2026, 8, 20))
	vcert2025 := june(2025, day(2025, 8, 21), day(2025, 8, 21))
	vcert2026 := june(2026, day(2026, 8, 20), day(2026, 8, 20))
	for _, row := range []struct {
		name   string
		window policy.WindowRule
		series policy.Series
		want   calendar.Date
	}{
		{"S1, S2, S3 [H1]", window(policy.AnchorGCSERelease, 35, policy.CalendarDays), summer2025, day(2025, 9, 25)},
		{"S1, S2, S3 [D]", window(policy.AnchorGCSERelease, 35, policy.CalendarDays), summer2026, day(2026, 9, 24)},
		{"P2 [H1]", window(policy.AnchorALevelRelease, 7, policy.CalendarDays), summer2025, day(2025, 8, 21)},
		{"P2 [D]", window(policy.AnchorALevelRelease, 7, policy.CalendarDays), summer2026, day(2026, 8, 20)},
		{"AQA priority ATS [H1]", window(policy.AnchorALevelRelease, 14, policy.CalendarDays), summer2025, day(2025, 8, 28)},
		{"AQA non-priority ATS [A4]", window(policy.AnchorGCSERelease, 71, policy.CalendarDays), summer2026, day(2026, 10, 30)},
		{"V Cert enquiry [N4]", window(policy.AnchorCandidateRelease, 20, policy.WorkingDays), vcert2025, day(2025, 9, 19)},
		{"V Cert ATS priority [N4]", window(policy.AnchorCandidateRelease, 5, policy.WorkingDays), vcert2025, day(2025, 8, 29)},
		{"V Cert ATS [N4]", window(policy.AnchorCandidateRelease, 30, policy.WorkingDays), vcert2025, day(2025, 10, 3)},
		{"V Cert enquiry [D]", window(policy.AnchorCandidateRelease, 20, policy.WorkingDays), vcert2026, day(2026, 9, 18)},
		{"V Cert ATS priority [D]", window(policy.AnchorCandidateRelease, 5, policy.WorkingDays), vcert2026, day(2026, 8, 27)},
		{"V Cert ATS [D]", window(policy.AnchorCandidateRelease, 30, policy.WorkingDays), vcert2026, day(2026, 10, 2)},
	} {
		found := one(t, rules(service(casework.ReviewOfMarking, row.window)), row.series)
		require.Equal(t, row.want, found.LastDay, row.name)
		require.Equal(t, row.want.End(), found.Closes, row.name)
		require.Equal(t, keydate.Formula, found.How, row.name)
		require.Equal(t, row.window.Words(), found.Formula, row.name)
		require.Equal(t, row.series.CandidateRelease, found.Opens, row.name)
		require.Equal(t, "window", found.Clause, row.name)
	}
}

// Domain §1.2: reviews of vocational results within three months of receipt; in a series that is its release.
func TestOf_ReceiptOfAResultIsTheSeriesRelease(t *testing.T) {
	t.Parallel()
	found := one(t, rules(service(casework.ReviewOfMarking, window(policy.AnchorResult, 3, policy.Months))), june(2026, day(2026, 8, 13), day(2026, 8, 20)))
	require.Equal(t, day(2026, 11, 13), found.LastDay)
}

// Domain §8.2: a series' row stands in place of the formula. NCFE's 25 working days of June 2025 ended on the 20th
// (domain §6, row 3).
func TestOf_ASeriesRowStandsInPlaceOfTheFormula(t *testing.T) {
	t.Parallel()
	p := rules(service(casework.ReviewOfModeration, window(policy.AnchorCandidateRelease, 25, policy.WorkingDays)))
	series := june(2025, day(2025, 8, 21), day(2025, 8, 21))
	series.KeyDates = []policy.KeyDate{{Service: casework.ReviewOfModeration, Date: day(2025, 9, 19), Provenance: from("key dates")}}
	found := one(t, p, series)
	require.Equal(t, keydate.Fixed, found.How)
	require.Equal(t, day(2025, 9, 19), found.LastDay)
	require.Equal(t, "key dates", found.Clause)
	require.Equal(t, "25 working days from results day", found.Formula, "the formula is shown beside it")

	series.KeyDates[0].Provenance = policy.Provenance{}
	require.Equal(t, "window", one(t, p, series).Clause, "a row of the register has no source of its own")
}

func TestOf_ACutOffEndsTheLastDayEarlier(t *testing.T) {
	t.Parallel()
	five := calendar.TimeOfDay{Hour: 17}
	w := window(policy.AnchorGCSERelease, 35, policy.CalendarDays)
	w.Cutoff = &five
	series := june(2026, day(2026, 8, 13), day(2026, 8, 20))
	found := one(t, rules(service(casework.ClericalCheck, w)), series)
	require.Equal(t, day(2026, 9, 24), found.LastDay)
	require.Equal(t, time.Date(2026, 9, 24, 16, 0, 0, 0, time.UTC), found.Closes.UTC(), "17:00 in London's summer")

	series.KeyDates = []policy.KeyDate{{Service: casework.ClericalCheck, Date: day(2026, 11, 2)}}
	require.Equal(t, time.Date(2026, 11, 2, 17, 0, 0, 0, time.UTC), one(t, rules(service(casework.ClericalCheck, w)), series).Closes.UTC(), "a fixed date keeps the cut-off")
}

func TestOf_WhatIsNotPublishedIsSaidSoAndComesLast(t *testing.T) {
	t.Parallel()
	priority := window(policy.AnchorALevelRelease, 14, policy.CalendarDays)
	copies := service(casework.ScriptCopy, window(policy.AnchorKeyDate, 0, ""))
	copies.Priority = &priority
	p := rules(
		service(casework.LateCertification, policy.WindowRule{Anchor: policy.AnchorNone}),
		copies,
		service(casework.Appeal, window(policy.AnchorOutcome, 30, policy.CalendarDays)),
		service(casework.ModerationClaim, window(policy.AnchorModeration, 3, policy.Months)),
		service(casework.ReviewOfMarking, window(policy.AnchorGCSERelease, 35, policy.CalendarDays)),
		service(casework.PriorityReview, window(policy.AnchorALevelRelease, 7, policy.CalendarDays)),
	)
	november := policy.Series{ID: "november", GCSERelease: day(2026, 1, 8)}
	dates, err := keydate.Of(p, november)
	require.NoError(t, err)
	var shown []string
	for _, d := range dates {
		line := string(d.Service) + " " + string(d.How)
		if d.Priority {
			line += " with priority"
		}
		shown = append(shown, line)
		require.Equal(t, d.LastDay.IsZero(), d.Closes.IsZero())
		require.Zero(t, d.Opens)
	}
	require.Equal(t, []string{
		"review-of-marking formula", "priority-review-of-marking not-published", "script-copy not-published",
		"script-copy not-published with priority", "late-certification no-last-day",
	}, shown)
}

// TestOf_WhatTheSeriesLeavesOpenThePolicysOwnFillsIn: the register's series of the same id comes first.
func TestOf_WhatTheSeriesLeavesOpenThePolicysOwnFillsIn(t *testing.T) {
	t.Parallel()
	p := rules(
		service(casework.ReviewOfMarking, window(policy.AnchorGCSERelease, 35, policy.CalendarDays)),
		service(casework.PriorityReview, window(policy.AnchorALevelRelease, 7, policy.CalendarDays)),
	)
	own := june(2026, day(2026, 8, 13), day(2026, 8, 20))
	own.KeyDates = []policy.KeyDate{{Service: casework.ReviewOfMarking, Date: day(2026, 9, 25), Provenance: from("own row")}}
	p.Series = []policy.Series{own}
	dates, err := keydate.Of(p, policy.Series{ID: "june", GCSERelease: day(2026, 8, 20)})
	require.NoError(t, err)
	require.Equal(t, day(2026, 8, 20), dates[0].LastDay, "the A level day is the policy's")
	require.Equal(t, "own row", dates[1].Clause)
	require.Equal(t, own.CandidateRelease, dates[1].Opens)

	dates, err = keydate.Of(p, policy.Series{ID: "june", GCSERelease: day(2026, 8, 27)})
	require.NoError(t, err)
	require.Equal(t, day(2026, 10, 1), dates[0].LastDay, "other results under the same name: the formula holds")
	require.Equal(t, keydate.Unpublished, dates[1].How)
}

func TestOf_ADateBeyondTheCalendarIsNamed(t *testing.T) {
	t.Parallel()
	p := rules(service(casework.ReviewOfMarking, window(policy.AnchorGCSERelease, 5, policy.WorkingDays)))
	_, err := keydate.Of(p, policy.Series{ID: "far", GCSERelease: day(2090, 8, 20)})
	require.ErrorContains(t, err, "the last day for review-of-marking in series far of body-1")
	p.Division = "mars"
	_, err = keydate.Of(p, policy.Series{ID: "june"})
	require.ErrorContains(t, err, "mars")
}

// TestOf_TheListIsInTheOrderOfItsDates: whatever the windows are.
func TestOf_TheListIsInTheOrderOfItsDates(t *testing.T) {
	t.Parallel()
	series := june(2026, day(2026, 8, 13), day(2026, 8, 20))
	anchors := []policy.Anchor{policy.AnchorGCSERelease, policy.AnchorALevelRelease, policy.AnchorCandidateRelease, policy.AnchorNone, policy.AnchorKeyDate}
	rapid.Check(t, func(t *rapid.T) {
		var services []policy.Service
		for _, name := range casework.Services() {
			w := window(rapid.SampledFrom(anchors).Draw(t, "anchor"), rapid.IntRange(1, 80).Draw(t, "amount"), rapid.SampledFrom([]policy.Unit{policy.CalendarDays, policy.WorkingDays, policy.Weeks}).Draw(t, "unit"))
			services = append(services, service(name, w))
		}
		dates, err := keydate.Of(rules(services...), series)
		require.NoError(t, err)
		require.Len(t, dates, len(services), "every service has a row")
		for i := range dates[1:] {
			a, b := dates[i], dates[i+1]
			require.False(t, a.Closes.IsZero() && !b.Closes.IsZero(), "undated ones come last")
			require.False(t, !b.Closes.IsZero() && b.Closes.Before(a.Closes))
			require.Contains(t, keydate.Hows(), a.How)
		}
	})
}
