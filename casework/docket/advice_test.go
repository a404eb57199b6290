package docket_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework/docket"
)

// Whoever is told of a finding reads what is wrong, what to do, and where the whole of it stands.
func TestAdvice_OfEveryFindingLeadsToARunbook(t *testing.T) {
	t.Parallel()
	said := map[string]docket.FindingKind{}
	for _, kind := range append(docket.FindingKinds(), "of-a-kind-to-come") {
		advice := kind.Advice()
		require.NotContains(t, said, advice.What, "%s and %s", kind, said[advice.What])
		said[advice.What] = kind
		for _, sentence := range []string{advice.What, advice.Do} {
			require.Regexp(t, `^[A-Z].*[^.]\.$`, sentence, kind)
		}
		page, found := strings.CutPrefix(advice.Runbook, docket.Runbooks)
		require.True(t, found, kind)
		require.FileExists(t, filepath.Join("..", "..", "docs", "runbooks", page), kind)
	}
}

// The list of runbooks is where somebody begins who knows no more than that something is wrong.
func TestRunbooks_ListsEveryPage(t *testing.T) {
	t.Parallel()
	folder := filepath.Join("..", "..", "docs", "runbooks")
	index, err := os.ReadFile(filepath.Join(folder, "README.md"))
	require.NoError(t, err)
	pages, err := filepath.Glob(filepath.Join(folder, "*.md"))
	require.NoError(t, err)
	require.NotEmpty(t, pages)
	for _, page := range pages {
		if name := filepath.Base(page); name != "README.md" {
			require.Contains(t, string(index), "("+name+")")
		}
	}
}
