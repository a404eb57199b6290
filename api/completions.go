package api

import (
	"context"
	"errors"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// completeRoute is the part of an update's id that says at which door the completion came in.
const completeRoute = "POST /v1/tasks/complete"

// CompleteTask hands a completion to its case. What is wrong with it is said at once and leaves no trace; the case's
// own step checks again and decides.
func (s *Server) CompleteTask(ctx context.Context, in CompleteTaskRequestObject) (CompleteTaskResponseObject, error) {
	if err := checkKey(in.Params.IdempotencyKey); err != nil {
		return nil, err
	}
	task, role, err := s.ownTask(ctx, in.Reference, in.Number)
	if err != nil {
		return nil, err
	}
	received, _ := s.received(ctx)
	completion, err := s.completion(ctx, task, *in.Body)
	if err != nil {
		return nil, err
	}
	person := personOf(ctx)
	id, err := updateID(person.Subject, completeRoute+" "+string(task.ID), in.Params.IdempotencyKey, in.Body)
	if err != nil {
		return nil, err
	}
	done, err := s.dispatcher.Complete(ctx, task.Reference, id, casework.CompleteRequest{
		Completion: completion, Actor: actor(person, role), ReceivedAt: received,
		Key: keyID(person.Subject, completeRoute+" "+string(task.ID), in.Params.IdempotencyKey),
	})
	var fault *casework.Fault
	switch {
	case errors.Is(err, ErrPending):
		return CompleteTask202JSONResponse{
			Body: CompletionPending{
				Task: string(task.ID), Href: taskHref(task.ID), Status: CompletionPendingStatusPending,
				Detail: "Your completion is safely accepted and will be recorded as soon as a worker takes it; look at href again in a few seconds. Sending the same request again does no harm.",
			},
			Headers: CompleteTask202ResponseHeaders{Location: taskHref(task.ID), RetryAfter: retrySeconds},
		}, nil
	case errors.As(err, &fault):
		return nil, fault
	case err != nil:
		return nil, acceptanceUnknown(err)
	}
	return CompleteTask200JSONResponse{Task: string(done.Task), Stage: Stage(done.Stage), PublishedAt: done.PublishedAt}, nil
}

// completion checks what was handed in against the sheet, pins the uploaded file and says everything that is wrong.
func (s *Server) completion(ctx context.Context, task docket.Task, body CompletionContent) (casework.Completion, error) {
	completion := casework.Completion{
		Task: task.ID, Items: itemMarks(body.Items), Checklist: checkAnswers(body.Checklist), UnchangedReason: body.UnchangedReason,
	}
	if body.Annotated != 0 {
		// A place for the file, so that the check sees that one was named; it is verified below.
		completion.Annotated = &casework.FileRef{}
	}
	if reasons := completion.Check(task.Sheet); len(reasons) > 0 {
		return casework.Completion{}, casework.NewFault(casework.Invalid, "completion-invalid",
			"The completion cannot be taken as it is; nothing was recorded.", reasons...)
	}
	if body.Annotated == 0 {
		return completion, nil
	}
	file, err := s.announced(ctx, task.ID, body.Annotated, "/annotated")
	completion.Annotated = &file
	return completion, err
}

// upload finds what the person announced for the task; pointer is the field that names it.
func (s *Server) upload(ctx context.Context, task casework.TaskID, id int64, pointer string) (docket.Upload, error) {
	upload, err := s.tasks.Upload(ctx, id, task, personOf(ctx).Subject)
	var fault *casework.Fault
	if errors.As(err, &fault) && fault.Kind == casework.NotFound {
		detail := "The task has no such upload."
		return docket.Upload{}, newProblem("unknown-upload", detail, casework.Reason{
			Code: "unknown-upload", Detail: detail, Pointer: pointer, Remedy: "Ask for an upload of this task, send the file, and name that id.",
		})
	}
	return upload, err
}

// announced finds and verifies an uploaded file; every no points at the field that named it.
func (s *Server) announced(ctx context.Context, task casework.TaskID, id int64, pointer string) (casework.FileRef, error) {
	upload, err := s.upload(ctx, task, id, pointer)
	if err != nil {
		return casework.FileRef{}, err
	}
	file, err := s.files.Verify(ctx, upload.Key, upload.SHA256, upload.Size, pdf)
	if err == nil {
		err = s.files.Readable(ctx, file)
	}
	var fault *casework.Fault
	if errors.As(err, &fault) {
		return casework.FileRef{}, pointed(fault, pointer)
	}
	return file, err
}

// pointed gives a fault of another part the pointer of the field that caused it.
func pointed(fault *casework.Fault, pointer string) *problem {
	p := fromFault(fault)
	p.reasons = append([]casework.Reason{}, p.reasons...)
	if len(p.reasons) == 0 {
		p.reasons = []casework.Reason{{Code: fault.Code, Detail: fault.Detail}}
	}
	entry, known := lookUp(p.code)
	for i := range p.reasons {
		p.reasons[i].Pointer = pointer
		if p.reasons[i].Remedy == "" && known {
			p.reasons[i].Remedy = entry.Remedy
		}
	}
	return p
}
