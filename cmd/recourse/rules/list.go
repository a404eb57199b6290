package rules

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/recourse-exams/recourse/casework/policy"
)

// ListCommand lists the sets of rules.
type ListCommand struct{}

// Run writes one line for each version: when it decides, what it offers and how many of its rules are unconfirmed.
func (ListCommand) Run(out io.Writer, load Load) error {
	book, err := load()
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "SET\tVERSION\tDECIDES\tSERVICES\tRULES\tUNCONFIRMED\tTITLE")
	for _, set := range book.Sets() {
		for _, p := range book.Versions(set) {
			rules := p.Provenances()
			fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%d\t%d\t%s\n", set, p.Version, validity(p), len(p.Services), len(rules), unconfirmed(rules), p.Title)
		}
	}
	return table.Flush()
}

// unconfirmed counts the rules that no published text confirms.
func unconfirmed(rules []policy.Provenance) int {
	n := 0
	for _, rule := range rules {
		if !rule.Confirmed {
			n++
		}
	}
	return n
}
