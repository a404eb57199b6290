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
	return GetDraft200JSONResponse{Body: draftView(*task.Draft), Headers: GetDraft200ResponseHeaders{ETag: etag(task.Draft.Version)}}, nil
}

// SaveDraft replaces the person's saved working if it is the version that the person changed.
func (s *Server) SaveDraft(ctx context.Context, in SaveDraftRequestObject) (SaveDraftResponseObject, error) {
	version, err := replaced(in.Params)
	if err != nil {
		return nil, err
	}
	task, _, err := s.readTask(ctx, in.Reference, in.Number)
	if err != nil {
		return nil, err
	}
	if task.State == casework.TaskCompleted {
		return nil, newProblem("already-completed", fmt.Sprintf("The task %s is completed, so there is nothing left to draft.", task.ID))
	}
	received, _ := s.received(ctx)
	completion := casework.Completion{
		Task: task.ID, Items: itemMarks(in.Body.Items), Checklist: checkAnswers(in.Body.Checklist), UnchangedReason: in.Body.UnchangedReason,
	}
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
	return SaveDraft200JSONResponse{Body: draftView(draft), Headers: SaveDraft200ResponseHeaders{ETag: etag(draft.Version)}}, nil
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

func draftView(d docket.Draft) Draft {
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
	return view
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
