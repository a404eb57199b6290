package demo

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/recourse-exams/recourse/casework/calendar"
)

// Verdict says how much was compared and what differs.
type Verdict struct {
	// Checked counts the facts that were compared.
	Checked int
	// Differences are sentences, empty if everything is as it should be.
	Differences []string
}

// same compares one fact.
func (v *Verdict) same(about, what string, want, got any) {
	v.Checked++
	if want != got {
		v.Differences = append(v.Differences, fmt.Sprintf("%s: %s should be %v and is %v", about, what, want, got))
	}
}

// instant compares two instants, whatever their zones.
func (v *Verdict) instant(about, what string, want, got time.Time) {
	v.Checked++
	if !want.Equal(got) {
		v.Differences = append(v.Differences, fmt.Sprintf("%s: %s should be %s and is %s", about, what, moment(want), moment(got)))
	}
}

// holds notes that something should be so.
func (v *Verdict) holds(about, what string, so bool) {
	v.Checked++
	if !so {
		v.Differences = append(v.Differences, about+": "+what)
	}
}

// Check compares the facts with what the requests should have led to.
func Check(requests []Request, people Directory, facts Facts) Verdict {
	var v Verdict
	v.same("the register", "the number of cases", len(requests), len(facts.Cases))
	found := map[string]Case{}
	for _, c := range facts.Cases {
		found[c.Paper()] = c
	}
	due := map[string]int64{}
	for _, r := range requests {
		c, ok := found[r.Paper()]
		v.holds(r.Paper(), "there should be a case", ok)
		if !ok {
			continue
		}
		v.outcome(r, c)
		v.clocks(r, c, found)
		v.files(r, c)
		due[r.Centre] += v.fees(r, c)
	}
	v.invoices(due, facts)
	v.mails(requests, people, found, facts)
	v.same("the audit trail", "what the check said", fmt.Sprintf("%d audit chains are whole", len(requests)), strings.TrimSpace(facts.Audit))
	return v
}

// outcome checks what was decided, and that the case came to its end.
func (v *Verdict) outcome(r Request, c Case) {
	s, about := storyOf(r), c.Reference
	v.same(about, "the stage", "closed", c.Stage)
	v.same(about, "the service", r.Service, c.Service)
	v.same(about, "the number of closing entries", 1, c.count("closed"))
	v.same(about, "the number of published outcomes", 1, c.count("outcome-published"))
	v.holds(about, "there should be an outcome", c.Outcome != nil)
	if c.Outcome == nil {
		return
	}
	v.same(about, "the change of the mark", s.after-s.before, c.Outcome.MarkAfter-c.Outcome.MarkBefore)
	v.same(about, "the award's settlement", true, c.Outcome.Settled)
	if s.gradeBefore != "" {
		v.same(about, "the grade before", s.gradeBefore, c.Outcome.GradeBefore)
		v.same(about, "the grade after", s.gradeAfter, c.Outcome.GradeAfter)
	}
}

// clocks checks due days, breaches with their true instants, and the appeal window, by the calendar and not by
// the product's arithmetic (domain §8.1).
func (v *Verdict) clocks(r Request, c Case, all map[string]Case) {
	s, about := storyOf(r), c.Reference
	outcome, ok := c.clock("outcome")
	v.holds(about, "there should be an outcome clock", ok)
	ends := endOf(c.ReceivedAt, outcomeDays[r.Service])
	v.instant(about, "the end of the outcome clock", ends, outcome.Ends)
	if s.late {
		v.same(about, "the state of its deadline", "breached", c.SLAState)
		v.instant(about, "the instant of the breach", ends, outcome.BreachedAt)
		v.same(about, "the number of breaches", 1, c.count("clock-breached"))
		v.same(about, "the number of warnings", 1, c.count("clock-warned"))
	} else {
		v.same(about, "the state of its deadline", "met", c.SLAState)
		v.holds(about, "the outcome clock should not be breached", outcome.BreachedAt.IsZero())
		v.same(about, "the number of breaches", 0, c.count("clock-breached"))
		v.same(about, "the number of warnings", 0, c.count("clock-warned"))
	}
	script, ordered := c.clock("script")
	v.same(about, "that a script clock runs", r.ReviewedScript, ordered)
	v.holds(about, "the script clock should be met in time", !ordered || (!script.MetAt.IsZero() && script.BreachedAt.IsZero()))
	window, _ := c.clock("window")
	v.instant(about, "the end of the appeal window", endOf(settledAt(r, c, all), appealDays), window.Ends)
	for _, entry := range c.Timeline {
		if entry.What == "closed" {
			v.holds(about, "it should close after its appeal window", !entry.At.Before(window.Ends))
		}
	}
}

// endOf is the instant at which the nth London day after an instant's own day is over (domain §8.1).
func endOf(from time.Time, n int) time.Time {
	d := london(from)
	return time.Date(d.Year(), d.Month(), d.Day()+n+1, 0, 0, 0, 0, calendar.London())
}

// settledAt is when the last outcome of a case's award was published.
func settledAt(r Request, c Case, all map[string]Case) time.Time {
	last := published(c)
	if with := storyOf(r).with; with != "" {
		if other := published(all[Request{Centre: r.Centre, Candidate: r.Candidate, Component: with}.Paper()]); other.After(last) {
			last = other
		}
	}
	return last
}

func published(c Case) time.Time {
	if c.Outcome == nil {
		return time.Time{}
	}
	return c.Outcome.PublishedAt
}

// files checks that each document is there once and opens.
func (v *Verdict) files(r Request, c Case) {
	want := []string{"outcome-letter-html", "outcome-letter-pdf"}
	if r.ReviewedScript {
		want = append(want, reviewedCopy)
	}
	var got []string
	for _, file := range c.Files {
		got = append(got, file.Kind)
		about := c.Reference + " " + file.Kind
		v.same(about, "what the file store said", "", file.Fault)
		v.same(about, "its size", file.Size, int64(len(file.Body)))
		v.same(about, "that it is a PDF", file.Kind != "outcome-letter-html", isPDF(file.Body))
	}
	slices.Sort(got)
	v.same(c.Reference, "the stored documents", strings.Join(want, ", "), strings.Join(got, ", "))
}

// fees checks every line and returns what is due.
func (v *Verdict) fees(r Request, c Case) int64 {
	want := map[string]int64{r.Service: pence(r)}
	if r.ReviewedScript {
		want[reviewedCopy] = copyPence
	}
	v.same(c.Reference, "the number of fee lines", len(want), len(c.Fees))
	state, due := "invoiced", int64(0)
	if storyOf(r).waived {
		state = "waived"
	}
	for _, line := range c.Fees {
		about := c.Reference + " " + line.Code
		v.same(about, "its price in pence", want[line.Code], line.Pence)
		v.same(about, "its state", state, line.State)
		v.same(about, "that it is on an invoice", state == "invoiced", line.Invoice != "")
		v.holds(about, "it should say why", line.Why != "")
		if state == "invoiced" {
			due += want[line.Code]
		}
	}
	return due
}

// invoices checks that each centre that owes has one invoice of what it owes, and no other centre has any.
func (v *Verdict) invoices(due map[string]int64, facts Facts) {
	got := map[string]int64{}
	for _, invoice := range facts.Invoices {
		_, twice := got[invoice.Centre.Number]
		v.holds("invoice "+invoice.Number, "its centre should have one invoice", !twice)
		got[invoice.Centre.Number] += invoice.TotalPence
		v.same("invoice "+invoice.Number, "what the file store said", "", invoice.Fault)
		v.holds("invoice "+invoice.Number, "it should be a PDF", isPDF(invoice.PDF))
	}
	for centre, pence := range due {
		v.same("centre "+centre, "the sum of its invoices in pence", pence, got[centre])
	}
}
