package activities

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/docket"
)

// Accounts issues invoices from the ledger of fee lines.
type Accounts interface {
	// IssueInvoices makes one invoice per centre of the lines that became due up to the month's end, with
	// numbers without gaps; repeating a run returns the same invoices.
	IssueInvoices(ctx context.Context, body string, month calendar.Date, at time.Time) ([]docket.Invoice, error)
	// Invoice reads an issued invoice.
	Invoice(ctx context.Context, number string) (docket.Invoice, error)
	// AttachInvoiceDocument records the stored PDF of an invoice.
	AttachInvoiceDocument(ctx context.Context, number string, file casework.FileRef) error
}

// InvoicePrinter prints invoices and words their mails; the same invoice gives the same bytes.
type InvoicePrinter interface {
	InvoicePDF(docket.Invoice) ([]byte, error)
	InvoiceMail(docket.Invoice) (docket.Message, error)
	// UnaddressedInvoiceMail tells operations of an invoice whose centre has no exams officer in the register.
	UnaddressedInvoiceMail(docket.Invoice) (docket.Message, error)
}

// Invoicing holds the activities of an invoice run.
type Invoicing struct {
	Accounts Accounts
	Printer  InvoicePrinter
	Files    Files
	Mailroom *Mailroom
}

// IssueInvoices issues a month's invoices.
func (i *Invoicing) IssueInvoices(ctx context.Context, in casework.InvoiceIssue) (casework.InvoiceRunResult, error) {
	issued, err := i.Accounts.IssueInvoices(ctx, in.Body, in.Month, in.At)
	if err != nil {
		return casework.InvoiceRunResult{}, Failure(err)
	}
	var result casework.InvoiceRunResult
	for _, invoice := range issued {
		result.Numbers = append(result.Numbers, invoice.Number)
	}
	return result, nil
}

// IssueInvoices is an ordinary activity: it may touch every centre.
func IssueInvoices(ctx workflow.Context, in casework.InvoiceIssue) (casework.InvoiceRunResult, error) {
	var invoicing *Invoicing
	return ordinary(ctx, fileAttempt, "Issue the month's invoices", invoicing.IssueInvoices, in)
}

// DeliverInvoice prints an invoice and stores it, unless that was done before, and mails what is stored to the centre.
func (i *Invoicing) DeliverInvoice(ctx context.Context, in casework.InvoiceDelivery) (casework.MailResult, error) {
	invoice, err := i.Accounts.Invoice(ctx, in.Number)
	if err != nil {
		return casework.MailResult{}, Failure(err)
	}
	file := invoice.Document
	if file.Key == "" {
		if file, err = i.print(ctx, invoice); err != nil {
			return casework.MailResult{}, err
		}
	}
	body, err := i.Files.Get(ctx, file)
	if err != nil {
		return casework.MailResult{}, Failure(err)
	}
	return i.mail(ctx, in, invoice, body)
}

// print stores an invoice's PDF. An invoice that was sent never changes.
func (i *Invoicing) print(ctx context.Context, invoice docket.Invoice) (casework.FileRef, error) {
	body, err := i.Printer.InvoicePDF(invoice)
	if err != nil {
		return casework.FileRef{}, fmt.Errorf("print invoice %s: %w", invoice.Number, err)
	}
	sum := sha256.Sum256(body)
	file, err := i.Files.Put(ctx, fmt.Sprintf("invoices/%s-%s.pdf", invoice.Number, hex.EncodeToString(sum[:])), PDF, body)
	if err != nil {
		return casework.FileRef{}, Failure(err)
	}
	return file, Failure(i.Accounts.AttachInvoiceDocument(ctx, invoice.Number, file))
}

func (i *Invoicing) mail(ctx context.Context, in casework.InvoiceDelivery, invoice docket.Invoice, body []byte) (casework.MailResult, error) {
	mail := casework.MailInput{Invoice: in.Number, Kind: casework.MailInvoice, Number: 1, At: in.At}
	to, words := invoice.To, i.Printer.InvoiceMail
	var missing casework.MailResult
	if len(to) == 0 {
		mail, to, words = unaddressed(mail), []docket.Recipient{i.Mailroom.Operations}, i.Printer.UnaddressedInvoiceMail
		missing.Unaddressed = 1
	}
	message, err := words(invoice)
	if err != nil {
		return casework.MailResult{}, fmt.Errorf("write the mail of invoice %s: %w", in.Number, err)
	}
	attachments := []docket.Attachment{{Name: "invoice-" + in.Number + ".pdf", MediaType: PDF, Body: body}}
	sent, err := i.Mailroom.notBefore(in.At).deliverAll(ctx, mail, to, message, attachments)
	return sent.Plus(missing), err
}

// DeliverInvoice is an errand, because it writes files and calls SES.
func DeliverInvoice(ctx workflow.Context, in casework.InvoiceDelivery) (casework.MailResult, error) {
	var invoicing *Invoicing
	return errand(ctx, fileAttempt, "Print, store and mail invoice "+in.Number, invoicing.DeliverInvoice, in)
}
