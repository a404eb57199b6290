package main_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const explainReview = "rules explain --body ocr-gq --series 2026-06 --service review-of-marking --clock outcome --from 2026-09-24T10:15 --division england-and-wales"

// The rules are compiled in: no setting, no server and no database is asked for.
func TestRules_AnswerWithoutASetting(t *testing.T) {
	t.Parallel()
	text := recourse(t, nil, strings.Fields(explainReview)...)
	require.Zero(t, text.status, text.errors)
	require.Empty(t, text.errors)
	require.Contains(t, text.out, "Due                   Wednesday 14 October 2026 23:59:59 BST\n")

	program := recourse(t, nil, strings.Fields(explainReview+" --json")...)
	require.Zero(t, program.status, program.errors)
	var answer struct {
		Due       string     `json:"due"`
		Confirmed bool       `json:"confirmed"`
		Days      []struct{} `json:"days"`
	}
	require.NoError(t, json.Unmarshal([]byte(program.out), &answer))
	require.Equal(t, "2026-10-14T23:59:59+01:00", answer.Due)
	require.True(t, answer.Confirmed)
	require.Len(t, answer.Days, 21)

	for _, line := range []string{"rules list", "rules show cambria --policy cambria-2026.1", explainReview + " --policy ocr-gq-2026.1", "rules lint", "rules diff jcq-2026.1 jcq-2026.1"} {
		got := recourse(t, nil, strings.Fields(line)...)
		require.Zero(t, got.status, "%s: %s", line, got.errors)
		require.Empty(t, got.errors, line)
	}
}

// Programs ask too: status 2, one sentence on standard error and nothing on standard output, whether the command line
// cannot be read or cannot be answered.
func TestRules_BadInputEndsWithStatusTwo(t *testing.T) {
	t.Parallel()
	for line, says := range map[string]string{
		"rules":                                    "recourse: expected one of",
		"rules explane":                            "recourse: unexpected argument explane",
		"rules explain":                            "recourse: --body is missing; the bodies are aqa, ",
		"rules explain --body":                     "recourse: --body: ",
		"rules explain --body ocr":                 `recourse: --body: there is no body "ocr"; the bodies are aqa, `,
		"rules explain --bdoy ocr-gq":              "recourse: unknown flag --bdoy",
		"rules explain ocr-gq":                     "recourse: unexpected argument ocr-gq",
		explainReview + " --json=perhaps":          "recourse: --json: ",
		explainReview + " --from 2026-03-29T01:30": "recourse: --from: London's clocks skip 2026-03-29T01:30",
		"rules show":                               `recourse: expected "<set>"`,
		"rules show ocr":                           `recourse: rules show: there is no set "ocr"; the sets are aqa, `,
		"rules diff cambria-2026.1":                `recourse: expected "<new>"`,
		"rules lint nowhere.yaml":                  "recourse: read the rule file: open ",
	} {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			got := recourse(t, nil, strings.Fields(line)...)
			require.Equal(t, 2, got.status, got.errors)
			require.Empty(t, got.out)
			require.Contains(t, got.errors, says)
			require.Equal(t, 1, strings.Count(got.errors, "\n"), "one sentence: %s", got.errors)
		})
	}
}

func TestRules_DifferenceEndsWithStatusOneAndWithoutAWord(t *testing.T) {
	t.Parallel()
	got := recourse(t, nil, "rules", "diff", "ncfe-web-2026.1", "ncfe-qualhub-2026.1")
	require.Equal(t, 1, got.status)
	require.Empty(t, got.errors)
	require.NotEmpty(t, got.out)
}

func TestRules_AreInTheHelp(t *testing.T) {
	t.Parallel()
	require.Contains(t, recourse(t, nil, "--help").out, "rules explain")
	help := recourse(t, nil, "rules", "explain", "--help")
	require.Zero(t, help.status)
	for _, flag := range []string{"--body", "--series", "--service", "--clock", "--from", "--division", "--policy", "--pause", "--priority", "--json"} {
		require.Contains(t, help.out, flag)
	}
}
