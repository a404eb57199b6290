package rulebook

// The types below mirror a rule file as it is written; policyOf turns them into a policy and checks them.

type policyFile struct {
	Version          string         `yaml:"version"`
	Body             string         `yaml:"body"`
	BodyName         string         `yaml:"bodyName"`
	ValidFrom        day            `yaml:"validFrom"`
	Sources          []sourceEntry  `yaml:"sources"`
	Services         []serviceEntry `yaml:"services"`
	ReviewedScript   scriptEntry    `yaml:"reviewedScript"`
	AppealWindow     clockEntry     `yaml:"appealWindow"`
	Tariff           []priceEntry   `yaml:"tariff"`
	Invoices         invoiceEntry   `yaml:"invoices"`
	ChangeReasons    []wordingEntry `yaml:"changeReasons"`
	UnchangedReasons []wordingEntry `yaml:"unchangedReasons"`
	Checks           []wordingEntry `yaml:"checks"`
}

type sourceEntry struct {
	ID    string `yaml:"id"`
	Title string `yaml:"title"`
}

// provenanceEntry stands inline in every rule. Confirmed is a pointer because a rule must say it either way.
type provenanceEntry struct {
	Clause    string `yaml:"clause"`
	Source    string `yaml:"source"`
	Confirmed *bool  `yaml:"confirmed"`
}

type serviceEntry struct {
	Service        string          `yaml:"service"`
	Opens          provenanceEntry `yaml:"opens"`
	Window         windowEntry     `yaml:"window"`
	Consent        consentEntry    `yaml:"consent"`
	Once           provenanceEntry `yaml:"once"`
	ContainedIn    *containedEntry `yaml:"containedIn"`
	ObjectiveTests objectiveEntry  `yaml:"objectiveTests"`
	Outcome        clockEntry      `yaml:"outcome"`
	Fee            string          `yaml:"fee"`
	Waiver         waiverEntry     `yaml:"waiver"`
	Completion     completionEntry `yaml:"completion"`
}

type windowEntry struct {
	Anchor string `yaml:"anchor"`
	// Offset is a pointer because 0 is a rule, which must be written down.
	Offset *whole          `yaml:"offset"`
	Unit   string          `yaml:"unit"`
	From   provenanceEntry `yaml:",inline"`
}

type consentEntry struct {
	Required     *bool           `yaml:"required"`
	AfterRelease *bool           `yaml:"afterRelease"`
	From         provenanceEntry `yaml:",inline"`
}

type containedEntry struct {
	Services []string        `yaml:"services"`
	From     provenanceEntry `yaml:",inline"`
}

type objectiveEntry struct {
	Allowed *bool           `yaml:"allowed"`
	From    provenanceEntry `yaml:",inline"`
}

type clockEntry struct {
	Kind   string          `yaml:"kind"`
	Amount whole           `yaml:"amount"`
	Unit   string          `yaml:"unit"`
	Warn   []warnEntry     `yaml:"warn"`
	From   provenanceEntry `yaml:",inline"`
}

type warnEntry struct {
	DaysBefore whole `yaml:"daysBefore"`
	// At is a pointer because midnight must be written down.
	At          *clock `yaml:"at"`
	HoursBefore whole  `yaml:"hoursBefore"`
}

type waiverEntry struct {
	Strategy string          `yaml:"strategy"`
	From     provenanceEntry `yaml:",inline"`
}

type completionEntry struct {
	ChangeReasons    []string `yaml:"changeReasons"`
	UnchangedReasons []string `yaml:"unchangedReasons"`
	Checklist        []string `yaml:"checklist"`
	AnnotatedScript  *bool    `yaml:"annotatedScript"`
}

type scriptEntry struct {
	Fee      string      `yaml:"fee"`
	Waiver   waiverEntry `yaml:"waiver"`
	Delivery clockEntry  `yaml:"delivery"`
}

type priceEntry struct {
	Fee       string          `yaml:"fee"`
	FromLevel whole           `yaml:"fromLevel"`
	ToLevel   whole           `yaml:"toLevel"`
	Pence     *whole          `yaml:"pence"`
	From      provenanceEntry `yaml:",inline"`
}

type invoiceEntry struct {
	Months []whole         `yaml:"months"`
	From   provenanceEntry `yaml:",inline"`
}

type wordingEntry struct {
	Code string          `yaml:"code"`
	Text string          `yaml:"text"`
	From provenanceEntry `yaml:",inline"`
}
