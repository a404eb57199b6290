package bench

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// Row is one measure with its budget (architecture §10).
type Row struct {
	Name, Unit string
	Pair       Pair
	// Most is the budget of the product's median, LeastRatio that of its ratio to the bare side; 0 is no budget.
	Most, LeastRatio float64
}

// budget writes the row's budget and whether it is kept.
func (r Row) budget() (budget, verdict string) {
	var kept bool
	switch {
	case r.Most > 0:
		budget, kept = fmt.Sprintf("≤ %g %s", r.Most, r.Unit), Median(r.Pair.Product) <= r.Most
	case r.LeastRatio > 0:
		budget, kept = fmt.Sprintf("ratio ≥ %.2f", r.LeastRatio), r.Pair.Ratio() >= r.LeastRatio
	default:
		return "-", "-"
	}
	if !kept {
		return budget, "MISSED"
	}
	return budget, "kept"
}

// Print writes the table and the note under it.
func Print(out io.Writer, rows []Row, note string) error {
	var text strings.Builder
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "\nWHAT\tPRODUCT\tBARE\tRATIO\tSPREAD\tBUDGET\t")
	for _, row := range rows {
		budget, verdict := row.budget()
		fmt.Fprintf(table, "%s\t%s\t%s\t%.2f\t%.0f %%, %.0f %%\t%s\t%s\n", row.Name, amount(row.Pair.Product, row.Unit), amount(row.Pair.Bare, row.Unit),
			row.Pair.Ratio(), 100*Spread(row.Pair.Product), 100*Spread(row.Pair.Bare), budget, verdict)
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("lay out the table: %w", err)
	}
	text.WriteString("\nMeasured on " + note + "\nSpread: how far the rounds lie apart, as a part of their median (product, bare).\n")
	if _, err := io.WriteString(out, text.String()); err != nil {
		return fmt.Errorf("print the table: %w", err)
	}
	return nil
}

func amount(values []float64, unit string) string {
	return fmt.Sprintf("%.1f %s", Median(values), unit)
}
