// Package letters writes what Recourse sends out: outcome letters and invoices as pages and as PDFs, and every
// mail as text and HTML.
//
// The wording stands once, in templates/, in a small markup that a template writes with functions such as
// {{heading "Fee"}}. It is read into blocks, and the page, the PDF and the mail are three prints of the same
// blocks, so that they cannot say different things. Nothing here reads a clock or draws a random number: the
// same notice gives the same bytes, for ever.
package letters

import (
	"embed"
	"fmt"
	htmltemplate "html/template"
	"strings"
	"text/template"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

//go:embed templates
var templates embed.FS

// Printer writes letters and mails. It is safe for concurrent use.
type Printer struct {
	wording *template.Template
	pages   *htmltemplate.Template
	// workflowPages is the address before a workflow's id; without one, operations get no link.
	workflowPages string
	// publicURL is where people reach the REST service; without it, their mails have no link.
	publicURL string
}

// Option changes what New makes.
type Option func(*Printer)

// WithWorkflowPages names the address under which operations find a workflow by its id, such as
// http://127.0.0.1:8233/namespaces/recourse/workflows.
func WithWorkflowPages(address string) Option {
	return func(p *Printer) { p.workflowPages = strings.TrimSuffix(address, "/") }
}

// WithPublicURL names the address at which people reach the REST service, such as https://enquiries.cambria.example.
func WithPublicURL(address string) Option {
	return func(p *Printer) { p.publicURL = strings.TrimSuffix(address, "/") }
}

// New makes a Printer. It fails if a template is broken.
func New(options ...Option) (*Printer, error) {
	wording, err := template.New("wording").Option("missingkey=error").Funcs(markup()).ParseFS(templates, "templates/*.txt")
	if err != nil {
		return nil, fmt.Errorf("read the wording of letters: %w", err)
	}
	pages, err := htmltemplate.ParseFS(templates, "templates/*.html")
	if err != nil {
		return nil, fmt.Errorf("read the pages of letters: %w", err)
	}
	p := &Printer{wording: wording, pages: pages}
	for _, option := range options {
		option(p)
	}
	return p, nil
}

// OutcomeHTML prints a case's outcome letter as a page that needs nothing else to be read or printed.
func (p *Printer) OutcomeHTML(notice docket.Notice) ([]byte, error) {
	letter, err := p.outcomeLetter(notice)
	if err != nil {
		return nil, err
	}
	return p.page("letter.html", letter)
}

// OutcomePDF prints a case's outcome letter as a PDF for A4 paper.
func (p *Printer) OutcomePDF(notice docket.Notice) ([]byte, error) {
	letter, err := p.outcomeLetter(notice)
	if err != nil {
		return nil, err
	}
	return letter.pdf()
}

// InvoiceHTML prints an invoice as a page.
func (p *Printer) InvoiceHTML(invoice docket.Invoice) ([]byte, error) {
	letter, err := p.invoiceLetter(invoice)
	if err != nil {
		return nil, err
	}
	return p.page("letter.html", letter)
}

// InvoicePDF prints an invoice as a PDF for A4 paper.
func (p *Printer) InvoicePDF(invoice docket.Invoice) ([]byte, error) {
	letter, err := p.invoiceLetter(invoice)
	if err != nil {
		return nil, err
	}
	return letter.pdf()
}

// Mail words a case's mail. A mail to a performer says neither centre nor candidate, neither grade nor why the
// review was asked for (domain §8.3, reading 9). An invoice's mail is worded by InvoiceMail.
func (p *Printer) Mail(in casework.MailInput, notice docket.Notice) (docket.Message, error) {
	view, err := p.mailView(in, notice)
	if err != nil {
		return docket.Message{}, fmt.Errorf("word the %s mail of case %s: %w", in.Kind, in.Reference, err)
	}
	kind := string(in.Kind)
	switch in.About {
	case casework.AboutHolder, casework.AboutOperations, casework.AboutApprover:
		kind += "-" + in.About // Another reader, another text.
	}
	return p.message(kind, view)
}

// InvoiceMail words the mail that brings an invoice to its centre.
func (p *Printer) InvoiceMail(invoice docket.Invoice) (docket.Message, error) {
	return p.message(string(casework.MailInvoice), viewInvoice(invoice))
}

// UnaddressedInvoiceMail words the mail that tells operations of an invoice whose centre has no exams officer in the
// register.
func (p *Printer) UnaddressedInvoiceMail(invoice docket.Invoice) (docket.Message, error) {
	return p.message(string(casework.MailNoRecipient)+"-invoice", struct {
		invoiceView
		whereTo
	}{viewInvoice(invoice), whereTo{Runbook: docket.Runbooks + runbookOf(casework.MailNoRecipient)}})
}
