package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/store/storetest"
)

// An interest that is declared while a task is held stands against what its holder hands in: nobody's review is published
// who has one (architecture §5). Once it is taken back, or somebody else has the task, the case goes on.
func TestDecide_RefusesAHolderWithAConflictThatWasDeclaredSince(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		conflict docket.Conflict
		refused  bool
	}{
		"works at the centre":              {docket.Conflict{Kind: "works-at", Centre: storetest.Centre}, true},
		"related to the candidate":         {docket.Conflict{Kind: "related-to", Centre: storetest.Centre, Candidate: "4001"}, true},
		"an interest in the centre":        {docket.Conflict{Kind: "other", Centre: storetest.Centre}, true},
		"related to another candidate":     {docket.Conflict{Kind: "related-to", Centre: storetest.Centre, Candidate: "4002"}, false},
		"works at another centre":          {docket.Conflict{Kind: "works-at", Centre: storetest.OtherCentre}, false},
		"worked there, whoever was taught": {docket.Conflict{Kind: "worked-at", Centre: storetest.Centre, Candidate: "4002"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := setup(t)
			ref := o.open()
			given := o.allocate(ref)
			declared, err := o.DeclareConflict(t.Context(), given.Assignee, row.conflict, operations, storetest.Now)
			require.NoError(t, err)
			decided, err := o.Decide(t.Context(), decision(ref, given, nil, later), o.book, single)
			require.NoError(t, err)
			require.Equal(t, row.refused, decided.Refusal != nil)
			if !row.refused {
				return
			}
			require.Equal(t, casework.FaultNotEligible, decided.Refusal.Code)
			require.NotContains(t, decided.Refusal.Detail, row.conflict.Kind, "a performer is not told which it is")
			require.Equal(t, casework.StageAssigned, o.page(ref).Stage)
			require.Zero(t, o.count("SELECT count(*) FROM work_log"))

			onBehalf := decision(ref, given, nil, later)
			onBehalf.Actor = casework.Actor{Subject: "op-1", Role: casework.RoleOperator, OnBehalfOf: given.Assignee, Reason: "They telephoned."}
			decided, err = o.Decide(t.Context(), onBehalf, o.book, single)
			require.NoError(t, err)
			require.Contains(t, decided.Refusal.Detail, row.conflict.Kind, "an operator is, and may not overrule it")

			require.NoError(t, o.TakeBackConflict(t.Context(), given.Assignee, declared.ID, operations, later))
			o.decide(ref, given, nil)
		})
	}
}
