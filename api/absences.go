package api

import (
	"context"

	"github.com/recourse-exams/recourse/casework/docket"
)

// AddAbsence enters a time in which an examiner gets no tasks.
func (s *Server) AddAbsence(ctx context.Context, in AddAbsenceRequestObject) (AddAbsenceResponseObject, error) {
	received, _ := s.received(ctx)
	absence := docket.Absence{From: in.Body.From, Until: in.Body.Until, Reason: string(in.Body.Reason)}
	added, err := s.roster.AddAbsence(ctx, in.Examiner, absence, keeper(ctx), received)
	if err != nil {
		return nil, err
	}
	return AddAbsence201JSONResponse(absenceView(added)), nil
}

// EndAbsence takes an absence out, so that the examiner gets tasks again.
func (s *Server) EndAbsence(ctx context.Context, in EndAbsenceRequestObject) (EndAbsenceResponseObject, error) {
	received, _ := s.received(ctx)
	if err := s.roster.EndAbsence(ctx, in.Examiner, in.Absence, keeper(ctx), received); err != nil {
		return nil, err
	}
	return EndAbsence204Response{}, nil
}

func absenceView(a docket.Absence) Absence {
	return Absence{ID: a.ID, From: a.From, Until: a.Until, Reason: AbsenceReason(a.Reason)}
}
