package demo

import (
	"cmp"
	"slices"
	"strings"
)

// letter is what a mail must be counted by: one of its kind about one thing to one address.
type letter struct{ kind, about, to string }

// mails checks that each mail that should have been sent was accepted exactly once, and no other.
func (v *Verdict) mails(requests []Request, people Directory, found map[string]Case, facts Facts) {
	want := map[letter]int{}
	for _, r := range requests {
		if c, ok := found[r.Paper()]; ok {
			for _, one := range mailsOf(r, c, people) {
				want[one]++
			}
		}
	}
	for _, invoice := range facts.Invoices {
		want[letter{"invoice", invoice.Number, people.Officers[invoice.Centre.Number]}]++
	}
	got := map[letter]int{}
	for _, mail := range facts.Mails {
		if mail.Kind == "digest" {
			continue // One a day at seven, if the clock shows it; it is about no single case.
		}
		one := letter{cmp.Or(mail.Kind, "unknown"), mail.About, strings.Join(mail.To, " ")}
		got[one]++
		v.holds("mail "+mail.ID, "its subject should name "+mail.About, strings.Contains(mail.Subject, mail.About))
	}
	for _, one := range letters(want, got) {
		v.same(one.about, "the number of "+one.kind+" mails to "+one.to, want[one], got[one])
	}
}

// mailsOf lists the mails of one case.
func mailsOf(r Request, c Case, people Directory) []letter {
	s, officer := storyOf(r), people.Officers[r.Centre]
	all := []letter{
		{"acknowledgement", c.Reference, officer},
		{"task", c.Reference, people.Performers[c.performer()].Email},
		{"outcome", c.Reference, officer},
	}
	if s.first {
		all = append(all, letter{"component-outcome", c.Reference, officer})
	}
	if s.late {
		all = append(all, lateMails(c, people)...)
	}
	return all
}

// lateMails are those of a case that was started at once and handed in after its outcome was due: the performer and
// operations are told of the promise, and of the task's own deadline the performer, the lead, the chief and operations.
func lateMails(c Case, people Directory) []letter {
	holder := c.performer()
	performer, chief := people.Performers[holder], cmp.Or(people.chief(holder), operations)
	lead := cmp.Or(people.Performers[performer.Leader].Email, chief)
	return []letter{
		{"sla-warning", c.Reference, operations},
		{"sla-warning", c.Reference, performer.Email},
		{"sla-breach", c.Reference, operations},
		{"sla-breach", c.Reference, performer.Email},
		{"task-reminder", c.Reference, performer.Email},
		{"task-escalation", c.Reference, lead},
		{"task-escalation", c.Reference, chief},
		{"task-escalation", c.Reference, operations},
	}
}

// letters lists what either side knows, in a steady order.
func letters(sides ...map[letter]int) []letter {
	var all []letter
	for _, side := range sides {
		for one := range side {
			all = append(all, one)
		}
	}
	slices.SortFunc(all, func(a, b letter) int {
		return cmp.Or(cmp.Compare(a.about, b.about), cmp.Compare(a.kind, b.kind), cmp.Compare(a.to, b.to))
	})
	return slices.Compact(all)
}
