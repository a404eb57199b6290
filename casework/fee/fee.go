// Package fee is the money of a case: prices, quotes, waivers and the life of a fee line.
package fee

import (
	"fmt"
	"time"

	"github.com/recourse-exams/recourse/casework"
)

// Pence is an amount of sterling in whole pence. There is no fraction of a penny anywhere.
type Pence int64

// String writes the amount as "£62.00".
func (p Pence) String() string {
	if p < 0 {
		return "-" + (-p).String()
	}
	return fmt.Sprintf("£%d.%02d", int64(p)/100, int64(p)%100)
}

// Code names a price in the tariff, such as "review-of-marking".
type Code string

// State is the life of a fee line: quoted, then due, waived or cancelled, then invoiced, then perhaps credited.
type State string

const (
	// Quoted: the case is open and nothing is decided.
	Quoted State = "quoted"
	// Due: payable, and not yet on an invoice.
	Due State = "due"
	// Waived: the awarding body takes no fee; Line.Why says by which rule.
	Waived State = "waived"
	// Cancelled: the request was cancelled before it was begun.
	Cancelled State = "cancelled"
	// Invoiced: on an issued invoice.
	Invoiced State = "invoiced"
	// Credited: given back by a credit note.
	Credited State = "credited"
)

// Share is a part of the amount in whole pence, half pennies rounded up: 50 per cent of £0.15 is £0.08. The amount
// must not be negative.
func (p Pence) Share(percent int) Pence { return (p*Pence(percent) + 50) / 100 }

// States lists every state; the database's CHECK is compared with it.
func States() []State { return []State{Quoted, Due, Waived, Cancelled, Invoiced, Credited} }

// Line is one priced line of a case in the ledger. Every line ends in exactly one of invoiced, waived, cancelled.
type Line struct {
	ID        int64
	Reference casework.Reference
	Centre    string
	Code      Code
	Pence     Pence
	State     State
	// Why says by which rule the line became what it is.
	Why string
	// DueAt is when the line became due, in UTC; zero until then.
	DueAt time.Time
	// Invoice is the number of the invoice that carries the line, empty until then.
	Invoice string
}
