package api

import (
	"context"

	"github.com/recourse-exams/recourse/casework/docket"
)

// ListExaminerChanges shows who changed what about an examiner, the latest first.
func (s *Server) ListExaminerChanges(ctx context.Context, in ListExaminerChangesRequestObject) (ListExaminerChangesResponseObject, error) {
	limit := orDefault(in.Params.Limit, defaultLimit)
	before, err := readIDCursor(examinerChangesList, in.Params.Cursor)
	if err != nil {
		return nil, err
	}
	if _, err := s.roster.Examiner(ctx, in.Examiner); err != nil {
		return nil, err
	}
	changes, err := s.roster.RosterChanges(ctx, in.Examiner, before, limit+1)
	if err != nil {
		return nil, err
	}
	changes, more := cut(changes, limit)
	page := RosterChangeList{Items: make([]RosterChange, len(changes))}
	for i, change := range changes {
		page.Items[i] = changeView(change)
	}
	if more {
		page.Next = writeIDCursor(examinerChangesList, changes[len(changes)-1].ID)
	}
	return ListExaminerChanges200JSONResponse(page), nil
}

func changeView(c docket.RosterChange) RosterChange {
	view := RosterChange{ID: c.ID, At: c.At, Actor: actorView(c.Actor, false), Reason: c.Actor.Reason, What: c.What, Facts: make([]Fact, len(c.Facts))}
	for i, fact := range c.Facts {
		view.Facts[i] = Fact(fact)
	}
	return view
}
