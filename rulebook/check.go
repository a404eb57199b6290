package rulebook

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"github.com/recourse-exams/recourse/casework/policy"
)

var (
	versionShape = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*\.[1-9][0-9]*$`)
	codeShape    = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
)

// check turns a rule file into a policy and collects what is wrong with it on the way.
type check struct {
	name   string
	tree   *ast.File
	file   policyFile
	faults []Fault
}

// place is where in the file a value stands: "$.services[0].window".
type place string

func (p place) key(name string) place { return p + place("."+name) }
func (p place) item(i int) place      { return p + place(fmt.Sprintf("[%d]", i)) }

// parent is the place around p, empty for the document.
func (p place) parent() place {
	for i := len(p) - 1; i > 0; i-- {
		if p[i] == '.' || p[i] == '[' {
			return p[:i]
		}
	}
	return ""
}

// fault records what is wrong at a place; a value that is missing is reported where it should stand.
func (c *check) fault(at place, format string, args ...any) {
	fault := Fault{File: c.name, Line: 1, Column: 1, Text: fmt.Sprintf(format, args...)}
	for ; at != ""; at = at.parent() {
		path, err := yaml.PathString(string(at))
		if err != nil {
			continue
		}
		node, err := path.FilterFile(c.tree)
		if err != nil || node == nil {
			continue
		}
		if position := node.GetToken().Position; position != nil {
			fault.Line, fault.Column = position.Line, position.Column
			break
		}
	}
	c.faults = append(c.faults, fault)
}

func (c *check) policy() policy.Policy {
	f, root := c.file, place("$")
	c.head(root)
	c.sources(root.key("sources"))
	p := policy.Policy{
		Version: f.Version, Body: f.Body, BodyName: f.BodyName, ValidFrom: f.ValidFrom.Date,
		ChangeReasons:    c.wordings(root.key("changeReasons"), f.ChangeReasons),
		UnchangedReasons: c.wordings(root.key("unchangedReasons"), f.UnchangedReasons),
		Checks:           c.wordings(root.key("checks"), f.Checks),
		Tariff:           c.tariff(root.key("tariff"), f.Tariff),
		Services:         c.services(root.key("services"), f.Services),
		ReviewedScript:   c.reviewedScript(root.key("reviewedScript"), f.ReviewedScript),
		AppealWindow:     c.appealWindow(root.key("appealWindow"), f.AppealWindow),
		Invoices:         c.invoices(root.key("invoices"), f.Invoices),
	}
	c.distinctFees(root)
	return p
}

func (c *check) head(at place) {
	if !versionShape.MatchString(c.file.Version) {
		c.fault(at.key("version"), "a version is written like cambria-2026.1; %q is not one", c.file.Version)
	}
	if !codeShape.MatchString(c.file.Body) {
		c.fault(at.key("body"), "the body is an id in lower case such as cambria; %q is not one", c.file.Body)
	}
	if c.file.BodyName == "" {
		c.fault(at.key("bodyName"), "bodyName is missing")
	}
	if c.file.ValidFrom.IsZero() {
		c.fault(at.key("validFrom"), "validFrom is missing: the first day of receipt on which these rules decide")
	}
}

func (c *check) sources(at place) {
	var seen []string
	for i, s := range c.file.Sources {
		switch {
		case !codeShape.MatchString(s.ID):
			c.fault(at.item(i), "a source has an id in lower case; %q is not one", s.ID)
		case slices.Contains(seen, s.ID):
			c.fault(at.item(i).key("id"), "source %s is listed twice", s.ID)
		}
		if s.Title == "" {
			c.fault(at.item(i), "source %s has no title", s.ID)
		}
		seen = append(seen, s.ID)
	}
}

// provenance demands of a rule where it comes from and whether that source confirms it.
func (c *check) provenance(at place, e provenanceEntry) policy.Provenance {
	if e.Clause == "" {
		c.fault(at, "the rule names no clause")
	}
	p := policy.Provenance{Clause: e.Clause}
	i := slices.IndexFunc(c.file.Sources, func(s sourceEntry) bool { return s.ID == e.Source })
	switch {
	case e.Source == "":
		c.fault(at, "the rule names no source")
	case i < 0:
		c.fault(at.key("source"), "source %q is not in the list of sources", e.Source)
	default:
		p.Source = c.file.Sources[i].Title
	}
	p.Confirmed = c.decided(at, "confirmed", e.Confirmed)
	return p
}

// decided demands that a yes or no is written down.
func (c *check) decided(at place, key string, value *bool) bool {
	if value == nil {
		c.fault(at, "%s is missing; say true or false", key)
		return false
	}
	return *value
}

// oneOf demands a name of the list.
func oneOf[T ~string](c *check, at place, what, given string, names []T) T {
	if !slices.Contains(names, T(given)) {
		c.fault(at, "%s %q is not one of %v", what, given, names)
	}
	return T(given)
}

// within demands a number of the range and returns it.
func (c *check) within(at place, what string, given whole, low, high int) int {
	if int(given) < low || int(given) > high {
		c.fault(at, "%s is from %d to %d; %d is not", what, low, high, given)
	}
	return int(given)
}
