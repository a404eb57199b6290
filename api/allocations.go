package api

import (
	"context"

	"github.com/recourse-exams/recourse/casework/docket"
)

// ListAllocations shows who was considered for a case's task, to those only who may know who performs it.
func (s *Server) ListAllocations(ctx context.Context, in ListAllocationsRequestObject) (ListAllocationsResponseObject, error) {
	if err := seesPerformers(personOf(ctx)); err != nil {
		return nil, err
	}
	found, err := s.readCase(ctx, in.Reference)
	if err != nil {
		return nil, err
	}
	allocations, err := s.cases.Allocations(ctx, found.Reference)
	if err != nil {
		return nil, err
	}
	page := AllocationList{Items: make([]Allocation, len(allocations))}
	for i, allocation := range allocations {
		page.Items[i] = allocationView(allocation)
	}
	return ListAllocations200JSONResponse(page), nil
}

func allocationView(a docket.Allocation) Allocation {
	view := Allocation{
		Number: a.Number, At: a.At, Operation: AllocationOperation(a.Proof.Operation), Chosen: a.Proof.Chosen,
		Considered: make([]AllocationFinding, len(a.Proof.Findings)),
	}
	for i, finding := range a.Proof.Findings {
		view.Considered[i] = AllocationFinding{
			Performer: finding.Performer, Excluded: append([]string{}, finding.Excluded...), Full: finding.Full,
			OpenTasks: finding.OpenTasks, Capacity: finding.Capacity,
		}
	}
	return view
}
