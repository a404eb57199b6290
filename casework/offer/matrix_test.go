package offer_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/fee"
	"github.com/recourse-exams/recourse/casework/offer"
)

func codes(v offer.Verdict) []string {
	if v.Refusal == nil {
		return nil
	}
	var all []string
	for _, reason := range v.Refusal.Reasons {
		all = append(all, reason.Code)
	}
	return all
}

// TestJudge_EveryServiceAfterEveryEarlierOne is domain §6, row 11: a result has one request of a service, a review
// contains the clerical check, and a clerical check stands in nobody's way. The stage of the earlier one is no
// matter: refused and cancelled ones are not among the facts.
func TestJudge_EveryServiceAfterEveryEarlierOne(t *testing.T) {
	t.Parallel()
	const clerical, review = casework.ClericalCheck, casework.ReviewOfMarking
	const again, contained = offer.CodeAlreadyRequested, offer.CodeClericalAfterReview
	for _, row := range []struct {
		ask     casework.Service
		earlier []casework.Service
		want    []string
		kind    casework.FaultKind
	}{
		{clerical, nil, nil, ""},
		{review, nil, nil, ""},
		{clerical, []casework.Service{clerical}, []string{again}, casework.Conflict},
		{review, []casework.Service{clerical}, nil, ""},
		{clerical, []casework.Service{review}, []string{contained}, casework.Refused},
		{review, []casework.Service{review}, []string{again}, casework.Conflict},
		{clerical, []casework.Service{clerical, review}, []string{again, contained}, casework.Conflict},
		{clerical, []casework.Service{review, clerical}, []string{again, contained}, casework.Conflict},
		{review, []casework.Service{clerical, review}, []string{again}, casework.Conflict},
		{review, []casework.Service{"moderation"}, nil, ""},
		{clerical, []casework.Service{"moderation"}, nil, ""},
	} {
		for _, stage := range casework.Stages() {
			f, a := facts(t), ask(t)
			a.Service = row.ask
			for i, service := range row.earlier {
				f.Earlier = append(f.Earlier, offer.Earlier{Reference: casework.Reference(fmt.Sprintf("R-%d", i)), Service: service, Stage: stage})
			}
			v := judge(t, f, a)
			where := fmt.Sprintf("%s after %v in %s", row.ask, row.earlier, stage)
			require.Equal(t, row.want, codes(v), where)
			if row.want == nil {
				continue
			}
			require.Equal(t, row.kind, v.Refusal.Kind, where)
			require.Equal(t, row.want[0], v.Refusal.Code, where)
			for _, reason := range v.Refusal.Reasons {
				require.Contains(t, reason.Detail, "R-", "%s: it names the case to follow", where)
				require.Contains(t, reason.Remedy, "R-", where)
			}
		}
	}
}

// TestJudge_TheWindowEndsWithLondonsDay walks to both ends of windows that end around the clock change of 25 October
// 2026, when London's day has 25 hours, and of 28 March 2027, when it has 23.
func TestJudge_TheWindowEndsWithLondonsDay(t *testing.T) {
	t.Parallel()
	for last, ends := range map[string]string{
		"2026-10-23": "2026-10-23T23:00:00Z", // still summer time
		"2026-10-24": "2026-10-24T23:00:00Z", // the last day of summer time ends in summer time
		"2026-10-25": "2026-10-26T00:00:00Z", // 25 hours long
		"2026-10-26": "2026-10-27T00:00:00Z",
		"2026-12-31": "2027-01-01T00:00:00Z",
		"2027-03-27": "2027-03-28T00:00:00Z",
		"2027-03-28": "2027-03-28T23:00:00Z", // 23 hours long
		"2027-03-29": "2027-03-29T23:00:00Z",
	} {
		for _, service := range casework.EnquiryServices() {
			f, a := facts(t), ask(t)
			a.Service = service
			f.LastDays = []offer.LastDay{{Service: service, Date: date(t, last)}}
			end := instant(t, ends)
			for offset, want := range map[time.Duration][]string{
				-25 * time.Hour: nil, -time.Hour: nil, -time.Microsecond: nil, -time.Nanosecond: nil,
				0: {offer.CodeWindowClosed}, time.Nanosecond: {offer.CodeWindowClosed}, time.Hour: {offer.CodeWindowClosed},
			} {
				a.ReceivedAt = end.Add(offset)
				v := judge(t, f, a)
				require.Equal(t, want, codes(v), "%s, last day %s, received %s from its end", service, last, offset)
				require.Equal(t, end, v.Closes)
			}
		}
	}
}

// TestJudge_TheInstantDecidesInWhateverZoneItIsWritten: the same receipt in Cardiff, Tokyo or UTC.
func TestJudge_TheInstantDecidesInWhateverZoneItIsWritten(t *testing.T) {
	t.Parallel()
	zones := []*time.Location{time.UTC, calendar.London(), time.FixedZone("far east", 14*3600), time.FixedZone("far west", -12*3600)}
	for _, text := range []string{"2026-08-20T06:59:59Z", "2026-08-20T07:00:00Z", "2026-09-24T22:59:59Z", "2026-09-24T23:00:00Z"} {
		var first offer.Verdict
		for i, zone := range zones {
			f, a := facts(t), ask(t)
			f.CandidateRelease, a.ReceivedAt, a.ConsentGivenOn = f.CandidateRelease.In(zone), instant(t, text).In(zone), date(t, "2026-08-20")
			v := judge(t, f, a)
			if i == 0 {
				first = v
				continue
			}
			require.Equal(t, first, v, "%s in %s", text, zone)
		}
	}
}

// TestJudge_ConsentOnEveryDayAroundTheResultsAndTheReceipt is the table of domain §8.1, "published".
func TestJudge_ConsentOnEveryDayAroundTheResultsAndTheReceipt(t *testing.T) {
	t.Parallel()
	early, future := []string{offer.CodeConsentTooEarly}, []string{offer.CodeConsentInFuture}
	for _, row := range []struct {
		received string
		given    string
		want     []string
	}{
		{"2026-08-20T07:00:00Z", "2026-08-19", early}, // the day of the centres' embargoed release
		{"2026-08-20T07:00:00Z", "2026-08-20", nil},
		{"2026-08-20T07:00:00Z", "2026-08-21", future},
		{"2026-08-20T22:59:59Z", "2026-08-21", future}, // 23:59:59 BST on the 20th
		{"2026-08-20T23:00:00Z", "2026-08-21", nil},    // midnight in London is the 21st
		{"2026-09-24T12:00:00Z", "2025-09-24", early},
		{"2026-09-24T12:00:00Z", "2026-08-19", early},
		{"2026-09-24T12:00:00Z", "2026-08-20", nil},
		{"2026-09-24T12:00:00Z", "2026-09-24", nil},
		{"2026-09-24T12:00:00Z", "2026-09-25", future},
		{"2026-09-24T12:00:00Z", "2062-09-24", future},
	} {
		f, a := facts(t), ask(t)
		a.ReceivedAt, a.ConsentGivenOn = instant(t, row.received), date(t, row.given)
		require.Equal(t, row.want, codes(judge(t, f, a)), "consent of %s, received %s", row.given, row.received)
	}
}

// TestJudge_EveryFormOfNoTogether: independent noes neither hide nor change one another, and their order is fixed.
func TestJudge_EveryFormOfNoTogether(t *testing.T) {
	t.Parallel()
	noes := []struct {
		code string
		say  func(*offer.Facts, *offer.Ask)
	}{
		{offer.CodeAlreadyRequested, func(f *offer.Facts, _ *offer.Ask) {
			f.Earlier = append(f.Earlier, offer.Earlier{Reference: "R-1", Service: casework.ReviewOfMarking})
		}},
		{offer.CodeObjectiveTest, func(f *offer.Facts, _ *offer.Ask) { f.Objective = true }},
		{offer.CodeWindowClosed, func(_ *offer.Facts, a *offer.Ask) { a.ReceivedAt = a.ReceivedAt.AddDate(0, 0, 30) }},
		{offer.CodeConsentMissing, func(_ *offer.Facts, a *offer.Ask) { a.ConsentGivenOn = calendar.Date{} }},
		{offer.CodeNoPrice, func(f *offer.Facts, _ *offer.Ask) { f.Level = 4 }},
	}
	for chosen := range 1 << len(noes) {
		f, a := facts(t), ask(t)
		var want []string
		for i, no := range noes {
			if chosen&(1<<i) != 0 {
				no.say(&f, &a)
				want = append(want, no.code)
			}
		}
		v := judge(t, f, a)
		require.Equal(t, want, codes(v))
		require.Equal(t, f.Level == 4, len(v.Fees) == 0, "fees are shown beside every refusal but that of an unknown price")
		if v.Refusal != nil {
			require.Equal(t, len(f.Earlier) > 0, v.Refusal.Kind == casework.Conflict)
		}
	}
}

// TestJudge_AWiderWindowRefusesNothingMore and an earlier receipt inside it is never worse: windows are monotone.
func TestJudge_AWiderWindowRefusesNothingMore(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f, a := drawRequest(t)
		p := rules()
		days := rapid.IntRange(1, 60).Draw(t, "days")
		more := rapid.IntRange(0, 30).Draw(t, "more")
		judged := func(amount int) offer.Verdict {
			for i := range p.Services {
				p.Services[i].Window.Amount = amount
			}
			return offer.Judge(p, f, a, calendars(t))
		}
		narrow, wide := judged(days), judged(days+more)
		if narrow.Refusal == nil && wide.Refusal != nil {
			t.Fatalf("open in %d days and refused in %d: %v", days, days+more, wide.Refusal)
		}
		if !narrow.Closes.IsZero() && wide.Closes.Before(narrow.Closes) {
			t.Fatalf("%d days close %s, %d close %s", days, narrow.Closes, days+more, wide.Closes)
		}
	})
}

// TestJudge_AKeyDateIsExactlyAWindowOfThatLength: the override and the formula agree wherever they name one day.
func TestJudge_AKeyDateIsExactlyAWindowOfThatLength(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f, a := drawRequest(t)
		p, days := rules(), rapid.IntRange(1, 90).Draw(t, "days")
		for i := range p.Services {
			p.Services[i].Window.Amount = days
		}
		formula := offer.Judge(p, f, a, calendars(t))
		f.LastDays = []offer.LastDay{
			{Service: "another", Date: date(t, "2020-01-01")},
			{Service: casework.ClericalCheck, Date: f.GCSERelease.AddDays(days)},
			{Service: casework.ReviewOfMarking, Date: f.GCSERelease.AddDays(days)},
		}
		for i := range p.Services {
			p.Services[i].Window.Amount = 1000
		}
		require.Equal(t, formula, offer.Judge(p, f, a, calendars(t)))
	})
}

// TestJudge_ACopyChangesThePriceAndNothingElse: ordering the reviewed script is no reason to be refused where it has a
// price, and moves no date.
func TestJudge_ACopyChangesThePriceAndNothingElse(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f, a := drawRequest(t)
		f.Level = rapid.IntRange(1, 3).Draw(t, "priced level")
		a.ReviewedScript = false
		without := judge(t, f, a)
		a.ReviewedScript = true
		with := judge(t, f, a)
		require.Equal(t, without.Refusal, with.Refusal)
		require.Equal(t, without.Clocks, with.Clocks)
		require.Equal(t, without.Closes, with.Closes)
		if len(without.Fees) > 0 {
			require.Equal(t, without.Fees, with.Fees[:1])
			require.Equal(t, fee.Code("reviewed-script"), with.Fees[1].Code)
		}
	})
}

// TestJudge_TheOutcomeIsOwedFromTheReceiptOnWhateverDay: S1 10 and S2 20 calendar days, to the end of London's day
// (domain §8.2), over every receipt of a year.
func TestJudge_TheOutcomeIsOwedFromTheReceiptOnWhateverDay(t *testing.T) {
	t.Parallel()
	days := map[casework.Service]int{casework.ClericalCheck: 10, casework.ReviewOfMarking: 20}
	rapid.Check(t, func(t *rapid.T) {
		f, a := facts(t), ask(t)
		a.Service = rapid.SampledFrom(casework.EnquiryServices()).Draw(t, "service")
		received := date(t, "2026-08-20").AddDays(rapid.IntRange(0, 400).Draw(t, "day"))
		a.ReceivedAt = received.Start().Add(time.Duration(rapid.Int64Range(0, int64(23*time.Hour)-1).Draw(t, "time")))
		clock := judge(t, f, a).Clocks[0]
		require.Equal(t, received.AddDays(days[a.Service]).End(), clock.Ends)
		require.Equal(t, a.ReceivedAt, clock.StartedAt)
		require.Equal(t, received.AddDays(days[a.Service]), calendar.DateOf(clock.Due()))
	})
}
