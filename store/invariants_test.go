package store_test

import (
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// whole checks what is true of every register after every step, whoever took it in whatever order.
func (o office) whole() {
	o.t.Helper()
	for name, sql := range map[string]string{
		"a component's mark is the sum of its items": `
			SELECT count(*) FROM component_results r
			WHERE r.mark <> (SELECT sum(i.mark) FROM item_marks i WHERE i.result = r.id)`,
		"what was published first never changes": `
			SELECT count(*) FROM component_results r
			WHERE r.original_mark <> (SELECT sum(i.original_mark) FROM item_marks i WHERE i.result = r.id)`,
		"an award without an open review is the sum of its components": `
			SELECT count(*) FROM awards a
			WHERE NOT EXISTS (SELECT FROM award_reviews v WHERE v.award = a.id AND v.state = 'open')
			  AND a.total <> (SELECT sum(r.mark * c.weight) FROM component_results r JOIN components c ON c.id = r.component
			                  WHERE r.centre = a.centre AND r.candidate = a.candidate AND r.series = a.series AND c.qualification = a.qualification)`,
		"an award's grade is the highest that its total reaches": `
			SELECT count(*) FROM awards a
			WHERE a.grade <> coalesce((SELECT b.grade FROM award_boundaries b
			                           WHERE b.qualification = a.qualification AND b.series = a.series AND b.mark <= a.total
			                           ORDER BY b.mark DESC LIMIT 1), 'U')`,
		"reviews of one award follow upon one another": `
			SELECT count(*) FROM award_reviews v JOIN award_reviews n ON n.award = v.award AND n.number = v.number + 1
			WHERE v.state = 'open' OR v.total_after <> n.total_before OR v.grade_after <> n.grade_before`,
		"a review is settled when, and only when, every case of it is decided": `
			SELECT count(*) FROM award_reviews v
			WHERE (v.state = 'open') <> EXISTS (SELECT FROM cases k WHERE k.award_review = v.id AND k.stage IN ('unassigned', 'assigned'))`,
		"a case waits for its appeal window only after its review is settled": `
			SELECT count(*) FROM cases k JOIN award_reviews v ON v.id = k.award_review
			WHERE k.stage IN ('appeal-window', 'closed') AND v.state = 'open'`,
		"an outcome's marks are the sum of its changes": `
			SELECT count(*) FROM decisions d
			WHERE d.mark_after - d.mark_before <> coalesce((SELECT sum(i.mark_after - i.mark_before) FROM decision_items i WHERE i.reference = d.reference), 0)`,
		"a changed item has a reason and an unchanged one has none": `
			SELECT count(*) FROM decision_items WHERE (mark_before <> mark_after) AND reason = ''`,
		"exactly the decided cases have a decision": `
			SELECT count(*) FROM cases k LEFT JOIN decisions d USING (reference)
			WHERE (k.stage IN ('decided', 'appeal-window', 'closed')) <> (d.reference IS NOT NULL)`,
		"a case's last task is held while the case is assigned, and done after": `
			SELECT count(*) FROM tasks t JOIN cases k USING (reference)
			WHERE t.number = (SELECT max(number) FROM tasks l WHERE l.reference = t.reference)
			  AND CASE k.stage
			      WHEN 'unassigned' THEN t.assignee IS NOT NULL OR t.state NOT IN ('ready', 'suspended')
			      WHEN 'assigned' THEN t.assignee IS NULL OR t.state NOT IN ('reserved', 'in-progress', 'suspended')
			      ELSE t.state <> 'completed' END`,
		"a task before the last is done and kept": `
			SELECT count(*) FROM tasks t
			WHERE t.number < (SELECT max(number) FROM tasks l WHERE l.reference = t.reference)
			  AND (t.state <> 'completed' OR NOT EXISTS (SELECT FROM task_completions c WHERE c.task = t.id))`,
		"a second look has another performer": `
			SELECT count(*) FROM tasks t JOIN tasks e ON e.reference = t.reference AND e.number < t.number WHERE t.assignee = e.assignee`,
		"a performer's counter counts the tasks they hold": `
			SELECT count(*) FROM performers p
			WHERE p.open_tasks <> (SELECT count(*) FROM tasks t WHERE t.assignee = p.id AND t.state IN ('reserved', 'in-progress', 'suspended'))`,
		"a task has deadlines exactly while somebody has it": `
			SELECT count(*) FROM tasks t
			WHERE (t.complete_by IS NOT NULL) <> (t.assignee IS NOT NULL AND t.state <> 'completed')
			   OR t.start_by IS NOT NULL AND (t.complete_by IS NULL OR t.started_at IS NOT NULL)
			   OR (t.started_at IS NOT NULL) <> (t.state = 'in-progress') AND t.state IN ('ready', 'reserved', 'in-progress')`,
		"a task is of its case's centre": "SELECT count(*) FROM tasks t JOIN cases k USING (reference) WHERE t.centre <> k.centre",
		"a task is stopped while its holder cannot work on it, one time after the other": `
			SELECT count(*) FROM tasks t
			WHERE (t.state = 'suspended' AND t.assignee IS NOT NULL) <>
			      EXISTS (SELECT FROM jsonb_array_elements(t.stops) s WHERE s ->> 'until' IS NULL)
			   OR EXISTS (SELECT FROM jsonb_array_elements(t.stops) WITH ORDINALITY s (stop, n)
			              LEFT JOIN jsonb_array_elements(t.stops) WITH ORDINALITY e (stop, n) ON e.n = s.n + 1
			              WHERE (s.stop ->> 'from')::timestamptz < t.reserved_at OR (s.stop ->> 'until')::timestamptz < (s.stop ->> 'from')::timestamptz
			                 OR e.stop IS NOT NULL AND (s.stop ->> 'until' IS NULL OR (e.stop ->> 'from')::timestamptz < (s.stop ->> 'until')::timestamptz))`,
		"nothing that was told is planned again": `
			SELECT count(*) FROM tasks t JOIN task_alerts a ON a.task = t.id JOIN cases k USING (reference)
			CROSS JOIN jsonb_array_elements(k.task_plan) d
			WHERE t.number = (SELECT max(number) FROM tasks l WHERE l.reference = t.reference)
			  AND d ->> 'clock' = a.clock AND d ->> 'act' = a.act AND (d ->> 'at')::timestamptz = a.at`,
		"a suspended task says why": "SELECT count(*) FROM tasks WHERE (state = 'suspended') <> (suspended_by <> '{}')",
		"nobody has a task who gave it back, or passed an earlier one of its case on": `
			SELECT count(*) FROM tasks t JOIN tasks o ON o.reference = t.reference AND o.number <= t.number
			JOIN task_leavings l ON l.task = o.id AND l.performer = t.assignee
			WHERE l.operation <> 'delegate' OR o.number < t.number`,
		"a completed task is in the log of work, and no other": `
			SELECT count(*) FROM tasks t LEFT JOIN work_log w ON w.task = t.id AND w.performer = t.assignee
			WHERE (t.state = 'completed') <> (w.task IS NOT NULL)`,
		"nobody is given more than their capacity by the rule": `
			SELECT count(*) FROM performers p
			WHERE p.open_tasks > p.capacity AND NOT EXISTS (SELECT FROM audit_entries a WHERE a.what IN ('task-claimed', 'task-delegated', 'task-reassigned'))`,
		"nobody reviews what they marked, or where they work": `
			SELECT count(*) FROM tasks t JOIN cases k USING (reference)
			WHERE t.assignee IN (SELECT i.marker FROM item_marks i WHERE i.result = k.result)
			   OR t.assignee IN (SELECT i.checker FROM item_checks i WHERE i.result = k.result)
			   OR EXISTS (SELECT FROM conflicts c WHERE c.performer = t.assignee AND c.centre = k.centre AND coalesce(c.candidate, k.candidate) = k.candidate)`,
		"an outcome stops the clock that promised it": `
			SELECT count(*) FROM clocks c JOIN decisions d USING (reference)
			WHERE c.id = 'outcome' AND c.met_at IS DISTINCT FROM d.published_at`,
		"a promise that was kept in time is no breach": `
			SELECT count(*) FROM clocks WHERE kind = 'sla' AND met_at < ends AND breached_at IS NOT NULL`,
		"a step is recorded for every move of a case": `
			SELECT count(*) FROM cases k
			WHERE (k.stage IN ('decided', 'appeal-window', 'closed')) <>
			      EXISTS (SELECT FROM steps s WHERE s.reference = k.reference AND s.step = 'decide' AND s.result ->> 'stage' <> 'unassigned')
			   OR NOT EXISTS (SELECT FROM steps s WHERE s.reference = k.reference AND s.step = 'open')`,
		"invoice numbers have no gap": `
			SELECT count(*) FROM (SELECT number, row_number() OVER (ORDER BY number) AS n FROM invoices) i
			WHERE right(i.number, 6)::integer <> i.n`,
	} {
		require.Zero(o.t, o.count(sql), name)
	}
	require.NoError(o.t, o.VerifyLedger(o.t.Context()))
	refs, err := o.References(o.t.Context())
	require.NoError(o.t, err)
	for _, ref := range refs {
		o.trail(ref)
		o.readable(ref)
		o.proven(ref)
	}
}

// proven checks that whoever has a case's latest task is the one whom the latest proof names.
func (o office) proven(ref casework.Reference) {
	o.t.Helper()
	require.Zero(o.t, o.count(`SELECT count(*)
		FROM (SELECT assignee FROM tasks WHERE reference = $1 ORDER BY number DESC LIMIT 1) t
		WHERE assignee IS NOT NULL
		  AND assignee IS DISTINCT FROM (SELECT chosen FROM allocations WHERE reference = $1 ORDER BY number DESC LIMIT 1)`, ref), "who holds the task of %s was chosen with a proof", ref)
}

// readable checks that a case's page agrees with itself and with what nobody has recorded yet.
func (o office) readable(ref casework.Reference) {
	o.t.Helper()
	page := o.page(ref)
	o.agrees(page)
	if !page.Stage.Final() {
		require.Equal(o.t, o.earliest(page), page.NextActionAt)
	}
}

// agrees checks that a case's page agrees with itself, at whatever moment it was read.
func (o office) agrees(page docket.Case) {
	o.t.Helper()
	var causes []casework.HoldCause
	for _, hold := range page.Holds {
		if hold.EndedAt.IsZero() {
			causes = append(causes, hold.Cause)
		}
	}
	require.Equal(o.t, casework.WaitingOn(page.Stage, causes), page.WaitingOn)
	require.Equal(o.t, page.Stage == casework.StageRefused, page.Refusal != nil)
	published := page.Stage == casework.StageDecided || page.Stage == casework.StageAppealWindow || page.Stage == casework.StageClosed
	require.Equal(o.t, published, page.Outcome != nil)
	if page.Stage.Final() {
		require.True(o.t, page.NextActionAt.IsZero())
	}
	if published && page.Outcome.Settled {
		for _, line := range page.Fees {
			require.NotEmpty(o.t, line.Why, "the centre reads why a fee is due or waived")
		}
	}
}

// earliest is when the workflow's one timer fires: for the first deadline of a case's clocks, or of the task that
// somebody holds, that nobody has recorded yet.
func (o office) earliest(page docket.Case) time.Time {
	o.t.Helper()
	var first time.Time
	wait := func(d casework.Deadline) {
		if at := d.Fires(); first.IsZero() || at.Before(first) {
			first = at
		}
	}
	for _, c := range page.Clocks {
		if !c.BreachedAt.IsZero() {
			continue
		}
		for _, d := range c.Plan(casework.ReceiptGrace) {
			if o.count("SELECT count(*) FROM clock_alerts WHERE reference = $1 AND clock = $2 AND act = $3 AND at = $4", page.Reference, d.Clock, d.Act, d.At) == 0 {
				wait(d)
			}
		}
	}
	var plan casework.Plan
	require.NoError(o.t, o.Pool().QueryRow(o.t.Context(), "SELECT task_plan FROM cases WHERE reference = $1", page.Reference).Scan(&plan))
	for _, d := range plan {
		require.Equal(o.t, 1, o.count(`SELECT count(*) FROM tasks WHERE reference = $1 AND state IN ('reserved', 'in-progress', 'suspended')
			AND CASE $2 WHEN 'start-by' THEN start_by ELSE complete_by END IS NOT NULL`, page.Reference, d.Clock), "a planned %s of %s is the task's", d.Act, d.Clock)
		wait(d)
	}
	return first
}
