package rulebook_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework/policy"
	"github.com/recourse-exams/recourse/rulebook"
)

// version is the small file as another version with another validity; until may be empty. Its road map is left out.
func version(t *testing.T, number, from, until string) rulebook.Text {
	t.Helper()
	text := strings.NewReplacer("small-2026.1", "small-2026."+number, "validFrom: 2026-01-01", "validFrom: "+from).Replace(small(t))
	if until == "" {
		text = strings.Replace(text, "validUntil: 2027-12-31\n", "", 1)
	}
	return rulebook.Text{Name: "sets/small-2026." + number + ".yaml", Text: []byte(strings.Replace(text, "validUntil: 2027-12-31", "validUntil: "+until, 1))}
}

func lint(t *testing.T, texts ...rulebook.Text) (faults, warnings []rulebook.Fault) {
	t.Helper()
	return rulebook.Lint(date(t, "2026-11-22"), texts...)
}

func TestLint_ThePublishedSetsHaveNoFaults(t *testing.T) {
	t.Parallel()
	faults, warnings := lint(t)
	require.Empty(t, faults)
	require.Len(t, warnings, 11, "each set has readings that nobody confirmed, and says how many")
	for _, warning := range warnings {
		require.Contains(t, warning.Text, "rules are readings that no published text confirms")
	}
}

func TestLint_WarnsBeforeTheCalendarEnds(t *testing.T) {
	t.Parallel()
	for today, want := range map[string]bool{"2027-12-31": false, "2028-01-01": true} {
		_, warnings := rulebook.Lint(date(t, today), version(t, "1", "2026-01-01", ""))
		require.Equal(t, want, strings.Contains(warnings[0].String(), "bank-holidays.txt:1:1: the bank holidays are known until 2028-12-31"), today)
	}
}

func TestLint_WarnsBeforeTheRulesEnd(t *testing.T) {
	t.Parallel()
	for today, want := range map[string]int{"2026-12-31": 1, "2027-01-01": 2, "2027-12-31": 3, "2028-01-01": 2} {
		_, warnings := rulebook.Lint(date(t, today), version(t, "1", "2026-01-01", "2027-12-31"))
		if today >= "2028" {
			require.Len(t, warnings, want, today)
			continue
		}
		ends := 0
		for _, warning := range warnings {
			if strings.Contains(warning.Text, "these rules end on 2027-12-31") {
				ends++
				require.Equal(t, 9, warning.Line, "where the last day stands")
			}
		}
		require.Equal(t, min(want, 2)-1, ends, today)
	}
}

func TestLint_VersionsOfASetFollowOneAnother(t *testing.T) {
	t.Parallel()
	first := func(until string) rulebook.Text { return version(t, "1", "2026-01-01", until) }
	for _, row := range []struct {
		name  string
		texts []rulebook.Text
		want  string
	}{
		{"one after the other", []rulebook.Text{first("2026-06-30"), version(t, "2", "2026-07-01", "")}, ""},
		{"in whatever order", []rulebook.Text{version(t, "2", "2026-07-01", ""), first("2026-06-30")}, ""},
		{"an overlap of a day", []rulebook.Text{first("2026-07-01"), version(t, "2", "2026-07-01", "")}, "sets/small-2026.2.yaml:8:12: small-2026.2 begins on 2026-07-01, and small-2026.1 decides until 2026-07-01: end that one with validUntil: 2026-06-30 (sets/small-2026.1.yaml:9)"},
		{"a predecessor without an end", []rulebook.Text{first(""), version(t, "2", "2026-07-01", "")}, "small-2026.1 has no last day: end that one with validUntil: 2026-06-30 (sets/small-2026.1.yaml:8)"},
		{"a gap of a day", []rulebook.Text{first("2026-06-29"), version(t, "2", "2026-07-01", "")}, "between small-2026.1, which ends on 2026-06-29, and small-2026.2, which begins on 2026-07-01, no rules decide"},
		{"a version twice", []rulebook.Text{first("2026-06-30"), first("2026-06-30")}, "policy small-2026.1 is in the book twice"},
		{"two from one day", []rulebook.Text{first("2026-06-30"), version(t, "2", "2026-01-01", "")}, "begins on 2026-01-01"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			faults, _ := lint(t, row.texts...)
			if row.want == "" {
				require.Empty(t, faults)
				return
			}
			require.Len(t, faults, 1)
			require.Contains(t, faults[0].String(), row.want)
		})
	}
}

func TestLint_NamesTheFileAfterItsVersion(t *testing.T) {
	t.Parallel()
	text := version(t, "1", "2026-01-01", "")
	text.Name = "sets/small.yaml"
	faults, _ := lint(t, text)
	require.Len(t, faults, 1)
	require.Equal(t, "sets/small.yaml:1:1: the file is named after its version: call it small-2026.1.yaml", faults[0].String())
}

func TestLint_AFamilyHasOneRoadMap(t *testing.T) {
	t.Parallel()
	other := version(t, "1", "2026-01-01", "")
	other.Name = "sets/other-2026.1.yaml"
	other.Text = []byte(strings.NewReplacer("set: small", "set: other", "small-2026.1", "other-2026.1").Replace(string(other.Text)))
	faults, _ := lint(t, other, version(t, "1", "2026-01-01", ""))
	require.Len(t, faults, 1)
	require.Contains(t, faults[0].Text, "the road map small is also drawn by set other")
}

func TestLint_TellsTheFaultsOfEveryFile(t *testing.T) {
	t.Parallel()
	first, second := version(t, "1", "2026-01-01", "2026-06-30"), version(t, "2", "2026-07-01", "")
	for _, text := range []*rulebook.Text{&first, &second} {
		text.Text = []byte(strings.Replace(string(text.Text), "kind: duty", "kind: wish", 1))
	}
	faults, warnings := lint(t, second, first)
	require.Len(t, faults, 2)
	require.Equal(t, first.Name, faults[0].File, "in the order of the files")
	require.Empty(t, warnings, "rules that do not load are not counted")
}

func TestNew_RefusesPoliciesThatContradict(t *testing.T) {
	t.Parallel()
	one := policy.Policy{Version: "small-2026.1", Set: "small", ValidFrom: date(t, "2026-06-01")}
	_, err := rulebook.New(one, one)
	require.ErrorContains(t, err, "policy small-2026.1 is in the book twice")
	two := one
	two.Version = "small-2026.2"
	_, err = rulebook.New(one, two)
	require.ErrorContains(t, err, "small-2026.2 begins on 2026-06-01, and small-2026.1 has no last day")
	two.Set = "other"
	_, err = rulebook.New(one, two)
	require.NoError(t, err)
}

func TestBook_FindsTheVersionOfASeries(t *testing.T) {
	t.Parallel()
	old := policy.Policy{
		Version: "small-2025.1", Set: "small", ValidFrom: date(t, "2025-01-01"), ValidUntil: date(t, "2026-05-31"),
		Series: []policy.Series{{ID: "2025-06", GCSERelease: date(t, "2025-08-21")}, {ID: "2026-06", GCSERelease: date(t, "2026-08-20")}, {ID: "2026-01"}},
	}
	next := policy.Policy{
		Version: "small-2026.1", Set: "small", ValidFrom: date(t, "2026-06-01"),
		Series: []policy.Series{{ID: "2026-06", CandidateRelease: instant(t, "2026-08-13T07:00:00Z")}, {ID: "2026-11", ALevelRelease: date(t, "2027-01-14")}},
	}
	book, err := rulebook.New(next, old)
	require.NoError(t, err)
	for series, want := range map[string]string{"2025-06": "small-2025.1", "2026-06": "small-2026.1", "2026-11": "small-2026.1", "2026-01": "small-2025.1", "2024-06": ""} {
		p, ok := book.ForSeries("small", series)
		require.Equal(t, want != "", ok, series)
		require.Equal(t, want, p.Version, series)
	}
	_, ok := book.ForSeries("other", "2026-06")
	require.False(t, ok)
	require.Equal(t, []string{"small"}, book.Sets())
	require.Len(t, book.Versions("small"), 2)
	require.Equal(t, "small-2025.1", book.Versions("small")[0].Version, "the earliest first")
	require.Empty(t, book.Versions("other"))
}

func TestBook_RoadMapsAreOfTheirFamily(t *testing.T) {
	t.Parallel()
	for family, set := range map[string]string{
		"t-level": "ncfe-tlevel", "cache-v-cert": "ncfe-vcert", "gcse-a-level": "ocr-gq", "cambridge-technicals": "ocr-technicals",
		"remote-claims": "ocr-remote", "cambria": "cambria",
	} {
		m, p, ok := load(t).RoadMap(family)
		require.True(t, ok, family)
		require.Equal(t, set, p.Set)
		require.Greater(t, len(m.Steps), 6)
		for _, s := range p.Services {
			if s.Service == copied && p.Set != "ocr-technicals" {
				continue
			}
			drawn := false
			for _, step := range m.Steps {
				drawn = drawn || step.Service == s.Service
			}
			require.True(t, drawn || s.Service == mir || s.Service == late || s.Service == claim && p.Set == "cambria", "%s does not show %s", family, s.Service)
		}
	}
	_, _, ok := load(t).RoadMap("tea")
	require.False(t, ok)
}

// TestSets_FilesAreCalledAfterTheirVersions: the folder holds nothing but the rule files that are loaded.
func TestSets_FilesAreCalledAfterTheirVersions(t *testing.T) {
	t.Parallel()
	entries, err := os.ReadDir("sets")
	require.NoError(t, err)
	for _, entry := range entries {
		_, err := load(t).Policy(strings.TrimSuffix(entry.Name(), filepath.Ext(entry.Name())))
		require.NoError(t, err, entry.Name())
	}
	require.Len(t, entries, len(load(t).Sets()))
}
