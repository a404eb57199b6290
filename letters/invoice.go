package letters

import (
	"fmt"
	"strconv"

	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/casework/fee"
)

// invoiceView is an invoice in words.
type invoiceView struct {
	Body     body
	Number   string
	Centre   centreView
	Month    string
	IssuedOn string
	Lines    []invoiceLineView
	Total    string
	Requests string
}

type invoiceLineView struct {
	Reference, Candidate, Component, Fee, DueOn, Amount string
}

func viewInvoice(i docket.Invoice) invoiceView {
	v := invoiceView{
		Body: viewBody(i.BodyName), Number: line(i.Number), Centre: viewCentre(i.Centre),
		Month: i.Month.Month.String() + " " + strconv.Itoa(i.Month.Year), IssuedOn: day(i.IssuedAt),
		Total: money(i.Total), Requests: count(len(i.Lines), "fee"),
	}
	for _, l := range i.Lines {
		v.Lines = append(v.Lines, invoiceLineView{
			Reference: string(l.Reference), Candidate: line(l.Candidate), Component: line(l.Component),
			Fee: feeName(l.Code), DueOn: short(calendar.DateOf(l.DueAt)), Amount: money(l.Pence),
		})
	}
	return v
}

// short writes a date for a narrow column, as "9 Oct 2026".
func short(d calendar.Date) string {
	return strconv.Itoa(d.Day) + " " + d.Month.String()[:3] + " " + strconv.Itoa(d.Year)
}

// invoiceLetter writes an invoice. It refuses one whose lines do not add up to its total: a wrong sum must
// never leave the house.
func (p *Printer) invoiceLetter(i docket.Invoice) (letter, error) {
	var sum fee.Pence
	for _, l := range i.Lines {
		sum += l.Pence
	}
	if sum != i.Total {
		return letter{}, fmt.Errorf("write invoice %s: its lines sum to %s, its total is %s", i.Number, sum, i.Total)
	}
	view := viewInvoice(i)
	title, blocks, err := p.write("invoice-letter", view)
	if err != nil {
		return letter{}, fmt.Errorf("write invoice %s: %w", i.Number, err)
	}
	return letter{
		Body: view.Body, Title: title, Address: view.Centre.lines("Finance office"),
		Reference: view.Number, Dated: view.IssuedOn, at: i.IssuedAt, Blocks: blocks,
		Head: []fact{{"Date", view.IssuedOn}, {"Invoice number", view.Number}, {"Centre", view.Centre.Number}},
	}, nil
}
