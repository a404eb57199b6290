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
		all = append(all, letter{"sla-warning", c.Reference, operations}, letter{"sla-breach", c.Reference, operations})
	}
	return all
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
