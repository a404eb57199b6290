package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
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
JOIN candidates n ON n.centre = k.centre AND n.number = k.candidate
WHERE f.invoice = ANY ($1)
ORDER BY f.invoice, f.id`

const examsOfficersSQL = `
SELECT centre, name, email AS address
FROM contacts
WHERE centre = ANY ($1) AND exams_officer
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

// invoicesByNumber reads invoices whole, by number.
func (s *Store) invoicesByNumber(ctx context.Context, numbers []string) ([]docket.Invoice, error) {
	return inSnapshot(ctx, s, func(ctx context.Context, tx pgx.Tx) ([]docket.Invoice, error) {
		rows, err := collect[invoiceRow](ctx, tx, invoicesByNumberSQL, numbers)
		if err != nil {
			return nil, fmt.Errorf("read invoices: %w", err)
		}
		centres := make([]string, len(rows))
		for i, row := range rows {
			centres[i] = row.Centre
		}
		lines, err := collect[invoicedLineRow](ctx, tx, invoicedLinesSQL, numbers)
		if err != nil {
			return nil, fmt.Errorf("read the lines of invoices: %w", err)
		}
		officers, err := collect[officerRow](ctx, tx, examsOfficersSQL, centres)
		if err != nil {
			return nil, fmt.Errorf("read the recipients of invoices: %w", err)
		}
		invoices := make([]docket.Invoice, len(rows))
		for i, row := range rows {
			invoices[i] = row.invoice(lines, officers)
		}
		return invoices, nil
	})
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
SELECT number
FROM invoices
WHERE ($1 = '' OR centre = $1) AND ($2 = '' OR number < $2)
ORDER BY number DESC
LIMIT $3`

// Invoices lists invoices, newest first by number.
func (s *Store) Invoices(ctx context.Context, filter docket.InvoiceFilter) ([]docket.Invoice, error) {
	numbers, err := names(ctx, s.pool, listInvoicesSQL, filter.Centre, filter.BeforeNumber, pageSize(filter.Limit))
	if err != nil {
		return nil, fmt.Errorf("list the invoices: %w", unavailable(err))
	}
	invoices, err := s.invoicesByNumber(ctx, numbers)
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
