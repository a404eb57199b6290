package rulebook_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/policy"
	"github.com/recourse-exams/recourse/rulebook"
)

func practiceFile(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("practice.yaml")
	require.NoError(t, err)
	return string(text)
}

func TestPractice_TheStandardIsNoBodysRule(t *testing.T) {
	t.Parallel()
	practices, err := rulebook.ParsePractice("practice.yaml", []byte(practiceFile(t)))
	require.NoError(t, err)
	require.Empty(t, practices[0].Body)
	require.Contains(t, practices[0].Title, "no awarding body's rule")
	for _, p := range practices {
		for _, kind := range casework.TaskKinds() {
			_, ok := p.Task(kind)
			require.True(t, ok, "%s of %s", kind, p.Title)
		}
		require.NoError(t, p.Quiet.Check())
	}
}

func TestPractice_ABodyWithoutOneOfItsOwnHasTheStandard(t *testing.T) {
	t.Parallel()
	book := load(t)
	own, err := book.Practice(cambria)
	require.NoError(t, err)
	require.Equal(t, "cambria", own.Body)
	require.Contains(t, own.Title, "(fictional)")
	standard, err := book.Practice("aqa-2026.1")
	require.NoError(t, err)
	require.Empty(t, standard.Body)
	require.Equal(t, policy.Quiet{From: calendar.TimeOfDay{Hour: 20}, Until: calendar.TimeOfDay{Hour: 7, Minute: 30}}, standard.Quiet)
	_, err = book.Practice("egg-2026.1")
	require.ErrorContains(t, err, `no policy "egg-2026.1"`)
}

// Every fault is named with its place and what to write instead.
func TestParsePractice_RefusesWhatMeansNothing(t *testing.T) {
	t.Parallel()
	whole := practiceFile(t)
	for _, row := range []struct{ from, to, says string }{
		{"default:", "standard:", "default is missing from the file"},
		{"monitoring: 5", "monitoring: 101", "monitoring is from 0 to 100; 101 is not"},
		{"monitoring: 5", "sample: 5", `has no key "sample"`},
		{"- kind: review\n", "- kind: egg\n", `kind "egg" is not one of review, second-look`},
		{"- kind: second-look\n", "- kind: review\n", "review has two practices; leave one"},
		{"- kind: second-look\n", "- kind: review\n", "the kind second-look is missing from tasks"},
		{"startBy: {amount: 2, unit: working-days", "startBy: {amount: 2, unit: hours", `unit "hours" is not one of working-days, calendar-days`},
		{"ahead: 2", "ahead: -1", "ahead is from 0 to 30; -1 is not"},
		{"      ahead: 2\n", "", "ahead is missing"},
		{"{to: lead, workingDays: 0}", "{to: mother, workingDays: 0}", `to "mother" is not one of lead, chief, operations`},
		{"{to: chief, workingDays: 1}", "{to: lead, workingDays: 1}", "lead stands twice; leave one"},
		{"{to: operations, workingDays: 2}", "{to: operations, workingDays: 0}", "whoever is told later stands later; give at least 1"},
		{"percent: 20, rank", "rank", "a second look needs a threshold; write marks, percent or both"},
		{"percent: 20", "percent: 0", "percent is from 1 to 100; 0 is not"},
		{"rank: team-leader", "rank: Team Leader", "rank is a word of the body's order"},
		{"services: [review-of-marking, priority", "services: [egg, priority", `services "egg" is not one of`},
		{`from: "20:00"`, `from: "01:00"`, "skip or repeat the hour from 01:00"},
		{`until: "07:30"`, `until: "7:30"`, "a time of day is written like 09:00"},
		{`quietHours: {from: "20:00", until: "07:30"}`, `quietHours: {from: "20:00"}`, "until is missing from quietHours"},
		{"{hoursBefore: 12}", "{hoursBefore: 12, daysBefore: 1}", "either in days or in hours"},
		{"{hoursBefore: 12}", "{daysBefore: 3}", "at is missing"},
		{"body: cambria", "body: Cambria Awards", "body is an id in lower case"},
		{"title: Recourse's own", "title: &own Recourse's own", "anchors, aliases and tags are not read"},
		{"bodies:", "bodies: {}\nothers:", "bodies is a list"},
	} {
		t.Run(row.says, func(t *testing.T) {
			t.Parallel()
			require.Contains(t, whole, row.from)
			_, err := rulebook.ParsePractice("practice.yaml", []byte(strings.Replace(whole, row.from, row.to, 1)))
			require.ErrorContains(t, err, row.says)
			require.ErrorContains(t, err, "practice.yaml:")
		})
	}
}

func TestParsePractice_RefusesWhatIsNoFileOfPractices(t *testing.T) {
	t.Parallel()
	for text, says := range map[string]string{
		"":                             "one document of keys and values",
		"- a\n- b\n":                   "one document of keys and values",
		"default: [":                   "practice.yaml:",
		strings.Repeat("[", 20):        "brackets stand in one another more than 16 deep",
		strings.Repeat("# x\n", 1<<16): "has at most 131072 bytes",
	} {
		_, err := rulebook.ParsePractice("practice.yaml", []byte(text))
		require.ErrorContains(t, err, says)
	}
}

func TestParsePractice_ABodyHasOnePractice(t *testing.T) {
	t.Parallel()
	whole := practiceFile(t)
	_, own, _ := strings.Cut(whole, "bodies:\n")
	_, err := rulebook.ParsePractice("practice.yaml", []byte(whole+own))
	require.ErrorContains(t, err, "cambria has two practices; leave one")
}

func TestLint_ChecksThePracticeBesideTheSets(t *testing.T) {
	t.Parallel()
	today := date(t, "2026-11-22")
	faults, _ := rulebook.Lint(today)
	require.Empty(t, faults)
	set, err := os.ReadFile("sets/cambria-2026.1.yaml")
	require.NoError(t, err)
	cambriaSet := rulebook.Text{Name: "sets/cambria-2026.1.yaml", Text: set}
	practice := func(text string) rulebook.Text { return rulebook.Text{Name: "rules/practice.yaml", Text: []byte(text)} }
	whole := practiceFile(t)

	faults, _ = rulebook.Lint(today, cambriaSet, practice(whole))
	require.Empty(t, faults)
	faults, _ = rulebook.Lint(today, practice(whole))
	require.Empty(t, faults, "alone it is checked for itself")
	faults, _ = rulebook.Lint(today, cambriaSet, practice(strings.Replace(whole, "body: cambria", "body: oxonia", 1)))
	require.Len(t, faults, 1)
	require.Contains(t, faults[0].String(), "no set of rules is of body oxonia")
	faults, _ = rulebook.Lint(today, practice(strings.Replace(whole, "monitoring: 5", "monitoring: many", 1)))
	require.Len(t, faults, 1)
	require.Contains(t, faults[0].String(), "rules/practice.yaml:")
}
