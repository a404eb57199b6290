package fee_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/fee"
)

func quote(code fee.Code, pence fee.Pence, strategy fee.Strategy) fee.Quote {
	return fee.Quote{Code: code, Pence: pence, Waiver: fee.Waiver{Strategy: strategy}}
}

func request(name, set string, quotes ...fee.Quote) fee.Request {
	return fee.Request{Name: name, Set: set, Quotes: quotes}
}

func adviceCodes(set fee.SetForecast) []string {
	var list []string
	for _, a := range set.Advice {
		list = append(list, a.Code)
	}
	return list
}

// Domain §1.5, AQA's linear rule, and §8.2, "Waiver".
func TestForesee_LinkedRequestsShareOneWaiver(t *testing.T) {
	t.Parallel()
	forecast := fee.Foresee([]fee.Request{
		request("M1/01", "0007 maths", quote(review, 6200, fee.LinkedAwardGrade), quote(script, 1350, fee.LinkedAwardGrade)),
		request("P1/01", "0007 physics", quote(review, 6600, fee.LinkedAwardGrade)),
		request("M1/02", "0007 maths", quote(review, 6200, fee.LinkedAwardGrade)),
		request("M1/03", "", quote("review-of-moderation", 24500, fee.MarksReinstated)),
	})
	require.Equal(t, fee.Pence(6200+1350+6600+6200+24500), forecast.Total)
	require.Equal(t, fee.Pence(24500), forecast.IfChanged, "no grade waives a review of moderation")
	require.Len(t, forecast.Sets, 3)
	maths := forecast.Sets[0]
	require.Equal(t, []string{"M1/01", "M1/02"}, maths.Requests)
	require.Equal(t, fee.Pence(13750), maths.Total)
	require.Equal(t, fee.Pence(0), maths.IfChanged)
	require.Equal(t, []fee.Advice{{Code: fee.AdviceTogether, Text: "Ask for these 2 together: if the grade changes, one waiver covers them, £137.50 in all."}}, maths.Advice)
	require.Empty(t, forecast.Sets[1].Advice, "one request alone has nothing to share")
	require.Empty(t, forecast.Sets[2].Advice)
}

func TestForesee_WarnsOfLinkedCasesThatAreOpenOrFinished(t *testing.T) {
	t.Parallel()
	later := request("M1/02", "maths", quote(review, 6200, fee.LinkedAwardGrade))
	later.Linked = []fee.LinkedCase{{Reference: "R-1", Open: true}, {Reference: "R-2"}, {Reference: "R-3", Open: true}}
	another := later
	another.Name = "M1/03"
	set := fee.Foresee([]fee.Request{later, another}).Sets[0]
	require.Equal(t, []fee.Advice{
		{Code: fee.AdviceTogether, Text: "Ask for these 2 together: if the grade changes, one waiver covers them, £124.00 in all."},
		{
			Code: fee.AdviceLinkedOpen, Cases: []casework.Reference{"R-1", "R-3"},
			Text: "Cases R-1, R-3 of the same award are still open: what is asked for before the outcome shares one waiver with it.",
		},
		{
			Code: fee.AdviceLinkedFinished, Cases: []casework.Reference{"R-2"},
			Text: "Case R-2 of the same award finished already: what is asked for now is charged or waived on its own merit.",
		},
	}, set.Advice)
}

func TestForesee_WhatNoGradeWaivesNeedsNoAdvice(t *testing.T) {
	t.Parallel()
	for _, strategy := range []fee.Strategy{fee.MarksReinstated, fee.ModeratedGradeChange, fee.AppealUpheld, fee.Never} {
		one := request("M1/02", "maths", quote("x", 5000, strategy))
		one.Linked = []fee.LinkedCase{{Reference: "R-1", Open: true}}
		forecast := fee.Foresee([]fee.Request{one, one})
		require.Equal(t, forecast.Total, forecast.IfChanged, strategy)
		require.Empty(t, adviceCodes(forecast.Sets[0]), strategy)
	}
	free := request("M1/02", "maths", quote("x", 0, fee.AlwaysFree))
	require.Empty(t, adviceCodes(fee.Foresee([]fee.Request{free, free}).Sets[0]), "what is free has nothing to waive")
	require.Zero(t, fee.Foresee(nil))
}

// However a basket is sorted, it costs the same; its sets sum to it; a changed grade never costs more.
func TestForesee_SetsSumToTheBasketInAnyOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var basket []fee.Request
		for range rapid.IntRange(0, 8).Draw(t, "requests") {
			one := request(rapid.StringMatching(`[A-C]\d`).Draw(t, "name"), rapid.SampledFrom([]string{"", "maths", "physics"}).Draw(t, "set"))
			for range rapid.IntRange(0, 2).Draw(t, "quotes") {
				one.Quotes = append(one.Quotes, quote("x", fee.Pence(rapid.IntRange(0, 30_000).Draw(t, "pence")), rapid.SampledFrom(fee.Strategies()).Draw(t, "strategy")))
			}
			basket = append(basket, one)
		}
		forecast := fee.Foresee(basket)
		var total, changed fee.Pence
		requests := 0
		for _, set := range forecast.Sets {
			total += set.Total
			changed += set.IfChanged
			requests += len(set.Requests)
			require.LessOrEqual(t, set.IfChanged, set.Total)
		}
		require.Equal(t, forecast.Total, total)
		require.Equal(t, forecast.IfChanged, changed)
		require.Len(t, basket, requests)
		shuffled := fee.Foresee(rapid.Permutation(basket).Draw(t, "shuffled"))
		require.Equal(t, forecast.Total, shuffled.Total)
		require.Equal(t, forecast.IfChanged, shuffled.IfChanged)
		require.Len(t, shuffled.Sets, len(forecast.Sets))
	})
}

// The forecast keeps its word: what it says is to pay after a change is what Decide leaves due.
func TestForesee_AgreesWithTheFinalDecision(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		strategies := map[fee.Code]fee.Strategy{
			"a": fee.LinkedAwardGrade, "b": fee.UnitGrade, "c": fee.Never, "d": fee.MarksReinstated, "e": fee.OverallExternalGrade,
		}
		var lines []fee.Line
		var quotes []fee.Quote
		for i := range rapid.IntRange(1, 6).Draw(t, "lines") {
			code := rapid.SampledFrom([]fee.Code{"a", "b", "c", "d", "e"}).Draw(t, "code")
			pence := fee.Pence(rapid.IntRange(1, 30_000).Draw(t, "pence"))
			lines = append(lines, fee.Line{ID: int64(i + 1), Reference: "A", Code: code, Pence: pence, State: fee.Quoted})
			quotes = append(quotes, quote(code, pence, strategies[code]))
		}
		changed := settledUp()
		decisions := fee.Decide(lines, func(casework.Reference) fee.Finding {
			return fee.Finding{Component: "A", Award: &changed, Moderation: &fee.Moderation{}}
		}, func(code fee.Code) (fee.Waiver, bool) { return fee.Waiver{Strategy: strategies[code]}, true })
		var due fee.Pence
		for i, decision := range decisions {
			if decision.State == fee.Due {
				due += lines[i].Pence
			}
		}
		require.Len(t, decisions, len(lines))
		require.Equal(t, fee.Foresee([]fee.Request{request("A", "set", quotes...)}).IfChanged, due)
	})
}
