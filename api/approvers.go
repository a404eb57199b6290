package api

import "context"

// ListApprovers lists who may agree to holds.
func (s *Server) ListApprovers(ctx context.Context, _ ListApproversRequestObject) (ListApproversResponseObject, error) {
	found, err := s.approvers.Approvers(ctx)
	if err != nil {
		return nil, err
	}
	page := ApproverList{Items: make([]Approver, len(found))}
	for i, a := range found {
		page.Items[i] = Approver{ID: a.ID, Body: a.Body, Name: a.Name}
	}
	return ListApprovers200JSONResponse(page), nil
}
