package api

import (
	"context"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// reassignmentsRoute is the part of a batch's id that says at which door it came in.
const reassignmentsRoute = "POST /v1/examiners/reassignments"

// ReassignTasks shows which tasks would be taken from a performer, or has them given to others.
func (s *Server) ReassignTasks(ctx context.Context, in ReassignTasksRequestObject) (ReassignTasksResponseObject, error) {
	examiner, err := s.roster.Examiner(ctx, in.Examiner)
	if err != nil {
		return nil, err
	}
	body := *in.Body
	made, err := s.batch(ctx, batchAsk{
		selection: docket.BatchSelection{Assignee: examiner.ID}, key: in.Params.IdempotencyKey, route: reassignmentsRoute + " " + examiner.ID,
		dryRun: body.DryRun, expect: body.Expect,
		command: casework.BatchCommand{Action: casework.BatchReassign, To: body.To, Actor: casework.Actor{Reason: body.Reason}},
	})
	switch {
	case err != nil:
		return nil, err
	case body.DryRun:
		return ReassignTasks200JSONResponse(made.plan), nil
	}
	return ReassignTasks202JSONResponse{Body: batchView(made.batch), Headers: ReassignTasks202ResponseHeaders{Location: batchHref(made.batch.ID)}}, nil
}
