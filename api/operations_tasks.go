package api

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/recourse-exams/recourse/api/identity"
	"github.com/recourse-exams/recourse/casework"
)

const (
	// actRoute is the part of an update's id that says at which door the request came in.
	actRoute = "POST /v1/tasks/operation"
	// claimLife is for how long whoever takes a task from the pool may ask its case before another may.
	claimLife = 15 * time.Second
)

// ActOnTask hands what somebody does with a task, short of completing it, to the task's case.
func (s *Server) ActOnTask(ctx context.Context, in ActOnTaskRequestObject) (ActOnTaskResponseObject, error) {
	if err := checkKey(in.Params.IdempotencyKey); err != nil {
		return nil, err
	}
	request, id, err := s.taskRequest(ctx, in)
	if err != nil {
		return nil, err
	}
	done, repeated, err := s.allowAct(ctx, in, &request, id)
	if err != nil {
		return nil, err
	}
	if repeated {
		return actDone(request, done), nil
	}
	done, err = s.acts.Act(ctx, request.Task.Reference(), id, request)
	var fault *casework.Fault
	switch {
	case errors.Is(err, ErrPending):
		return ActOnTask202JSONResponse{
			Body: TaskOperationPending{
				Task: string(request.Task), Href: taskHref(request.Task), Operation: in.Operation, Status: TaskOperationPendingStatusPending,
				Detail: "Your request is safely accepted and will be done as soon as a worker takes it; look at href again in a few seconds. Sending the same request again does no harm.",
			},
			Headers: ActOnTask202ResponseHeaders{Location: taskHref(request.Task), RetryAfter: retrySeconds},
		}, nil
	case errors.As(err, &fault):
		return nil, fault
	case err != nil:
		return nil, acceptanceUnknown(err)
	}
	return actDone(request, done), nil
}

// taskRequest is what the person asks for, checked as far as that goes without the task, and the name of the attempt.
func (s *Server) taskRequest(ctx context.Context, in ActOnTaskRequestObject) (casework.TaskRequest, string, error) {
	person, operation := personOf(ctx), casework.Operation(in.Operation)
	role, err := actsAs(person, operation)
	if err != nil {
		return casework.TaskRequest{}, "", err
	}
	reference, err := parseReference(in.Reference)
	if err != nil {
		return casework.TaskRequest{}, "", err
	}
	var body TaskOperationRequest
	if in.Body != nil {
		body = *in.Body
	}
	task := casework.TaskOf(reference, int(in.Number))
	route := fmt.Sprintf("%s %s %s", actRoute, operation, task)
	received, _ := s.received(ctx)
	by := actor(person, role)
	by.Reason = body.Reason
	request := casework.TaskRequest{
		Task: task, Operation: operation, To: body.To, Why: casework.DeclineReason(body.Why), Actor: by,
		Key: keyID(person.Subject, route, in.Params.IdempotencyKey), ReceivedAt: received,
	}
	if fault := request.Check(); fault != nil {
		return casework.TaskRequest{}, "", fault
	}
	id, err := updateID(person.Subject, route, in.Params.IdempotencyKey, body)
	return request, id, err
}

// allowAct refuses whoever may not know of the task, and of those who claim a task all but one, before its case is
// troubled. Whoever has given a task away no longer sees it, so that a repeat of what was done is answered from the
// register.
func (s *Server) allowAct(ctx context.Context, in ActOnTaskRequestObject, request *casework.TaskRequest, id string) (done casework.TaskDone, repeated bool, err error) {
	switch {
	case request.Actor.Role == casework.RoleCaseworker || request.Actor.Role == casework.RoleOperator:
		_, err := s.readCase(ctx, in.Reference)
		return casework.TaskDone{}, false, err
	case request.Operation == casework.OpClaim:
		err = s.team.TakeClaim(ctx, request.Task, request.Actor.Subject, request.Key, request.ReceivedAt, request.ReceivedAt.Add(claimLife))
	default:
		_, request.Actor.Role, err = s.readTask(ctx, in.Reference, in.Number)
	}
	var fault *casework.Fault
	if !errors.As(err, &fault) || fault.Kind == casework.Unavailable {
		return casework.TaskDone{}, false, err
	}
	done, repeated, failed := s.team.TaskDone(ctx, request.Task.Reference(), id)
	if failed != nil {
		return casework.TaskDone{}, false, failed
	}
	if repeated {
		return done, true, nil
	}
	return casework.TaskDone{}, false, fault
}

// actsAs is the role in which a person may ask for an operation: the awarding body's people order what a task's holder
// does not do by themselves. Whether the task is theirs, or that of their team, the case says.
func actsAs(person identity.Person, operation casework.Operation) (casework.Role, error) {
	var may []casework.Role
	switch operation {
	case casework.OpReassign:
		may = bodyReaders()
	case casework.OpSuspend, casework.OpResume:
		may = append(bodyReaders(), performers()...)
	case casework.OpClaim, casework.OpStart, casework.OpRelease, casework.OpDecline, casework.OpDelegate, casework.OpForward:
		may = performers()
	}
	for _, role := range may {
		if person.Holds(role) {
			return role, nil
		}
	}
	return "", roleMissing(fmt.Sprintf("%s a task", operation), may)
}

func actDone(request casework.TaskRequest, done casework.TaskDone) ActOnTask200JSONResponse {
	return ActOnTask200JSONResponse{
		Task: string(request.Task), Href: taskHref(request.Task), Operation: TaskOperation(request.Operation), State: TaskState(done.State),
		Assignee: done.Assignee, StartBy: done.Times.StartBy, CompleteBy: done.Times.CompleteBy,
	}
}
