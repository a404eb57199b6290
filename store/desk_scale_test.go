package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/store/storetest"
)

// crowded is a register of 5,000 performers with 50,000 open tasks in 500 components, 60 of them of one subject: half of
// the tasks are in the pool, the others held.
func crowded(t testing.TB) office {
	t.Helper()
	o := setup(t)
	o.sql(`INSERT INTO components (id, qualification, title, max_mark, weight, assessment, objective)
		SELECT 'C-' || n, CASE WHEN n <= 60 THEN 'gcse-mathematics' ELSE 'gcse-geography' END, 'Paper ' || n, 80, 1, 'external', false FROM generate_series(1, 500) n`)
	o.sql(`INSERT INTO performers (id, body, name, email, roles, rank, capacity, leader, subjects)
		SELECT 'p-' || n, 'cambria', 'Performer ' || n, 'p-' || n || '@cambria.example', '{reviewer}', 'senior', 20,
		       CASE WHEN n > 250 THEN 'p-' || (1 + n % 250) END, CASE WHEN n % 500 = 0 THEN '{mathematics}'::text[] ELSE '{}' END
		FROM generate_series(1, 5000) n`)
	o.sql(`INSERT INTO performer_components (performer, component)
		SELECT 'p-' || n, 'C-' || 1 + (n + k * 37) % 500 FROM generate_series(1, 5000) n, generate_series(0, 7) k`)
	o.sql(`INSERT INTO absences (performer, from_day, until_day, reason)
		SELECT 'p-' || n, '2026-08-20'::date + n % 40, '2026-08-24'::date + n % 40, 'holiday' FROM generate_series(1, 5000) n`)
	o.sql("INSERT INTO candidates (centre, number, name, uci) SELECT '64101', n, 'Candidate', 'u' || n FROM generate_series(6001, 6100) n")
	o.sql(`INSERT INTO component_results (centre, candidate, series, component, mark, original_mark)
		SELECT '64101', c, 'demo', 'C-' || n, 40, 40 FROM generate_series(6001, 6100) c, generate_series(1, 500) n`)
	o.sql(`INSERT INTO item_marks (result, item, position, max, mark, original_mark, marker)
		SELECT r.id, 'Q' || i, i, 20, 10, 10, 'p-' || 1 + (r.id * 7 + i) % 5000
		FROM component_results r, generate_series(1, 4) i WHERE r.component LIKE 'C-%'`)
	o.sql("INSERT INTO award_reviews (award, number, state, opened_at) SELECT min(id), 1, 'open', $1 FROM awards", storetest.Now)
	o.sql(`INSERT INTO cases (reference, kind, stage, service, centre, candidate, series, component, reviewed_script, reason, requester, request_sha256,
			received_at, opened_at, policy, rules, result, award_review, sla_state, waiting_on)
		SELECT 'R-' || r.id, 'enquiry', CASE WHEN r.id % 2 = 0 THEN 'unassigned' ELSE 'assigned' END, 'review-of-marking', r.centre, r.candidate, r.series, r.component,
			false, 'near-boundary', 'eo', 'x', $1, $1, 'cambria/2026-1', '{}', r.id, v.id, 'on-time', 'awarding body'
		FROM component_results r, award_reviews v WHERE r.component LIKE 'C-%'`, storetest.Now)
	o.sql(`INSERT INTO tasks (id, reference, number, kind, state, role, component, centre, assignee, sheet, due, created_at, reserved_at)
		SELECT reference || '/1', reference, 1, 'review', CASE WHEN result % 2 = 0 THEN 'ready' ELSE 'reserved' END, 'reviewer', component, centre,
			CASE WHEN result % 2 = 1 THEN 'p-' || 1 + (result * 13) % 5000 END, '{"items": []}', $1::timestamptz + result * interval '1 minute', $1, $1
		FROM cases`, storetest.Now)
	o.sql("ANALYZE")
	return o
}

// TestTasks_ListsReadTheirPageAndLittleMore counts the rows that the server reads for a page of each list while 50,000
// tasks are open: none of the large tables is ever read through.
func TestTasks_ListsReadTheirPageAndLittleMore(t *testing.T) {
	t.Parallel()
	o := crowded(t)
	require.Equal(t, 50_000, o.count("SELECT count(*) FROM tasks WHERE state IN ('ready', 'reserved')"))
	read := func() (scanned, fetched int) {
		o.Pool().Reset() // The server writes its counters when a session ends, which may take a moment.
		for o.count("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()") > 0 {
			require.NoError(t, t.Context().Err())
		}
		o.sql("SELECT pg_stat_clear_snapshot()")
		const large = "relname IN ('tasks', 'cases', 'item_marks', 'item_checks', 'component_results', 'scripts', 'drafts', 'task_leavings')"
		return o.count("SELECT coalesce(sum(seq_tup_read), 0) FROM pg_stat_user_tables WHERE " + large),
			o.count("SELECT coalesce(sum(idx_tup_fetch), 0) FROM pg_stat_user_tables WHERE " + large)
	}
	for name, list := range map[string]struct {
		filter docket.TaskFilter
		rows   int
		// most is how many rows of the large tables a page may cost.
		most int
	}{
		"mine":                           {docket.TaskFilter{Assignee: "p-1014", Limit: 50}, 1, 1_000},
		"the team's":                     {docket.TaskFilter{Assignee: "p-15", Team: true, Limit: 50}, 50, 10_000},
		"the pool of eight components":   {docket.TaskFilter{Assignee: "p-1014", Pool: true, At: soon, Limit: 50}, 50, 10_000},
		"the pool of a subject of sixty": {docket.TaskFilter{Assignee: "p-1000", Pool: true, At: soon, Limit: 50}, 50, 10_000},
	} {
		scanned, fetched := read()
		tasks, err := o.Tasks(t.Context(), list.filter)
		require.NoError(t, err)
		require.GreaterOrEqual(t, len(tasks), list.rows, name)
		after, more := read()
		require.LessOrEqual(t, after-scanned, 1_000, "%s reads a large table through", name)
		require.LessOrEqual(t, more-fetched, list.most, name)
	}
}
