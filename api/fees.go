package api

import (
	"context"
	"time"

	"github.com/recourse-exams/recourse/casework/policy"
)

// ListFees shows what every service costs, to programs and to people.
func (s *Server) ListFees(ctx context.Context, in ListFeesRequestObject) (ListFeesResponseObject, error) {
	versions, err := s.published(in.Params.Rules)
	if err != nil {
		return nil, err
	}
	schedule := FeeSchedule{Items: make([]PolicyFees, len(versions))}
	for i, p := range versions {
		schedule.Items[i] = feesView(p)
	}
	return publishPage(ctx, schedule, "fees.html", in.Params.IfNoneMatch)
}

func feesView(p policy.Policy) PolicyFees {
	view := PolicyFees{
		Rules: p.Set, Policy: p.Version, Title: p.Title, Body: p.BodyName, Fictional: p.Fictional, ValidFrom: p.ValidFrom, ValidUntil: p.ValidUntil,
		Fees: []TariffRow{}, Invoices: invoiceRuns(p.Invoices),
	}
	for _, rules := range p.Services {
		for _, f := range rules.Fees {
			for _, price := range p.Tariff {
				if price.Code == f.Code {
					view.Fees = append(view.Fees, tariffRow(rules, f, price))
				}
			}
		}
	}
	return view
}

func tariffRow(rules policy.Service, f policy.FeeRule, price policy.Price) TariffRow {
	row := TariffRow{
		Service: Service(rules.Service), Title: rules.Title, For: TariffRowFor(f.For), ForText: f.For.Words(), Code: string(f.Code),
		FromLevel: price.FromLevel, ToLevel: price.ToLevel, Published: !price.Unpublished, Waiver: waiverView(f.Waiver),
		Clause: price.Clause, Source: price.Source, Confirmed: price.Confirmed,
	}
	if row.Published {
		row.Pence, row.Amount = int64(price.Pence), price.Pence.String()
	}
	if small := f.Small; small != nil {
		row.Small = SmallCohort{UpTo: small.UpTo, Percent: small.Percent, Clause: small.Clause, Source: small.Source, Confirmed: small.Confirmed}
	}
	return row
}

func invoiceRuns(rule policy.InvoiceRule) InvoiceRuns {
	return InvoiceRuns{Months: append([]int{}, rule.Months...), Clause: rule.Clause, Source: rule.Source, Confirmed: rule.Confirmed}
}

// months names months of the year for people.
func months(numbers []int) []string {
	names := make([]string, len(numbers))
	for i, number := range numbers {
		names[i] = time.Month(number).String()
	}
	return names
}
