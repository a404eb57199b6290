package api

import (
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/fee"
	"github.com/recourse-exams/recourse/casework/offer"
	"github.com/recourse-exams/recourse/casework/policy"
)

func provenanceView(p policy.Provenance) Provenance {
	return Provenance{Clause: p.Clause, Source: p.Source, Confirmed: p.Confirmed}
}

func waiverView(w fee.Waiver) Waiver {
	return Waiver{Strategy: WaiverStrategy(w.Strategy), Text: w.Strategy.Words(), Clause: w.Clause, Source: w.Source, Confirmed: w.Confirmed}
}

func priceViews(quotes []fee.Quote) []Price {
	prices := make([]Price, len(quotes))
	for i, q := range quotes {
		prices[i] = Price{
			Code: string(q.Code), Pence: int64(q.Pence), Amount: q.Pence.String(), Waiver: waiverView(q.Waiver),
			Clause: q.Clause, Source: q.Source, Unconfirmed: !q.Confirmed,
		}
		if r := q.Reduction; r != nil {
			prices[i].Reduction = Reduction{FullPence: int64(r.Full), Percent: r.Percent, Clause: r.Clause, Source: r.Source, Confirmed: r.Confirmed}
		}
	}
	return prices
}

func warningViews(warnings []offer.Warning) []Warning {
	views := make([]Warning, len(warnings))
	for i, w := range warnings {
		views[i] = Warning{Code: w.Code, Detail: w.Detail, Cases: referenceViews(w.Cases), Rule: provenanceView(w.Provenance)}
	}
	return views
}

func adviceViews(advice []fee.Advice) []Warning {
	views := make([]Warning, len(advice))
	for i, a := range advice {
		views[i] = Warning{Code: a.Code, Detail: a.Text, Cases: referenceViews(a.Cases)}
	}
	return views
}

func referenceViews(references []casework.Reference) []Reference {
	var views []Reference
	for _, r := range references {
		views = append(views, string(r))
	}
	return views
}

// outcomeDue is when the outcome would be due of the clocks that a receipt starts, zero if another event starts it.
func outcomeDue(clocks []deadline.Clock) time.Time {
	for _, clock := range clocks {
		if clock.ID == casework.ClockOutcome {
			return clock.Due()
		}
	}
	return time.Time{}
}
