package rulebook_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/offer"
	"github.com/recourse-exams/recourse/casework/policy"
	"github.com/recourse-exams/recourse/rulebook"
)

// TestOptions_OneForEachServiceOfTheSet: the set that governs the qualification decides, not its body.
func TestOptions_OneForEachServiceOfTheSet(t *testing.T) {
	t.Parallel()
	for _, set := range load(t).Sets() {
		facts := gcse(t)
		facts.Rules = set
		options, err := load(t).Options(facts, asked(t, s2))
		require.NoError(t, err)
		require.Len(t, options, len(newest(t, set).Services), set)
		for _, option := range options {
			require.Equal(t, newest(t, set).Version, option.Verdict.Policy)
		}
	}
}

// TestOptions_AReviewThatMayBeAskedForSaysUntilWhenAndForHowMuch, and a service without a published price is refused,
// never taken for nothing.
func TestOptions_AReviewThatMayBeAskedForSaysUntilWhenAndForHowMuch(t *testing.T) {
	t.Parallel()
	find := func(set string, service casework.Service) offer.Option {
		facts := gcse(t)
		facts.Rules = set
		options, err := load(t).Options(facts, asked(t, service))
		require.NoError(t, err)
		for _, option := range options {
			if option.Service == service {
				return option
			}
		}
		require.Fail(t, "no such service")
		return offer.Option{}
	}
	open := find("cambria", s2)
	require.Nil(t, open.Verdict.Refusal)
	require.Equal(t, instant(t, "2026-09-24T23:00:00Z"), open.Verdict.Closes)
	require.Equal(t, "£62.00", open.Verdict.Fees[0].Pence.String())
	require.Equal(t, "£42.00", find("aqa", s2).Verdict.Fees[0].Pence.String())

	unpriced := find("ocr-gq", s2).Verdict.Refusal
	require.NotNil(t, unpriced, "OCR's fee at level 2 was not published where it was looked for")
	require.Len(t, unpriced.Reasons, 2, "nor that of the copy")
	require.Equal(t, offer.CodeFeeNotPublished, unpriced.Reasons[0].Code)
	require.Empty(t, find("ocr-gq", s2).Verdict.Fees)
}

// Domain §1.1, "Copy of reviewed script": it is asked for with a review or after one, whatever the body's last day for it.
func TestOptions_ACopyOfAReviewedScriptFollowsAReview(t *testing.T) {
	t.Parallel()
	for _, set := range load(t).Sets() {
		if _, ok := newest(t, set).Service(casework.ReviewedScriptCopy); !ok {
			continue
		}
		facts, ask := gcse(t), asked(t, casework.ReviewedScriptCopy)
		facts.Rules, ask.ReviewedScript = set, false
		refusal := load(t).Assess(facts, ask).Refusal
		require.NotNil(t, refusal, set)
		require.Equal(t, offer.CodeNothingToFollow, refusal.Reasons[0].Code, set)
		facts.Earlier = []offer.Earlier{{Reference: "R-1", Service: s2, OutcomeAt: ask.ReceivedAt.AddDate(0, 0, -3)}}
		verdict := load(t).Assess(facts, ask)
		require.Equal(t, facts.Earlier[0].OutcomeAt, verdict.Opens, set)
		if refusal = verdict.Refusal; refusal != nil {
			require.Equal(t, offer.CodeFeeNotPublished, refusal.Reasons[0].Code, set)
		}
	}
}

func TestOptions_WithoutRulesThereAreNone(t *testing.T) {
	t.Parallel()
	facts := gcse(t)
	facts.Rules = "nobody"
	options, err := load(t).Options(facts, asked(t, s2))
	require.NoError(t, err)
	require.Empty(t, options)
}

// TestAssess_WithoutACalendarRefuses: rules whose division nobody knows count nothing.
func TestAssess_WithoutACalendarRefuses(t *testing.T) {
	t.Parallel()
	book, err := rulebook.New(policy.Policy{Version: "cambria-2026.1", Set: "cambria", ValidFrom: date(t, "2026-01-01"), Division: "atlantis"})
	require.NoError(t, err)
	verdict := book.Assess(gcse(t), asked(t, s2))
	require.Equal(t, offer.CodeCalendarEnds, verdict.Refusal.Code)
	require.Contains(t, verdict.Refusal.Reasons[0].Detail, "atlantis")
	_, err = book.Options(gcse(t), asked(t, s2))
	require.ErrorContains(t, err, "atlantis")
}

// TestClocks_ThatTheRulesLackAreAnError: a case is never left without its clock in silence.
func TestClocks_ThatTheRulesLackAreAnError(t *testing.T) {
	t.Parallel()
	book, err := rulebook.New(policy.Policy{Version: "small-2026.1", Set: "small", ValidFrom: date(t, "2026-01-01")})
	require.NoError(t, err)
	_, err = book.WindowClock("small-2026.1", instant(t, "2026-10-14T09:00:00Z"))
	require.ErrorContains(t, err, "policy small-2026.1 has no clock window of service appeal")
	_, err = book.PublicationClocks("small-2026.1", instant(t, "2026-10-14T09:00:00Z"), true)
	require.ErrorContains(t, err, "has no clock script of service reviewed-script-copy")
}
