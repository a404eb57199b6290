package store_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/store"
	"github.com/recourse-exams/recourse/store/storetest"
)

// The roster of the storm: sixty people in every state that the register knows, and marks by some of them. 64101 is the
// centre of every candidate.
const stormRosterSQL = `
UPDATE performers SET active = false;
UPDATE components SET tier = 'higher' WHERE id = 'M1-01';
INSERT INTO performers (id, body, name, email, roles, rank, subjects, tiers, capacity, contract_from, contract_until, trained_until, active, open_tasks, week, week_tasks)
SELECT 'p' || n, 'cambria', 'Performer ' || n, 'p' || n || '@cambria.example', CASE n % 7 WHEN 0 THEN '{moderator}' ELSE '{reviewer}' END::text[],
       (ARRAY['examiner', 'senior', 'lead', 'team-leader'])[1 + n % 4], CASE n % 3 WHEN 0 THEN '{mathematics}' ELSE '{}' END::text[],
       CASE n % 5 WHEN 0 THEN '{foundation}' WHEN 1 THEN '{higher}' ELSE '{}' END::text[], 3 + n % 9,
       CASE n % 11 WHEN 0 THEN '2026-08-28'::date WHEN 1 THEN '2026-08-27' END, CASE n % 13 WHEN 0 THEN '2026-08-26'::date WHEN 1 THEN '2026-08-27' END,
       CASE n % 17 WHEN 0 THEN '2026-08-26'::date END, n % 19 <> 0, 0, CASE n % 2 WHEN 0 THEN '2026-08-17'::date END, CASE n % 2 WHEN 0 THEN 7 ELSE 0 END
FROM generate_series(1, 60) n;
INSERT INTO performer_components SELECT 'p' || n, 'M1-01' FROM generate_series(1, 60) n WHERE n % 4 <> 0;
INSERT INTO absences (performer, from_day, until_day, reason) SELECT 'p' || n, '2026-08-27'::date - n % 3, '2026-08-26'::date + n % 2, 'holiday' FROM generate_series(2, 60, 6) n WHERE '2026-08-27'::date - n % 3 <= '2026-08-26'::date + n % 2;
INSERT INTO conflicts (performer, kind, centre) SELECT 'p' || n, 'works-at', CASE n % 2 WHEN 0 THEN '64101' ELSE '71203' END FROM generate_series(5, 60, 9) n;
INSERT INTO conflicts (performer, kind, centre, candidate) SELECT DISTINCT 'p' || (1 + r.id * 7 % 60), 'related-to', '64101', r.candidate FROM component_results r WHERE r.candidate >= '6000';
UPDATE item_marks SET marker = 'p' || (1 + (result * 3 + position) % 60) WHERE marker = 'ex-9999' AND position % 2 = 1;
INSERT INTO item_checks SELECT result, item, 'p' || (1 + (result * 5 + position) % 60), (ARRAY['second-marker', 'back-reader', 'checker'])[1 + result % 3] FROM item_marks WHERE position = 2 AND marker = 'ex-9999';
INSERT INTO moderations VALUES ('64101', 'M1-01', 'demo', true, 'held', 'p23', 'p26');`

// stormConflictsSQL finds every task that somebody holds who may not have it. It is the rule in the words of the tables,
// and shares nothing with the program's.
const stormConflictsSQL = `
SELECT t.id || ' by ' || p.id
FROM tasks t JOIN cases k ON k.reference = t.reference JOIN performers p ON p.id = t.assignee
WHERE NOT 'reviewer' = ANY (p.roles) OR NOT p.active OR p.tiers = '{foundation}'
   OR p.contract_from > '2026-08-27' OR p.contract_until < '2026-08-27' OR p.trained_until < '2026-08-27'
   OR (NOT 'mathematics' = ANY (p.subjects) AND NOT EXISTS (SELECT FROM performer_components c WHERE c.performer = p.id AND c.component = 'M1-01'))
   OR EXISTS (SELECT FROM absences a WHERE a.performer = p.id AND a.from_day <= '2026-08-27' AND a.until_day >= '2026-08-27')
   OR EXISTS (SELECT FROM conflicts f WHERE f.performer = p.id AND f.centre = '64101' AND coalesce(f.candidate, k.candidate) = k.candidate)
   OR EXISTS (SELECT FROM item_marks i WHERE i.result = k.result AND i.marker = p.id)
   OR EXISTS (SELECT FROM item_checks i WHERE i.result = k.result AND i.checker = p.id)
   OR p.id IN ('p23', 'p26')`

// stormMissedSQL finds every task in the pool for which, by the same words, somebody was free in the end.
const stormMissedSQL = `
SELECT t.id || ' could be ' || p.id
FROM tasks t JOIN cases k ON k.reference = t.reference CROSS JOIN performers p
WHERE t.state = 'ready' AND p.active AND 'reviewer' = ANY (p.roles) AND p.tiers <> '{foundation}' AND p.open_tasks < p.capacity
  AND coalesce(p.contract_from, '2026-08-27') <= '2026-08-27' AND coalesce(p.contract_until, '2026-08-27') >= '2026-08-27'
  AND coalesce(p.trained_until, '2026-08-27') >= '2026-08-27'
  AND ('mathematics' = ANY (p.subjects) OR p.id IN (SELECT performer FROM performer_components WHERE component = 'M1-01'))
  AND p.id NOT IN (SELECT performer FROM absences WHERE '2026-08-27' BETWEEN from_day AND until_day)
  AND NOT EXISTS (SELECT FROM conflicts f WHERE f.performer = p.id AND f.centre = '64101' AND (f.candidate IS NULL OR f.candidate = k.candidate))
  AND p.id NOT IN (SELECT marker FROM item_marks WHERE result = k.result UNION SELECT checker FROM item_checks WHERE result = k.result)
  AND p.id NOT IN ('p23', 'p26')`

// Hundreds of allocations at the same moment, by several workers, while people declare interests and go away: nobody
// conflicted, nobody above their capacity, every counter right, and nobody left in the pool for whom somebody was free.
func TestAllocate_StormOfWorkersBreaksNoRule(t *testing.T) {
	t.Parallel()
	const many, workers = 400, 4
	o := setup(t)
	var references []casework.Reference
	for _, candidate := range storetest.Cohort(t, o.Store, many) {
		opened, err := o.OpenCase(t.Context(), opening(ask(of(candidate, storetest.Maths1)), storetest.Now), o.book.Assess)
		require.NoError(t, err)
		references = append(references, opened.Reference)
	}
	o.exec(stormRosterSQL)
	queue := make(chan casework.Reference)
	var wait sync.WaitGroup
	for range workers {
		worker, err := store.Open(t.Context(), o.Pool().Config().ConnString()+"&pool_max_conns=6")
		require.NoError(t, err)
		t.Cleanup(worker.Close)
		for range 4 {
			wait.Go(func() {
				for ref := range queue {
					if _, err := worker.Allocate(t.Context(), key(ref, casework.StepAllocate, 1, storetest.Now), o.book); err != nil {
						t.Errorf("allocate %s: %v", ref, err)
					}
				}
			})
		}
	}
	rand.New(rand.NewPCG(4, 1)).Shuffle(many, func(a, b int) { references[a], references[b] = references[b], references[a] })
	for _, ref := range references {
		queue <- ref
	}
	close(queue)
	wait.Wait()
	require.Empty(t, o.words(stormConflictsSQL), "nobody has a task that they may not have")
	require.Empty(t, o.words(stormMissedSQL), "nobody waits for whom somebody is free")
	require.Empty(t, o.words("SELECT id FROM performers WHERE open_tasks > capacity OR week_tasks > capacity AND week = '2026-08-24'"))
	require.Empty(t, o.words(`
		SELECT p.id FROM performers p
		WHERE p.open_tasks <> (SELECT count(*) FROM tasks t WHERE t.assignee = p.id) OR p.week = '2026-08-24' AND p.week_tasks <> p.open_tasks`))
	require.Empty(t, o.words("SELECT c.reference FROM cases c LEFT JOIN tasks t USING (reference) WHERE t.id IS NULL OR (c.stage = 'assigned') <> (t.state = 'reserved')"))
	given := o.count("SELECT count(*) FROM tasks WHERE state = 'reserved'")
	require.Greater(t, given, many/4, "the roster has room for some")
	require.Less(t, given, many, "and not for all, so that the pool was tried")
}

// A conflict that is declared while the storm blows stands against every allocation that comes after its answer.
func TestAllocate_AConflictDeclaredInTheStormHolds(t *testing.T) {
	t.Parallel()
	const many = 60
	o := setup(t)
	o.exec("UPDATE performers SET capacity = 1000")
	candidates := storetest.Cohort(t, o.Store, many)
	actor := casework.Actor{Subject: "ops-1", Role: casework.RoleOperator}
	var wait sync.WaitGroup
	var declared sync.Map
	for i, candidate := range candidates {
		opened, err := o.OpenCase(t.Context(), opening(ask(of(candidate, storetest.Maths1)), storetest.Now), o.book.Assess)
		require.NoError(t, err)
		wait.Go(func() {
			var before []string // Whose declaration was answered before this allocation began.
			declared.Range(func(id, _ any) bool {
				before = append(before, id.(string))
				return true
			})
			allocated, err := o.Allocate(t.Context(), key(opened.Reference, casework.StepAllocate, 1, storetest.Now.Add(time.Duration(i))), o.book)
			if err != nil {
				t.Errorf("allocate: %v", err)
			}
			for _, id := range before {
				if allocated.Assignee == id {
					t.Errorf("%s had declared that they work at the centre, and got %s", id, opened.Reference)
				}
			}
		})
		if i%12 == 11 {
			wait.Go(func() {
				id := fmt.Sprintf("ex-10%02d", 1+i/12)
				if _, err := o.DeclareConflict(t.Context(), id, worksAt(storetest.Centre), actor, storetest.Now); err != nil {
					t.Errorf("declare: %v", err)
				}
				declared.Store(id, true)
			})
		}
	}
	wait.Wait()
	require.Zero(t, o.count("SELECT count(*) FROM performers p WHERE p.open_tasks <> (SELECT count(*) FROM tasks t WHERE t.assignee = p.id)"))
}

// words reads a query's only column.
func (o office) words(sql string, args ...any) []string {
	o.t.Helper()
	rows, err := o.Pool().Query(o.t.Context(), sql, args...)
	require.NoError(o.t, err)
	defer rows.Close()
	var list []string
	for rows.Next() {
		var word string
		require.NoError(o.t, rows.Scan(&word))
		list = append(list, word)
	}
	require.NoError(o.t, rows.Err())
	return list
}
