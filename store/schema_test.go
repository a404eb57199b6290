package store_test

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/allocation"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/casework/fee"
	"github.com/recourse-exams/recourse/store"
	"github.com/recourse-exams/recourse/store/storetest"
)

var quoted = regexp.MustCompile(`'([^']*)'::text`)

func words[T ~string](values []T) []string {
	list := make([]string, len(values))
	for i, v := range values {
		list[i] = string(v)
	}
	return list
}

// TestSchema_ListsAreTheDomains compares each CHECK list with the list of the domain, so that new code never
// writes a word that the schema refuses. Words that are kept for a later release may stand in the schema alone.
func TestSchema_ListsAreTheDomains(t *testing.T) {
	t.Parallel()
	o := setup(t)
	waiting := []string{}
	for _, stage := range casework.Stages() {
		if !slices.Contains(waiting, stage.WaitingOn()) {
			waiting = append(waiting, stage.WaitingOn())
		}
	}
	for column, list := range map[string]struct{ domain, later []string }{
		"cases.stage":       {domain: words(casework.Stages()), later: []string{"cancelled", "withdrawn"}},
		"cases.kind":        {domain: []string{string(casework.KindEnquiry)}},
		"cases.service":     {domain: words(casework.EnquiryServices())},
		"cases.sla_state":   {domain: words([]casework.SLAState{casework.SLAOnTime, casework.SLAWarned, casework.SLABreached, casework.SLAMet, casework.SLAPaused})},
		"cases.waiting_on":  {domain: waiting},
		"clocks.kind":       {domain: words([]casework.ClockKind{casework.ClockSLA, casework.ClockDuty, casework.ClockRight, casework.ClockTarget})},
		"clock_alerts.act":  {domain: words([]casework.Act{casework.ActWarn, casework.ActBreach, casework.ActExpire, casework.ActChase, casework.ActLapse})},
		"tasks.state":       {domain: words(casework.TaskStates())},
		"documents.kind":    {domain: []string{docket.OutcomeLetterHTML, docket.OutcomeLetterPDF, docket.ReviewedScript}},
		"mails.kind":        {domain: words(casework.MailKinds())},
		"mails.state":       {domain: words(docket.MailStates())},
		"fee_lines.state":   {domain: words(fee.States())},
		"performers.roles":  {domain: words(casework.PerformerRoles())},
		"performers.tiers":  {domain: []string{"foundation", "higher"}},
		"components.tier":   {domain: []string{"", "foundation", "higher"}},
		"tasks.role":        {domain: words(casework.PerformerRoles())},
		"tasks.kind":        {domain: words(casework.TaskKinds())},
		"holds.cause":       {domain: words(casework.HoldCauses())},
		"case_notes.kind":   {domain: words(docket.CaseNoteKinds())},
		"batches.action":    {domain: words(casework.BatchActions())},
		"batch_items.state": {domain: words(casework.BatchItemStates())},
		"item_checks.role":  {domain: words([]allocation.Part{allocation.SecondMarker, allocation.BackReader, allocation.Checker})},
	} {
		require.ElementsMatch(t, append(list.domain, list.later...), checked(o, column), column)
	}
}

// checked reads the words that the longest CHECK on exactly this column allows.
func checked(o office, column string) []string {
	o.t.Helper()
	table, name, _ := strings.Cut(column, ".")
	rows, err := o.Pool().Query(o.t.Context(), `
		SELECT pg_get_constraintdef(c.oid)
		FROM pg_constraint c
		WHERE c.conrelid = $1::regclass AND c.contype = 'c'`, table)
	require.NoError(o.t, err)
	defer rows.Close()
	var list []string
	for rows.Next() {
		var text string
		require.NoError(o.t, rows.Scan(&text))
		_, allowed, found := strings.Cut(text, name+" = ")
		if !found {
			_, allowed, found = strings.Cut(text, name+" <@ ") // A list of which each part is one of these.
		}
		if !found {
			continue
		}
		var here []string
		for _, match := range quoted.FindAllStringSubmatch(allowed, -1) {
			here = append(here, match[1])
		}
		if len(here) > len(list) {
			list = here
		}
	}
	require.NoError(o.t, rows.Err())
	return list
}

func TestSchema_OneLiveRequestPerPaperLeavesOutWhatNeverCounts(t *testing.T) {
	t.Parallel()
	o := setup(t)
	var definition string
	require.NoError(t, o.Pool().QueryRow(t.Context(), "SELECT pg_get_indexdef('cases_once_per_result'::regclass)").Scan(&definition))
	require.Contains(t, definition, "UNIQUE")
	require.Contains(t, definition, "(result, service)")
	for _, stage := range []string{"refused", "cancelled", "withdrawn"} {
		require.Contains(t, definition, "'"+stage+"'")
	}
}

func TestMigrate_FromNothingAndAgain(t *testing.T) {
	t.Parallel()
	url := storetest.Database(t)
	s, err := store.Open(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(s.Close)
	require.ErrorContains(t, s.SchemaCurrent(t.Context()), "older than this release")

	require.NoError(t, store.Migrate(t.Context(), url))
	require.NoError(t, s.SchemaCurrent(t.Context()))
	require.NoError(t, store.Migrate(t.Context(), url), "a second run finds nothing to do")
}

// TestMigrate_RefusesADatabaseOfAnotherBuild: a migration that was edited after it had been applied would leave a
// schema of which nobody knows the columns.
func TestMigrate_RefusesADatabaseOfAnotherBuild(t *testing.T) {
	t.Parallel()
	for name, other := range map[string]string{
		"another text":            "UPDATE migration_texts SET sha256 = 'other' WHERE version = 2",
		"a text that is not kept": "DELETE FROM migration_texts WHERE version = 1",
		"no texts at all":         "DROP TABLE migration_texts",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := storetest.Database(t)
			require.NoError(t, store.Migrate(t.Context(), url))
			s, err := store.Open(t.Context(), url)
			require.NoError(t, err)
			t.Cleanup(s.Close)
			_, err = s.Pool().Exec(t.Context(), other)
			require.NoError(t, err)
			require.ErrorContains(t, s.SchemaCurrent(t.Context()), "made by another build")
			require.ErrorContains(t, store.Migrate(t.Context(), url), "make clean")
		})
	}
}

// TestMigrate_ACrashOnTheWayIsMadeGood: the texts are kept before their migrations are applied.
func TestMigrate_ACrashOnTheWayIsMadeGood(t *testing.T) {
	t.Parallel()
	url := storetest.Database(t)
	s, err := store.Open(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(s.Close)
	_, err = s.Pool().Exec(t.Context(), `
CREATE TABLE migration_texts (version bigint PRIMARY KEY, sha256 text NOT NULL);
INSERT INTO migration_texts VALUES (1, 'of a build that went no further')`)
	require.NoError(t, err)
	require.NoError(t, store.Migrate(t.Context(), url))
	require.NoError(t, s.SchemaCurrent(t.Context()))
}

func TestMigrate_TwoAtTheSameMomentBothSucceed(t *testing.T) {
	t.Parallel()
	url := storetest.Database(t)
	done := make(chan error, 2)
	for range cap(done) {
		go func() { done <- store.Migrate(t.Context(), url) }()
	}
	require.NoError(t, errors.Join(<-done, <-done))
}

func TestOpen_NeverRepeatsThePassword(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"postgres://me:sesame@127.0.0.1:1/none?sslmode=disable", "postgres://me:sesame@host:port/x"} {
		_, err := store.Open(t.Context(), url)
		require.Error(t, err)
		require.NotContains(t, err.Error(), "sesame")
	}
}

func TestMoney_IsWholePence(t *testing.T) {
	t.Parallel()
	o := setup(t)
	for _, column := range [][2]string{{"fee_lines", "pence"}, {"invoices", "total"}} {
		var kind string
		require.NoError(t, o.Pool().QueryRow(t.Context(), `
			SELECT data_type FROM information_schema.columns
			WHERE table_name = $1 AND column_name = $2`, column[0], column[1]).Scan(&kind))
		require.Equal(t, "bigint", kind)
	}
}

func TestInstants_KeepTheirZone(t *testing.T) {
	t.Parallel()
	o := setup(t)
	require.Zero(t, o.count(`
		SELECT count(*) FROM information_schema.columns
		WHERE table_schema = 'public' AND data_type = 'timestamp without time zone' AND table_name <> 'goose_db_version'`))
}
