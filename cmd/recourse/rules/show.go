package rules

import (
	"fmt"
	"io"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/policy"
)

// ShowCommand writes the rules of one set in words.
type ShowCommand struct {
	Set     string `arg:"" help:"The set of rules; recourse rules list shows them."`
	Policy  string `help:"A version of the set; without it, the newest." placeholder:"VERSION"`
	Service string `help:"The rules of this service only." placeholder:"SERVICE"`
}

// Run writes each rule with its clause and source, marked if no published text confirms it, or refuses with a
// *RefusalError before anything is written.
func (c ShowCommand) Run(out io.Writer, load Load) error {
	book, err := load()
	if err != nil {
		return err
	}
	set, err := oneOf("rules show", c.Set, "set", "sets", book.Sets())
	if err != nil {
		return err
	}
	versions := book.Versions(set)
	p := versions[len(versions)-1]
	if c.Policy != "" {
		if p, err = versionNamed(versions, c.Policy); err != nil {
			return err
		}
	}
	rules := statementsOf(p)
	if c.Service != "" {
		if rules, err = c.ofService(p); err != nil {
			return err
		}
	}
	fmt.Fprintf(out, "%s (%s)\n", p.Title, p.Version)
	service := casework.Service("no service yet")
	for _, s := range rules {
		if s.service != service {
			service = s.service
			fmt.Fprintf(out, "\n%s\n", heading(service))
		}
		fmt.Fprintf(out, "  %s: %s\n", s.rule, s.words)
		if from := s.provenance(); from != "" {
			fmt.Fprintf(out, "      %s\n", from)
		}
	}
	return nil
}

func heading(service casework.Service) string {
	if service == "" {
		return "All services"
	}
	return service.Short() + " (" + string(service) + ")"
}

// ofService chooses the rules of the service that was asked for.
func (c ShowCommand) ofService(p policy.Policy) ([]statement, error) {
	name, err := oneOf("--service", c.Service, "service", "services", casework.Services())
	if err != nil {
		return nil, err
	}
	service, ok := p.Service(name)
	if !ok {
		return nil, notOffered(p, name)
	}
	return serviceStatements(service), nil
}
