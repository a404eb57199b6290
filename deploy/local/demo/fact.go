package demo

import (
	"time"

	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/deploy/local/person"
)

// Facts are everything that came of the demonstration, as its parts tell it: the API, the mail service, the files.
type Facts struct {
	// Cases are all cases that any of the centres sees.
	Cases []Case
	// Mails are what the mail service accepted, oldest first.
	Mails    []Mail
	Invoices []Invoice
	// Audit is what the check of the audit chains said.
	Audit string
}

// Case is one case with its timeline and files.
type Case struct {
	person.Case
	Centre   string
	Timeline []person.Entry
	Files    []File
}

// Paper names what the case is about, as Request.Paper does.
func (c Case) Paper() string { return c.Centre + "/" + c.Candidate.Number + " " + c.Component.Code }

// clock finds one of the case's clocks.
func (c Case) clock(id string) (person.Clock, bool) {
	for _, clock := range c.Clocks {
		if clock.ID == id {
			return clock, true
		}
	}
	return person.Clock{}, false
}

// count counts the timeline's entries of one kind.
func (c Case) count(what string) int {
	n := 0
	for _, entry := range c.Timeline {
		if entry.What == what {
			n++
		}
	}
	return n
}

// performer is the subject who held the task, "" if nobody did.
func (c Case) performer() string {
	for _, entry := range c.Timeline {
		if entry.What == "allocated" {
			return value(entry, "performer")
		}
	}
	return ""
}

// File is a stored document as it was downloaded.
type File struct {
	person.Document
	// Body is what the file store gave, Fault why it gave nothing.
	Body  []byte
	Fault string
	// Saved is where the demonstration put a copy, URL where the API shows it.
	Saved, URL string
}

// Mail is one mail that the mail service accepted, with what the ledger says about it.
type Mail struct {
	ID      string            `json:"id"`
	At      time.Time         `json:"at"`
	To      []string          `json:"to"`
	Subject string            `json:"subject"`
	Tags    map[string]string `json:"tags"`
	// Kind and About (a reference or the number of an invoice) are empty if the ledger does not know the mail.
	Kind  string `json:"-"`
	About string `json:"-"`
	URL   string `json:"-"`
}

// Invoice is an invoice with its printed form.
type Invoice struct {
	person.Invoice
	PDF   []byte
	Fault string
	Saved string
}

// value is a named fact of a timeline's entry.
func value(entry person.Entry, name string) string {
	for _, fact := range entry.Facts {
		if fact.Name == name {
			return fact.Value
		}
	}
	return ""
}

// london shows an instant in the time of the people who wait for it.
func london(at time.Time) time.Time { return at.In(calendar.London()) }
