package main_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestActs_AreRefusedWithoutSomebodyWhoActs(t *testing.T) {
	t.Parallel()
	acts := map[string][]string{
		"hold":        {"cases", "hold", "R-7K4F-M2QX-9TBD-Z", "--cause", "hold", "--approved-by", "cw-2", "--reason", "So."},
		"resume":      {"cases", "resume", "R-7K4F-M2QX-9TBD-Z", "--cause", "hold", "--reason", "So."},
		"reassign":    {"cases", "reassign", "R-7K4F-M2QX-9TBD-Z", "--reason", "So."},
		"nudge":       {"cases", "nudge", "R-7K4F-M2QX-9TBD-Z", "--reason", "So."},
		"recalculate": {"cases", "recalculate", "R-7K4F-M2QX-9TBD-Z", "--policy", "cambria-2026.1", "--reason", "So."},
		"declare":     {"examiners", "declare", "ex-1001", "--kind", "works-at", "--centre", "64101"},
		"bulk":        {"examiners", "reassign", "ex-1001", "--reason", "So."},
	}
	for name, arguments := range acts {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, nobody := range []string{"", "  "} {
				got := recourse(t, nil, append(arguments, "--by="+nobody)...)
				require.NotZero(t, got.status)
				require.Contains(t, got.errors, "--by")
				require.Contains(t, got.errors, "it names nobody; give your own identity")
			}
		})
	}
}
