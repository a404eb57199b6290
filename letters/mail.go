package letters

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// alertView is what operations are told: no candidate, no mark, no grade.
type alertView struct {
	whereTo
	Body                       body
	Reference                  casework.Reference
	Service, Component, Centre string
	Stage, WaitingOn           string
	Clock, Started, Ends       string
	// Unsent is the kind of the mail that had no recipient.
	Unsent string
	// Left is how long the clock still runs, Late how long after its end the breach was found.
	Left, Late string
	// FoundLate is true if nobody was there when the clock ran out.
	FoundLate bool
	FoundAt   string
	// Holder is the name of who holds the task, empty if nobody does; Do says what to do so that the clock is met.
	Holder, Do string
}

// mailView gathers what a kind of mail may say, and nothing else.
func (p *Printer) mailView(in casework.MailInput, n docket.Notice) (any, error) {
	switch in.Kind {
	case casework.MailAcknowledgement:
		return p.viewMailed(n), nil
	case casework.MailComponentOutcome, casework.MailOutcome:
		if n.Case.Outcome == nil {
			return nil, fmt.Errorf("no outcome is published")
		}
		v := p.viewMailed(n)
		v.ScriptFrom = scriptFrom(n.Case, in.At)
		return v, nil
	case casework.MailTask, casework.MailNudge, casework.MailQuestion, casework.MailAnswer:
		return p.viewTask(n), nil
	case casework.MailReminder, casework.MailEscalation:
		return p.viewTaskDeadline(in, n), nil
	case casework.MailChase, casework.MailLapsed:
		return p.viewDuty(in, n)
	case casework.MailHeld, casework.MailResumed:
		if in.About == casework.AboutApprover {
			return p.viewApprover(in, n)
		}
		return p.viewHeld(in, n)
	case casework.MailNobody, casework.MailNoRecipient:
		return p.viewAlert(in, n), nil
	case casework.MailWarning, casework.MailBreach:
		clock, ok := clockOf(n.Case, in.Clock)
		if !ok {
			return nil, fmt.Errorf("the case has no clock %q", in.Clock)
		}
		if in.About == casework.AboutHolder {
			return p.viewHolderAlert(in, n, clock), nil
		}
		v := p.viewAlert(in, n)
		v.Started, v.Ends = moment(clock.StartedAt), moment(clock.Ends)
		v.Left = span(clock.Ends.Sub(in.At))
		late := in.At.Sub(clock.Ends)
		v.Late, v.FoundLate, v.FoundAt = span(late), late >= time.Minute, moment(in.At)
		return v, nil
	default:
		return nil, fmt.Errorf("a case has no such mail")
	}
}

// viewMailed is a case with the address of its page. A mail may name it: whoever opens it proves who they are first.
func (p *Printer) viewMailed(n docket.Notice) caseView {
	v := viewCase(n)
	v.Page = p.public("cases", string(n.Case.Reference))
	return v
}

// public is the address of something in the REST service, empty where that is not known.
func (p *Printer) public(path ...string) string {
	if p.publicURL == "" {
		return ""
	}
	return p.publicURL + "/v1/" + strings.Join(path, "/")
}

func (p *Printer) viewAlert(in casework.MailInput, n docket.Notice) alertView {
	c := n.Case
	return alertView{
		whereTo: p.whereTo(c.Reference, runbookOf(in.Kind)), Holder: line(n.Task.Holder), Do: owed(n),
		Body: viewBody(n.BodyName), Reference: c.Reference, Service: lower(c.Request.Service),
		Component: line(c.Request.Component), Centre: line(n.Centre.Number),
		Stage: string(c.Stage), WaitingOn: line(c.WaitingOn), Clock: clockName(in.Clock), Unsent: in.About,
	}
}

// message words a mail from the template of its kind, as text and as HTML.
func (p *Printer) message(kind string, view any) (docket.Message, error) {
	subject, blocks, err := p.write(kind+"-mail", view)
	if err != nil {
		return docket.Message{}, err
	}
	text, err := plainText(blocks)
	if err != nil {
		return docket.Message{}, fmt.Errorf("write the %s mail as text: %w", kind, err)
	}
	page, err := p.page("mail.html", struct {
		Subject string
		Blocks  []block
	}{subject, blocks})
	if err != nil {
		return docket.Message{}, err
	}
	return docket.Message{Subject: subject, Text: text, HTML: string(page)}, nil
}

// page fills in an HTML template, which escapes every value.
func (p *Printer) page(name string, data any) ([]byte, error) {
	var out bytes.Buffer
	if err := p.pages.ExecuteTemplate(&out, name, data); err != nil {
		return nil, fmt.Errorf("fill in page %s: %w", name, err)
	}
	return out.Bytes(), nil
}
