package ops

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// Files makes links of short life to stored files, as that of package api does.
type Files interface {
	PresignGet(ctx context.Context, file casework.FileRef, filename string, inline bool) (url string, err error)
}

// file opens a document of a case, as the centre may, by a link of short life.
func (s *site) file(w http.ResponseWriter, r *http.Request, _ visit) error {
	reference, err := referenceOf(r)
	if err != nil {
		return err
	}
	found, err := s.Cases.Case(r.Context(), reference, docket.Scope{})
	if err != nil {
		return fmt.Errorf("read case %s: %w", reference, err)
	}
	for _, document := range found.Documents {
		if strconv.FormatInt(document.ID, 10) != r.PathValue("document") {
			continue
		}
		link, err := s.Files.PresignGet(r.Context(), document.File, document.FileName(reference), true)
		if err != nil {
			return fmt.Errorf("case %s: document %d: %w", reference, document.ID, err)
		}
		http.Redirect(w, r, link, http.StatusFound)
		return nil
	}
	return casework.NewFault(casework.NotFound, "unknown-document", fmt.Sprintf("Case %s has no such file.", reference))
}
