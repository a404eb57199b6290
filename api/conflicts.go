package api

import (
	"context"

	"github.com/recourse-exams/recourse/casework/docket"
)

// DeclareConflict enters an interest that excludes an examiner from a centre's or a candidate's tasks, and says which they
// hold already.
func (s *Server) DeclareConflict(ctx context.Context, in DeclareConflictRequestObject) (DeclareConflictResponseObject, error) {
	received, _ := s.received(ctx)
	conflict := docket.Conflict{Kind: string(in.Body.Kind), Centre: in.Body.Centre, Candidate: in.Body.Candidate}
	declared, err := s.roster.DeclareConflict(ctx, in.Examiner, conflict, keeper(ctx), received)
	if err != nil {
		return nil, err
	}
	return DeclareConflict201JSONResponse(conflictView(declared)), nil
}

// TakeBackConflict takes out an interest that was entered in error.
func (s *Server) TakeBackConflict(ctx context.Context, in TakeBackConflictRequestObject) (TakeBackConflictResponseObject, error) {
	received, _ := s.received(ctx)
	if err := s.roster.TakeBackConflict(ctx, in.Examiner, in.Conflict, keeper(ctx), received); err != nil {
		return nil, err
	}
	return TakeBackConflict204Response{}, nil
}

// whenConflicted is what to do about a task whose holder may not complete it.
const whenConflicted = "Reassign the task: whoever holds it cannot complete it, and what they have done already is not used."

func conflictView(c docket.Conflict) ExaminerConflict {
	view := ExaminerConflict{ID: c.ID, Kind: ExaminerConflictKind(c.Kind), Centre: c.Centre, Candidate: c.Candidate}
	for _, task := range c.StandsAgainst {
		view.StandsAgainst = append(view.StandsAgainst, ConflictedTask{
			Task: string(task), Href: taskHref(task), Reference: string(task.Reference()), Remedy: whenConflicted,
		})
	}
	return view
}
