package letters

import (
	"fmt"
	"net/url"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// shownFindings is how many findings one mail lists; operations find the others on their page.
const shownFindings = 20

// findingsView is what operations are told of cases that need them: references and what is wrong, no name.
type findingsView struct {
	First    findingLine
	Findings []findingLine
	// Count is how many there are, More how many of them the mail does not list.
	Count, More int
	// Unrecorded is true for clocks that nobody recorded; else cases do not move.
	Unrecorded bool
	Desk       string // the page of operations, empty without one
}

type findingLine struct {
	Reference     casework.Reference
	Detail, Found string
	Page          string // the workflow's page, empty without one
}

// FindingsMail words the mail that tells operations of findings of one kind of mail, in the order in which they are
// given. It is about one case at least.
func (p *Printer) FindingsMail(findings []docket.Finding) (docket.Message, error) {
	if len(findings) == 0 {
		return docket.Message{}, fmt.Errorf("word a mail about findings: there is none")
	}
	kind := findings[0].Kind.Mail()
	v := findingsView{Count: len(findings), More: max(0, len(findings)-shownFindings), Unrecorded: kind == casework.MailUnrecorded, Desk: p.deskPage()}
	for _, f := range findings[:min(len(findings), shownFindings)] {
		v.Findings = append(v.Findings, findingLine{Reference: f.Reference, Detail: line(f.Detail), Found: moment(f.FoundAt), Page: p.workflowPage(f.Reference)})
	}
	v.First = v.Findings[0]
	return p.message(string(kind), v)
}

// workflowPage is where the Web UI shows a case's workflow; empty where that is not known.
func (p *Printer) workflowPage(reference casework.Reference) string {
	if p.workflowPages == "" {
		return ""
	}
	return p.workflowPages + "/" + url.PathEscape(casework.WorkflowID(casework.KindEnquiry, reference))
}

// deskPage is the page of operations; empty where that is not known.
func (p *Printer) deskPage() string {
	if p.publicURL == "" {
		return ""
	}
	return p.publicURL + "/ops"
}

// webhookView is what operations are told of a delivery that was given up.
type webhookView struct {
	Webhook, Delivery, Event string
	Reference                casework.Reference
	Host                     string
	Made, First              string
	Attempts                 string
	Why                      string
}

// WebhookMail words the mail that tells operations that a delivery was given up. It names the receiver's host and not
// its address, which may hold a token.
func (p *Printer) WebhookMail(webhook docket.Webhook, delivery docket.Delivery) (docket.Message, error) {
	v := webhookView{
		Webhook: webhook.ID, Delivery: delivery.ID, Event: string(delivery.Event), Reference: delivery.Reference, Host: host(webhook.URL),
		Made: moment(delivery.MadeAt), First: moment(delivery.FirstAt), Attempts: count(delivery.Attempts, "attempt"), Why: line(delivery.LastError),
	}
	return p.message(string(casework.MailWebhookDead), v)
}

func host(address string) string {
	parsed, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return line(parsed.Host)
}
