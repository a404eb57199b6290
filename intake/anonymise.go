package intake

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// Secrets is what a performer must not learn from a script (domain §8.3, reading 9).
type Secrets struct {
	// Words are names, looked for without regard to case and spacing.
	Words []string
	// Numbers are identifiers, looked for as whole numbers only: 1001 is not in 21001.
	Numbers []string
}

// Anonymise makes the copy of a script that a performer may see: without the first page, which is the cover, and
// with nothing beside the pages: no properties, metadata, bookmarks, comments, form fields or attachments. It
// copies what the remaining pages need into a new file, so that what nobody thought of stays behind. The same
// script always gives the same bytes.
//
// It refuses a script whose remaining pages still show a secret in text that it can read. Scanned pictures are
// copied as they are.
func Anonymise(script []byte, secrets Secrets) (anonymous []byte, err error) {
	defer func() {
		// The PDF library panics on some damaged files, which fuzzing found; a script comes from outside.
		if cause := recover(); cause != nil {
			anonymous, err = nil, fmt.Errorf("the PDF is damaged: %v", cause)
		}
	}()
	pdf, err := openPDF(script)
	if err != nil {
		return nil, err
	}
	if pdf.PageCount < 2 {
		return nil, errors.New("the script has no page behind its cover page")
	}
	w := newPDFWriter(pdf.XRefTable)
	for number := 2; number <= pdf.PageCount; number++ {
		if err := w.page(number); err != nil {
			return nil, fmt.Errorf("page %d: %w", number, err)
		}
		if found := secrets.in(w.takeText()); found != "" {
			return nil, fmt.Errorf("page %d still shows %q; only the cover page may", number, found)
		}
	}
	return w.finish(), nil
}

// openPDF reads a PDF's objects. The configuration is written out because the library's default one reads and
// writes a folder in the user's home.
func openPDF(content []byte) (*model.Context, error) {
	pdf, err := api.ReadContext(bytes.NewReader(content), &model.Configuration{
		Reader15:       true,
		ValidationMode: model.ValidationRelaxed,
		Eol:            types.EolLF,
		Offline:        true,
		Limits:         model.DefaultResourceLimits(),
	})
	if err != nil {
		return nil, fmt.Errorf("the PDF cannot be read: %w", err)
	}
	if pdf.Encrypt != nil {
		return nil, errors.New("the PDF is encrypted; save it without a password")
	}
	if err := pdf.EnsurePageCount(); err != nil {
		return nil, fmt.Errorf("the PDF's pages cannot be counted: %w", err)
	}
	return pdf, nil
}

// in returns the first secret that stands in a page's text, or nothing.
func (s Secrets) in(text string) string {
	squeezed := squeeze(text)
	for _, word := range s.Words {
		if wanted := squeeze(word); wanted != "" && strings.Contains(squeezed, wanted) {
			return word
		}
	}
	for _, token := range strings.FieldsFunc(text, func(c rune) bool { return !alphanumeric(c) }) {
		for _, number := range s.Numbers {
			if number != "" && strings.EqualFold(token, number) {
				return number
			}
		}
	}
	return ""
}

// squeeze keeps letters and digits only, in lower case: a PDF may place each letter by itself.
func squeeze(s string) string {
	return strings.Map(func(c rune) rune {
		if alphanumeric(c) {
			return c
		}
		return -1
	}, strings.ToLower(s))
}
