package specimen

import (
	"bytes"
	_ "embed"
	"fmt"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"github.com/recourse-exams/recourse/casework/register"
)

// handwriting is the font of candidates' answers; its licence is beside it.
//
//go:embed fonts/Breip.ttf
var handwriting []byte

// Measures of a page, in millimetres.
const (
	pageWidth  = 210.0
	pageHeight = 297.0
	left       = 20.0
	right      = pageWidth - 20
	top        = 22.0
	bottom     = pageHeight - 22
)

// document is one PDF under construction.
type document struct {
	*fpdf.Fpdf

	// latin turns a text into the encoding of the built-in fonts.
	latin func(string) string
	// footer stands at the foot of every page but the first.
	footer string
}

func newDocument(title, footer string) *document {
	d := &document{Fpdf: fpdf.New("P", "mm", "A4", ""), footer: footer}
	d.latin = d.UnicodeTranslatorFromDescriptor("")
	d.SetTitle(title, true)
	d.SetProducer("Cambria Awards demonstration data", true)
	printed := time.Date(2026, time.June, 1, 9, 0, 0, 0, time.UTC) // The same on every day, so that the bytes are too.
	d.SetCreationDate(printed)
	d.SetModificationDate(printed)
	d.SetCatalogSort(true)
	d.SetMargins(left, top, pageWidth-right)
	d.SetAutoPageBreak(false, 0)
	d.SetFooterFunc(d.writeFooter)
	return d
}

func (d *document) writeFooter() {
	if d.PageNo() == 1 {
		return
	}
	d.SetTextColor(90, 90, 90)
	d.SetFont("Helvetica", "", 8)
	d.Text(left, pageHeight-12, d.latin(d.footer))
	page := fmt.Sprintf("Page %d", d.PageNo())
	d.Text(right-d.GetStringWidth(page), pageHeight-12, page)
}

// room starts a new page if less than height is left.
func (d *document) room(height float64) {
	if d.GetY()+height > bottom {
		d.AddPage()
		d.SetY(top)
	}
}

// mast writes the letterhead of a first page.
func (d *document) mast(kind string) {
	d.AddPage()
	d.SetFillColor(24, 62, 92)
	d.Rect(0, 0, pageWidth, 26, "F")
	d.SetTextColor(255, 255, 255)
	d.SetFont("Times", "B", 22)
	d.Text(left, 17, "Cambria Awards")
	d.SetFont("Helvetica", "", 11)
	d.Text(right-d.GetStringWidth(d.latin(kind)), 16.5, d.latin(kind))
	d.SetTextColor(0, 0, 0)
	d.SetY(42)
}

// wrap breaks a text into lines of a width, in the current built-in font and its encoding.
func (d *document) wrap(text string, width float64) []string {
	var wrapped []string
	for _, line := range d.SplitLines([]byte(d.latin(text)), width) {
		wrapped = append(wrapped, string(line))
	}
	return wrapped
}

// paragraph writes a text over the whole width.
func (d *document) paragraph(style string, size float64, text string) {
	d.SetFont("Helvetica", style, size)
	d.SetX(left)
	d.MultiCell(right-left, size*0.47, d.latin(text), "", "L", false)
}

// head writes what every first page says about its component.
func (d *document) head(qualification, title, code string) {
	d.paragraph("", 12, qualification)
	d.Ln(1)
	d.paragraph("B", 18, title)
	d.Ln(2)
	d.SetTextColor(90, 90, 90)
	d.paragraph("", 10, "Component "+code+"  ·  Demonstration series")
	d.SetTextColor(0, 0, 0)
	d.Ln(6)
}

func (d *document) bytes(name string) ([]byte, error) {
	var body bytes.Buffer
	if err := d.Output(&body); err != nil {
		return nil, fmt.Errorf("make %s: %w", name, err)
	}
	return body.Bytes(), nil
}

func qualificationTitle(component register.Component) string {
	for _, q := range qualifications() {
		if q.ID == component.Qualification {
			return q.Title
		}
	}
	return component.Qualification
}
