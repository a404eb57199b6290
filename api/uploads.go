package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/recourse-exams/recourse/casework"
)

const pdf = "application/pdf"

// CreateUpload makes a link to which the annotated script, or the file of a note, can be sent. It is known by its content, so asking again
// for the same file is the same upload with a fresh link.
func (s *Server) CreateUpload(ctx context.Context, in CreateUploadRequestObject) (CreateUploadResponseObject, error) {
	task, _, err := s.ownTask(ctx, in.Reference, in.Number)
	switch {
	case err != nil:
		return nil, err
	case task.State == casework.TaskCompleted:
		return nil, casework.AlreadyCompleted(task.ID)
	case !task.Sheet.Rules.AnnotatedScript && in.Body.Purpose != UploadRequestPurposeNote:
		return nil, newProblem("annotated-script-not-wanted", "A clerical check has no annotated script, so there is nothing to upload.")
	}
	received, _ := s.received(ctx)
	key := uploadKey(task.ID, in.Body.Sha256)
	id, err := s.tasks.RegisterUpload(ctx, task.ID, personOf(ctx).Subject, key, in.Body.Sha256, in.Body.Size, received)
	if err != nil {
		return nil, err
	}
	url, headers, err := s.files.PresignPut(ctx, key, pdf, in.Body.Sha256, in.Body.Size)
	if err != nil {
		return nil, fmt.Errorf("task %s: upload: %w", task.ID, err)
	}
	target := UploadTarget{
		ID: id, Method: UploadTargetMethodPUT, URL: url, Headers: []Fact{},
		ExpiresAt: s.wall().Add(linkLife).UTC().Truncate(time.Second),
	}
	for _, name := range slices.Sorted(maps.Keys(headers)) {
		target.Headers = append(target.Headers, Fact{Name: name, Value: headers.Get(name)})
	}
	return CreateUpload201JSONResponse(target), nil
}

// uploadKey is where an upload of a task is stored; it says nothing about the case to who sees the key alone.
func uploadKey(task casework.TaskID, sum string) string {
	folder := sha256.Sum256([]byte(task))
	return "uploads/" + hex.EncodeToString(folder[:16]) + "/" + sum + ".pdf"
}
