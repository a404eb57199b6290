package store_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/store/storetest"
)

// batchAbout is a nudge of cases, or a reassignment of their tasks where a target has one.
func batchAbout(id string, targets ...casework.BatchTarget) docket.Batch {
	command := casework.BatchCommand{Action: casework.BatchReassign, To: "ex-1006", Actor: operations, ReceivedAt: storetest.Now}
	batch := docket.Batch{ID: id, Command: command, Digest: command.Digest(targets), MadeAt: storetest.Now}
	for _, target := range targets {
		batch.Items = append(batch.Items, docket.BatchItem{BatchTarget: target, State: casework.ItemWaiting})
	}
	return batch
}

func TestBatch_IsKeptAsItWasAgreedTo(t *testing.T) {
	t.Parallel()
	o := setup(t)
	one, two := o.open(), o.open(of("4002", storetest.Maths1))
	given := o.allocate(one)
	batch := batchAbout("b_1", casework.BatchTarget{Reference: two}, casework.BatchTarget{Reference: one, Task: casework.TaskOf(one, 1), Holder: given.Assignee})
	made, err := o.MakeBatch(t.Context(), batch)
	require.NoError(t, err)
	batch.Waiting = 2
	require.Equal(t, batch, made)
	again, err := o.MakeBatch(t.Context(), batch)
	require.NoError(t, err)
	require.Equal(t, made, again, "a repeat makes no second one")

	command, item, err := o.BatchItem(t.Context(), "b_1", 2)
	require.NoError(t, err)
	require.Equal(t, batch.Command, command)
	require.Equal(t, batch.Items[1], item)

	_, err = o.MakeBatch(t.Context(), batchAbout("b_1", casework.BatchTarget{Reference: one}))
	fault(t, err, casework.Invalid, casework.FaultKeyReused)
	for _, unknown := range []string{"b_2", ""} {
		_, err = o.Batch(t.Context(), unknown)
		fault(t, err, casework.NotFound, "unknown-batch")
	}
	_, _, err = o.BatchItem(t.Context(), "b_1", 3)
	fault(t, err, casework.NotFound, "unknown-batch")
}

// Of many who repeat one request at the same moment, each gets the one batch.
func TestBatch_IsMadeOnceByWhoeverAsksAtTheSameMoment(t *testing.T) {
	t.Parallel()
	o := setup(t)
	batch := batchAbout("b_1", casework.BatchTarget{Reference: o.open()})
	var asked sync.WaitGroup
	for range 8 {
		asked.Go(func() {
			made, err := o.MakeBatch(t.Context(), batch)
			if err != nil || len(made.Items) != 1 {
				t.Errorf("%v %v", made, err)
			}
		})
	}
	asked.Wait()
}

// The first answer of a case stays; a batch ends when every case has answered, and not before.
func TestBatch_RecordsEachAnswerOnce(t *testing.T) {
	t.Parallel()
	o := setup(t)
	one, two := o.open(), o.open(of("4002", storetest.Maths1))
	_, err := o.MakeBatch(t.Context(), batchAbout("b_1", casework.BatchTarget{Reference: one}, casework.BatchTarget{Reference: two}))
	require.NoError(t, err)
	at := storetest.Now.Add(time.Minute)
	require.NoError(t, o.SettleBatchItem(t.Context(), "b_1", 1, "It is closed.", at))
	require.NoError(t, o.SettleBatchItem(t.Context(), "b_1", 1, "", at.Add(time.Hour)))
	result, err := o.EndBatch(t.Context(), "b_1", at)
	require.NoError(t, err)
	require.Equal(t, casework.BatchResult{Refused: 1}, result)
	batch, err := o.Batch(t.Context(), "b_1")
	require.NoError(t, err)
	require.Equal(t, docket.BatchItem{BatchTarget: casework.BatchTarget{Reference: one}, State: casework.ItemRefused, Why: "It is closed.", At: at}, batch.Items[0])
	require.Equal(t, [3]int{1, 0, 1}, [3]int{batch.Waiting, batch.Done, batch.Refused})
	require.True(t, batch.EndedAt.IsZero(), "a case waits")

	require.NoError(t, o.SettleBatchItem(t.Context(), "b_1", 2, "", at))
	for i := range 2 {
		result, err = o.EndBatch(t.Context(), "b_1", at.Add(time.Duration(i)*time.Hour))
		require.NoError(t, err)
		require.Equal(t, casework.BatchResult{Done: 1, Refused: 1}, result)
	}
	batch, err = o.Batch(t.Context(), "b_1")
	require.NoError(t, err)
	require.Equal(t, at, batch.EndedAt, "it ended once")
	_, err = o.EndBatch(t.Context(), "b_2", at)
	fault(t, err, casework.NotFound, "unknown-batch")
}

// What has not ended may have no workflow, if whoever made it died: the watcher starts it by this list.
func TestUnendedBatches_AreThoseWithCasesThatWait(t *testing.T) {
	t.Parallel()
	o := setup(t)
	one, two := o.open(), o.open(of("4002", storetest.Maths1))
	for i, targets := range [][]casework.BatchTarget{{{Reference: one}, {Reference: two}}, {{Reference: two}}, {{Reference: one}}} {
		batch := batchAbout(fmt.Sprintf("b_%d", i), targets...)
		batch.MadeAt = storetest.Now.Add(-time.Duration(i) * time.Minute)
		_, err := o.MakeBatch(t.Context(), batch)
		require.NoError(t, err)
	}
	unended := func(before time.Time) []casework.BatchInput {
		t.Helper()
		found, err := o.UnendedBatches(t.Context(), before)
		require.NoError(t, err)
		return found
	}
	require.Equal(t, []casework.BatchInput{{Batch: "b_2", Cases: 1}, {Batch: "b_1", Cases: 1}}, unended(storetest.Now), "the oldest first")
	require.NoError(t, o.SettleBatchItem(t.Context(), "b_1", 1, "", later))
	require.Len(t, unended(storetest.Now), 2, "nobody has counted the answers yet")
	_, err := o.EndBatch(t.Context(), "b_1", later)
	require.NoError(t, err)
	require.Equal(t, []casework.BatchInput{{Batch: "b_2", Cases: 1}, {Batch: "b_0", Cases: 2}}, unended(storetest.Now.Add(time.Microsecond)))
}

func TestBatches_ArePagedFromTheNewest(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	var want []string
	for i := range 5 {
		batch := batchAbout(fmt.Sprintf("b_%d", i), casework.BatchTarget{Reference: ref})
		batch.MadeAt = storetest.Now.Add(-time.Duration(i/2) * time.Hour)
		_, err := o.MakeBatch(t.Context(), batch)
		require.NoError(t, err)
		want = append(want, batch.ID)
	}
	var found []string
	filter := docket.BatchFilter{Limit: 2}
	for {
		page, err := o.Batches(t.Context(), filter)
		require.NoError(t, err)
		if len(page) == 0 {
			break
		}
		for _, batch := range page {
			require.Empty(t, batch.Items)
			require.Equal(t, 1, batch.Waiting)
			found = append(found, batch.ID)
			filter.BeforeMade, filter.BeforeID = batch.MadeAt, batch.ID
		}
	}
	require.Equal(t, want, found)
}

// picked are the references of candidates, in their order.
func picked(candidates []docket.BatchCandidate) []casework.Reference {
	var all []casework.Reference
	for _, c := range candidates {
		all = append(all, c.Reference)
	}
	return all
}

func TestBatchCandidates_AreOpenCasesByTheirAttributes(t *testing.T) {
	t.Parallel()
	o := setup(t)
	assigned, waiting := o.open(), o.open(of("4002", storetest.Maths1))
	check := o.open(of("4003", storetest.Maths2), clerical, withoutScript)
	elsewhere := o.open(of("5001", storetest.Maths2), fromOtherCentre)
	refused := o.try(ask(of("4003", storetest.Maths1), withoutConsent)).Reference
	given := o.allocate(assigned)
	_, err := o.HoldCase(t.Context(), casework.HoldInput{Key: key(waiting, casework.StepHold, 1, storetest.Now.Add(time.Minute)), Request: casework.HoldRequest{
		Cause: casework.HoldOther, ApprovedBy: storetest.Approver, Actor: operations,
	}}, o.book)
	require.NoError(t, err)
	all := []casework.Reference{assigned, waiting, check, elsewhere}
	for name, row := range map[string]struct {
		pick docket.BatchSelection
		want []casework.Reference
	}{
		"everything open": {docket.BatchSelection{}, all},
		"a centre":        {docket.BatchSelection{Centre: storetest.OtherCentre}, []casework.Reference{elsewhere}},
		"a stage":         {docket.BatchSelection{Stage: casework.StageAssigned}, []casework.Reference{assigned}},
		"a service":       {docket.BatchSelection{Service: casework.ClericalCheck}, []casework.Reference{check}},
		"a series":        {docket.BatchSelection{Series: "2031-06"}, nil},
		"a state":         {docket.BatchSelection{SLAState: casework.SLABreached}, nil},
		"a cause":         {docket.BatchSelection{HeldFor: casework.HoldOther}, []casework.Reference{waiting}},
		"another cause":   {docket.BatchSelection{HeldFor: casework.HoldSample}, nil},
		"a holder":        {docket.BatchSelection{Assignee: given.Assignee}, []casework.Reference{assigned}},
		"another holder":  {docket.BatchSelection{Assignee: "nobody"}, nil},
		"by name":         {docket.BatchSelection{References: []casework.Reference{refused, check, "R-0"}}, []casework.Reference{refused, check}},
		"name and state":  {docket.BatchSelection{References: []casework.Reference{check, assigned}, Stage: casework.StageAssigned}, []casework.Reference{assigned}},
	} {
		row.pick.Limit = 100
		found, err := o.BatchCandidates(t.Context(), row.pick)
		require.NoError(t, err, name)
		require.ElementsMatch(t, row.want, picked(found), name)
		if len(row.pick.References) > 0 {
			require.Equal(t, row.want, picked(found), "%s: in the order of the names", name)
		}
	}
	found, err := o.BatchCandidates(t.Context(), docket.BatchSelection{Limit: 2})
	require.NoError(t, err)
	require.Len(t, found, 2)
	found, err = o.BatchCandidates(t.Context(), docket.BatchSelection{WithTask: true, Limit: 100, References: []casework.Reference{assigned, refused}})
	require.NoError(t, err)
	require.Equal(t, []docket.BatchCandidate{{
		BatchTarget: casework.BatchTarget{Reference: assigned, Task: casework.TaskOf(assigned, 1), Holder: given.Assignee},
		Body:        storetest.Body, Stage: casework.StageAssigned, TaskState: casework.TaskReserved, HeldFor: []casework.HoldCause{},
	}}, found)
}
