package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/casework/fee"
)

type feeRow struct {
	ID        int64
	Reference casework.Reference
	Centre    string
	Code      fee.Code
	Pence     fee.Pence
	State     fee.State
	Why       string
	DueAt     zeronull.Timestamptz
	Invoice   zeronull.Text
}

func (r feeRow) line() fee.Line {
	return fee.Line{
		ID: r.ID, Reference: r.Reference, Centre: r.Centre, Code: r.Code, Pence: r.Pence, State: r.State, Why: r.Why,
		DueAt: timeOf(r.DueAt), Invoice: string(r.Invoice),
	}
}

func feeLines(rows []feeRow) []fee.Line {
	lines := make([]fee.Line, len(rows))
	for i, row := range rows {
		lines[i] = row.line()
	}
	return lines
}

const casesFeesSQL = `
SELECT id, reference, centre, code, pence, state, why, due_at, invoice
FROM fee_lines
WHERE reference = ANY ($1)
ORDER BY id`

// askFees queues the question for the fee lines of cases in the order in which they were quoted.
func askFees(u *unit, refs []casework.Reference) *[]feeRow {
	return each[feeRow](u, "read the fee lines", casesFeesSQL, refs)
}

// linesOf are the lines of one case among those of several.
func linesOf(ref casework.Reference, rows []feeRow) []fee.Line {
	var lines []fee.Line
	for _, row := range rows {
		if row.Reference == ref {
			lines = append(lines, row.line())
		}
	}
	return lines
}

const listFeesSQL = `
SELECT f.id, f.reference, f.centre, f.code, f.pence, f.state, f.why, f.due_at, f.invoice
FROM fee_lines f
JOIN cases k ON k.reference = f.reference
JOIN components c ON c.id = k.component
JOIN qualifications q ON q.id = c.qualification
WHERE ($1 = '' OR f.centre = $1)
  AND (cardinality($2::text[]) = 0 OR q.family = ANY ($2))
  AND ($3 = '' OR f.reference = $3)
  AND ($4 = 0 OR f.id < $4)
ORDER BY f.id DESC
LIMIT $5`

// FeeLines lists fee lines, newest first.
func (s *Store) FeeLines(ctx context.Context, filter docket.FeeFilter) ([]fee.Line, error) {
	rows, err := collect[feeRow](ctx, s.pool, listFeesSQL, filter.Scope.Centre, texts(filter.Scope.Families), filter.Reference, filter.BeforeID, pageSize(filter.Limit))
	if err != nil {
		return nil, fmt.Errorf("list the fee lines: %w", unavailable(err))
	}
	return feeLines(rows), nil
}

// pageSize bounds a page, so that a forgotten limit never reads a whole table.
func pageSize(limit int) int {
	const largest = 500
	if limit <= 0 || limit > largest {
		return largest
	}
	return limit
}

const unbalancedSQL = `
SELECT i.number
FROM invoices i
LEFT JOIN fee_lines f ON f.invoice = i.number AND f.centre = i.centre AND f.body = i.body
GROUP BY i.number
HAVING i.total <> coalesce(sum(f.pence), 0)
ORDER BY i.number`

const undecidedFeesSQL = `
SELECT f.reference
FROM fee_lines f
JOIN award_reviews a ON a.id = f.award_review
WHERE (a.state = 'settled') = (f.state = 'quoted')
ORDER BY f.id`

// VerifyLedger checks that ledger and invoices sum to the same figures, and that exactly the lines of settled
// award reviews are decided. It returns an error that names what differs.
func (s *Store) VerifyLedger(ctx context.Context) error {
	var unbalanced, undecided *[]string
	err := inSnapshot(ctx, s, func(_ context.Context, u *unit) error {
		unbalanced = column[string](u, "verify the invoices", unbalancedSQL)
		undecided = column[string](u, "verify the fee lines", undecidedFeesSQL)
		return nil
	})
	switch {
	case err != nil:
		return fmt.Errorf("verify the ledger: %w", err)
	case len(*unbalanced) > 0:
		return fmt.Errorf("these invoices do not sum to their fee lines: %v", *unbalanced)
	case len(*undecided) > 0:
		return fmt.Errorf("these cases have fee lines that do not fit their award review: %v", *undecided)
	}
	return nil
}
