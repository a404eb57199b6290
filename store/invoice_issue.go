package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/casework/fee"
)

const bodyExistsSQL = `SELECT EXISTS (SELECT FROM awarding_bodies WHERE id = $1)`

const startInvoiceRunSQL = `INSERT INTO invoice_runs (body, month, at) VALUES ($1, $2, $3) ON CONFLICT (body, month) DO NOTHING`

// IssueInvoices issues one invoice per centre of the fee lines that became due before the end of the month,
// which is the first instant in London of the next, and are on no invoice yet. A run is made once for a body
// and a month: its repeat returns the same invoices, and a line that becomes due later waits for the next run.
// month is any day of the month. Nobody gets an invoice of nothing.
func (s *Store) IssueInvoices(ctx context.Context, body string, month calendar.Date, at time.Time) ([]docket.Invoice, error) {
	month.Day = 1
	at = instant(at)
	numbers, err := inTx(ctx, s, func(ctx context.Context, tx pgx.Tx) ([]string, error) {
		var known bool
		if err := tx.QueryRow(ctx, bodyExistsSQL, body).Scan(&known); err != nil {
			return nil, fmt.Errorf("look for awarding body %s: %w", body, err)
		}
		if !known {
			return nil, casework.NewFault(casework.NotFound, "unknown-body", fmt.Sprintf("There is no awarding body %s.", body))
		}
		tag, err := tx.Exec(ctx, startInvoiceRunSQL, body, dateTo(month), at)
		if err != nil {
			return nil, fmt.Errorf("start the invoice run: %w", err)
		}
		if tag.RowsAffected() == 1 {
			if err := issue(ctx, tx, body, month, at); err != nil {
				return nil, err
			}
		}
		return names[string](ctx, tx, runInvoicesSQL, body, dateTo(month))
	})
	if err != nil {
		return nil, fmt.Errorf("issue the invoices of %s for %s: %w", body, month, err)
	}
	return s.invoicesByNumber(ctx, numbers)
}

const runInvoicesSQL = `SELECT number FROM invoices WHERE body = $1 AND month = $2 ORDER BY number`

// The lines are locked, so that a credit or a second run cannot take one meanwhile.
const dueLinesSQL = `
SELECT id, centre, pence
FROM fee_lines
WHERE body = $1 AND state = 'due' AND due_at < $2
ORDER BY centre, id
FOR UPDATE`

type dueLine struct {
	ID     int64
	Centre string
	Pence  fee.Pence
}

func issue(ctx context.Context, tx pgx.Tx, body string, month calendar.Date, at time.Time) error {
	next := month
	next.Month++
	if next.Month > time.December {
		next.Year, next.Month = next.Year+1, time.January
	}
	lines, err := collect[dueLine](ctx, tx, dueLinesSQL, body, next.Start())
	if err != nil {
		return fmt.Errorf("read the due fee lines: %w", err)
	}
	for len(lines) > 0 {
		n := 1
		for n < len(lines) && lines[n].Centre == lines[0].Centre {
			n++
		}
		if err := issueOne(ctx, tx, body, month, at, lines[:n]); err != nil {
			return err
		}
		lines = lines[n:]
	}
	return nil
}

const nextNumberSQL = `
INSERT INTO counters AS c (name, value) VALUES ($1, 1)
ON CONFLICT (name) DO UPDATE SET value = c.value + 1
RETURNING value`

const insertInvoiceSQL = `
INSERT INTO invoices (number, body, month, centre, issued_at, total)
VALUES ($1, $2, $3, $4, $5, $6)`

const invoiceLinesSQL = `UPDATE fee_lines SET state = 'invoiced', invoice = $2 WHERE id = ANY ($1) AND state = 'due'`

// issueOne makes one centre's invoice. Its number comes from a counter whose row stays locked until the run is
// committed, so that a run that fails leaves no gap.
func issueOne(ctx context.Context, tx pgx.Tx, body string, month calendar.Date, at time.Time, lines []dueLine) error {
	var count int64
	if err := tx.QueryRow(ctx, nextNumberSQL, "invoice/"+body).Scan(&count); err != nil {
		return fmt.Errorf("take the next invoice number: %w", err)
	}
	number := fmt.Sprintf("%s-%06d", strings.ToUpper(body), count)
	var total fee.Pence
	ids := make([]int64, len(lines))
	for i, line := range lines {
		total, ids[i] = total+line.Pence, line.ID
	}
	if _, err := tx.Exec(ctx, insertInvoiceSQL, number, body, dateTo(month), lines[0].Centre, at, total); err != nil {
		return fmt.Errorf("insert invoice %s: %w", number, err)
	}
	tag, err := tx.Exec(ctx, invoiceLinesSQL, ids, number)
	if err != nil {
		return fmt.Errorf("put %d fee lines on invoice %s: %w", len(ids), number, err)
	}
	if tag.RowsAffected() != int64(len(ids)) {
		return fmt.Errorf("put %d fee lines on invoice %s: only %d were due", len(ids), number, tag.RowsAffected())
	}
	return nil
}
