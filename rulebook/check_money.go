package rulebook

import (
	"slices"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/fee"
	"github.com/recourse-exams/recourse/casework/policy"
)

// Qualification levels run from 1 to 8; a fee has one price at each, so that every request can be quoted.
const (
	lowestLevel  = 1
	highestLevel = 8
)

func (c *check) tariff(at place, entries []priceEntry) []policy.Price {
	var prices []policy.Price
	for i, e := range entries {
		row := at.item(i)
		price := policy.Price{
			Code:       fee.Code(e.Fee),
			FromLevel:  c.within(row.key("fromLevel"), "fromLevel", e.FromLevel, lowestLevel, highestLevel),
			ToLevel:    c.within(row.key("toLevel"), "toLevel", e.ToLevel, lowestLevel, highestLevel),
			Provenance: c.provenance(row, e.From),
		}
		if !codeShape.MatchString(e.Fee) {
			c.fault(row.key("fee"), "a fee has a code in lower case; %q is not one", e.Fee)
		}
		switch {
		case e.Pence == nil:
			c.fault(row, "pence is missing; a free service has 0")
		case *e.Pence < 0:
			c.fault(row.key("pence"), "a price is not negative")
		default:
			price.Pence = fee.Pence(*e.Pence)
		}
		prices = append(prices, price)
	}
	return prices
}

// fee demands that the tariff has exactly one price of the code at every level.
func (c *check) fee(at place, code string) fee.Code {
	for level := lowestLevel; level <= highestLevel; level++ {
		found := 0
		for _, e := range c.file.Tariff {
			if e.Fee == code && int(e.FromLevel) <= level && level <= int(e.ToLevel) {
				found++
			}
		}
		if found != 1 {
			c.fault(at, "the tariff has %d prices of fee %q at level %d; it must have one", found, code, level)
			break
		}
	}
	return fee.Code(code)
}

// distinctFees demands a fee of its own for each service and the copy, because the waiver is found by it; and
// that no price is left over.
func (c *check) distinctFees(root place) {
	used := []string{c.file.ReviewedScript.Fee}
	for i, s := range c.file.Services {
		if slices.Contains(used, s.Fee) {
			c.fault(root.key("services").item(i).key("fee"), "fee %q is used twice; a fee belongs to one service", s.Fee)
		}
		used = append(used, s.Fee)
	}
	for i, e := range c.file.Tariff {
		if !slices.Contains(used, e.Fee) {
			c.fault(root.key("tariff").item(i).key("fee"), "fee %q belongs to no service", e.Fee)
		}
	}
}

func (c *check) reviewedScript(at place, e scriptEntry) policy.ReviewedScript {
	return policy.ReviewedScript{
		Fee:      c.fee(at.key("fee"), e.Fee),
		Waiver:   c.waiver(at.key("waiver"), e.Waiver),
		Delivery: c.clock(at.key("delivery"), casework.ClockScript, e.Delivery, casework.ClockSLA, casework.ClockTarget),
	}
}

func (c *check) appealWindow(at place, e clockEntry) policy.ClockRule {
	return c.clock(at, casework.ClockWindow, e, casework.ClockRight)
}

func (c *check) invoices(at place, e invoiceEntry) policy.InvoiceRule {
	if len(e.Months) == 0 {
		c.fault(at, "the rule names no months")
	}
	rule := policy.InvoiceRule{Provenance: c.provenance(at, e.From)}
	for i, month := range e.Months {
		rule.Months = append(rule.Months, c.within(at.key("months").item(i), "a month", month, 1, 12))
		if slices.Contains(e.Months[:i], month) {
			c.fault(at.key("months").item(i), "month %d is named twice", month)
		}
	}
	return rule
}

// wordings demands that every code is spelled out once in the whole file, so that a code alone says what is meant.
func (c *check) wordings(at place, entries []wordingEntry) []policy.Wording {
	var words []policy.Wording
	for i, e := range entries {
		if !codeShape.MatchString(e.Code) {
			c.fault(at.item(i), "a code is written in lower case with dashes; %q is not one", e.Code)
		}
		if c.spelled(e.Code) > 1 {
			c.fault(at.item(i).key("code"), "code %s is spelled out twice", e.Code)
		}
		if e.Text == "" {
			c.fault(at.item(i), "code %s has no text", e.Code)
		}
		words = append(words, policy.Wording{Code: e.Code, Text: e.Text, Provenance: c.provenance(at.item(i), e.From)})
	}
	return words
}

// spelled counts how often the file spells out a code.
func (c *check) spelled(code string) int {
	count := 0
	for _, entries := range [][]wordingEntry{c.file.ChangeReasons, c.file.UnchangedReasons, c.file.Checks} {
		for _, e := range entries {
			if e.Code == code {
				count++
			}
		}
	}
	return count
}
