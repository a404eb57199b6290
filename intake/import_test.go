package intake_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/register"
	"github.com/recourse-exams/recourse/intake"
)

// shelf keeps files in memory as a bucket does: the same key is stored once.
type shelf struct {
	mutex  sync.Mutex
	bodies map[string][]byte
	puts   int
	fail   error
}

func (s *shelf) Put(_ context.Context, key, mediaType string, body []byte) (casework.FileRef, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.fail != nil {
		return casework.FileRef{}, s.fail
	}
	if mediaType != "application/pdf" {
		return casework.FileRef{}, errors.New("a wrong media type: " + mediaType)
	}
	if s.bodies == nil {
		s.bodies = map[string][]byte{}
	}
	s.puts++
	s.bodies[key] = body
	sum := sha256.Sum256(body)
	return casework.FileRef{Key: key, Version: "1", SHA256: hex.EncodeToString(sum[:]), Size: int64(len(body))}, nil
}

// ledger takes sets instead of a database.
type ledger struct {
	sets    []register.Set
	at      time.Time
	kept    []register.KeptDate
	refusal error
}

func (l *ledger) RegisterEmpty(context.Context) (bool, error) { return len(l.sets) == 0, nil }

func (l *ledger) ImportRegister(_ context.Context, set register.Set, dates register.Dates, at time.Time) ([]register.KeptDate, error) {
	if l.refusal != nil {
		return nil, l.refusal
	}
	l.sets, l.at = append(l.sets, set), at
	if dates == register.MoveDates {
		return nil, nil
	}
	return l.kept, nil
}

var importedAt = intake.Options{At: time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC), RuleSets: ruleSets}

func TestImport_StoresFilesFirstAndThenEveryRow(t *testing.T) {
	t.Parallel()
	files, rows := &shelf{}, &ledger{}
	var progress bytes.Buffer
	options := importedAt
	options.Progress = &progress
	summary, err := intake.Import(t.Context(), brief(t), files, rows, options)
	require.NoError(t, err)
	require.Len(t, rows.sets, 1)
	require.Equal(t, importedAt.At, rows.at)
	set := rows.sets[0]
	require.Equal(t, intake.Summary{Centres: 4, Candidates: 60, Results: 157, Awards: len(set.Awards), Performers: 15, Files: 18 + 2*4, Scriptless: 142}, summary)
	require.Equal(t, 2, strings.Count(progress.String(), "\n"))
	for _, script := range set.Scripts {
		require.True(t, strings.HasPrefix(script.Original.Key, "scripts/"+script.Centre+"/"+script.Candidate+"/demo/"+script.Component+"/"), script.Original.Key)
		require.True(t, strings.HasSuffix(script.Original.Key, script.Original.SHA256+".pdf"))
		require.Equal(t, "anonymous/"+script.Anonymised.SHA256+".pdf", script.Anonymised.Key)
		require.NotEqual(t, script.Original.SHA256, script.Anonymised.SHA256)
		require.Equal(t, folder(t)[script.Path].Data, files.bodies[script.Original.Key])
	}
	for _, paper := range set.Papers {
		require.Equal(t, "components/demo/"+paper.Component+"/"+paper.Kind+"-"+paper.File.SHA256+".pdf", paper.File.Key)
	}
}

func TestImport_TwiceIsTheSameSet(t *testing.T) {
	t.Parallel()
	files, rows := &shelf{}, &ledger{}
	for range 2 {
		_, err := intake.Import(t.Context(), brief(t), files, rows, importedAt)
		require.NoError(t, err)
	}
	require.Equal(t, rows.sets[0], rows.sets[1])
}

func TestImport_NothingIsStoredWhenAnythingIsWrong(t *testing.T) {
	t.Parallel()
	files, rows, dir := &shelf{}, &ledger{}, brief(t)
	edit(t, dir, "bodies.csv", "cambria,", "cambria awards,")
	_, err := intake.Import(t.Context(), dir, files, rows, importedAt)
	var problems intake.Problems
	require.ErrorAs(t, err, &problems)
	require.ErrorContains(t, err, "nothing was imported")
	require.ErrorContains(t, err, `bodies.csv:2:1: "cambria awards" is not a code`)
	require.Empty(t, rows.sets)
	require.Zero(t, files.puts)
}

func TestImport_AScriptThatNamesItsCandidateStopsTheImport(t *testing.T) {
	t.Parallel()
	files, rows, dir := &shelf{}, &ledger{}, brief(t)
	pdf := twoPages()
	pdf.Text(20, 20, "my name is Grace Okafor")
	dir["scripts/64101-1001-GM-1.pdf"] = &fstest.MapFile{Data: output(t, pdf)}
	edit(t, dir, "scripts.csv", "scripts/64101-1002-GM-1.pdf", "scripts/none.pdf")
	dir["scripts/none.pdf"] = &fstest.MapFile{Data: []byte("%PDF-1.7 but damaged")}
	_, err := intake.Import(t.Context(), dir, files, rows, importedAt)
	require.ErrorContains(t, err, `scripts.csv:2:22: page 2 still shows "Grace Okafor"; only the cover page may`)
	require.ErrorContains(t, err, "scripts.csv:4:22: the PDF cannot be read")
	require.Empty(t, rows.sets)
}

func TestImport_IfEmptySkipsAFilledRegister(t *testing.T) {
	t.Parallel()
	files, rows := &shelf{}, &ledger{}
	options := importedAt
	options.IfEmpty = true
	first, err := intake.Import(t.Context(), brief(t), files, rows, options)
	require.NoError(t, err)
	require.False(t, first.Skipped)
	puts := files.puts
	second, err := intake.Import(t.Context(), fstest.MapFS{}, files, rows, options)
	require.NoError(t, err, "the folder is not even read")
	require.True(t, second.Skipped)
	require.Equal(t, puts, files.puts)
	require.Equal(t, "The register has rows already; nothing was imported.", second.String())
}

func TestImport_NamesTheLinesOfResultsUnderEnquiry(t *testing.T) {
	t.Parallel()
	rows := &ledger{refusal: &register.TouchedError{Results: []register.ResultKey{
		{Centre: "64101", Candidate: "1002", Series: "demo", Component: "GM-1"},
	}}}
	_, err := intake.Import(t.Context(), brief(t), &shelf{}, rows, importedAt)
	require.ErrorContains(t, err, "results.csv:4:22: a case already rests on the result of 64101/1002 in GM-1 (demo)")
}

func TestImport_OutagesAreNoProblemsOfTheFolder(t *testing.T) {
	t.Parallel()
	outage := errors.New("the bucket is away")
	for name, run := range map[string]func() error{
		"files": func() error {
			_, err := intake.Import(t.Context(), brief(t), &shelf{fail: outage}, &ledger{}, importedAt)
			return err
		},
		"rows": func() error {
			_, err := intake.Import(t.Context(), brief(t), &shelf{}, &ledger{refusal: outage}, importedAt)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := run()
			require.ErrorIs(t, err, outage)
			var problems intake.Problems
			require.NotErrorAs(t, err, &problems)
		})
	}
}

func TestImport_StopsWhenItsContextEnds(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	rows := &ledger{}
	_, err := intake.Import(ctx, brief(t), &shelf{}, rows, importedAt)
	require.ErrorIs(t, err, context.Canceled)
	require.Empty(t, rows.sets)
}

func TestSummary_SaysWhatCannotBeReviewed(t *testing.T) {
	t.Parallel()
	require.Equal(t, "Imported 1 centre, 2 candidates, 3 results, 0 awards, 1 performer and 4 files. 2 results without a script: no reviewer could see one.",
		intake.Summary{Centres: 1, Candidates: 2, Results: 3, Performers: 1, Files: 4, Scriptless: 2}.String())
}

// A body that nobody may agree for finds out when it wants to hold its first case, or here.
func TestImport_SaysWhoCanHoldNoCase(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		change func(fstest.MapFS)
		want   string
	}{
		"a whole folder": {func(fstest.MapFS) {}, ""},
		"no file":        {func(dir fstest.MapFS) { delete(dir, "approvers.csv") }, " There is no approvers.csv: who may agree to holds stays as it was, and a body with nobody can hold no case."},
		"a header alone": {func(dir fstest.MapFS) { write(dir, "approvers.csv", "id,body,name,email\n") }, " approvers.csv names nobody for cambria, which can hold no case."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, rows := brief(t), &ledger{}
			row.change(dir)
			summary, err := intake.Import(t.Context(), dir, &shelf{}, rows, importedAt)
			require.NoError(t, err)
			_, after, found := strings.Cut(summary.String(), "no reviewer could see one.")
			require.True(t, found)
			require.Equal(t, row.want, after)
			require.Equal(t, name == "no file", rows.sets[0].Approvers == nil, "whether the import says anything about them")
		})
	}
}

// TestImport_SaysWhichDatesItKept: one line a series and one a date, and none if they were to be moved.
func TestImport_SaysWhichDatesItKept(t *testing.T) {
	t.Parallel()
	stored, given := calendar.Date{Year: 2026, Month: 11, Day: 12}, calendar.Date{Year: 2026, Month: 11, Day: 19}
	rows := &ledger{kept: []register.KeptDate{
		{Series: "demo", What: "gcseRelease", Stored: stored, Given: given},
		{Series: "demo", What: "script-copy", Given: given},
		{Series: "november", What: "review-of-marking", Stored: stored},
	}}
	summary, err := intake.Import(t.Context(), brief(t), &shelf{}, rows, importedAt)
	require.NoError(t, err)
	_, after, _ := strings.Cut(summary.String(), "\n")
	require.Equal(t, `Series demo keeps its dates, because a case rests on them (--move-dates takes the folder's):
  gcseRelease stays 2026-11-12, not 2026-11-19
  script-copy stays without a date, not 2026-11-19
Series november keeps its dates, because a case rests on them (--move-dates takes the folder's):
  review-of-marking stays 2026-11-12, though the folder has none`, after)

	options := importedAt
	options.Dates = register.MoveDates
	summary, err = intake.Import(t.Context(), brief(t), &shelf{}, rows, options)
	require.NoError(t, err)
	require.Empty(t, summary.Kept)
	require.NotContains(t, summary.String(), "\n")
}

// TestSummary_CountsNoScriptThatNobodyWouldReview: a portfolio has none, and nothing was given in where X stands.
func TestSummary_CountsNoScriptThatNobodyWouldReview(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	summary, err := intake.Import(t.Context(), dir, &shelf{}, &ledger{}, importedAt)
	require.NoError(t, err)
	require.Zero(t, summary.Scriptless, "eleven portfolios have none")

	dir = brief(t)
	edit(t, dir, "results.csv", "71305,4012,demo,NT-1,14,", "71305,4012,demo,NT-1,0,X")
	edit(t, dir, "awards.csv", "71305,4012,demo,l2-numeracy,14,Pass,", "71305,4012,demo,l2-numeracy,0,U,X")
	var marks strings.Builder
	for line := range strings.Lines(string(dir["itemmarks.csv"].Data)) {
		if !strings.HasPrefix(line, "71305,4012,") {
			marks.WriteString(line)
		}
	}
	write(dir, "itemmarks.csv", marks.String())
	summary, err = intake.Import(t.Context(), dir, &shelf{}, &ledger{}, importedAt)
	require.NoError(t, err)
	require.Equal(t, 141, summary.Scriptless, "157 results less 4 scripts, 11 portfolios and one X")
}
