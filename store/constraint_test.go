package store_test

import (
	"io/fs"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/store"
	"github.com/recourse-exams/recourse/store/storetest"
)

// TestSchema_RefusesWhatCanNeverBe tries to write, past the store, what no step may ever leave behind.
func TestSchema_RefusesWhatCanNeverBe(t *testing.T) {
	t.Parallel()
	const check, unique, foreign, null = "23514", "23505", "23503", "23502"
	o := setup(t)
	ref := o.settled(nil, of("4002", storetest.Maths1))
	o.issue(september)
	o.open()
	_ = o.mails(ref, amira)
	for name, wrong := range map[string]struct{ code, sql string }{
		"a second live case of the same paper":     {unique, "INSERT INTO cases SELECT 'R-2', kind, stage, version, service, centre, candidate, series, component, consent_given_on, reviewed_script, reason, requester, request_sha256, received_at, opened_at, policy, rules, refusal, result, award_review, sla_state, waiting_on FROM cases WHERE stage = 'unassigned'"},
		"a refused case without a refusal":         {check, "UPDATE cases SET stage = 'refused' WHERE stage = 'unassigned'"},
		"a live case without a result":             {check, "UPDATE cases SET result = NULL WHERE stage = 'unassigned'"},
		"a live case without an award review":      {check, "UPDATE cases SET award_review = NULL WHERE stage = 'unassigned'"},
		"a live case of an unknown service":        {check, "UPDATE cases SET service = 'divination' WHERE stage = 'unassigned'"},
		"a stage that nobody knows":                {check, "UPDATE cases SET stage = 'limbo'"},
		"a second open review of one award":        {unique, "INSERT INTO award_reviews (award, number, state, opened_at) SELECT award, number + 1, state, opened_at FROM award_reviews WHERE state = 'open'"},
		"a settled review without a grade":         {check, "UPDATE award_reviews SET grade_after = NULL WHERE state = 'settled'"},
		"an open review with an end":               {check, "UPDATE award_reviews SET settled_at = opened_at, grade_before = '4', grade_after = '4', total_before = 1, total_after = 1 WHERE state = 'open'"},
		"a clock that ends before it starts":       {check, "UPDATE clocks SET ends = started_at - interval '1 second'"},
		"an alert of no clock":                     {foreign, "INSERT INTO clock_alerts SELECT reference, 'tea', 'warn', at, at FROM steps LIMIT 1"},
		"a reserved task without a performer":      {check, "INSERT INTO tasks (id, reference, number, kind, state, role, component, centre, sheet, due, created_at) SELECT 'T', reference, 9, 'review', 'reserved', 'reviewer', component, centre, '{}', received_at, received_at FROM cases LIMIT 1"},
		"a pooled task with one":                   {check, "UPDATE tasks SET state = 'ready', completed_at = NULL"},
		"a completed task without its instant":     {check, "UPDATE tasks SET completed_at = NULL"},
		"a counter below zero":                     {check, "UPDATE performers SET open_tasks = -1"},
		"a mark above its item's maximum":          {check, "UPDATE item_marks SET mark = max + 1"},
		"a mark below zero":                        {check, "UPDATE component_results SET mark = -1"},
		"an outcome above its item's maximum":      {check, "UPDATE decision_items SET mark_after = max + 1"},
		"a free fee line":                          {check, "UPDATE fee_lines SET pence = 0"},
		"an invoiced line without an invoice":      {check, "UPDATE fee_lines SET invoice = NULL WHERE state = 'invoiced'"},
		"a quoted line on an invoice":              {check, "UPDATE fee_lines SET invoice = 'CAMBRIA-000001' WHERE state = 'quoted'"},
		"a due line that never became due":         {check, "UPDATE fee_lines SET due_at = NULL WHERE state = 'invoiced'"},
		"a waived line with a due instant":         {check, "UPDATE fee_lines SET state = 'waived', invoice = NULL WHERE state = 'invoiced'"},
		"the same fee twice":                       {unique, "INSERT INTO fee_lines (reference, award_review, body, centre, code, pence, state, why, clause, source) SELECT reference, award_review, body, centre, code, pence, 'quoted', '', '', '' FROM fee_lines"},
		"two invoices of a centre and month":       {unique, "INSERT INTO invoices SELECT 'X', body, month, centre, issued_at, total FROM invoices"},
		"an invoice of nothing":                    {check, "UPDATE invoices SET total = 0"},
		"an invoice outside any run":               {foreign, "UPDATE invoices SET month = '2030-01-01'"},
		"a run that does not begin a month":        {check, "UPDATE invoice_runs SET month = '2026-09-02'"},
		"half of a file":                           {check, "UPDATE invoices SET document_key = 'k'"},
		"half of an annotated script":              {check, "UPDATE decisions SET annotated_key = NULL"},
		"a file without a hash":                    {check, "INSERT INTO documents (reference, kind, key, version, sha256, size, media_type, available_at) SELECT reference, 'reviewed-script', 'k', 'v', 'none', 1, 'm', received_at FROM cases LIMIT 1"},
		"the same mail twice":                      {unique, "INSERT INTO mails (reference, kind, number, clock, about, name, address, state, prepared_at) SELECT reference, kind, number, clock, about, name, address, state, prepared_at FROM mails"},
		"a mail about nothing":                     {check, "UPDATE mails SET reference = NULL"},
		"a mail about two things":                  {check, "UPDATE mails SET invoice = 'CAMBRIA-000001'"},
		"a sent mail without its instant":          {check, "UPDATE mails SET state = 'sent', sending_since = prepared_at"},
		"a mail that is sent since never":          {check, "UPDATE mails SET state = 'sending'"},
		"an audit entry without a case":            {foreign, "INSERT INTO audit_entries SELECT 'R-none', number, at, actor, what, facts, centre, hash FROM audit_entries LIMIT 1"},
		"an audit entry without a hash":            {null, "UPDATE audit_entries SET hash = NULL"},
		"a step of number nought":                  {check, "UPDATE steps SET number = 0"},
		"a conflict with a candidate of nowhere":   {foreign, "INSERT INTO conflicts (performer, kind, centre, candidate) VALUES ('ex-1001', 'related-to', '64101', '9999')"},
		"a relation to nobody":                     {check, "INSERT INTO conflicts (performer, kind, centre, candidate) VALUES ('ex-1001', 'related-to', '64101', NULL)"},
		"a conflict declared twice":                {unique, "INSERT INTO conflicts (performer, kind, centre, candidate) SELECT performer, kind, centre, candidate FROM conflicts"},
		"a performer of no role":                   {check, "UPDATE performers SET roles = '{}'"},
		"a role that nobody has":                   {check, "UPDATE performers SET roles = '{reviewer,wizard}'"},
		"a tier that no paper has":                 {check, "UPDATE performers SET tiers = '{intermediate}'"},
		"somebody who leads themselves":            {check, "UPDATE performers SET leader = id"},
		"a leader who is not there":                {foreign, "UPDATE performers SET leader = 'ex-9999'"},
		"a contract that ends before it begins":    {check, "UPDATE performers SET contract_from = '2026-09-02', contract_until = '2026-09-01'"},
		"an absence that ends before it begins":    {check, "INSERT INTO absences (performer, from_day, until_day, reason) VALUES ('ex-1001', '2026-09-02', '2026-09-01', 'holiday')"},
		"an absence for no reason that is known":   {check, "INSERT INTO absences (performer, from_day, until_day, reason) VALUES ('ex-1001', '2026-09-01', '2026-09-02', 'fishing')"},
		"a second version of the roster":           {check, "INSERT INTO roster_version (id, version) VALUES (false, 7)"},
		"a body without an order of ranks":         {check, "UPDATE awarding_bodies SET ranks = '{}'"},
		"a result published before centres see it": {check, "UPDATE series SET candidate_release = centre_release - interval '1 day'"},
	} {
		_, err := o.Pool().Exec(t.Context(), wrong.sql)
		var refused *pgconn.PgError
		require.ErrorAs(t, err, &refused, "%s: %v", name, err)
		require.Equal(t, wrong.code, refused.Code, "%s: %s", name, refused.Message)
	}
	o.whole()
}

func TestMigrations_GoForwardInOrder(t *testing.T) {
	t.Parallel()
	folder, err := store.Migrations()
	require.NoError(t, err)
	names, err := fs.Glob(folder, "*")
	require.NoError(t, err)
	require.NotEmpty(t, names)
	for i, name := range names {
		require.Regexp(t, `^[0-9]{5}_[a-z_]+\.sql$`, name)
		require.Contains(t, name, []string{"00001_", "00002_", "00003_", "00004_", "00005_", "00006_", "00007_", "00008_", "00009_"}[i], "no number is left out")
		text, err := fs.ReadFile(folder, name)
		require.NoError(t, err)
		require.Contains(t, string(text), "-- +goose Up")
		require.NotContains(t, string(text), "-- +goose Down", "there is no way back: new code runs on the previous schema")
	}
}
