package api

import (
	"fmt"
	"slices"
	"strings"

	"github.com/recourse-exams/recourse/casework/policy"
)

// published lists every version of the rules, of one set if a name is given.
func (s *Server) published(set string) ([]policy.Policy, error) {
	sets := s.rules.Sets()
	if set != "" {
		if !slices.Contains(sets, set) {
			return nil, unknownName("unknown-rules", "set of rules", set, sets)
		}
		sets = []string{set}
	}
	var versions []policy.Policy
	for _, name := range sets {
		versions = append(versions, s.rules.Versions(name)...)
	}
	return versions, nil
}

// unknownName is the problem of a name that nothing has, with those that there are.
func unknownName(code, what, given string, names []string) *problem {
	return newProblem(code, fmt.Sprintf("There is no %s %q; there are %s.", what, given, strings.Join(names, ", ")))
}
