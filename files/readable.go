package files

import (
	"bytes"
	"context"
	"fmt"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"github.com/recourse-exams/recourse/casework"
)

// Readable checks that the pinned file is a PDF with pages that a reader can open without a password: the centre
// will be given it, and the first bytes alone promise nothing. It returns a *casework.Fault if it is not.
func (b *Bucket) Readable(ctx context.Context, ref casework.FileRef) error {
	body, err := b.Get(ctx, ref)
	if err != nil {
		return err
	}
	if pages, err := countPages(body); err != nil || pages == 0 {
		return casework.NewFault(casework.Invalid, "not-a-pdf",
			"The uploaded file begins like a PDF and cannot be opened as one. Open it yourself, save it as a PDF without a password and upload that.")
	}
	return nil
}

// countPages reads a PDF of unknown origin. The library panics on some damaged files, which is an answer too.
func countPages(body []byte) (pages int, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			pages, err = 0, fmt.Errorf("the PDF cannot be read: %v", cause)
		}
	}()
	// The library's own default configuration would make a folder in the user's home.
	pdf, err := api.ReadContext(bytes.NewReader(body), &model.Configuration{
		Reader15: true, ValidationMode: model.ValidationRelaxed, Eol: types.EolLF, Offline: true, Limits: model.DefaultResourceLimits(),
	})
	if err != nil {
		return 0, fmt.Errorf("the PDF cannot be read: %w", err)
	}
	if err := pdf.EnsurePageCount(); err != nil {
		return 0, fmt.Errorf("the PDF's pages cannot be counted: %w", err)
	}
	return pdf.PageCount, nil
}
