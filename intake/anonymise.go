package intake

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// Secrets is what a performer must not learn from a script (domain §8.3, reading 9).
type Secrets struct {
	// Words are names, looked for without regard to case and spacing, also with the last word first.
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
	page := squeeze(text)
	for _, word := range s.Words {
		first, last := splitName(word)
		if page.holds(squeeze(word).letters) || page.holds(squeeze(last+first).letters) {
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

// splitName parts a name before its last word: forms and registers also write the surname first.
func splitName(name string) (first, last string) {
	at := strings.LastIndexByte(name, ' ') + 1
	return name[:at], name[at:]
}

// squeezed is a text without its gaps: a PDF may place each letter by itself.
type squeezed struct {
	// letters are the text's letters and digits, in lower case.
	letters string
	// begins tells of each byte of letters whether something else than a letter or digit stood before it.
	begins []bool
}

func squeeze(text string) squeezed {
	var letters strings.Builder
	var begins []bool
	apart := true
	for _, c := range text {
		if !alphanumeric(c) {
			apart = true
			continue
		}
		begins = append(begins, apart)
		letters.WriteRune(unicode.ToLower(unicode.ToUpper(c))) // Both, for letters with two small forms.
		for len(begins) < letters.Len() {
			begins = append(begins, false)
		}
		apart = false
	}
	return squeezed{letters.String(), begins}
}

// shortName is the number of bytes below which a name counts as whole words only: Ha Ng is in every "change".
const shortName = 8

// holds looks for a squeezed name.
func (s squeezed) holds(name string) bool {
	if name == "" {
		return false
	}
	for at := 0; ; at++ {
		found := strings.Index(s.letters[at:], name)
		if found < 0 {
			return false
		}
		at += found
		end := at + len(name)
		if len(name) >= shortName || s.begins[at] && (end == len(s.letters) || s.begins[end]) {
			return true
		}
	}
}
