package store_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/casework/register"
	"github.com/recourse-exams/recourse/store/storetest"
)

// conflicted looks for tasks whose holders may not complete them and returns how many are new.
func (o office) conflicted() int {
	o.t.Helper()
	news, err := o.FindConflicted(o.t.Context(), later)
	require.NoError(o.t, err)
	return news
}

// declare enters an interest of a performer.
func (o office) declare(performer string, conflict docket.Conflict) docket.Conflict {
	o.t.Helper()
	declared, err := o.DeclareConflict(o.t.Context(), performer, conflict, keeper, later)
	require.NoError(o.t, err)
	return declared
}

// holding is a case whose task the first reviewer holds, of a candidate and a paper.
func (o office) holding(candidate, component string) casework.Reference {
	o.t.Helper()
	ref := o.open(of(candidate, component))
	if given := o.allocate(ref); given.Assignee != first {
		o.act(ref, asked(ref, casework.OpReassign, operations, to(first)))
	}
	return ref
}

// Somebody's interest is declared while they hold a task: operations are told once who, which task and why.
func TestFindConflicted_AHolderWhoMayNotCompleteTheTask(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.hook("wh_1", docket.EventStuck)
	ref := o.holding("4001", storetest.Maths1)
	require.Zero(t, o.conflicted())
	o.declare(first, docket.Conflict{Kind: "related-to", Centre: storetest.Centre, Candidate: "4001"})
	require.Equal(t, 1, o.conflicted())
	require.Zero(t, o.conflicted(), "once")
	found := o.openFindings("")
	require.Len(t, found, 1)
	require.Equal(t, docket.Finding{
		ID: found[0].ID, Reference: ref, Kind: docket.FindingConflicted, About: first, FoundAt: later,
		Detail: "ex-1005 holds task " + string(ref) + "/1 and may not complete it: related-to-candidate.",
	}, found[0])
	require.Len(t, o.queued("wh_1"), 1)
	require.Len(t, o.lots(later), 1, "and one mail tells of it")
}

// A finding ends by itself, whichever way what it says has ended.
func TestFindConflicted_EndsWhenTheTaskIsNotTheirsOrTheConflictIsTakenBack(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(o office, ref casework.Reference, conflict int64){
		"somebody else has the task": func(o office, ref casework.Reference, _ int64) {
			o.act(ref, asked(ref, casework.OpReassign, operations, to(second)))
		},
		"the task is in the pool": func(o office, ref casework.Reference, _ int64) {
			o.act(ref, asked(ref, casework.OpReassign, operations))
		},
		"they declined it": func(o office, ref casework.Reference, _ int64) {
			o.act(ref, asked(ref, casework.OpDecline, examiner(first), because(casework.DeclineConflict)))
		},
		"it was entered in error": func(o office, _ casework.Reference, conflict int64) {
			require.NoError(o.t, o.TakeBackConflict(o.t.Context(), first, conflict, keeper, later))
		},
		"the task is needed no more": func(o office, ref casework.Reference, _ int64) {
			o.sql("UPDATE tasks SET state = 'withdrawn' WHERE reference = $1", ref)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := setup(t)
			ref := o.holding("4001", storetest.Maths1)
			declared := o.declare(first, worksAt(storetest.Centre))
			require.Equal(t, 1, o.conflicted())
			end(o, ref, declared.ID)
			require.Zero(t, o.conflicted())
			require.Empty(t, o.openFindings(""))
		})
	}
}

// Whichever way an interest gets into the register, it is found.
func TestFindConflicted_HoweverTheInterestWasDeclared(t *testing.T) {
	t.Parallel()
	for name, declare := range map[string]func(o office){
		"imported": func(o office) {
			set := register.Set{Conflicts: []register.Conflict{{Performer: first, Kind: "worked-at", Centre: storetest.Centre}}}
			require.NoError(o.t, importInto(o.t, o.Store, set))
		},
		"another task of the candidate declined for a conflict": func(o office) {
			other := o.holding("4001", storetest.Maths2)
			o.act(other, asked(other, casework.OpDecline, examiner(first), because(casework.DeclineConflict)))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := setup(t)
			ref := o.holding("4001", storetest.Maths1)
			declare(o)
			require.Equal(t, 1, o.conflicted())
			require.Equal(t, ref, o.openFindings("")[0].Reference)
		})
	}
}

// What is not the performer's to finish for another reason, or no interest in this candidate, is told elsewhere or nowhere.
func TestFindConflicted_WhoMayFinishWhatTheyHaveIsNotFound(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.holding("4001", storetest.Maths1)
	o.declare(first, docket.Conflict{Kind: "related-to", Centre: storetest.Centre, Candidate: "4002"})
	o.declare(first, worksAt(storetest.OtherCentre))
	o.declare(second, worksAt(storetest.Centre))
	_, err := o.AddAbsence(t.Context(), first, docket.Absence{From: date("2026-08-01"), Until: date("2026-12-31"), Reason: "illness"}, keeper, later)
	require.NoError(t, err)
	o.sql("UPDATE performers SET contract_until = '2026-08-01', trained_until = '2026-08-01', active = false WHERE id = $1", first)
	require.Zero(t, o.conflicted())
}

// A task that stands still is told too: else its holder would get it back. One person's two interests are one finding, which
// says what stands against them now.
func TestFindConflicted_SaysWhatStandsNow(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.holding("4001", storetest.Maths1)
	o.act(ref, asked(ref, casework.OpSuspend, operations))
	o.declare(first, docket.Conflict{Kind: "other", Centre: storetest.Centre})
	works := o.declare(first, worksAt(storetest.Centre))
	says := func(codes string) {
		t.Helper()
		found := o.openFindings("")
		require.Len(t, found, 1)
		require.Contains(t, found[0].Detail, "may not complete it: "+codes+".")
	}
	require.Equal(t, 1, o.conflicted())
	says("other-conflict, works-at-centre")
	require.NoError(t, o.TakeBackConflict(t.Context(), first, works.ID, keeper, later))
	require.Equal(t, 1, o.conflicted())
	says("other-conflict")
	require.Zero(t, o.conflicted())
}

func TestFindConflicted_ByManyAtOnce(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.hook("wh_1", docket.EveryEvent)
	for _, candidate := range []string{"4001", "4002", "4003"} {
		o.holding(candidate, storetest.Maths1)
	}
	require.Len(t, o.declare(first, worksAt(storetest.Centre)).StandsAgainst, 3)
	news := make([]int, 4)
	var group sync.WaitGroup
	for i := range news {
		group.Go(func() { news[i], _ = o.FindConflicted(t.Context(), later) })
	}
	group.Wait()
	require.Equal(t, 3, news[0]+news[1]+news[2]+news[3])
	require.Len(t, o.queued("wh_1"), 3)
}

// A round goes from the register of conflicts by an index to what their performers hold there: it never reads through the
// open tasks, of which there may be 50,000.
func TestFindConflicted_MeetsConflictsAndHeldTasksInAnIndex(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.open()
	storetest.Cohort(t, o.Store, 1500)
	o.sql(`INSERT INTO performers (id, body, name, email, roles, rank, capacity)
		SELECT 'p-' || n, 'cambria', 'Performer', 'p@cambria.example', '{reviewer}', 'senior', 20 FROM generate_series(0, 299) n`)
	o.sql("INSERT INTO centres (number, name, address, nation) SELECT 20000 + n, 'Centre', '{}', 'england' FROM generate_series(0, 199) n")
	o.sql(`INSERT INTO cases (reference, kind, stage, service, centre, candidate, series, component, reviewed_script, reason, requester, request_sha256,
			received_at, opened_at, policy, rules, result, award_review, sla_state, waiting_on)
		SELECT 'R-' || r.id, 'enquiry', 'assigned', k.service, 20000 + r.id % 200, r.candidate, r.series, r.component, false, k.reason, k.requester, 'x',
			k.received_at, k.opened_at, k.policy, k.rules, r.id, k.award_review, 'on-time', 'reviewer'
		FROM component_results r, cases k WHERE r.candidate >= '6000'`)
	o.sql(`INSERT INTO tasks (id, reference, number, kind, state, role, component, centre, assignee, sheet, due, created_at, reserved_at)
		SELECT reference || '/1', reference, 1, 'review', 'reserved', 'reviewer', component, centre, 'p-' || result % 300, '{"items": []}', received_at, received_at, received_at
		FROM cases WHERE stage = 'assigned'`)
	o.sql("INSERT INTO conflicts (performer, kind, centre) SELECT 'p-' || n, 'worked-at', 20000 + n % 200 FROM generate_series(0, 9) n")
	o.sql("ANALYZE")
	plan := o.words("EXPLAIN "+statements(t)["findConflictedSQL"], later)
	require.Contains(t, strings.Join(plan, "\n"), "Index Cond: ((assignee = f.performer) AND (centre = f.centre))")

	standing := o.count("SELECT count(*) FROM tasks t WHERE EXISTS (SELECT FROM conflicts f WHERE f.performer = t.assignee AND f.centre = t.centre)")
	require.NotZero(t, standing)
	require.Equal(t, standing, o.conflicted())
	require.Zero(t, o.conflicted())
}
