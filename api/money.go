package api

import (
	"context"
	"fmt"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// ListFeeLines lists the ledger's fee lines that the person may see.
func (s *Server) ListFeeLines(ctx context.Context, in ListFeeLinesRequestObject) (ListFeeLinesResponseObject, error) {
	scope, err := readScope(personOf(ctx), moneyReaders()...)
	if err != nil {
		return nil, err
	}
	if scope, err = narrowed(scope, in.Params.Centre); err != nil {
		return nil, err
	}
	filter := docket.FeeFilter{Scope: scope, Limit: orDefault(in.Params.Limit, defaultLimit) + 1}
	if in.Params.Reference != "" {
		if filter.Reference, err = parseReference(in.Params.Reference); err != nil {
			return nil, err
		}
	}
	if filter.BeforeID, err = readIDCursor(feeLinesList, in.Params.Cursor); err != nil {
		return nil, err
	}
	lines, err := s.ledger.FeeLines(ctx, filter)
	if err != nil {
		return nil, err
	}
	lines, more := cut(lines, filter.Limit-1)
	page := FeeLineList{Items: make([]FeeLine, len(lines))}
	for i, line := range lines {
		page.Items[i] = feeLineView(line)
	}
	if more {
		page.Next = writeIDCursor(feeLinesList, lines[len(lines)-1].ID)
	}
	return ListFeeLines200JSONResponse(page), nil
}

// ListInvoices lists invoices: every centre's for finance, its own for a centre, and of those the lines of the families
// for which the person holds a role.
func (s *Server) ListInvoices(ctx context.Context, in ListInvoicesRequestObject) (ListInvoicesResponseObject, error) {
	scope, err := readScope(personOf(ctx), moneyReaders()...)
	if err != nil {
		return nil, err
	}
	if scope, err = narrowed(scope, in.Params.Centre); err != nil {
		return nil, err
	}
	filter := docket.InvoiceFilter{Scope: scope, Limit: orDefault(in.Params.Limit, defaultLimit) + 1}
	var at time.Time
	if err := readCursor(invoicesList, in.Params.Cursor, &at, &filter.BeforeNumber); err != nil {
		return nil, err
	}
	invoices, err := s.ledger.Invoices(ctx, filter)
	if err != nil {
		return nil, err
	}
	invoices, more := cut(invoices, filter.Limit-1)
	page := InvoiceList{Items: make([]Invoice, len(invoices))}
	for i, invoice := range invoices {
		if page.Items[i], err = s.invoiceView(ctx, invoice); err != nil {
			return nil, err
		}
	}
	if more {
		page.Next = writeCursor(invoicesList, time.Time{}, invoices[len(invoices)-1].Number)
	}
	return ListInvoices200JSONResponse(page), nil
}

func (s *Server) invoiceView(ctx context.Context, invoice docket.Invoice) (Invoice, error) {
	view := Invoice{
		Number: invoice.Number, Centre: CentreName{Number: invoice.Centre.Number, Name: invoice.Centre.Name}, Month: invoice.Month,
		IssuedAt: invoice.IssuedAt, Partial: invoice.Partial, Lines: make([]InvoiceLine, len(invoice.Lines)), TotalPence: int64(invoice.Total), Total: invoice.Total.String(),
	}
	for i, line := range invoice.Lines {
		view.Lines[i] = InvoiceLine{
			Reference: string(line.Reference), Code: string(line.Code), Service: Service(line.Service), Component: line.Component,
			CandidateNumber: line.CandidateNumber, Pence: int64(line.Pence), Amount: line.Pence.String(),
		}
	}
	if invoice.Document == (casework.FileRef{}) {
		return view, nil
	}
	link, err := s.link(ctx, invoice.Document, invoice.Number+".pdf", false)
	if err != nil {
		return Invoice{}, fmt.Errorf("invoice %s: %w", invoice.Number, err)
	}
	view.Document = link
	return view, nil
}
