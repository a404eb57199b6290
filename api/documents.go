package api

import (
	"context"
	"fmt"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// linkLife is how long a link opens a file; the adapter that signs it uses the same.
const linkLife = 10 * time.Minute

// GetDocument opens a document of a case by a link of short life.
func (s *Server) GetDocument(ctx context.Context, in GetDocumentRequestObject) (GetDocumentResponseObject, error) {
	found, err := s.readCase(ctx, in.Reference)
	if err != nil {
		return nil, err
	}
	for _, document := range found.Documents {
		if document.ID != in.Document {
			continue
		}
		link, err := s.link(ctx, document.File, document.FileName(found.Reference), true)
		if err != nil {
			return nil, fmt.Errorf("case %s: document %d: %w", found.Reference, document.ID, err)
		}
		if in.Params.Link {
			return GetDocument200JSONResponse(link), nil
		}
		return GetDocument302Response{Headers: GetDocument302ResponseHeaders{Location: link.URL}}, nil
	}
	return nil, newProblem("not-found", fmt.Sprintf("The case %s has no document %d.", found.Reference, in.Document))
}

// link signs a link; it expires by wall time, whatever the one clock shows.
func (s *Server) link(ctx context.Context, file casework.FileRef, name string, inline bool) (Link, error) {
	url, err := s.files.PresignGet(ctx, file, name, inline)
	if err != nil {
		return Link{}, err
	}
	return Link{URL: url, ExpiresAt: s.wall().Add(linkLife).UTC().Truncate(time.Second)}, nil
}

func documentView(reference casework.Reference, d docket.Document) Document {
	return Document{
		ID: d.ID, Kind: d.Kind, MediaType: d.MediaType, Size: d.File.Size, AvailableAt: d.AvailableAt,
		Href: fmt.Sprintf("%s/documents/%d", caseHref(reference), d.ID),
	}
}
