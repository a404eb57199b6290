package intake_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/register"
	"github.com/recourse-exams/recourse/intake"
)

// form is what a column's fields must look like beyond being text.
type form string

const (
	plain  form = ""
	whole  form = "whole number"
	yesNo  form = "yes or no"
	day    form = "date"
	listed form = "list"
)

// documented repeats docs/import.md for the columns that are more than text, or may be empty.
var documented = map[string]struct {
	form     form
	mayEmpty bool
}{
	"centres.address": {listed, true}, "contacts.examsOfficer": {form: yesNo},
	"qualifications.level": {form: whole}, "qualifications.unitised": {form: yesNo},
	"qualifications.rules": {mayEmpty: true}, "series.month": {form: whole}, "series.aLevelRelease": {day, true},
	"keydates.priority": {form: yesNo}, "boundaries.part": {mayEmpty: true}, "results.indicator": {mayEmpty: true},
	"awards.indicator": {mayEmpty: true}, "moderations.changed": {form: yesNo}, "moderations.checker": {mayEmpty: true},
	"components.maxMark": {form: whole}, "components.weight": {form: whole}, "components.objective": {form: yesNo},
	"series.centreRelease": {form: day}, "series.candidateRelease": {form: day}, "series.gcseRelease": {form: day},
	"keydates.lastDay":         {form: day},
	"boundaries.qualification": {mayEmpty: true}, "boundaries.component": {mayEmpty: true}, "boundaries.mark": {form: whole},
	"items.max": {form: whole}, "results.mark": {form: whole}, "itemmarks.mark": {form: whole},
	"itemmarks.secondMarker": {mayEmpty: true}, "itemmarks.backReader": {mayEmpty: true}, "itemmarks.checker": {mayEmpty: true},
	"awards.total": {form: whole}, "bodies.ranks": {listed, true}, "components.tier": {mayEmpty: true},
	"performers.roles": {form: listed}, "performers.leader": {mayEmpty: true}, "performers.capacity": {form: whole},
	"performers.components": {listed, true}, "performers.subjects": {listed, true}, "performers.tiers": {listed, true},
	"performers.contractFrom": {day, true}, "performers.contractUntil": {day, true}, "performers.trainedUntil": {day, true},
	"absences.from": {form: day}, "absences.until": {form: day},
	"conflicts.candidate": {mayEmpty: true},
	"conflicts.centre":    {mayEmpty: true}, // The register refuses a conflict with nobody, in words of its own.
}

// spoilt is a field that is wrong by its form, and what is said about it.
type spoilt struct{ field, says string }

// faultsOfForm lists what may be wrong with a field of a column, as the file writes it.
func faultsOfForm(column string, f form, mayEmpty bool) map[string]spoilt {
	faults := map[string]spoilt{
		"space before":  {" x", `" x" has a space before or after it`},
		"space after":   {"x ", `"x " has a space before or after it`},
		"hard space":    {"\u00a0x", `"\u00a0x" has a space before or after it`},
		"line break":    {"\"x\ny\"", `"x\ny" holds a control character or a line break`},
		"tabulator":     {"x\ty", `"x\ty" holds a control character or a line break`},
		"nil byte":      {"x\x00", `"x\x00" holds a control character or a line break`},
		"Latin-1":       {"\xe9t\xe9", "the field is not UTF-8; save the file as “CSV UTF-8”"},
		"half a letter": {"x\xc3", "the field is not UTF-8; save the file as “CSV UTF-8”"},
	}
	if !mayEmpty {
		faults["empty"] = spoilt{"", column + " is empty"}
		faults["empty in quotes"] = spoilt{`""`, column + " is empty"}
	}
	switch f {
	case whole:
		for _, text := range []string{"x", "-1", "+1", "1.0", "1 000", "1e3", "0x1", "２", "2147483648", strings.Repeat("9", 40)} {
			faults["number "+text] = spoilt{text, fmt.Sprintf("%q is not a whole number", text)}
		}
	case yesNo:
		for _, text := range []string{"Yes", "NO", "y", "true", "1", "ja"} {
			faults["answer "+text] = spoilt{text, fmt.Sprintf("%q is neither yes nor no", text)}
		}
	case day:
		for _, text := range []string{"soon", "Thursday-1", "thursday", "thursday-0 +1d", "day-1d", "-9"} {
			faults["date "+text] = spoilt{text, fmt.Sprintf("%q is not a date: write 2026-08-20, day-9, thursday-2 or thursday-2 -1d", text)}
		}
		faults["date thursday"] = spoilt{"thursday", `"thursday" does not say which one: write thursday-1 for the last one before the import day`}
		faults["date thursday-0 +1d"] = spoilt{"thursday-0 +1d", `"thursday-0 +1d" does not say which one: write thursday-1 for the last one before the import day`}
		for _, text := range []string{"2026-02-29", "2026-11-31", "20/08/2026", "2026-8-20", "20260820", "2026-08-20T00:00:00Z"} {
			faults["date "+text] = spoilt{text, fmt.Sprintf("a date is written like 2026-09-24; %q is not one", text)}
		}
	case listed:
		separator := " "
		if column == "address" {
			separator = "|"
		}
		middle := "a" + separator + separator + "b"
		faults["empty part"] = spoilt{middle, fmt.Sprintf("a part between two %q is empty", separator)}
	case plain:
	}
	return faults
}

// cell is one field of a file, with where an editor finds it.
type cell struct {
	start, end   int // in the file
	line, column int
}

// cellsOf finds the fields of a file's first or last row, neither of which holds quotes in the demonstration.
func cellsOf(t *testing.T, body []byte, last bool) []cell {
	t.Helper()
	at := bytes.IndexByte(body, '\n') + 1
	if last {
		at = bytes.LastIndexByte(bytes.TrimSuffix(body, []byte("\n")), '\n') + 1
	}
	row, _, _ := bytes.Cut(body[at:], []byte("\n"))
	require.NotContains(t, string(row), `"`)
	line, begins := bytes.Count(body[:at], []byte("\n"))+1, at
	var cells []cell
	for _, field := range bytes.Split(row, []byte(",")) {
		cells = append(cells, cell{start: at, end: at + len(field), line: line, column: at - begins + 1})
		at += len(field) + 1
	}
	return cells
}

// TestRead_EveryColumnRefusesEveryFaultOfForm spoils each column of each file in its first and its last row, in
// each way in which a field can be wrong by itself: the one problem stands at that field and raises no other.
func TestRead_EveryColumnRefusesEveryFaultOfForm(t *testing.T) {
	t.Parallel()
	seen := 0
	for _, noun := range register.Nouns() {
		file := string(noun) + ".csv"
		body := little(t)[file].Data
		header, _, _ := strings.Cut(string(body), "\n")
		first, last := cellsOf(t, body, false), cellsOf(t, body, true)
		for i, column := range strings.Split(header, ",") {
			about, special := documented[string(noun)+"."+column]
			if special {
				seen++
			}
			t.Run(string(noun)+"."+column, func(t *testing.T) {
				t.Parallel()
				for name, fault := range faultsOfForm(column, about.form, about.mayEmpty) {
					at := last[i]
					if name == "space before" {
						at = first[i] // Other rows follow from the first one of a whole.
					}
					dir := little(t)
					write(dir, file, string(body[:at.start])+fault.field+string(body[at.end:]))
					require.Equal(t, []string{fmt.Sprintf("%s:%d:%d: %s", file, at.line, at.column, fault.says)}, problemsOf(dir), name)
				}
			})
		}
	}
	require.Len(t, documented, seen, "every column that the test knows is in a file")
}

// TestRead_ColumnsThatMayBeEmpty are read as nothing, whether the field is empty or an empty pair of quotes.
func TestRead_ColumnsThatMayBeEmpty(t *testing.T) {
	t.Parallel()
	for _, nothing := range []string{"", `""`} {
		dir := folder(t)
		edit(t, dir, "centres.csv", "Forest Road|Ashdown Cross|Wealdshire WL4 7QX", nothing)
		edit(t, dir, "performers.csv", "senior,ex-1007,GM-1 GM-2,,,40,,,,cambria\n", strings.Join([]string{
			"senior", nothing, nothing, nothing, nothing, "40", nothing, nothing, nothing, "cambria\n",
		}, ","))
		edit(t, dir, "bodies.csv", "examiner team-leader senior principal lead chief", nothing)
		edit(t, dir, "components.csv", ",no,\n", ",no,"+nothing+"\n")
		edit(t, dir, "itemmarks.csv", "mk-3101,,ex-1006,\n", "mk-3101,"+nothing+","+nothing+","+nothing+"\n")
		set := read(t, dir)
		require.Empty(t, set.Centres[0].Address)
		require.Equal(t, register.Performer{
			ID: "ex-1001", Body: "cambria", Name: "Helen Marsh", Email: "h.marsh@cambria.example", Roles: []casework.PerformerRole{casework.Reviewer},
			Rank: casework.RankSenior, Capacity: 40,
		}, set.Performers[0])
		require.Empty(t, set.Bodies[0].Ranks)
		require.Empty(t, set.Components[0].Tier)
		require.Empty(t, set.ItemMarks[0].SecondMarker+set.ItemMarks[0].BackReader+set.ItemMarks[0].Checker)
	}
}

// TestRead_FieldsAreTakenAsTheyStand: nothing that a field may hold is changed on its way.
func TestRead_FieldsAreTakenAsTheyStand(t *testing.T) {
	t.Parallel()
	for written, want := range map[string]string{
		`"Okafor, Grace"`:             "Okafor, Grace",
		`"Grace ""Gigi"" Okafor"`:     `Grace "Gigi" Okafor`,
		`""""`:                        `"`,
		"O’Brien-D'Arcy":              "O’Brien-D'Arcy",
		"<b>Grace</b>&amp;":           "<b>Grace</b>&amp;",
		"Łukasz  Wójcik":              "Łukasz  Wójcik",
		"=HYPERLINK(1)":               "=HYPERLINK(1)",
		`\N`:                          `\N`,
		"漢字":                          "漢字",
		strings.Repeat("Grace ", 2e4): "",
		strings.Repeat("é", 70_000):   strings.Repeat("é", 70_000),
	} {
		dir := folder(t)
		edit(t, dir, "candidates.csv", "Grace Okafor", written)
		if want == "" {
			require.Len(t, problemsOf(dir), 1, "a space after it, however long it is")
			continue
		}
		require.Equal(t, want, read(t, dir).Candidates[0].Name)
	}
}

// TestRead_WhereAFieldBegins counts bytes from 1 as an editor does, in front of letters of several bytes, of quotes
// and of fields with line breaks.
func TestRead_WhereAFieldBegins(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ rows, want string }{
		"second field":           {"64101, 100,Ada,641010241001V", "candidates.csv:2:7"},
		"behind letters of many": {"Ŵŵ漢,64101,641010241001V,x ", "candidates.csv:2:29"},
		"in quotes":              {`64101,"1001"," Ada",641010241001V`, "candidates.csv:2:14"},
		"behind quotes":          {`64101,"1001","Ada ""A"" B", 641010241001V`, "candidates.csv:2:28"},
		"behind blank lines":     {"\n\n\r\n64101,1001, Ada,641010241001V", "candidates.csv:5:12"},
		"behind a line break":    {"64101,1001,\"A\nB\",641010241001V\n64101,1002, Eve,641010241002B", "candidates.csv:4:12"},
		"on the line of a break": {"64101,1001,\"A\nB\", 641010241001V", "candidates.csv:3:4"},
		"behind a lost row":      {"64101\n64101,1002, Eve,641010241002B", "candidates.csv:3:12"},
		"in CRLF lines":          {"64101,1001,Ada,641010241001V\r\n64101,1002, Eve,641010241002B", "candidates.csv:3:12"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := folder(t)
			write(dir, "candidates.csv", "centre,number,name,uci\n"+test.rows)
			require.Contains(t, strings.Join(problemsOf(dir), "\n")+"\n", test.want+": ")
		})
	}
}

// read reads a folder that is whole.
func read(t *testing.T, dir fstest.MapFS) register.Set {
	t.Helper()
	set, problems := intake.Read(dir, importDay, ruleSets)
	require.Empty(t, problems)
	return set
}
