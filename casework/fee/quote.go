package fee

// Quote is one price that a request will cost unless it is waived.
type Quote struct {
	Code  Code  `json:"code"`
	Pence Pence `json:"pence"`
	// Clause names the rule of the price and Source where it is published; Confirmed is false for a figure that no
	// published text confirms.
	Clause    string `json:"clause"`
	Source    string `json:"source"`
	Confirmed bool   `json:"confirmed"`
	// Reduction is what a small cohort's price was reduced by, nil if nothing reduced it.
	Reduction *Reduction `json:"reduction,omitempty"`
	// Waiver is the rule by which the fee is waived.
	Waiver Waiver `json:"-"`
}

// Reduction is why a price is lower than its row of the tariff.
type Reduction struct {
	// Full is the price of the row, and Percent what is charged of it, half pennies rounded up.
	Full    Pence `json:"full"`
	Percent int   `json:"percent"`
	// Clause names the rule and Source where it is published; Confirmed is false for an unconfirmed reading.
	Clause    string `json:"clause"`
	Source    string `json:"source"`
	Confirmed bool   `json:"confirmed"`
}

// Reduced is the quote at a percentage of its price, in whole pence, half pennies rounded up. The reduction's Full is
// filled in.
func (q Quote) Reduced(by Reduction) Quote {
	by.Full = q.Pence
	q.Pence, q.Reduction = q.Pence.Share(by.Percent), &by
	return q
}

// Total is the sum of quotes.
func Total(quotes []Quote) Pence {
	var sum Pence
	for _, q := range quotes {
		sum += q.Pence
	}
	return sum
}

// stays is the sum of the quotes that are still to pay after the grade of the award, of the own unit and of the
// overall external assessment changed.
func stays(quotes []Quote) Pence {
	var sum Pence
	for _, q := range quotes {
		if !q.Waiver.byAnyGrade() {
			sum += q.Pence
		}
	}
	return sum
}

// byAnyGrade reports whether a changed grade of the candidate waives the fee. A review of moderation is never
// waived because a grade moved (domain §8.3, reading 1).
func (w Waiver) byAnyGrade() bool {
	return w.Strategy == UnitGrade || w.Strategy == LinkedAwardGrade || w.Strategy == OverallExternalGrade
}
