package api

import (
	"context"
	"fmt"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// noteRoute is the part of a key's id that says at which door the note came in.
const noteRoute = "POST /v1/tasks/notes"

// ListTaskNotes shows what was noted beside a task, to its holder, who leads them, and the awarding body.
func (s *Server) ListTaskNotes(ctx context.Context, in ListTaskNotesRequestObject) (ListTaskNotesResponseObject, error) {
	task, err := s.notedTask(ctx, in.Reference, in.Number)
	if err != nil {
		return nil, err
	}
	notes, err := s.team.TaskNotes(ctx, task)
	if err != nil {
		return nil, err
	}
	page := TaskNoteList{Items: make([]TaskNote, len(notes))}
	for i, note := range notes {
		if page.Items[i], err = s.noteView(ctx, note); err != nil {
			return nil, err
		}
	}
	return ListTaskNotes200JSONResponse(page), nil
}

// notedTask is a task whose notes the person may read. The awarding body's people read those of every case.
func (s *Server) notedTask(ctx context.Context, reference string, number int32) (casework.TaskID, error) {
	if !personOf(ctx).Holds(bodyReaders()...) {
		task, _, err := s.readTask(ctx, reference, number)
		return task.ID, err
	}
	found, err := s.readCase(ctx, reference)
	return casework.TaskOf(found.Reference, int(number)), err
}

// AddTaskNote keeps a note of the task's holder or of who leads them. People who know the centre write none: what they
// have to say would reach the performer.
func (s *Server) AddTaskNote(ctx context.Context, in AddTaskNoteRequestObject) (AddTaskNoteResponseObject, error) {
	if err := checkKey(in.Params.IdempotencyKey); err != nil {
		return nil, err
	}
	task, _, err := s.readTask(ctx, in.Reference, in.Number)
	if err != nil {
		return nil, err
	}
	received, _ := s.received(ctx)
	person := personOf(ctx)
	note := docket.TaskNote{Task: task.ID, Author: person.Subject, At: received, Text: in.Body.Text}
	if in.Body.Upload != 0 {
		file, err := s.announced(ctx, task.ID, in.Body.Upload, "/upload")
		if err != nil {
			return nil, err
		}
		note.File = &file
	}
	digest, err := canonicalHash(in.Body)
	if err != nil {
		return nil, err
	}
	key := keyID(person.Subject, noteRoute+" "+string(task.ID), in.Params.IdempotencyKey)
	if note, err = s.team.AddTaskNote(ctx, note, key, digest); err != nil {
		return nil, err
	}
	view, err := s.noteView(ctx, note)
	if err != nil {
		return nil, err
	}
	return AddTaskNote201JSONResponse(view), nil
}

func (s *Server) noteView(ctx context.Context, note docket.TaskNote) (TaskNote, error) {
	view := TaskNote{ID: note.ID, Author: note.Author, At: note.At, Text: note.Text}
	if note.File == nil {
		return view, nil
	}
	var err error
	if view.File, err = s.link(ctx, *note.File, fmt.Sprintf("%s-note-%d.pdf", note.Task.Reference(), note.ID), true); err != nil {
		return TaskNote{}, fmt.Errorf("task %s: note %d: %w", note.Task, note.ID, err)
	}
	return view, nil
}
