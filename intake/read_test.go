package intake_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/register"
	"github.com/recourse-exams/recourse/intake"
)

func TestRead_TheDemonstrationFolderIsWhole(t *testing.T) {
	t.Parallel()
	set, problems := intake.Read(folder(t), importDay, ruleSets)
	require.Empty(t, problems)
	require.Len(t, set.Centres, 4)
	require.Equal(t, []string{"Forest Road", "Ashdown Cross", "Wealdshire WL4 7QX"}, set.Centres[0].Address)
	require.Len(t, set.Candidates, 60)
	require.Equal(t, register.Item{Series: "demo", Component: "GM-1", Item: "3b", Position: 4, Max: 3}, set.Items[3])
}

// TestRead_ReleasesAreLondonInstants: centres from 00:01, candidates from 08:00, in summer and in winter.
func TestRead_ReleasesAreLondonInstants(t *testing.T) {
	t.Parallel()
	for day, want := range map[calendar.Date]time.Time{
		{Year: 2026, Month: 11, Day: 21}: time.Date(2026, 11, 19, 8, 0, 0, 0, time.UTC),
		{Year: 2026, Month: 8, Day: 21}:  time.Date(2026, 8, 20, 7, 0, 0, 0, time.UTC),
	} {
		set, problems := intake.Read(folder(t), day, ruleSets)
		require.Empty(t, problems)
		require.Equal(t, want, set.Series[0].CandidateRelease)
		require.Equal(t, want.Add(-32*time.Hour+time.Minute), set.Series[0].CentreRelease)
		require.Equal(t, time.Thursday, set.Series[0].GCSERelease.Weekday())
	}
}

// TestRead_WindowsAreOpenOnEveryImportDay is what makes the demonstration series a demonstration (domain §8.2).
func TestRead_WindowsAreOpenOnEveryImportDay(t *testing.T) {
	t.Parallel()
	for i := range 14 {
		day := importDay.AddDays(i)
		set, problems := intake.Read(folder(t), day, ruleSets)
		require.Empty(t, problems)
		require.True(t, calendar.DateOf(set.Series[0].CandidateRelease).Before(day))
		for _, date := range set.KeyDates {
			require.True(t, day.Before(date.LastDay))
		}
	}
}

func TestRead_AProblemNamesFileLineAndColumn(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	edit(t, dir, "results.csv", "64101,1001,demo,GM-1,36", "64101,1001,demo,GM-1,92")
	require.Equal(t, []string{
		"results.csv:2:22: mark 92 is above the component's maximum of 60",
		"awards.csv:2:34: total 74 does not agree with the results, which make 130",
		"awards.csv:2:37: grade 6 does not agree with the boundaries, which give 9 for 130",
	}, problemsOf(dir))
}

func TestRead_ReportsEveryFaultOfEveryFileAtOnce(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	delete(dir, "bodies.csv")
	write(dir, "result.csv", "")
	edit(t, dir, "centres.csv", "number,name,nation,address", "number,title,nation,address")
	edit(t, dir, "contacts.csv", ",yes", ",perhaps")
	edit(t, dir, "performers.csv", ",reviewer,", ",reviewer inspector,")
	require.Equal(t, []string{
		"result.csv: no file of the register has this name",
		"bodies.csv: the file is missing; if it has no rows, keep its header: id,name,ranks",
		`centres.csv:1:1: column "name" is missing`,
		`centres.csv:1:8: column "title" is unknown; the columns are number,name,nation,address`,
		`contacts.csv:2:49: "perhaps" is neither yes nor no`,
		`performers.csv:2:45: "inspector" is not one of reviewer, moderator, clerical, panel, independent`,
	}, problemsOf(dir))
}

// TestRead_FormOfAField lists what a field may not be; each is one problem and raises no other.
func TestRead_FormOfAField(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		file, before, after, want string
	}{
		"number":          {"results.csv", ",GM-1,36", ",GM-1,3b", `results.csv:2:22: "3b" is not a whole number`},
		"negative number": {"results.csv", ",GM-1,36", ",GM-1,-1", `results.csv:2:22: "-1" is not a whole number`},
		"huge number":     {"results.csv", ",GM-1,36", ",GM-1,4294967296", `results.csv:2:22: "4294967296" is not a whole number`},
		"empty":           {"results.csv", ",GM-1,36", ",GM-1,", "results.csv:2:22: mark is empty"},
		"space around":    {"results.csv", ",GM-1,36", ",GM-1, 36", `results.csv:2:22: " 36" has a space before or after it`},
		"line break":      {"candidates.csv", "Grace Okafor", "\"Grace\nOkafor\"", `candidates.csv:2:12: "Grace\nOkafor" holds a control character or a line break`},
		"not UTF-8":       {"candidates.csv", "Grace Okafor", "Gr\xe2ce Okafor", "candidates.csv:2:12: the field is not UTF-8; save the file as “CSV UTF-8”"},
		"date":            {"series.csv", "thursday-1 -1d", "last Thursday", `series.csv:2:37: "last Thursday" is not a date: write 2026-08-20, day-9, thursday-2 or thursday-2 -1d`},
		"empty part":      {"centres.csv", "Forest Road|", "Forest Road||", `centres.csv:2:30: a part between two "|" is empty`},
		"bare quote":      {"candidates.csv", "Grace Okafor", `Grace "Okafor"`, "candidates.csv:2:18: a quote stands where none may: put the whole field in quotes and double the quotes inside"},
		"short row":       {"bodies.csv", "cambria,Cambria Awards (fictional)", "cambria", "bodies.csv:2:1: the row has 2 fields, the header 3"},
		"long row":        {"bodies.csv", "Cambria Awards", "Cambria,Awards", "bodies.csv:2:1: the row has 4 fields, the header 3"},
		"column twice":    {"bodies.csv", "id,name,", "id,name,name,", `bodies.csv:1:9: column "name" is given twice`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := folder(t)
			edit(t, dir, test.file, test.before, test.after)
			require.Equal(t, []string{test.want}, problemsOf(dir))
		})
	}
}

func TestRead_AcceptsWhatSpreadsheetsWrite(t *testing.T) {
	t.Parallel()
	plain, problems := intake.Read(folder(t), importDay, ruleSets)
	require.Empty(t, problems)
	spoil := map[string]func(string) string{
		"byte order mark":   func(s string) string { return "\uFEFF" + s },
		"CRLF":              func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
		"both":              func(s string) string { return "\uFEFF" + strings.ReplaceAll(s, "\n", "\r\n") },
		"no last line end":  func(s string) string { return strings.TrimSuffix(s, "\n") },
		"blank lines":       func(s string) string { return s + "\n\n" },
		"quoted everywhere": func(s string) string { return quoted(s) },
	}
	for name, change := range spoil {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := folder(t)
			for file, body := range dir {
				if strings.HasSuffix(file, ".csv") {
					write(dir, file, change(string(body.Data)))
				}
			}
			set, problems := intake.Read(dir, importDay, ruleSets)
			require.Empty(t, problems)
			require.Equal(t, plain, set)
		})
	}
}

// quoted puts every field in quotes; the demonstration's rows hold none themselves.
func quoted(s string) string {
	var out []string
	for line := range strings.Lines(s) {
		line = strings.TrimSuffix(line, "\n")
		if !strings.Contains(line, `"`) {
			line = `"` + strings.ReplaceAll(line, ",", `","`) + `"`
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n") + "\n"
}

func TestRead_ColumnsMayStandInAnyOrder(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	write(dir, "bodies.csv", "name,ranks,id\nCambria Awards,,cambria\n")
	require.Empty(t, problemsOf(dir))
}

func TestRead_LooksAtEveryNamedFile(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		spoil func(*testing.T, fstest.MapFS)
		want  string
	}{
		"missing": {
			func(_ *testing.T, dir fstest.MapFS) { delete(dir, "scripts/64101-1001-GM-1.pdf") },
			"scripts.csv:2:22: the folder has no file scripts/64101-1001-GM-1.pdf",
		},
		"no PDF": {
			func(_ *testing.T, dir fstest.MapFS) { write(dir, "scripts/64101-1001-GM-1.pdf", "PK\x03\x04") },
			"scripts.csv:2:22: scripts/64101-1001-GM-1.pdf is not a PDF",
		},
		"empty": {
			func(_ *testing.T, dir fstest.MapFS) { write(dir, "papers/GM-1-paper.pdf", "") },
			"papers.csv:2:17: papers/GM-1-paper.pdf is not a PDF",
		},
		"outside": {
			func(t *testing.T, dir fstest.MapFS) {
				edit(t, dir, "scripts.csv", "scripts/64101-1001-GM-1.pdf", "../../secret.pdf")
			},
			`scripts.csv:2:22: "../../secret.pdf" is not a path inside the folder, with forward slashes and without ..`,
		},
		"named twice": {
			func(t *testing.T, dir fstest.MapFS) {
				edit(t, dir, "scripts.csv", "64101-1001-GM-2.pdf", "64101-1001-GM-1.pdf")
			},
			"scripts.csv:3:22: scripts/64101-1001-GM-1.pdf is named in an earlier row",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := folder(t)
			test.spoil(t, dir)
			require.Equal(t, []string{test.want}, problemsOf(dir))
		})
	}
}

// TestRead_AnUnreadableRowRaisesNoFalseAlarm: the lost centre is used by hundreds of rows, none of which is wrong.
func TestRead_AnUnreadableRowRaisesNoFalseAlarm(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	edit(t, dir, "centres.csv", "64101,", "64101,,")
	require.Equal(t, []string{"centres.csv:2:1: the row has 5 fields, the header 4"}, problemsOf(dir))
}

func TestRead_AnEmptyFolderMissesEveryFileThatHasToBeThere(t *testing.T) {
	t.Parallel()
	needed := slices.DeleteFunc(register.Nouns(), register.Noun.Optional)
	require.Len(t, problemsOf(fstest.MapFS{}), len(needed))
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"number,name,nation,address\n64101,Ashdown School,england,Forest Road\n", "\uFEFFnumber,name,nation,address\r\n",
		"number,name,nation,address\n\"", "number\x00", "number,name,nation,address\n,,,\n\n,", "\"\"\"\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, centres string) {
		dir := folder(t)
		write(dir, "centres.csv", centres)
		set, problems := intake.Read(dir, importDay, ruleSets)
		if len(problems) == 0 {
			require.Empty(t, register.Check(set, ruleSets))
		}
		for _, problem := range problems {
			require.NotEmpty(t, problem.Detail)
			require.Contains(t, dir, problem.File)
			require.LessOrEqual(t, problem.Line, strings.Count(string(dir[problem.File].Data), "\n")+1)
		}
	})
}

// TestRead_AFaultOfAnApproverIsOneLikeAnyOther, though the file may be left out.
func TestRead_AFaultOfAnApproverIsOneLikeAnyOther(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	edit(t, dir, "approvers.csv", "cw-3001,cambria,Imogen Vale,imogen.vale@", "cw-3001,oxbridge,Imogen Vale,imogen.vale at ")
	edit(t, dir, "approvers.csv", "cw-3002", "ops-5001")
	require.Equal(t, []string{
		"approvers.csv:2:9: oxbridge is not in bodies",
		`approvers.csv:2:30: "imogen.vale at cambria.example" is not a mail address`,
		"approvers.csv:4:1: ops-5001 of cambria is given twice, first in row 2",
	}, problemsOf(dir))
	delete(dir, "approvers.csv")
	require.Empty(t, problemsOf(dir))
}
