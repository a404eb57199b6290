package rules_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/policy"
	"github.com/recourse-exams/recourse/cmd/recourse/rules"
)

// everyPolicy lists every version of the data.
func everyPolicy(t testing.TB) []policy.Policy {
	t.Helper()
	var all []policy.Policy
	b := book(t)
	for _, set := range b.Sets() {
		all = append(all, b.Versions(set)...)
	}
	return all
}

func TestList_NamesEverySetWithItsVersionsAndUnconfirmedRules(t *testing.T) {
	t.Parallel()
	out := asked(t, "list")
	for _, set := range []string{"jcq", "ocr-gq", "ocr-technicals", "ocr-remote", "ocr-2012", "ncfe-vcert", "ncfe-tlevel", "ncfe-web", "ncfe-qualhub", "aqa", "cambria"} {
		require.Regexp(t, `\n`+set+` +`+set+`-\d{4}\.\d+ +from \d{4}-\d\d-\d\d (on|to)`, out)
	}
	require.Regexp(t, `^SET +VERSION +DECIDES +SERVICES +RULES +UNCONFIRMED +TITLE\n`, out)
	require.Regexp(t, `\ncambria +cambria-2026.1 +from 2026-01-01 on +12 +\d+ +[1-9]\d* +Cambria Awards \(fictional\), 2026\n`, out)
	require.Equal(t, len(everyPolicy(t))+1, strings.Count(out, "\n"))
}

// Nothing that a rule file says with a source may be missing from what people are shown.
func TestShow_EveryRuleWithItsClauseAndSource(t *testing.T) {
	t.Parallel()
	for _, p := range everyPolicy(t) {
		t.Run(p.Version, func(t *testing.T) {
			t.Parallel()
			out := asked(t, "show "+p.Set+" --policy "+p.Version)
			require.True(t, strings.HasPrefix(out, p.Title+" ("+p.Version+")\n\nAll services\n"), out[:80])
			for _, from := range p.Provenances() {
				line := "\n      " + from.Clause + " (" + from.Source + ")"
				if !from.Confirmed {
					line += " [unconfirmed]"
				}
				require.Contains(t, out, line+"\n")
			}
			for _, service := range p.Services {
				require.Contains(t, out, "\n"+service.Service.Short()+" ("+string(service.Service)+")\n")
			}
		})
	}
}

// The words of a rule are its own: no name of a rule file's language is left where a sentence exists, and no two rules
// of a service have one name.
func TestShow_EachRuleHasANameOfItsOwn(t *testing.T) {
	t.Parallel()
	for _, p := range everyPolicy(t) {
		seen := map[string]bool{}
		lines := rules.Shown(p)
		for i := 0; i < len(lines); i += 2 {
			name, said, _ := strings.Cut(lines[i], ": ")
			require.False(t, seen[name], "%s: %s is said twice", p.Version, name)
			seen[name] = true
			require.NotEmpty(t, said, "%s: %s", p.Version, name)
		}
	}
}

func TestShow_OneService(t *testing.T) {
	t.Parallel()
	out := asked(t, "show cambria --service review-of-marking")
	for _, says := range []string{
		"Cambria Awards (fictional), 2026 (cambria-2026.1)\n\nReview of marking (review-of-marking)\n",
		"\n  window: 35 calendar days from GCSE results day\n",
		"\n  clock outcome: 20 calendar days from receipt of the request (sla: the awarding body owes it; late is a breach)\n",
		"\n  cancellation: without charge until the work on it has begun\n",
		"\n  upgrade to priority-review-of-marking: the fee of the new service replaces this one's\n",
	} {
		require.Contains(t, out, says)
	}
	require.NotContains(t, out, "All services")
	require.NotContains(t, out, "(clerical-check)")
	for _, service := range casework.Services() {
		require.Contains(t, asked(t, "show cambria --service "+string(service)), "("+string(service)+")\n")
	}
}

func TestShow_TheTariffInPoundsAndWhatNobodyPublished(t *testing.T) {
	t.Parallel()
	out := asked(t, "show cambria")
	require.Contains(t, out, "\n  fee review-of-marking at levels 1 to 2: £62.00\n", "domain §8.2")
	require.Contains(t, out, "\n  fee review-of-marking at levels 3 to 8: £66.00\n")
	require.Contains(t, out, "\n  fee script-copy at levels 1 to 8: free of charge\n")
	require.Contains(t, asked(t, "show ocr-gq"), "\n  fee clerical-check at levels 1 to 8: charged; the figure is not published\n")
}
