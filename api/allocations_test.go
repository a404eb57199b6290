package api_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/allocation"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/store/storetest"
)

// TestAllocations_ShowTheProofOfARealAllocation: who was considered, who was excluded for which conflict, who was
// chosen, as the step stored it.
func TestAllocations_ShowTheProofOfARealAllocation(t *testing.T) {
	t.Parallel()
	w := live(t)
	reference := w.open(t, examsOfficer, "4001", storetest.Maths1, "review-of-marking")
	chosen := w.performer(t, reference).Subject
	list := get[api.AllocationList](t, w.house, "/v1/cases/"+reference+"/allocations", caseworker)
	require.Len(t, list.Items, 1)
	proof := list.Items[0]
	require.Equal(t, 1, proof.Number)
	require.Equal(t, storetest.Now, proof.At)
	require.Equal(t, chosen, proof.Chosen)
	excluded := map[string][]string{}
	for _, finding := range proof.Considered {
		require.Positive(t, finding.Capacity, finding.Performer)
		excluded[finding.Performer] = finding.Excluded
	}
	require.Empty(t, excluded[chosen])
	reasons := slices.Concat(slices.Collect(func(yield func([]string) bool) {
		for _, why := range excluded {
			if !yield(why) {
				return
			}
		}
	})...)
	require.Contains(t, reasons, allocation.MarkedItem, "whoever marked the script is named with that reason")
}

// TestAllocations_OfACaseThatWaitsInThePool lists every attempt; nobody chosen is no name, and no list is null.
func TestAllocations_OfACaseThatWaitsInThePool(t *testing.T) {
	t.Parallel()
	h := setup(t)
	reference := h.openCase(t)
	path := "/v1/cases/" + reference + "/allocations"
	none := h.do(t, call{method: "GET", path: path, as: caseworker})
	require.JSONEq(t, `{"items":[]}`, string(none.body))

	h.register.allocations = []docket.Allocation{
		{Number: 1, At: now, Proof: allocation.Proof{}},
		{Number: 2, At: now, Proof: allocation.Proof{Findings: []allocation.Finding{{Performer: "ex-1001", Full: true, OpenTasks: 4, Capacity: 4}}}},
	}
	shown := h.do(t, call{method: "GET", path: path, as: caseworker})
	require.NotContains(t, string(shown.body), "chosen")
	require.NotContains(t, string(shown.body), "operation")
	list := read[api.AllocationList](t, shown)
	require.Empty(t, list.Items[0].Considered)
	require.Equal(t, api.AllocationFinding{Performer: "ex-1001", Excluded: []string{}, Full: true, OpenTasks: 4, Capacity: 4}, list.Items[1].Considered[0])

	h.register.allocations = append(h.register.allocations, docket.Allocation{Number: 3, At: now, Proof: allocation.Proof{
		Operation: casework.OpDelegate, Chosen: "ex-1001", Findings: []allocation.Finding{{Performer: "ex-1001"}},
	}})
	named := get[api.AllocationList](t, h, path, caseworker).Items[2]
	require.Equal(t, api.AllocationOperationDelegate, named.Operation)
	require.Equal(t, "ex-1001", named.Chosen)

	unknown := "/v1/cases/" + string(casework.NewReference(make([]byte, 16))) + "/allocations"
	require.Equal(t, 404, h.do(t, call{method: "GET", path: unknown, as: caseworker}).status)
}
