package rulebook_test

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/fee"
	"github.com/recourse-exams/recourse/casework/grading"
	"github.com/recourse-exams/recourse/casework/offer"
	"github.com/recourse-exams/recourse/casework/policy"
	"github.com/recourse-exams/recourse/rulebook"
)

const cambria = "cambria-2026.1"

// loaded is read once for all tests: a book is read-only.
var loaded = sync.OnceValues(rulebook.Load)

func load(tb testing.TB) *rulebook.Book {
	tb.Helper()
	book, err := loaded()
	require.NoError(tb, err)
	return book
}

func instant(tb testing.TB, text string) time.Time {
	tb.Helper()
	at, err := time.Parse(time.RFC3339, text)
	require.NoError(tb, err)
	return at
}

func date(tb testing.TB, text string) calendar.Date {
	tb.Helper()
	d, err := calendar.ParseDate(text)
	require.NoError(tb, err)
	return d
}

// gcse is a result of the June 2026 series.
func gcse(tb testing.TB) offer.Facts {
	tb.Helper()
	return offer.Facts{
		CentreNumber: "64101", CandidateNumber: "0007", Component: "M1/02", Series: "2026-06",
		KnownCandidate: true, KnownResult: true, Level: 2, Family: casework.FamilyGeneral, Body: "cambria", Rules: "cambria",
		SeriesMonth: 6, ALevelRelease: date(tb, "2026-08-13"),
		CandidateRelease: instant(tb, "2026-08-20T07:00:00Z"), GCSERelease: date(tb, "2026-08-20"),
	}
}

func asked(tb testing.TB, service casework.Service) offer.Ask {
	tb.Helper()
	return offer.Ask{Service: service, ReceivedAt: instant(tb, "2026-09-24T10:15:00Z"), ConsentGivenOn: date(tb, "2026-08-21"), ReviewedScript: true}
}

// The figures of domain §8.2, each read from the file.
func TestCambria_WindowsClocksAndFees(t *testing.T) {
	t.Parallel()
	book := load(t)
	for _, row := range []struct {
		service casework.Service
		level   int
		due     string
		warn    string
		pence   fee.Pence
	}{
		{casework.ClericalCheck, 2, "2026-10-04", "2026-10-01T08:00:00Z", 1500},
		{casework.ClericalCheck, 3, "2026-10-04", "2026-10-01T08:00:00Z", 1500},
		{casework.ReviewOfMarking, 1, "2026-10-14", "2026-10-11T08:00:00Z", 6200},
		{casework.ReviewOfMarking, 2, "2026-10-14", "2026-10-11T08:00:00Z", 6200},
		{casework.ReviewOfMarking, 3, "2026-10-14", "2026-10-11T08:00:00Z", 6600},
	} {
		facts := gcse(t)
		facts.Level = row.level
		v := book.Assess(facts, asked(t, row.service))
		require.Nil(t, v.Refusal)
		require.Equal(t, cambria, v.Policy)
		require.Equal(t, instant(t, "2026-09-24T23:00:00Z"), v.Closes)
		require.Len(t, v.Clocks, 1)
		require.Equal(t, row.due, calendar.DateOf(v.Clocks[0].Due()).String())
		require.Equal(t, []time.Time{instant(t, row.warn)}, v.Clocks[0].Warn)
		require.Equal(t, casework.ClockSLA, v.Clocks[0].Kind)
		require.Equal(t, row.pence, v.Fees[0].Pence)
		require.Equal(t, fee.Pence(1350), v.Fees[1].Pence)
	}
}

func TestCambria_TheScriptIsDueWithin24HoursOfPublication(t *testing.T) {
	t.Parallel()
	book, published := load(t), instant(t, "2026-10-24T12:00:00Z")
	clocks, err := book.PublicationClocks(cambria, published, true)
	require.NoError(t, err)
	require.Len(t, clocks, 1)
	require.Equal(t, casework.ClockScript, clocks[0].ID)
	require.Equal(t, casework.ClockSLA, clocks[0].Kind)
	require.Equal(t, published.Add(24*time.Hour), clocks[0].Ends)
	require.Equal(t, []time.Time{published.Add(20 * time.Hour)}, clocks[0].Warn)

	clocks, err = book.PublicationClocks(cambria, published, false)
	require.NoError(t, err)
	require.Empty(t, clocks, "no copy was ordered")
}

func TestCambria_TheAppealWindowIsARightOfFourteenDays(t *testing.T) {
	t.Parallel()
	clock, err := load(t).WindowClock(cambria, instant(t, "2026-10-13T23:30:00Z"))
	require.NoError(t, err)
	require.Equal(t, casework.ClockWindow, clock.ID)
	require.Equal(t, casework.ClockRight, clock.Kind)
	require.Equal(t, "2026-10-28", calendar.DateOf(clock.Due()).String(), "00:30 BST on 14 October (domain §8.1)")
	require.Empty(t, clock.Warn)
}

// Domain §8.3, readings 3 and 5, and §5.2.
func TestCambria_ReasonsAreThoseOfTheService(t *testing.T) {
	t.Parallel()
	book := load(t)
	clerical := book.Assess(gcse(t), asked(t, casework.ClericalCheck)).Rules
	review := book.Assess(gcse(t), asked(t, casework.ReviewOfMarking)).Rules

	require.Len(t, clerical.Checklist, 5)
	require.Equal(t, clerical.Checklist, review.Checklist, "a review includes the same checklist")
	require.False(t, clerical.AnnotatedScript)
	require.True(t, review.AnnotatedScript)
	for _, judgement := range []string{"points-scheme-misapplied", "levels-scheme-misapplied", "unusual-response", "illegible-work", "rubric-error"} {
		require.NotContains(t, clerical.ChangeReasons, judgement, "a clerical check is not an examiner's review")
		require.Contains(t, review.ChangeReasons, judgement)
	}
	require.Subset(t, review.ChangeReasons, clerical.ChangeReasons, "a review contains a clerical check")
	for _, decision := range []string{"moderation-criteria-misapplied", "malpractice-outcome", "centre-mark-wrong", "grade-moved-by-other-component"} {
		require.NotContains(t, review.ChangeReasons, decision, "another process decides this")
	}
	require.NotContains(t, clerical.UnchangedReasons, "judgement-reasonable")
}

func TestCambria_SpellsOutEveryCode(t *testing.T) {
	t.Parallel()
	book := load(t)
	p, err := book.Policy(cambria)
	require.NoError(t, err)
	require.Len(t, p.ChangeReasons, 17, "the regulator's list has seventeen")
	for _, words := range [][]policy.Wording{p.ChangeReasons, p.UnchangedReasons, p.Checks} {
		for _, w := range words {
			require.Equal(t, w.Text, book.ReasonText(cambria, w.Code))
			require.Regexp(t, `^[A-Z].*\.$`, w.Text, "a text is a sentence")
		}
	}
	require.Equal(t, "mood", book.ReasonText(cambria, "mood"))
	require.Equal(t, "totalling-error", book.ReasonText("cambria-1999.1", "totalling-error"))
}

// Domain §8.2, "Waiver": only the copy's reading is unconfirmed.
func TestCambria_SaysWhichReadingIsUnconfirmed(t *testing.T) {
	t.Parallel()
	p, err := load(t).Policy(cambria)
	require.NoError(t, err)
	for _, code := range []fee.Code{"reviewed-script", "late-reviewed-script"} {
		waiver, ok := p.Waiver(code)
		require.True(t, ok)
		require.False(t, waiver.Confirmed, code)
	}
	for _, service := range casework.EnquiryServices() {
		s, ok := p.Service(service)
		require.True(t, ok)
		for _, f := range s.Fees {
			require.True(t, f.Waiver.Confirmed)
		}
		outcome, ok := s.Clock(casework.ClockOutcome)
		require.True(t, ok)
		require.True(t, outcome.Confirmed)
		require.False(t, outcome.PauseRule.Confirmed, "what stops a clock is a default (domain §5.5)")
	}
	require.Equal(t, []int{1, 4, 7, 10, 11}, p.Invoices.Months)
}

func TestBook_SettlesAnAwardAndItsFees(t *testing.T) {
	t.Parallel()
	book := load(t)
	award := grading.Award{
		Boundaries: []grading.Boundary{{Grade: "5", Mark: 100}, {Grade: "4", Mark: 80}},
		Components: []grading.Component{{Code: "M1/01", Before: 50, After: 50, Weight: 1}, {Code: "M1/02", Before: 49, After: 50, Weight: 1}},
	}
	settlement, err := book.Settle(cambria, award)
	require.NoError(t, err)
	require.Equal(t, "5", settlement.GradeAfter)

	lines := []fee.Line{
		{ID: 1, Reference: "one", Code: "review-of-marking", Pence: 6200, State: fee.Quoted},
		{ID: 2, Reference: "one", Code: "reviewed-script", Pence: 1350, State: fee.Quoted},
		{ID: 3, Reference: "two", Code: "clerical-check", Pence: 1500, State: fee.Quoted},
	}
	component := func(ref casework.Reference) string {
		return map[casework.Reference]string{"one": "M1/02", "two": "M1/01"}[ref]
	}
	decisions, err := book.FeeDecisions(cambria, lines, settlement, component)
	require.NoError(t, err)
	require.Len(t, decisions, 3)
	for _, d := range decisions {
		require.Equal(t, fee.Waived, d.State, "both components of the linked set are free")
	}
	require.Contains(t, decisions[1].Why, "clause 6.3")

	award.Components[1].After = 48
	settlement, err = book.Settle(cambria, award)
	require.NoError(t, err)
	decisions, err = book.FeeDecisions(cambria, lines, settlement, component)
	require.NoError(t, err)
	for _, d := range decisions {
		require.Equal(t, fee.Due, d.State)
	}
}

func TestBook_AVersionThatItDoesNotHoldIsAnError(t *testing.T) {
	t.Parallel()
	book := load(t)
	for _, ask := range []func() error{
		func() error { _, err := book.Policy("cambria-1999.1"); return err },
		func() error { _, err := book.Settle("cambria-1999.1", grading.Award{}); return err },
		func() error {
			_, err := book.FeeDecisions("cambria-1999.1", nil, grading.Settlement{}, nil)
			return err
		},
		func() error { _, err := book.PublicationClocks("cambria-1999.1", time.Time{}, false); return err },
		func() error { _, err := book.WindowClock("cambria-1999.1", time.Time{}); return err },
	} {
		require.ErrorContains(t, ask(), `the rulebook has no policy "cambria-1999.1"`)
	}
}

func TestBook_ReceiptDecidesWhichPolicyIsInForce(t *testing.T) {
	t.Parallel()
	book, err := rulebook.New(
		policy.Policy{Version: "small-2026.2", Set: "small", ValidFrom: date(t, "2026-09-01")},
		policy.Policy{Version: "small-2026.1", Set: "small", ValidFrom: date(t, "2026-06-01"), ValidUntil: date(t, "2026-08-31")},
		policy.Policy{Version: "other-2026.1", Set: "other", ValidFrom: date(t, "2026-01-01"), ValidUntil: date(t, "2026-09-30")},
	)
	require.NoError(t, err)
	for _, row := range []struct{ body, received, want string }{
		{"small", "2026-05-31T22:59:59Z", ""},
		{"small", "2026-05-31T23:00:00Z", "small-2026.1"}, // midnight in London
		{"small", "2026-08-31T22:59:59Z", "small-2026.1"},
		{"small", "2026-08-31T23:00:00Z", "small-2026.2"},
		{"other", "2026-08-31T23:00:00Z", "other-2026.1"},
		{"other", "2026-09-30T22:59:59Z", "other-2026.1"},
		{"other", "2026-09-30T23:00:00Z", ""},
		{"nobody", "2026-08-31T23:00:00Z", ""},
	} {
		p, ok := book.InForce(row.body, instant(t, row.received))
		require.Equal(t, row.want != "", ok)
		require.Equal(t, row.want, p.Version)
	}
}

func TestBook_ARequestThatNoPolicyDecidesIsRefused(t *testing.T) {
	t.Parallel()
	facts := gcse(t)
	facts.Body, facts.Rules = "nobody", "nobody"
	v := load(t).Assess(facts, asked(t, casework.ClericalCheck))
	require.Equal(t, offer.CodeNoPolicy, v.Refusal.Code)
	require.Equal(t, casework.Refused, v.Refusal.Kind)
	facts.KnownCandidate, facts.Body, facts.Rules = false, "", ""
	require.Equal(t, offer.CodeUnknownCandidate, load(t).Assess(facts, asked(t, casework.ClericalCheck)).Refusal.Code)
}

func TestLoad_IsTheSameEveryTime(t *testing.T) {
	t.Parallel()
	again, err := rulebook.Load()
	require.NoError(t, err)
	require.Equal(t, load(t), again)
}

func BenchmarkAssess(b *testing.B) {
	book, facts, ask := load(b), gcse(b), asked(b, casework.ReviewOfMarking)
	for b.Loop() {
		book.Assess(facts, ask)
	}
}

// BenchmarkLoad reads and checks all sets; the promise is 50 ms.
func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_, err := rulebook.Load()
		require.NoError(b, err)
	}
}
