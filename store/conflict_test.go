package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/allocation"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/store/storetest"
)

// An interest that is declared while a task is held stands against what its holder hands in: nobody's review is published
// who has one (architecture §5). Once it is taken back, or somebody else has the task, the case goes on.
func TestDecide_RefusesAHolderWithAConflictThatWasDeclaredSince(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		conflict docket.Conflict
		// against is the code of the rule of allocation; empty where the interest is in somebody else.
		against string
	}{
		"works at the centre":              {docket.Conflict{Kind: "works-at", Centre: storetest.Centre}, allocation.WorksAtCentre},
		"related to the candidate":         {docket.Conflict{Kind: "related-to", Centre: storetest.Centre, Candidate: "4001"}, allocation.RelatedToCandidate},
		"an interest in the centre":        {docket.Conflict{Kind: "other", Centre: storetest.Centre}, allocation.OtherConflict},
		"related to another candidate":     {docket.Conflict{Kind: "related-to", Centre: storetest.Centre, Candidate: "4002"}, ""},
		"works at another centre":          {docket.Conflict{Kind: "works-at", Centre: storetest.OtherCentre}, ""},
		"worked there, whoever was taught": {docket.Conflict{Kind: "worked-at", Centre: storetest.Centre, Candidate: "4002"}, allocation.WorkedAtCentre},
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
			require.Equal(t, row.against != "", decided.Refusal != nil)
			if row.against == "" {
				require.Empty(t, declared.StandsAgainst)
				return
			}
			require.Equal(t, []casework.TaskID{given.Sheet.Task}, declared.StandsAgainst)
			again, err := o.DeclareConflict(t.Context(), given.Assignee, row.conflict, operations, later)
			require.NoError(t, err)
			require.Equal(t, declared, again)
			require.Contains(t, o.examiner(given.Assignee).Conflicts, declared)
			require.Equal(t, casework.FaultNotEligible, decided.Refusal.Code)
			require.NotContains(t, decided.Refusal.Detail, row.against, "a performer is not told which it is")
			require.Equal(t, casework.StageAssigned, o.page(ref).Stage)
			require.Zero(t, o.count("SELECT count(*) FROM work_log"))

			onBehalf := decision(ref, given, nil, later)
			onBehalf.Actor = casework.Actor{Subject: "op-1", Role: casework.RoleOperator, OnBehalfOf: given.Assignee, Reason: "They telephoned."}
			decided, err = o.Decide(t.Context(), onBehalf, o.book, single)
			require.NoError(t, err)
			require.Contains(t, decided.Refusal.Detail, "Excluded: "+row.against+".", "an operator is, and may not overrule it")

			require.NoError(t, o.TakeBackConflict(t.Context(), given.Assignee, declared.ID, operations, later))
			o.decide(ref, given, nil)
		})
	}
}
