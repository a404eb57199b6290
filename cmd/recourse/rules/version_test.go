package rules_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"
	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/cmd/recourse/rules"
	"github.com/recourse-exams/recourse/rulebook"
)

// twoVersions are Cambria's rules of 2026, which end with the year, and rules of 2027 by which an outcome takes 18 days.
func twoVersions(t *testing.T) (before, after string) {
	t.Helper()
	text := ruleFile(t, "cambria-2026.1")
	before = strings.Replace(text, "validFrom: 2026-01-01\n", "validFrom: 2026-01-01\nvalidUntil: 2026-12-31\n", 1)
	after = strings.NewReplacer(
		"version: cambria-2026.1", "version: cambria-2027.1", "validFrom: 2026-01-01", "validFrom: 2027-01-01", "amount: 20\n", "amount: 18\n",
		`id: "2026-06"`, `id: "2027-06"`, "title: June 2026", "title: June 2027", "2026-08-12T00:01", "2027-08-11T00:01",
		"2026-08-13T08:00", "2027-08-12T08:00", "aLevelRelease: 2026-08-13", "aLevelRelease: 2027-08-12", "gcseRelease: 2026-08-20", "gcseRelease: 2027-08-19",
	).Replace(text)
	return before, after
}

// ofTwoVersions loads a book of both.
func ofTwoVersions(t *testing.T) rules.Load {
	t.Helper()
	before, after := twoVersions(t)
	old, err := rulebook.Parse("cambria-2026.1.yaml", []byte(before))
	require.NoError(t, err)
	next, err := rulebook.Parse("cambria-2027.1.yaml", []byte(after))
	require.NoError(t, err)
	return func() (*rulebook.Book, error) { return rulebook.New(old, next) }
}

func outcome(series, from, version string) rules.ExplainCommand {
	return rules.ExplainCommand{Body: "cambria", Service: "review-of-marking", Clock: "outcome", Series: series, From: from, Policy: version}
}

// Receipt decides which version holds, or the series' results day if a series is named; a version that is named stands
// in place of both (issue 3, point 1).
func TestExplain_WhichVersionDecides(t *testing.T) {
	t.Parallel()
	load := ofTwoVersions(t)
	for name, row := range map[string]struct {
		ask     rules.ExplainCommand
		version string
		due     string
	}{
		"by receipt, the last second of the old":  {outcome("", "2026-12-31T23:59:59", ""), "cambria-2026.1", "Wednesday 20 January 2027 23:59:59 GMT"},
		"by receipt, the first second of the new": {outcome("", "2027-01-01T00:00:00", ""), "cambria-2027.1", "Tuesday 19 January 2027 23:59:59 GMT"},
		"by the series, though received later":    {outcome("2026-06", "2027-01-05", ""), "cambria-2026.1", "Monday 25 January 2027 23:59:59 GMT"},
		"by the new series":                       {outcome("2027-06", "2027-09-02", ""), "cambria-2027.1", "Monday 20 September 2027 23:59:59 BST"},
		"by name, though another is in force":     {outcome("", "2026-09-24", "cambria-2027.1"), "cambria-2027.1", "Monday 12 October 2026 23:59:59 BST"},
		"by name, though the series is the old's": {outcome("2026-06", "2026-09-24", "cambria-2027.1"), "cambria-2027.1", "Monday 12 October 2026 23:59:59 BST"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			require.NoError(t, row.ask.Run(&out, load))
			require.Contains(t, out.String(), "("+row.version+")\n")
			require.Regexp(t, `\nDue +`+row.due+`\n`, out.String())
		})
	}
}

func TestExplain_ADayThatNoVersionDecidesIsRefusedWithAllOfThem(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	err := outcome("", "2025-12-31T23:59:59", "").Run(&out, ofTwoVersions(t))
	require.EqualError(t, err, "--from: no version of cambria decides on 2025-12-31; its versions are cambria-2026.1 (from 2026-01-01 to 2026-12-31) and cambria-2027.1 (from 2027-01-01 on)")
	require.Empty(t, out.String())
}

func TestList_EachVersionWithTheDaysOnWhichItDecides(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, rules.ListCommand{}.Run(&out, ofTwoVersions(t)))
	require.Regexp(t, `\ncambria +cambria-2026\.1 +from 2026-01-01 to 2026-12-31 +12 `, out.String())
	require.Regexp(t, `\ncambria +cambria-2027\.1 +from 2027-01-01 on +12 `, out.String())
}

func TestShow_TheNewestVersionUnlessOneIsNamed(t *testing.T) {
	t.Parallel()
	load := ofTwoVersions(t)
	for version, days := range map[string]string{"": "18", "cambria-2026.1": "20", "cambria-2027.1": "18"} {
		var out bytes.Buffer
		require.NoError(t, rules.ShowCommand{Set: "cambria", Policy: version, Service: "review-of-marking"}.Run(&out, load))
		require.Contains(t, out.String(), "\n  clock outcome: "+days+" calendar days from receipt of the request ")
	}
}

func TestDiff_TwoVersionsOfOneSet(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	err := rules.DiffCommand{Old: "cambria-2026.1", New: "cambria-2027.1"}.Run(&out, ofTwoVersions(t))
	require.ErrorIs(t, err, rules.DifferenceError{})
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	require.Len(t, lines, 4, out.String())
	require.Equal(t, "Changed: validity: was requests received from 2026-01-01 to 2026-12-31; is now requests received from 2027-01-01 on", lines[0])
	require.True(t, strings.HasPrefix(lines[1], "Removed: series 2026-06: June 2026; first results to centres Wednesday 12 August 2026 00:01:00 BST; "), lines[1])
	require.True(t, strings.HasPrefix(lines[2], "Changed: review-of-marking, clock outcome: was 20 calendar days "), lines[2])
	require.Equal(t, "Added: series 2027-06: June 2027; first results to centres Wednesday 11 August 2027 00:01:00 BST; first results to candidates Thursday 12 August 2027 08:00:00 BST; A level results day 2027-08-12; GCSE results day 2027-08-19", lines[3])
}

// lintOn checks files on a day.
func lintOn(t *testing.T, today time.Time, files ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := rules.LintCommand{Files: files}.Run(&out, func() time.Time { return today })
	return out.String(), err
}

// Versions of one set may neither overlap nor leave a day between them; the fault names both files.
func TestLint_ReadsVersionsTogether(t *testing.T) {
	t.Parallel()
	before, after := twoVersions(t)
	today := time.Date(2026, time.September, 24, 12, 0, 0, 0, time.UTC)
	for name, row := range map[string]struct {
		until string
		says  string
	}{
		"one after the other":     {"2026-12-31", ""},
		"a day of both":           {"2027-01-01", "decides until 2027-01-01"},
		"a day of neither":        {"2026-12-30", "no rules decide"},
		"the old one never ends":  {"", "has no last day"},
		"the old one ends before": {"2025-12-31", "validUntil"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			old := strings.Replace(before, "validUntil: 2026-12-31\n", "validUntil: "+row.until+"\n", 1)
			if row.until == "" {
				old = strings.Replace(before, "validUntil: 2026-12-31\n", "", 1)
			}
			files := []string{filepath.Join(folder, "cambria-2026.1.yaml"), filepath.Join(folder, "cambria-2027.1.yaml")}
			require.NoError(t, os.WriteFile(files[0], []byte(old), 0o600))
			require.NoError(t, os.WriteFile(files[1], []byte(after), 0o600))
			out, err := lintOn(t, today, files...)
			if row.says == "" {
				require.NoError(t, err, out)
				return
			}
			require.ErrorIs(t, err, rules.DifferenceError{})
			require.Contains(t, out, row.says)
			require.Regexp(t, `cambria-202[67]\.1\.yaml:\d+:\d+: `, out)
		})
	}
}

// Bank holidays that end within twelve months are a warning, in time to add the next year's.
func TestLint_WarnsBeforeTheBankHolidaysEnd(t *testing.T) {
	t.Parallel()
	for day, warned := range map[string]bool{"2027-12-31": false, "2028-01-01": true, "2028-12-31": true, "2030-01-01": true} {
		today, err := time.Parse(time.DateOnly, day)
		require.NoError(t, err)
		out, err := lintOn(t, today)
		require.NoError(t, err, "a warning is no fault")
		require.Equal(t, warned, strings.Contains(out, "the bank holidays are known until 2028-12-31"), "%s: %s", day, out)
	}
}

// A rulebook that does not load is an error of the build and not a question that was put badly.
func TestCommands_OfABrokenRulebookSaySo(t *testing.T) {
	t.Parallel()
	broken := func() (*rulebook.Book, error) { return nil, os.ErrInvalid }
	for name, command := range map[string]func(*bytes.Buffer) error{
		"list":    func(out *bytes.Buffer) error { return rules.ListCommand{}.Run(out, broken) },
		"show":    func(out *bytes.Buffer) error { return rules.ShowCommand{Set: "cambria"}.Run(out, broken) },
		"explain": func(out *bytes.Buffer) error { return outcome("", "2026-09-24", "").Run(out, broken) },
		"diff":    func(out *bytes.Buffer) error { return rules.DiffCommand{}.Run(out, broken) },
	} {
		var out bytes.Buffer
		err := command(&out)
		require.ErrorIs(t, err, os.ErrInvalid, name)
		require.Empty(t, out.String(), name)
		var coded kong.ExitCoder
		require.NotErrorAs(t, err, &coded, name)
	}
}
