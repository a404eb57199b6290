package letters

import (
	"cmp"
	"net/url"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// whereTo is where whoever is asked to do something about a request goes on. Each address is empty where it is not known.
type whereTo struct {
	// Case is the request's page for operators and caseworkers, Workflow its page in the Temporal Web UI, and Runbook the
	// page that says step by step what to do.
	Case, Workflow, Runbook string
}

// whereTo leads to a request; runbook is the name of the page about what is wrong, empty if there is none.
func (p *Printer) whereTo(reference casework.Reference, runbook string) whereTo {
	w := whereTo{Case: p.casePage(reference), Workflow: p.workflowPage(reference)}
	if runbook != "" {
		w.Runbook = docket.Runbooks + runbook
	}
	return w
}

// runbookOf is the page about what a mail to operations tells; empty if there is none.
func runbookOf(kind casework.MailKind) string {
	switch kind {
	case casework.MailWarning, casework.MailBreach:
		return "sla-breach.md"
	case casework.MailEscalation:
		return "task-overdue.md"
	case casework.MailNobody:
		return "nobody-eligible.md"
	case casework.MailNoRecipient:
		return "no-recipient.md"
	case casework.MailWebhookDead:
		return "webhook-dead.md"
	default:
		return ""
	}
}

// owed says what to do so that a promise is kept, or kept late. Until the outcome is decided that depends on who acts next;
// everything that is owed after it the system does by itself.
func owed(n docket.Notice) string {
	c := n.Case
	switch {
	case c.Stage != casework.StageUnassigned && c.Stage != casework.StageAssigned:
		return "People have done their part, and the system owes the rest. See in the workflow which step waits: its last failure names what to mend, and it is tried again by itself."
	case c.WaitingOn == casework.WaitingCentre:
		return "The request waits for the centre, and this clock runs on meanwhile. Speak to the centre, then resume the request from its page."
	case waits(c):
		return "The request waits for us, and this clock runs on meanwhile. See on its page for what, and resume it as soon as you can."
	case c.Stage == casework.StageUnassigned:
		return "Nobody has the task. Extend the roster, end an absence or take a conflict back: the task is then offered again by itself."
	default:
		return "Ask " + cmp.Or(line(n.Task.Holder), "whoever holds the task") + " when it will be done. If that is too late, reassign it from the request’s page: somebody without a conflict is found by the rule."
	}
}

// waits reports whether a hold of the case lasts.
func waits(c docket.Case) bool {
	for _, hold := range c.Holds {
		if hold.EndedAt.IsZero() {
			return true
		}
	}
	return false
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

// casePage is the page on which operators and caseworkers see a case and act on it; empty where that is not known.
func (p *Printer) casePage(reference casework.Reference) string {
	if p.publicURL == "" {
		return ""
	}
	return p.deskPage() + "/cases/" + string(reference)
}
