package rules

import "github.com/recourse-exams/recourse/casework/policy"

// Compare says what changed between two policies, as diff does.
func Compare(before, after policy.Policy) []string {
	return compare(statementsOf(before), statementsOf(after))
}

// Shown is everything that show writes about a policy's rules, rule by rule.
func Shown(p policy.Policy) []string {
	var lines []string
	for _, s := range statementsOf(p) {
		lines = append(lines, s.name()+": "+s.words, s.provenance())
	}
	return lines
}
