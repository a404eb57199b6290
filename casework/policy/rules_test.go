package policy_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/fee"
	"github.com/recourse-exams/recourse/casework/policy"
)

func date(t *testing.T, text string) calendar.Date {
	t.Helper()
	d, err := calendar.ParseDate(text)
	require.NoError(t, err)
	return d
}

// TestWindow_IsAClockOfTheService: the right to ask, from the event of its anchor, and first among the clocks.
func TestWindow_IsAClockOfTheService(t *testing.T) {
	t.Parallel()
	from := policy.Provenance{Clause: "clause 2", Source: "rules", Confirmed: true}
	for anchor, event := range map[policy.Anchor]policy.Event{
		policy.AnchorGCSERelease: policy.ResultsPublished, policy.AnchorALevelRelease: policy.ResultsPublished,
		policy.AnchorCandidateRelease: policy.ResultsPublished, policy.AnchorResult: policy.ResultsPublished,
		policy.AnchorOutcome: policy.OutcomePublished, policy.AnchorModeration: policy.Moderated,
	} {
		s := policy.Service{
			Window: policy.WindowRule{Anchor: anchor, Span: policy.Span{Amount: 35, Unit: policy.CalendarDays}, Provenance: from},
			Clocks: []policy.ClockRule{{ID: casework.ClockOutcome}},
		}
		rule, ok := s.Clock(casework.ClockWindow)
		require.True(t, ok, anchor)
		require.NoError(t, rule.Check())
		require.Equal(t, casework.ClockRight, rule.Kind)
		require.Equal(t, event, rule.Starts, anchor)
		require.Equal(t, from, rule.Provenance)
		require.Equal(t, []policy.ClockRule{rule, {ID: casework.ClockOutcome}}, s.AllClocks())
		require.Len(t, s.Clocks, 1, "the service's own list is left alone")
	}
}

func TestWindow_WithoutACountedAnchorIsNoClock(t *testing.T) {
	t.Parallel()
	for _, anchor := range []policy.Anchor{policy.AnchorNone, policy.AnchorKeyDate} {
		s := policy.Service{Window: policy.WindowRule{Anchor: anchor}, Clocks: []policy.ClockRule{{ID: casework.ClockOutcome}}}
		_, ok := s.WindowClock()
		require.False(t, ok, anchor)
		_, ok = s.Clock(casework.ClockWindow)
		require.False(t, ok)
		require.Len(t, s.AllClocks(), 1)
	}
}

// TestSeries_ARequestWithPriorityHasARowOfItsOwn (domain §1.6: priority and non-priority access to scripts).
func TestSeries_ARequestWithPriorityHasARowOfItsOwn(t *testing.T) {
	t.Parallel()
	s := policy.Series{KeyDates: []policy.KeyDate{
		{Service: casework.ScriptCopy, Priority: true, Date: date(t, "2025-08-29")},
		{Service: casework.ScriptCopy, Date: date(t, "2025-10-03")},
		{Service: casework.ClericalCheck, Date: date(t, "2025-09-19")},
	}}
	plain, ok := s.KeyDate(casework.ScriptCopy)
	require.True(t, ok)
	require.Equal(t, date(t, "2025-10-03"), plain.Date)
	first, ok := s.PriorityDate(casework.ScriptCopy)
	require.True(t, ok)
	require.Equal(t, date(t, "2025-08-29"), first.Date)
	_, ok = s.PriorityDate(casework.ClericalCheck)
	require.False(t, ok)
	_, ok = s.KeyDate(casework.Appeal)
	require.False(t, ok)
}

// TestSeries_AnAnchorIsALondonDateOrUnknown: the release at 08:00 in London is of that day.
func TestSeries_AnAnchorIsALondonDateOrUnknown(t *testing.T) {
	t.Parallel()
	s := policy.Series{ALevelRelease: date(t, "2026-08-13"), GCSERelease: date(t, "2026-08-20"), CandidateRelease: time.Date(2026, 8, 12, 23, 30, 0, 0, time.UTC)}
	for anchor, want := range map[policy.Anchor]string{
		policy.AnchorALevelRelease: "2026-08-13", policy.AnchorGCSERelease: "2026-08-20", policy.AnchorCandidateRelease: "2026-08-13",
	} {
		day, ok := s.Anchor(anchor)
		require.True(t, ok)
		require.Equal(t, want, day.String())
		_, ok = policy.Series{}.Anchor(anchor)
		require.False(t, ok, "%s of a series that publishes nothing", anchor)
	}
	for _, anchor := range []policy.Anchor{policy.AnchorOutcome, policy.AnchorModeration, policy.AnchorResult, policy.AnchorKeyDate, policy.AnchorNone} {
		_, ok := s.Anchor(anchor)
		require.False(t, ok, "%s is no day of a series", anchor)
	}
}

// TestWaiver_OfUnitsStandsInPlaceOfTheAwards (domain §1.5: AQA's linear and modular fee rule).
func TestWaiver_OfUnitsStandsInPlaceOfTheAwards(t *testing.T) {
	t.Parallel()
	modular := fee.Waiver{Strategy: fee.UnitGrade}
	p := policy.Policy{Services: []policy.Service{{Fees: []policy.FeeRule{
		{Code: "review-of-marking", Waiver: fee.Waiver{Strategy: fee.LinkedAwardGrade}, Unitised: &modular},
		{Code: "appeal", Waiver: fee.Waiver{Strategy: fee.AppealUpheld}},
	}}}}
	for _, row := range []struct {
		code     fee.Code
		unitised bool
		want     fee.Strategy
	}{
		{"review-of-marking", false, fee.LinkedAwardGrade},
		{"review-of-marking", true, fee.UnitGrade},
		{"appeal", false, fee.AppealUpheld},
		{"appeal", true, fee.AppealUpheld},
	} {
		waiver, ok := p.WaiverFor(row.code, row.unitised)
		require.True(t, ok)
		require.Equal(t, row.want, waiver.Strategy, "%s, unitised %t", row.code, row.unitised)
	}
	_, ok := p.WaiverFor("tea", true)
	require.False(t, ok)
}

// TestPrice_OfAnUnpublishedFigureIsNone: a fee that nobody knows is never zero.
func TestPrice_OfAnUnpublishedFigureIsNone(t *testing.T) {
	t.Parallel()
	p := policy.Policy{Tariff: []policy.Price{{Code: "appeal", FromLevel: 1, ToLevel: 8, Unpublished: true, Provenance: policy.Provenance{Clause: "fees list"}}}}
	row, ok := p.Price("appeal", 3)
	require.False(t, ok)
	require.True(t, row.Unpublished)
	require.Equal(t, "fees list", row.Clause, "where the figure should stand")
}

// TestScope_OnlyBringsAboutWhatItIsAbout (domain §8.3, reading 1: a review of moderation is never waived because a
// grade moved).
func TestScope_OnlyBringsAboutWhatItIsAbout(t *testing.T) {
	t.Parallel()
	able := map[policy.Scope][]fee.Need{
		policy.CandidateComponent: {fee.NeedAwardGrade, fee.NeedUnitGrade, fee.NeedExternalGrade},
		policy.CohortComponent:    {fee.NeedReinstatement, fee.NeedModeratedGrades},
		policy.WholeCase:          {fee.NeedAppealOutcome},
	}
	for _, scope := range policy.Scopes() {
		for _, strategy := range fee.Strategies() {
			for _, need := range strategy.Needs() {
				require.Equal(t, contains(able[scope], need), scope.BringsAbout(need), "%s: %s", scope, need)
			}
		}
	}
	require.False(t, policy.WholeCase.BringsAbout("luck"))
}

func contains(needs []fee.Need, need fee.Need) bool {
	for _, n := range needs {
		if n == need {
			return true
		}
	}
	return false
}

// TestProvenances_ListEveryRuleOnce: as many as a policy has rules, each found.
func TestProvenances_ListEveryRuleOnce(t *testing.T) {
	t.Parallel()
	n := 0
	next := func() policy.Provenance {
		n++
		return policy.Provenance{Clause: string(rune('0' + n))}
	}
	waiver := func() fee.Waiver { return fee.Waiver{Clause: next().Clause} }
	unitised := waiver()
	s := policy.Service{
		Provenance: next(), Consent: policy.ConsentRule{Provenance: next()}, Opens: next(), Window: policy.WindowRule{Provenance: next()},
		Effect: policy.EffectRule{Provenance: next()}, Eligible: []policy.Condition{{Provenance: next()}}, Priority: &policy.WindowRule{Provenance: next()},
		Clocks:  []policy.ClockRule{{Provenance: next(), PausedBy: []policy.Pause{policy.Hold}, PauseRule: next()}, {Provenance: next()}},
		Targets: []policy.Target{{Provenance: next()}},
		Fees:    []policy.FeeRule{{Waiver: waiver(), Unitised: &unitised, Small: &policy.SmallCohort{Provenance: next()}}},
		Cancel:  &policy.CancelRule{Provenance: next()}, Upgrades: []policy.UpgradeRule{{Provenance: next()}}, Script: &policy.ScriptRule{Provenance: next()},
		Decisions: []policy.DecisionWindow{{Provenance: next()}}, Panel: &policy.PanelRule{Provenance: next()},
	}
	p := policy.Policy{
		Words: policy.Words{Provenance: next()}, Invoices: policy.InvoiceRule{Provenance: next()}, Closures: []policy.Closure{{Provenance: next()}},
		Services: []policy.Service{s}, Series: []policy.Series{{Provenance: next(), KeyDates: []policy.KeyDate{{Provenance: next()}}}},
		Tariff: []policy.Price{{Provenance: next()}}, ChangeReasons: []policy.Wording{{Provenance: next()}}, UnchangedReasons: []policy.Wording{{Provenance: next()}},
		Checks: []policy.Wording{{Provenance: next()}}, Indicators: []policy.Wording{{Provenance: next()}}, RoadMaps: []policy.RoadMap{{Provenance: next()}},
	}
	seen := map[string]bool{}
	for _, rule := range p.Provenances() {
		require.False(t, seen[rule.Clause], "clause %s twice", rule.Clause)
		seen[rule.Clause] = true
	}
	require.Len(t, seen, n)
	require.Len(t, policy.Policy{}.Provenances(), 2, "words and invoices are always there")
}
