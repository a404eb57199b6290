package policy

import "github.com/recourse-exams/recourse/casework/fee"

// Price is one row of the tariff.
type Price struct {
	Code fee.Code
	// FromLevel and ToLevel are the first and the last qualification level of the row, 1 to 8.
	FromLevel int
	ToLevel   int
	// Pence is meaningless if Unpublished is true: the body charges, and nobody published how much.
	Pence       fee.Pence
	Unpublished bool
	Provenance
}

// Covers reports whether the row holds for a qualification level.
func (p Price) Covers(level int) bool { return p.FromLevel <= level && level <= p.ToLevel }

// InvoiceRule says when invoices are made.
type InvoiceRule struct {
	// Months are the calendar months in which an invoice run takes place, 1 to 12; empty if the body publishes none.
	Months []int
	Provenance
}
