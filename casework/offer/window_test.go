package offer_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/offer"
	"github.com/recourse-exams/recourse/casework/policy"
)

// windowed judges a review with another window.
func windowed(t require.TestingT, rule policy.WindowRule, with func(*policy.Policy, *offer.Facts, *offer.Ask)) offer.Verdict {
	p, f, a := rules(), facts(t), ask(t)
	rule.Provenance = clause("8")
	p.Services[1].Window, p.Services[1].Eligible = rule, nil
	with(&p, &f, &a)
	return offer.Judge(p, f, a, calendars(t))
}

// The windows of domain §1.1, §1.4, §1.6 and §8.2, each from its own anchor.
func TestJudge_AWindowIsCountedFromItsAnchor(t *testing.T) {
	t.Parallel()
	seventeen := calendar.TimeOfDay{Hour: 17}
	for _, row := range []struct {
		name   string
		rule   policy.WindowRule
		with   func(*offer.Facts)
		opens  string
		closes string
	}{
		{"GCSE day + 35 (§1.6, S1, S2, S3)", policy.WindowRule{Anchor: policy.AnchorGCSERelease, Span: days(35)}, nil, "2026-08-20T07:00:00Z", "2026-09-24T23:00:00Z"},
		{
			"A level day + 7 (§1.6, P2)",
			policy.WindowRule{Anchor: policy.AnchorALevelRelease, Span: days(7)},
			func(f *offer.Facts) { f.CandidateRelease = instant(t, "2026-08-13T07:00:00Z") }, "2026-08-13T07:00:00Z", "2026-08-20T23:00:00Z",
		},
		{
			"20 working days from the results (§1.6, NCFE, without the bank holiday of 31 August)",
			policy.WindowRule{Anchor: policy.AnchorCandidateRelease, Span: workingDays(20)},
			nil,
			"2026-08-20T07:00:00Z", "2026-09-18T23:00:00Z",
		},
		{
			"14 days from the outcome (§8.2, stage 1 of an appeal)",
			policy.WindowRule{Anchor: policy.AnchorOutcome, Span: days(14)},
			func(f *offer.Facts) {
				f.Earlier = []offer.Earlier{
					earlier(t, "R-1", casework.ClericalCheck, "2026-09-01T10:00:00Z"), earlier(t, "R-2", casework.PriorityReview, "2026-09-20T23:30:00Z"),
				}
			}, "2026-09-20T23:30:00Z", "2026-10-05T23:00:00Z", // the outcome of half past midnight on the 21st, in London
		},
		{
			"3 months from the moderation (§1.2, S3 of Cambridge Technicals)",
			policy.WindowRule{Anchor: policy.AnchorModeration, Span: policy.Span{Amount: 3, Unit: policy.Months}},
			func(f *offer.Facts) { f.ModeratedOn = date(t, "2026-08-31") }, "2026-08-30T23:00:00Z", "2026-12-01T00:00:00Z",
		},
		{
			"20 working days from a result of a series (§1.4, NCFE's current page)",
			policy.WindowRule{Anchor: policy.AnchorResult, Span: workingDays(20)},
			nil,
			"2026-08-20T07:00:00Z", "2026-09-18T23:00:00Z",
		},
		{
			"3 months from the receipt of the result (§1.2, other vocational)",
			policy.WindowRule{Anchor: policy.AnchorResult, Span: policy.Span{Amount: 3, Unit: policy.Months}},
			func(f *offer.Facts) { f.ResultReceived = instant(t, "2026-07-10T09:00:00Z") }, "2026-07-10T09:00:00Z", "2026-10-10T23:00:00Z",
		},
		{
			"before 17:00 on the last day",
			policy.WindowRule{Anchor: policy.AnchorGCSERelease, Span: policy.Span{Amount: 35, Unit: policy.CalendarDays, Cutoff: &seventeen}},
			nil,
			"2026-08-20T07:00:00Z", "2026-09-24T16:00:00Z",
		},
		{"without a last day", policy.WindowRule{Anchor: policy.AnchorNone}, nil, "2026-08-20T07:00:00Z", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			v := windowed(t, row.rule, func(_ *policy.Policy, f *offer.Facts, _ *offer.Ask) {
				if row.with != nil {
					row.with(f)
				}
			})
			require.Equal(t, instant(t, row.opens), v.Opens)
			require.Equal(t, clause("8"), v.Window)
			if row.closes == "" {
				require.Zero(t, v.Closes)
				require.Nil(t, v.Refusal)
				return
			}
			require.Equal(t, instant(t, row.closes), v.Closes)
			inTime := windowed(t, row.rule, func(_ *policy.Policy, f *offer.Facts, a *offer.Ask) {
				if row.with != nil {
					row.with(f)
				}
				a.ReceivedAt, a.ConsentGivenOn = v.Closes.Add(-time.Nanosecond), calendar.DateOf(f.CandidateRelease)
			})
			require.Nil(t, inTime.Refusal)
		})
	}
}

func TestJudge_ACutOffIsTheEndOfTheWindowAlsoOnAKeyDate(t *testing.T) {
	t.Parallel()
	noon := calendar.TimeOfDay{Hour: 12}
	rule := policy.WindowRule{Anchor: policy.AnchorGCSERelease, Span: policy.Span{Amount: 35, Unit: policy.CalendarDays, Cutoff: &noon}}
	v := windowed(t, rule, func(_ *policy.Policy, f *offer.Facts, a *offer.Ask) {
		f.LastDays = []offer.LastDay{{Service: casework.ReviewOfMarking, Date: date(t, "2026-09-25")}}
		a.ReceivedAt = instant(t, "2026-09-25T11:00:00Z")
	})
	require.Equal(t, []string{offer.CodeWindowClosed}, codes(v))
	require.Equal(t, "Requests were taken until Friday 25 September 2026 at 12:00:00; this one was received on Friday 25 September 2026 at 12:00:00 (UK time).",
		v.Refusal.Reasons[0].Detail)
}

// The register's row comes first, then the policy's own, then the formula (domain §8.2).
func TestJudge_AKeyDateOfTheRegisterComesBeforeThePolicys(t *testing.T) {
	t.Parallel()
	series := policy.Series{ID: "2026-06", KeyDates: []policy.KeyDate{
		{Service: casework.ClericalCheck, Date: date(t, "2026-12-01"), Provenance: clause("9.1")},
		{Service: casework.ReviewOfMarking, Priority: true, Date: date(t, "2026-12-02"), Provenance: clause("9.2")},
		{Service: casework.ReviewOfMarking, Date: date(t, "2026-09-30"), Provenance: clause("9.3")},
	}}
	formula := policy.WindowRule{Anchor: policy.AnchorGCSERelease, Span: days(35)}
	own := windowed(t, formula, func(p *policy.Policy, _ *offer.Facts, _ *offer.Ask) {
		p.Series = []policy.Series{{ID: "2025-06"}, series}
	})
	require.Equal(t, instant(t, "2026-09-30T23:00:00Z"), own.Closes)
	require.Equal(t, clause("9.3"), own.Window)

	both := windowed(t, formula, func(p *policy.Policy, f *offer.Facts, _ *offer.Ask) {
		p.Series = []policy.Series{series}
		f.LastDays = []offer.LastDay{{Service: casework.ReviewOfMarking, Priority: true, Date: date(t, "2026-12-03")}, {Service: casework.ReviewOfMarking, Date: date(t, "2026-10-01")}}
	})
	require.Equal(t, instant(t, "2026-10-01T23:00:00Z"), both.Closes)

	moved := windowed(t, formula, func(p *policy.Policy, f *offer.Facts, _ *offer.Ask) {
		series.GCSERelease, f.GCSERelease = date(t, "2026-08-20"), date(t, "2026-08-27")
		p.Series = []policy.Series{series}
	})
	require.Equal(t, instant(t, "2026-10-01T23:00:00Z"), moved.Closes, "the published last day is that of other results")

	only := windowed(t, policy.WindowRule{Anchor: policy.AnchorKeyDate}, func(*policy.Policy, *offer.Facts, *offer.Ask) {})
	require.Equal(t, []string{offer.CodeNotOpenYet}, codes(only), "without its row nobody knows the last day")
	dated := windowed(t, policy.WindowRule{Anchor: policy.AnchorKeyDate}, func(p *policy.Policy, _ *offer.Facts, _ *offer.Ask) { p.Series = []policy.Series{series} })
	require.Nil(t, dated.Refusal)
}

func TestJudge_WhatTheRegisterDoesNotSayThePoliciesSeriesDoes(t *testing.T) {
	t.Parallel()
	series := policy.Series{
		ID: "2026-06", CandidateRelease: instant(t, "2026-08-13T07:00:00Z"), ALevelRelease: date(t, "2026-08-13"), GCSERelease: date(t, "2026-08-20"),
	}
	for anchor, closes := range map[policy.Anchor]string{
		policy.AnchorGCSERelease: "2026-09-24T23:00:00Z", policy.AnchorALevelRelease: "2026-09-17T23:00:00Z", policy.AnchorCandidateRelease: "2026-09-17T23:00:00Z",
	} {
		v := windowed(t, policy.WindowRule{Anchor: anchor, Span: days(35)}, func(p *policy.Policy, f *offer.Facts, _ *offer.Ask) {
			p.Series = []policy.Series{series}
			f.CandidateRelease, f.ALevelRelease, f.GCSERelease = time.Time{}, calendar.Date{}, calendar.Date{}
		})
		require.Equal(t, instant(t, closes), v.Closes, anchor)
		require.Equal(t, series.CandidateRelease, v.Opens, anchor)
	}
}

func TestJudge_AnAnchorThatHasNotComeIsNoDate(t *testing.T) {
	t.Parallel()
	for anchor, want := range map[policy.Anchor]struct{ code, detail string }{
		policy.AnchorOutcome:       {offer.CodeNoOutcomeYet, "A review of marking is asked for after an outcome, and this result has none."},
		policy.AnchorModeration:    {offer.CodeNotOpenYet, "The register does not say when this work was moderated."},
		policy.AnchorResult:        {offer.CodeNotOpenYet, "The register does not say when the centre received this result."},
		policy.AnchorALevelRelease: {offer.CodeNotOpenYet, "The dates of series 2026-06 are not published yet."},
	} {
		v := windowed(t, policy.WindowRule{Anchor: anchor, Span: days(14)}, func(_ *policy.Policy, f *offer.Facts, _ *offer.Ask) {
			f.ALevelRelease, f.CandidateRelease = calendar.Date{}, time.Time{}
		})
		require.Equal(t, []string{want.code}, codes(v), anchor)
		require.Equal(t, want.detail, v.Refusal.Reasons[0].Detail)
		require.Zero(t, v.Closes)
	}
}

// A condition that has said that there is no outcome is not repeated by the window.
func TestJudge_AMissingOutcomeIsSaidOnce(t *testing.T) {
	t.Parallel()
	f, a := facts(t), ask(t)
	a.Service, a.ReviewedScript = casework.ReviewedScriptCopy, false
	require.Equal(t, []string{offer.CodeNothingToFollow}, codes(judge(t, f, a)))
	f.Earlier = []offer.Earlier{earlier(t, "R-1", casework.ReviewOfMarking, "")}
	require.Equal(t, []string{offer.CodeNoOutcomeYet}, codes(judge(t, f, a)))
	f.Earlier = []offer.Earlier{earlier(t, "R-1", casework.ReviewOfMarking, "2026-09-20T10:00:00Z")}
	require.Nil(t, judge(t, f, a).Refusal)
}

func TestJudge_ARequestBeforeTheOutcomeIsTooEarly(t *testing.T) {
	t.Parallel()
	v := windowed(t, policy.WindowRule{Anchor: policy.AnchorOutcome, Span: days(14)}, func(_ *policy.Policy, f *offer.Facts, _ *offer.Ask) {
		f.Earlier = []offer.Earlier{earlier(t, "R-1", casework.ClericalCheck, "2026-09-24T10:15:01Z")}
	})
	require.Equal(t, []string{offer.CodeNotOpenYet}, codes(v))
	require.Contains(t, v.Refusal.Reasons[0].Detail, "Requests open when the outcome is published, on Thursday 24 September 2026 at 11:15:01;")
}

// Domain §8.3, reading 7: the later of 30 days from the outcome and 15 days from the receipt of the reasons.
func TestJudge_ReasonsThatCameLateLengthenTheWindowOfAnAppeal(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ reasons, closes string }{
		{"", "2026-10-20T23:00:00Z"},
		{"2026-09-21T10:00:00Z", "2026-10-20T23:00:00Z"},
		{"2026-10-10T10:00:00Z", "2026-10-26T00:00:00Z"},
	} {
		v := windowed(t, policy.WindowRule{Anchor: policy.AnchorOutcome, Span: days(30)}, func(p *policy.Policy, f *offer.Facts, _ *offer.Ask) {
			p.Services[1].Clocks = append(p.Services[1].Clocks, policy.ClockRule{
				ID: casework.ClockReasonsWindow, Kind: casework.ClockRight, Starts: policy.ReasonsReceived, Span: days(15), Provenance: clause("8.2"),
			})
			e := earlier(t, "R-1", casework.ClericalCheck, "2026-09-20T10:00:00Z")
			if row.reasons != "" {
				e.ReasonsAt = instant(t, row.reasons)
			}
			f.Earlier = []offer.Earlier{e}
		})
		require.Equal(t, instant(t, row.closes), v.Closes, row.reasons)
		require.Len(t, v.Clocks, 1, "only what counts from the receipt starts with the request")
	}
}

// A claim has no results day before it: it may be asked for whenever its work is ready.
func TestJudge_AClaimWaitsForNoResultsDay(t *testing.T) {
	t.Parallel()
	v := windowed(t, policy.WindowRule{Anchor: policy.AnchorNone}, func(p *policy.Policy, f *offer.Facts, _ *offer.Ask) {
		p.Services[1].Scope = policy.WholeClaim
		*f = offer.Facts{CentreNumber: "64101", Level: 3, Body: "cambria"}
	})
	require.Nil(t, v.Refusal)
	require.Zero(t, v.Opens)
}

// A date beyond the list of bank holidays is refused by name: nobody may take it for a time without holidays.
func TestJudge_ADateThatNoCalendarKnowsIsRefused(t *testing.T) {
	t.Parallel()
	v := windowed(t, policy.WindowRule{Anchor: policy.AnchorGCSERelease, Span: workingDays(4000)}, func(*policy.Policy, *offer.Facts, *offer.Ask) {})
	require.Equal(t, []string{offer.CodeCalendarEnds}, codes(v))
	require.Contains(t, v.Refusal.Reasons[0].Detail, "cannot be counted")
	require.Zero(t, v.Closes)

	p, f, a := rules(), facts(t), ask(t)
	p.Services[1].Clocks[0].Span = workingDays(4000)
	v = offer.Judge(p, f, a, calendars(t))
	require.Equal(t, []string{offer.CodeCalendarEnds}, codes(v))
	require.Empty(t, v.Clocks)
	require.NotZero(t, v.Closes)
}

// Whatever the window, a request is refused before it opens and after it closes, and only then.
func TestJudge_TheWindowAloneDecidesWhatIsInTime(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rule := policy.WindowRule{
			Anchor: rapid.SampledFrom([]policy.Anchor{policy.AnchorGCSERelease, policy.AnchorALevelRelease, policy.AnchorCandidateRelease}).Draw(t, "anchor"),
			Span:   policy.Span{Amount: rapid.IntRange(1, 30).Draw(t, "amount"), Unit: rapid.SampledFrom(policy.Units()).Draw(t, "unit")},
		}
		received := instant(t, "2026-08-01T00:00:00Z").Add(time.Duration(rapid.Int64Range(0, int64(400*24*time.Hour)).Draw(t, "received")))
		v := windowed(t, rule, func(p *policy.Policy, _ *offer.Facts, a *offer.Ask) {
			p.Services[1].Consent = policy.ConsentRule{}
			a.ReceivedAt, a.ConsentGivenOn = received, calendar.Date{}
		})
		var want []string
		switch {
		case received.Before(v.Opens):
			want = []string{offer.CodeNotOpenYet}
		case !received.Before(v.Closes):
			want = []string{offer.CodeWindowClosed}
		}
		require.Equal(t, want, codes(v))
		require.True(t, v.Closes.After(instant(t, "2026-08-12T23:00:00Z")), "a window ends after the earliest results day")
	})
}
