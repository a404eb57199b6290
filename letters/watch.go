package letters

import (
	"fmt"
	"net/url"
	"slices"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// shownFindings is how many findings one mail lists; operations find the others on their page.
const shownFindings = 20

// findingsView is what operations are told of cases that need them: references and what is wrong, no name.
type findingsView struct {
	First casework.Reference
	Kinds []findingKind
	// Count is how many there are, More how many of them the mail does not list.
	Count, More int
	Desk        string // the page of operations, empty without one
}

// findingKind are the findings of one kind, with what is to be done about each.
type findingKind struct {
	docket.Advice
	kind  docket.FindingKind
	Cases []findingLine
}

type findingLine struct {
	whereTo
	Reference     casework.Reference
	Detail, Found string
}

// FindingsMail words the mail that tells operations of findings of one kind of mail: those of one kind together, in the
// order in which they are given. It is about one case at least.
func (p *Printer) FindingsMail(findings []docket.Finding) (docket.Message, error) {
	if len(findings) == 0 {
		return docket.Message{}, fmt.Errorf("word a mail about findings: there is none")
	}
	v := findingsView{First: findings[0].Reference, Count: len(findings), More: max(0, len(findings)-shownFindings), Desk: p.deskPage()}
	for _, f := range findings[:min(len(findings), shownFindings)] {
		v.add(f.Kind, findingLine{whereTo: p.whereTo(f.Reference, ""), Reference: f.Reference, Detail: line(f.Detail), Found: moment(f.FoundAt)})
	}
	return p.message(string(findings[0].Kind.Mail()), v)
}

func (v *findingsView) add(kind docket.FindingKind, found findingLine) {
	i := slices.IndexFunc(v.Kinds, func(k findingKind) bool { return k.kind == kind })
	if i < 0 {
		i = len(v.Kinds)
		v.Kinds = append(v.Kinds, findingKind{Advice: kind.Advice(), kind: kind})
	}
	v.Kinds[i].Cases = append(v.Kinds[i].Cases, found)
}

// webhookView is what operations are told of a delivery that was given up.
type webhookView struct {
	whereTo
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
		whereTo: whereTo{Runbook: docket.Runbooks + runbookOf(casework.MailWebhookDead)},
		Webhook: webhook.ID, Delivery: delivery.ID, Event: string(delivery.Event), Reference: delivery.Reference, Host: host(webhook.URL),
		Made: moment(delivery.MadeAt), First: moment(delivery.FirstAt), Attempts: count(delivery.Attempts, "attempt"), Why: line(delivery.LastError),
	}
	if delivery.Reference != "" {
		v.Case = p.casePage(delivery.Reference)
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
