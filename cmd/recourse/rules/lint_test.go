package rules_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/cmd/recourse/rules"
)

func TestLint_TheCompiledInRulesHaveNoFaultAndAnyWarningSaysSo(t *testing.T) {
	t.Parallel()
	for line := range strings.Lines(asked(t, "lint")) {
		require.Regexp(t, `^\S+:\d+:\d+: .* \(warning\)\n$`, line)
	}
}

// What is wrong is named with its place, all of it at once, and ends with status 1.
func TestLint_NamesEveryFaultOfAFile(t *testing.T) {
	t.Parallel()
	file := altered(t, "cambria-2026.1", "unit: calendar-days", "unit: fortnights")
	out, err := run(t, "lint", file)
	require.ErrorIs(t, err, rules.DifferenceError{})
	require.Regexp(t, `\Q`+file+`\E:\d+:\d+: .*fortnights.*\n`, out)
	require.NotContains(t, out, "(warning)\n"+file, "faults come last")
}

func TestLint_AGoodFileAlone(t *testing.T) {
	t.Parallel()
	file := altered(t, "cambria-2026.1", "set:", "set:")
	out := asked(t, "lint "+file)
	require.Contains(t, out, file+":1:1: ")
	require.Contains(t, out, " rules are readings that no published text confirms (warning)\n")
	require.NotContains(t, out, "ocr-gq")
}
