package api

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// GetDraft shows the person's saved working.
func (s *Server) GetDraft(ctx context.Context, in GetDraftRequestObject) (GetDraftResponseObject, error) {
	task, _, err := s.readTask(ctx, in.Reference, in.Number)
	if err != nil {
		return nil, err
	}
	if task.Draft == nil {
		return nil, newProblem("no-draft", fmt.Sprintf("You have saved nothing for the task %s.", task.ID))
	}
	view, err := s.draftView(ctx, task, *task.Draft)
	if err != nil {
		return nil, err
	}
	return GetDraft200JSONResponse{Body: view, Headers: GetDraft200ResponseHeaders{ETag: etag(task.Draft.Version)}}, nil
}

// SaveDraft replaces the person's saved working if it is the version that the person changed.
func (s *Server) SaveDraft(ctx context.Context, in SaveDraftRequestObject) (SaveDraftResponseObject, error) {
	version, err := replaced(in.Params)
	if err != nil {
		return nil, err
	}
	task, _, err := s.ownTask(ctx, in.Reference, in.Number)
	if err != nil {
		return nil, err
	}
	if task.State == casework.TaskCompleted {
		return nil, casework.AlreadyCompleted(task.ID)
	}
	completion, err := s.drafted(ctx, task.ID, *in.Body)
	if err != nil {
		return nil, err
	}
	received, _ := s.received(ctx)
	draft, err := s.tasks.SaveDraft(ctx, task.ID, personOf(ctx).Subject, version, completion, received)
	var fault *casework.Fault
	if errors.As(err, &fault) && fault.Code == "draft-changed" {
		p := newProblem("draft-changed", "The draft was saved from another window since you read it.")
		p.cause = err
		return nil, p
	}
	if err != nil {
		return nil, err
	}
	view, err := s.draftView(ctx, task, draft)
	if err != nil {
		return nil, err
	}
	return SaveDraft200JSONResponse{Body: view, Headers: SaveDraft200ResponseHeaders{ETag: etag(draft.Version)}}, nil
}

// drafted is what a draft holds. A file that it names must have been announced for the task; whether it has arrived
// is asked when the task is completed.
func (s *Server) drafted(ctx context.Context, task casework.TaskID, body DraftContent) (casework.Completion, error) {
	completion := casework.Completion{
		Task: task, Items: itemMarks(body.Items), Checklist: checkAnswers(body.Checklist), UnchangedReason: body.UnchangedReason,
	}
	if body.Annotated == 0 {
		return completion, nil
	}
	upload, err := s.upload(ctx, task, body.Annotated, "/annotated")
	completion.Annotated = &casework.FileRef{Key: upload.Key, SHA256: upload.SHA256, Size: upload.Size}
	return completion, err
}

// replaced is the version of the draft that a save replaces, 0 for the first.
func replaced(params SaveDraftParams) (int64, error) {
	if strings.TrimSpace(params.IfNoneMatch) == "*" && params.IfMatch == "" {
		return 0, nil
	}
	if params.IfMatch == "" {
		return 0, newProblem("version-required", "Send If-Match with the ETag of the draft that you replace, or If-None-Match: * for the first save.")
	}
	version, err := strconv.ParseInt(strings.Trim(params.IfMatch, `"`), 10, 64)
	if err != nil || version < 1 {
		return 0, newProblem("draft-changed", fmt.Sprintf("If-Match names %s, which is no version of this draft.", params.IfMatch))
	}
	return version, nil
}

func (s *Server) draftView(ctx context.Context, task docket.Task, d docket.Draft) (Draft, error) {
	view := Draft{
		Version: d.Version, SavedAt: d.SavedAt, UnchangedReason: d.Completion.UnchangedReason,
		Items: make([]ItemMark, len(d.Completion.Items)), Checklist: make([]CheckAnswer, len(d.Completion.Checklist)),
	}
	for i, item := range d.Completion.Items {
		view.Items[i] = ItemMark(item)
	}
	for i, answer := range d.Completion.Checklist {
		view.Checklist[i] = CheckAnswer(answer)
	}
	if d.Completion.Annotated == nil {
		return view, nil
	}
	upload, err := s.tasks.AnnouncedUpload(ctx, task.ID, task.Assignee, d.Completion.Annotated.Key)
	if err != nil {
		return Draft{}, fmt.Errorf("task %s: the draft's file: %w", task.ID, err)
	}
	view.Annotated = upload.ID
	return view, nil
}

func itemMarks(given []ItemMark) []casework.ItemMark {
	marks := make([]casework.ItemMark, len(given))
	for i, mark := range given {
		marks[i] = casework.ItemMark(mark)
	}
	return marks
}

func checkAnswers(given []CheckAnswer) []casework.CheckAnswer {
	answers := make([]casework.CheckAnswer, len(given))
	for i, answer := range given {
		answers[i] = casework.CheckAnswer(answer)
	}
	return answers
}
