package activities

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// Documents records which stored files belong to a case.
type Documents interface {
	// AddDocument makes a file available to the centre; adding the same again changes nothing.
	AddDocument(ctx context.Context, ref casework.Reference, kind string, file casework.FileRef, mediaType string, at time.Time) error
	// Notice reads everything that a case's letters and mails say.
	Notice(ctx context.Context, ref casework.Reference) (docket.Notice, error)
}

// Printer writes letters. The same notice gives the same bytes, so that a repeat stores nothing new.
type Printer interface {
	OutcomeHTML(docket.Notice) ([]byte, error)
	OutcomePDF(docket.Notice) ([]byte, error)
}

// Letters holds the activity that stores a case's outcome letter.
type Letters struct {
	Documents Documents
	Printer   Printer
	Files     Files
	// Now is the starter's and worker's one clock.
	Now func() time.Time
}

// StoreOutcomeLetter prints the outcome letter as a page and as a PDF, stores both and shows them to the centre.
func (l *Letters) StoreOutcomeLetter(ctx context.Context, in casework.CaseInput) (struct{}, error) {
	notice, err := l.Documents.Notice(ctx, in.Reference)
	if err != nil {
		return struct{}{}, Failure(err)
	}
	prints := []struct {
		kind, mediaType, extension string
		print                      func(docket.Notice) ([]byte, error)
	}{
		{docket.OutcomeLetterHTML, HTML, "html", l.Printer.OutcomeHTML},
		{docket.OutcomeLetterPDF, PDF, "pdf", l.Printer.OutcomePDF},
	}
	for _, p := range prints {
		body, err := p.print(notice)
		if err != nil {
			return struct{}{}, fmt.Errorf("print %s of case %s: %w", p.kind, in.Reference, err)
		}
		sum := sha256.Sum256(body)
		key := fmt.Sprintf("cases/%s/%s-%s.%s", in.Reference, p.kind, hex.EncodeToString(sum[:]), p.extension)
		file, err := l.Files.Put(ctx, key, p.mediaType, body)
		if err != nil {
			return struct{}{}, Failure(err)
		}
		if err := l.Documents.AddDocument(ctx, in.Reference, p.kind, file, p.mediaType, shown(in.At, l.Now())); err != nil {
			return struct{}{}, Failure(err)
		}
	}
	return struct{}{}, nil
}

// StoreOutcomeLetter is an errand, because it writes to the file store.
func StoreOutcomeLetter(ctx workflow.Context, in casework.CaseInput) error {
	var letters *Letters
	_, err := errand(ctx, fileAttempt, "Print and store the outcome letter", letters.StoreOutcomeLetter, in)
	return err
}
