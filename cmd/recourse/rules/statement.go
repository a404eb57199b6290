package rules

import (
	"fmt"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/policy"
)

// statement is one rule of a policy in words. What show prints and diff compares are statements, so that nothing can
// differ that is not shown.
type statement struct {
	// service is empty for a rule that is no service's own.
	service casework.Service
	// rule names the rule within the service, the same in every version: "clock outcome".
	rule  string
	words string
	// from is zero for what belongs to the service as a whole and has no clause of its own.
	from policy.Provenance
}

// statements collects the rules of one service, or of none.
type statements struct {
	service casework.Service
	list    []statement
}

// say adds a rule. The second and further rules of one name are numbered.
func (s *statements) say(rule string, from policy.Provenance, format string, args ...any) {
	named := rule
	for n := 2; s.has(named); n++ {
		named = fmt.Sprintf("%s %d", rule, n)
	}
	s.list = append(s.list, statement{service: s.service, rule: named, words: fmt.Sprintf(format, args...), from: from})
}

func (s *statements) has(rule string) bool {
	for _, other := range s.list {
		if other.rule == rule {
			return true
		}
	}
	return false
}

// statementsOf puts a whole policy into words: first what holds for all services, then each service.
func statementsOf(p policy.Policy) []statement {
	all := generalStatements(p)
	for _, service := range p.Services {
		all = append(all, serviceStatements(service)...)
	}
	return all
}

// name writes where a rule stands: "review-of-marking, clock outcome".
func (s statement) name() string {
	if s.service == "" {
		return s.rule
	}
	return string(s.service) + ", " + s.rule
}

// provenance writes where a rule comes from, empty for one that has no clause of its own.
func (s statement) provenance() string {
	if s.from == (policy.Provenance{}) {
		return ""
	}
	return s.from.Clause + " (" + s.from.Source + ")" + mark(s.from.Confirmed)
}
