package demo

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/recourse-exams/recourse/deploy/local/stack"
)

// report shows what happened to whoever looks on.
type report struct {
	ink       ink
	requests  []Request
	people    Directory
	facts     Facts
	verdict   Verdict
	keep      bool
	state     string
	endpoints stack.Endpoints
}

func (r report) write(to io.Writer) error {
	var out bytes.Buffer
	for _, asked := range r.requests {
		for _, c := range r.facts.Cases {
			if c.Paper() == asked.Paper() {
				r.story(&out, asked, c)
			}
		}
	}
	r.mails(&out)
	r.fees(&out)
	r.invoices(&out)
	r.documents(&out)
	r.clocks(&out)
	r.closing(&out)
	if _, err := to.Write(out.Bytes()); err != nil {
		return fmt.Errorf("print the report: %w", err)
	}
	return nil
}

// story tells one case from its request to its end, in London's time.
func (r report) story(out io.Writer, asked Request, c Case) {
	fmt.Fprintf(out, "\n%s  %s (%s/%s), %s, %s\n", r.ink.bold(c.Reference), r.people.candidate(asked), asked.Centre, asked.Candidate,
		cmp.Or(c.Component.Title, asked.Component), words(asked.Service))
	today := ""
	var at time.Time
	for _, entry := range c.Timeline {
		// What is mailed while the clock is being moved is noted by the clock before the move; it happened after
		// the entry above it.
		if happened := london(instant(entry)); happened.After(at) {
			at = happened
		}
		date := at.Format("Mon 2 Jan 2006")
		shown := date
		if date == today {
			shown = ""
		}
		today = date
		text := sentence(entry, asked, r.people)
		if entry.What == "clock-breached" {
			text = r.ink.red(text)
		}
		fmt.Fprintf(out, "  %s  %s\n", r.ink.faint(fmt.Sprintf("%15s %s", shown, at.Format("15:04:05"))), text)
	}
	fmt.Fprintln(out, "  "+r.ink.faint("in the Web UI: "+r.endpoints.TemporalUI+"/namespaces/"+stack.Namespace+"/workflows/"+url.PathEscape("enquiry/"+c.Reference)))
}

func (r report) mails(out io.Writer) {
	var rows [][]string
	for _, mail := range r.facts.Mails {
		rows = append(rows, []string{cmp.Or(words(mail.Kind), "unknown"), strings.Join(mail.To, " "), mail.Subject, mail.URL})
	}
	table(out, r.ink, fmt.Sprintf("Mails that the mail service accepted: %d", len(rows)), []string{"KIND", "TO", "SUBJECT", "READ IT AT"}, rows)
}

func (r report) fees(out io.Writer) {
	var rows [][]string
	due, waived := int64(0), int64(0)
	for _, c := range r.facts.Cases {
		for _, line := range c.Fees {
			rows = append(rows, []string{c.Centre, c.Reference, words(line.Code), line.Amount, line.State, cmp.Or(line.Invoice, "-"), line.Why})
			if line.State == "waived" {
				waived += line.Pence
			} else {
				due += line.Pence
			}
		}
	}
	table(out, r.ink, fmt.Sprintf("Fees: %s due and invoiced, %s waived", pounds(due), pounds(waived)),
		[]string{"CENTRE", "CASE", "FOR", "PRICE", "STATE", "INVOICE", "WHY"}, rows)
}

func (r report) invoices(out io.Writer) {
	var rows [][]string
	for _, invoice := range r.facts.Invoices {
		rows = append(rows, []string{invoice.Number, invoice.Centre.Number + " " + invoice.Centre.Name, invoice.Total, cmp.Or(short(invoice.Saved), invoice.Fault)})
	}
	table(out, r.ink, "Invoices", []string{"NUMBER", "CENTRE", "TOTAL", "COPY"}, rows)
}

func (r report) documents(out io.Writer) {
	var rows [][]string
	for _, c := range r.facts.Cases {
		for _, file := range c.Files {
			rows = append(rows, []string{c.Reference, words(file.Kind), fmt.Sprint(file.Size), cmp.Or(short(file.Saved), file.Fault), file.URL})
		}
	}
	table(out, r.ink, "Stored documents", []string{"CASE", "DOCUMENT", "BYTES", "COPY", "LINK (with the centre's token)"}, rows)
}

func (r report) clocks(out io.Writer) {
	var rows [][]string
	for _, c := range r.facts.Cases {
		for _, clock := range c.Clocks {
			what := "expired"
			switch {
			case !clock.BreachedAt.IsZero():
				what = "BREACHED at " + moment(clock.BreachedAt) + ", met at " + moment(clock.MetAt)
			case !clock.MetAt.IsZero():
				what = "met at " + moment(clock.MetAt)
			}
			rows = append(rows, []string{c.Reference, clock.ID, moment(clock.Due), what})
		}
	}
	table(out, r.ink, "Clocks, in London's time", []string{"CASE", "CLOCK", "LAST SECOND", "WHAT BECAME OF IT"}, rows)
}

// closing says how links can be opened and what the check found.
func (r report) closing(out io.Writer) {
	fmt.Fprintln(out)
	if !r.keep {
		fmt.Fprintf(out, "Copies stay until the next demonstration. Links work while the stack runs: add --keep, or look around later with\n  bin/stack up --state %s\n", short(r.state))
	}
	fmt.Fprintf(out, "Links of the API want a token: curl -L -H \"Authorization: Bearer $(cat %s)\" LINK\n\n", short(filepath.Join(r.state, "tokens", "eo-64101")))
	if len(r.verdict.Differences) == 0 {
		fmt.Fprintln(out, r.ink.green(fmt.Sprintf("%d facts checked: everything is as it should be.", r.verdict.Checked)))
		return
	}
	fmt.Fprintln(out, r.ink.red(fmt.Sprintf("%d facts checked, %d differ from what they should be:", r.verdict.Checked, len(r.verdict.Differences))))
	for _, difference := range r.verdict.Differences {
		fmt.Fprintln(out, "  - "+difference)
	}
}

// short is the path from here where that is shorter.
func short(path string) string {
	here, err := os.Getwd()
	if err != nil {
		return path
	}
	relative, err := filepath.Rel(here, path)
	if err != nil || len(relative) >= len(path) {
		return path
	}
	return relative
}
