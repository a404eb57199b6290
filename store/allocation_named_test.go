package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/allocation"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/store/storetest"
)

// proofs are the allocations of a case, the first one first.
func (o office) proofs(ref casework.Reference) []docket.Allocation {
	o.t.Helper()
	found, err := o.Allocations(o.t.Context(), ref)
	require.NoError(o.t, err)
	for i, a := range found {
		require.Equal(o.t, i+1, a.Number)
	}
	return found
}

// architecture §5: the proof is stored, however somebody came by a task. Whoever is named is the one who was considered.
func TestActOnTask_WhoeverIsNamedHasAProof(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		prepare func(o office) casework.Reference
		request func(ref casework.Reference) casework.TaskRequest
		chosen  string
	}{
		"a claim": {
			func(o office) casework.Reference { return o.untaken() },
			func(ref casework.Reference) casework.TaskRequest {
				return asked(ref, casework.OpClaim, examiner(first))
			}, first,
		},
		"a delegation": {
			func(o office) casework.Reference { ref := o.open(); o.allocate(ref); return ref },
			func(ref casework.Reference) casework.TaskRequest {
				return asked(ref, casework.OpDelegate, examiner(first), to(second))
			}, second,
		},
		"a reassignment": {
			func(o office) casework.Reference { ref := o.open(); o.allocate(ref); return ref },
			func(ref casework.Reference) casework.TaskRequest {
				return asked(ref, casework.OpReassign, operations, to(second))
			}, second,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := setup(t)
			ref := row.prepare(o)
			o.sql("UPDATE performers SET capacity = 1, open_tasks = open_tasks + 1, week = '2026-08-24', week_tasks = 2 WHERE id = $1", row.chosen)
			in := acting(ref, row.request(ref), soon)
			for range 2 { // The repeat after a lost answer proves nothing again.
				_, err := o.ActOnTask(t.Context(), in, o.book)
				require.NoError(t, err)
			}
			kept := o.proofs(ref)
			require.Len(t, kept, 2)
			require.Empty(t, kept[0].Proof.Operation, "the rule's own search says of nobody that they named somebody")
			require.Equal(t, docket.Allocation{Number: 2, At: soon, Proof: allocation.Proof{
				Operation: in.Request.Operation, Chosen: row.chosen,
				Findings: []allocation.Finding{{Performer: row.chosen, Full: true, OpenTasks: 1, WeekTasks: 2, Capacity: 1}},
			}}, kept[1], "with the load that was exceeded on purpose")
			require.Equal(t, 1, o.count("SELECT count(*) FROM allocations WHERE reference = $1 AND chosen = $2 AND number = 2", ref, row.chosen))
		})
	}
}

// What gives the task to nobody by name is no allocation, and neither is a no.
func TestActOnTask_WhatNamesNobodyLeavesNoProof(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	o.allocate(ref)
	o.refuse(ref, asked(ref, casework.OpDelegate, examiner(first), to("ex-1001")), casework.Refused, casework.FaultNotEligible)
	o.act(ref, asked(ref, casework.OpStart, examiner(first)))
	o.act(ref, asked(ref, casework.OpSuspend, operations))
	o.act(ref, asked(ref, casework.OpResume, operations))
	o.act(ref, asked(ref, casework.OpReassign, operations))
	require.Len(t, o.proofs(ref), 1)
	o.sql("DELETE FROM task_leavings")
	o.act(ref, asked(ref, casework.OpClaim, examiner(second)))
	o.act(ref, asked(ref, casework.OpDecline, examiner(second), because(casework.DeclineTime)))
	allocated, proof := o.tried(ref, 2, soon)
	require.Equal(t, first, allocated.Assignee)
	require.Empty(t, proof.Operation)
	require.Len(t, o.proofs(ref), 3, "rounds count on, whoever gave the task")
}

// Whom the pool waits for the last search says, not a person who was named after it.
func TestWaitingForRoster_GoesByTheLastSearch(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	o.sql("UPDATE performers SET active = false WHERE id NOT IN ($1, $2)", first, second)
	o.sql("INSERT INTO absences (performer, from_day, until_day, reason) VALUES ($1, '2026-08-27', '2026-08-27', 'holiday')", second)
	o.sql("UPDATE performers SET capacity = 0 WHERE id = $1", first)
	allocated, _ := o.tried(ref, 1, storetest.Now)
	require.Empty(t, allocated.Assignee)
	o.act(ref, asked(ref, casework.OpClaim, examiner(first)))
	o.act(ref, asked(ref, casework.OpDecline, examiner(first), because(casework.DeclineTime)))
	require.Empty(t, o.wakeable(soon, 10))
	require.Equal(t, []casework.Reference{ref}, o.wakeable(storetest.Now.Add(24*time.Hour), 10), "the second is back")
}
