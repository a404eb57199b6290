package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/casework/fee"
)

type invoiceRow struct {
	Number     string
	Body       string
	BodyName   string
	Month      time.Time
	Centre     string
	CentreName string
	Address    []string
	Nation     string
	IssuedAt   time.Time
	Total      fee.Pence
	Key        zeronull.Text
	Version    zeronull.Text
	SHA256     zeronull.Text `db:"sha256"`
	Size       zeronull.Int8
}

const invoicesByNumberSQL = `
SELECT i.number, i.body, b.name AS body_name, i.month, i.centre, c.name AS centre_name, c.address, c.nation, i.issued_at, i.total,
       i.document_key AS key, i.document_version AS version, i.document_sha256 AS sha256, i.document_size AS size
FROM invoices i
JOIN awarding_bodies b ON b.id = i.body
JOIN centres c ON c.number = i.centre
WHERE i.number = ANY ($1)
ORDER BY i.number`

const invoicedLinesSQL = `
SELECT f.id, f.reference, f.centre, f.code, f.pence, f.state, f.why, f.due_at, f.invoice, k.service, c.title AS component,
       n.number AS candidate_number, n.name AS candidate
FROM fee_lines f
JOIN cases k ON k.reference = f.reference
JOIN components c ON c.id = k.component
JOIN qualifications q ON q.id = c.qualification
JOIN candidates n ON n.centre = k.centre AND n.number = k.candidate
WHERE f.invoice = ANY ($1) AND (cardinality($2::text[]) = 0 OR q.family = ANY ($2))
ORDER BY f.invoice, f.id`

const examsOfficersSQL = `
SELECT centre, name, email AS address
FROM contacts
WHERE centre IN (SELECT centre FROM invoices WHERE number = ANY ($1)) AND exams_officer
ORDER BY centre, subject`

type invoicedLineRow struct {
	feeRow
	Service         casework.Service
	Component       string
	CandidateNumber string
	Candidate       string
}

type officerRow struct {
	Centre  string
	Name    string
	Address string
}

// invoicesByNumber reads invoices by number, with the lines of the families; no family means every line.
func (s *Store) invoicesByNumber(ctx context.Context, numbers []string, families ...casework.Family) ([]docket.Invoice, error) {
	var rows *[]invoiceRow
	var lines *[]invoicedLineRow
	var officers *[]officerRow
	err := inSnapshot(ctx, s, func(_ context.Context, u *unit) error {
		rows = each[invoiceRow](u, "read the invoices", invoicesByNumberSQL, numbers)
		lines = each[invoicedLineRow](u, "read the lines of the invoices", invoicedLinesSQL, numbers, texts(families))
		officers = each[officerRow](u, "read the recipients of the invoices", examsOfficersSQL, numbers)
		return nil
	})
	if err != nil {
		return nil, err
	}
	invoices := make([]docket.Invoice, len(*rows))
	for i, row := range *rows {
		invoices[i] = row.invoice(*lines, *officers)
		if len(families) > 0 {
			invoices[i] = shownInPart(invoices[i])
		}
	}
	return invoices, nil
}

// shownInPart makes an invoice of which not every line was read say so, and nothing about the others.
func shownInPart(invoice docket.Invoice) docket.Invoice {
	var shown fee.Pence
	for _, line := range invoice.Lines {
		shown += line.Pence
	}
	if shown != invoice.Total {
		invoice.Partial, invoice.Total, invoice.Document = true, shown, casework.FileRef{}
	}
	return invoice
}

func (r invoiceRow) invoice(lines []invoicedLineRow, officers []officerRow) docket.Invoice {
	invoice := docket.Invoice{
		Number: r.Number, Body: r.Body, BodyName: r.BodyName, Month: dateFrom(&r.Month), IssuedAt: r.IssuedAt, Total: r.Total,
		Centre:   docket.Centre{Number: r.Centre, Name: r.CentreName, Address: r.Address, Nation: r.Nation},
		Document: casework.FileRef{Key: string(r.Key), Version: string(r.Version), SHA256: string(r.SHA256), Size: int64(r.Size)},
	}
	for _, line := range lines {
		if string(line.Invoice) == r.Number {
			invoice.Lines = append(invoice.Lines, docket.InvoiceLine{
				Line: line.line(), Service: line.Service, Component: line.Component,
				CandidateNumber: line.CandidateNumber, Candidate: line.Candidate,
			})
		}
	}
	for _, officer := range officers {
		if officer.Centre == r.Centre {
			invoice.To = append(invoice.To, docket.Recipient{Name: officer.Name, Address: officer.Address})
		}
	}
	return invoice
}

// Invoice reads an issued invoice with its lines and the centre's exams officers as its recipients.
func (s *Store) Invoice(ctx context.Context, number string) (docket.Invoice, error) {
	invoices, err := s.invoicesByNumber(ctx, []string{number})
	if err != nil {
		return docket.Invoice{}, err
	}
	if len(invoices) == 0 {
		return docket.Invoice{}, casework.NewFault(casework.NotFound, "unknown-invoice", fmt.Sprintf("There is no invoice %s.", number))
	}
	return invoices[0], nil
}

const listInvoicesSQL = `
SELECT i.number
FROM invoices i
WHERE ($1 = '' OR i.centre = $1) AND ($2 = '' OR i.number < $2)
  AND (cardinality($4::text[]) = 0 OR EXISTS (
      SELECT FROM fee_lines f
      JOIN cases k ON k.reference = f.reference
      JOIN components c ON c.id = k.component
      JOIN qualifications q ON q.id = c.qualification
      WHERE f.invoice = i.number AND q.family = ANY ($4)))
ORDER BY i.number DESC
LIMIT $3`

// Invoices lists invoices, newest first by number. Where the scope names families, it lists the invoices that have
// lines of them, with those lines alone.
func (s *Store) Invoices(ctx context.Context, filter docket.InvoiceFilter) ([]docket.Invoice, error) {
	numbers, err := names[string](ctx, s.pool, listInvoicesSQL, filter.Scope.Centre, filter.BeforeNumber, pageSize(filter.Limit), texts(filter.Scope.Families))
	if err != nil {
		return nil, fmt.Errorf("list the invoices: %w", unavailable(err))
	}
	invoices, err := s.invoicesByNumber(ctx, numbers, filter.Scope.Families...)
	if err != nil {
		return nil, err
	}
	slices.Reverse(invoices)
	return invoices, nil
}

const attachInvoiceSQL = `
UPDATE invoices
SET document_key = $2, document_version = $3, document_sha256 = $4, document_size = $5
WHERE number = $1 AND (document_key IS NULL OR document_sha256 = $4)`

// AttachInvoiceDocument records where an invoice's PDF is stored. An invoice that was sent never changes: another
// content is a fault of kind conflict.
func (s *Store) AttachInvoiceDocument(ctx context.Context, number string, file casework.FileRef) error {
	tag, err := s.pool.Exec(ctx, attachInvoiceSQL, number, file.Key, file.Version, file.SHA256, file.Size)
	if err != nil {
		return fmt.Errorf("attach the document of invoice %s: %w", number, unavailable(err))
	}
	if tag.RowsAffected() == 1 {
		return nil
	}
	if _, err := s.Invoice(ctx, number); err != nil {
		return err
	}
	return casework.NewFault(casework.Conflict, "invoice-printed", fmt.Sprintf("Invoice %s was printed before, with another content.", number))
}
