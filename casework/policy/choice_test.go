package policy_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/fee"
	"github.com/recourse-exams/recourse/casework/policy"
)

// drawTariff draws rows of one code that do not overlap, with the price of every level beside them.
func drawTariff(t *rapid.T, code fee.Code) (rows []policy.Price, prices map[int]fee.Pence) {
	prices = map[int]fee.Pence{}
	for level := 1; level <= 8; {
		to := rapid.IntRange(level, 8).Draw(t, "to")
		if rapid.Bool().Draw(t, "priced") {
			row := policy.Price{Code: code, FromLevel: level, ToLevel: to, Pence: fee.Pence(rapid.IntRange(0, 50_000).Draw(t, "pence"))}
			rows = append(rows, row)
			for l := level; l <= to; l++ {
				prices[l] = row.Pence
			}
		}
		level = to + 1
	}
	return rows, prices
}

// TestPolicy_EachLevelHasThePriceOfItsOwnRow: whatever the tariff, in whatever order its rows come, a level gets its
// row's price, a free one included, and no price where there is no row.
func TestPolicy_EachLevelHasThePriceOfItsOwnRow(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		review, prices := drawTariff(t, "review-of-marking")
		check, others := drawTariff(t, "clerical-check")
		p := policy.Policy{Tariff: rapid.Permutation(append(review, check...)).Draw(t, "order")}
		for level := -1; level <= 10; level++ {
			for code, want := range map[fee.Code]map[int]fee.Pence{"review-of-marking": prices, "clerical-check": others, "appeal": nil} {
				price, ok := p.Price(code, level)
				pence, priced := want[level]
				require.Equal(t, priced, ok, "%s at level %d", code, level)
				require.Equal(t, pence, price.Pence, "%s at level %d", code, level)
				require.True(t, !ok || price.Covers(level), "%s at level %d: %+v", code, level, price)
			}
		}
	})
}

// TestPolicy_AnEmptyOneKnowsNothingAndSaysSo: a body without rules is no reason to guess.
func TestPolicy_AnEmptyOneKnowsNothingAndSaysSo(t *testing.T) {
	t.Parallel()
	var p policy.Policy
	for _, service := range casework.Services() {
		rules, ok := p.Service(service)
		require.False(t, ok)
		require.Zero(t, rules)
	}
	for _, code := range []string{"review-of-marking", "totalling-error"} {
		_, ok := p.Price(fee.Code(code), 2)
		require.False(t, ok)
		_, ok = p.Waiver(fee.Code(code))
		require.False(t, ok)
		text, ok := p.Text(code)
		require.False(t, ok)
		require.Empty(t, text)
	}
}

// TestPolicy_AServicesWaiverIsItsOwnAlsoBesideTheCopys: the copy's waiver never stands in for a service's, and the
// other way round (domain §8.2: a copy ordered with the review is waived with it).
func TestPolicy_AServicesWaiverIsItsOwnAlsoBesideTheCopys(t *testing.T) {
	t.Parallel()
	p := small()
	p.Services[2].Fees[0].Code = "review-of-marking"
	waiver, ok := p.Waiver("review-of-marking")
	require.True(t, ok)
	require.Equal(t, "clause 2", waiver.Clause, "the service that comes first is asked first")
	p.Services = p.Services[2:]
	waiver, ok = p.Waiver("review-of-marking")
	require.True(t, ok)
	require.Equal(t, "clause 3", waiver.Clause)
}

// TestPolicy_ACodeIsReadInWhicheverListItStands: reasons for a change, for none, and checks, and the first wins.
func TestPolicy_ACodeIsReadInWhicheverListItStands(t *testing.T) {
	t.Parallel()
	p := small()
	p.UnchangedReasons = append(p.UnchangedReasons, policy.Wording{Code: "totalling-error", Text: "another"})
	text, ok := p.Text("totalling-error")
	require.True(t, ok)
	require.Equal(t, "The marks were added up wrongly.", text)
	for _, near := range []string{"", "Totalling-error", "totalling-error ", "totalling"} {
		_, ok := p.Text(near)
		require.False(t, ok, "%q", near)
	}
}

// TestWarnRule_IsEitherInDaysOrInHours: over all small rules, an accepted one has exactly one measure, before the end,
// at an hour that no clock change takes away.
func TestWarnRule_IsEitherInDaysOrInHours(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rule := policy.WarnRule{
			DaysBefore:  rapid.IntRange(-2, 5).Draw(t, "days"),
			HoursBefore: rapid.IntRange(-2, 5).Draw(t, "hours"),
			At:          calendar.TimeOfDay{Hour: rapid.IntRange(0, 23).Draw(t, "hour"), Minute: rapid.IntRange(0, 59).Draw(t, "minute")},
		}
		inDays := rule.DaysBefore > 0 && rule.HoursBefore == 0 && rule.At.Hour != 1
		inHours := rule.HoursBefore > 0 && rule.DaysBefore == 0 && rule.At == calendar.TimeOfDay{}
		require.Equal(t, inDays || inHours, rule.Check() == nil, "%+v: %v", rule, rule.Check())
	})
}
