package rules_test

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/cmd/recourse/rules"
)

// example is a command line in a block of code.
var example = regexp.MustCompile(`(?m)^recourse rules (.+)$`)

// What the guide tells people to type is answered.
func TestGuide_EachCommandLineIsAnswered(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", "rules.md"))
	require.NoError(t, err)
	lines := example.FindAllStringSubmatch(string(text), -1)
	require.GreaterOrEqual(t, len(lines), 6)
	for _, line := range lines {
		out, err := run(t, words(line[1])...)
		if !errors.Is(err, rules.DifferenceError{}) {
			require.NoError(t, err, line[0])
		}
		require.NotEmpty(t, out, line[0])
	}
}
