package letters

import (
	"bytes"
	"embed"
	"fmt"
	"strings"

	"codeberg.org/go-pdf/fpdf"
)

//go:embed fonts/OpenSans-Regular.ttf fonts/OpenSans-Semibold.ttf
var fonts embed.FS

// The page in millimetres: A4 with margins that a window envelope and a hole punch leave alone.
const (
	leftEdge   = 22.0
	rightEdge  = 188.0
	textWidth  = rightEdge - leftEdge
	firstLine  = 14.0
	laterLine  = 24.0
	lastLine   = 276.0
	footLine   = 282.0
	headColumn = 118.0 // where the facts beside the address begin
	labelWidth = 48.0
)

// Type sizes in points and their line heights in millimetres.
const (
	bodySize, bodyLead   = 9.5, 4.5
	smallSize, smallLead = 8.5, 4.0
	titleSize, titleLead = 15.0, 7.0
	leadSize, leadLead   = 11.5, 5.6
	markSize, longMark   = 17.0, 12.0 // of the wordmark
)

// face is one cut of the font.
type face string

const (
	regular  face = ""
	semibold face = "B" // fpdf knows only four cuts; the semibold stands in the bold one's place
)

// tone is a colour as red, green and blue.
type tone struct{ r, g, b int }

var (
	ink    = tone{27, 31, 36}
	quiet  = tone{86, 96, 106}
	faint  = tone{213, 218, 222}
	accent = tone{11, 79, 92}
)

// paper is a PDF that is being written from top to bottom.
type paper struct {
	*fpdf.Fpdf
	letter letter
	pages  int // how many pages there will be; 0 while they are counted
	y      float64
	face   face
	size   float64
}

// pdf prints the letter twice: once to count its pages, once with the count at the foot of each.
func (l letter) pdf() ([]byte, error) {
	draft, err := l.print(0)
	if err != nil {
		return nil, err
	}
	final, err := l.print(draft.PageCount())
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := final.Output(&out); err != nil {
		return nil, fmt.Errorf("print %s: %w", l.Reference, err)
	}
	return out.Bytes(), nil
}

func (l letter) print(pages int) (*paper, error) {
	p := &paper{Fpdf: fpdf.New("P", "mm", "A4", ""), letter: l, pages: pages}
	for _, font := range []struct {
		cut  face
		file string
	}{{regular, "fonts/OpenSans-Regular.ttf"}, {semibold, "fonts/OpenSans-Semibold.ttf"}} {
		ttf, err := fonts.ReadFile(font.file)
		if err != nil {
			return nil, fmt.Errorf("print %s: %w", l.Reference, err)
		}
		p.AddUTF8FontFromBytes("letter", string(font.cut), ttf)
	}
	p.SetAutoPageBreak(false, 0)
	p.SetCellMargin(0)
	p.SetLang("en-GB")
	p.SetTitle(l.Title, true)
	p.SetAuthor(l.Body.Name, true)
	p.SetCreator("Recourse", true)
	p.SetProducer("Recourse", true)
	p.SetCreationDate(l.at.UTC())
	p.SetModificationDate(l.at.UTC())
	p.SetCatalogSort(true) // The same letter, the same bytes.
	p.firstPage()
	for i, b := range l.Blocks {
		p.block(b, i+1 < len(l.Blocks))
	}
	if err := p.Error(); err != nil {
		return nil, fmt.Errorf("print %s: %w", l.Reference, err)
	}
	return p, nil
}

func (p *paper) block(b block, more bool) {
	switch b.Kind {
	case titleKind:
		p.paragraph(b.Text, semibold, titleSize, titleLead)
	case leadKind:
		p.leadSentence(b.Text)
	case headingKind:
		// A heading stays with what follows: two lines of text or a table's head and first row.
		const company = 15.0
		p.y += 1.2
		if more {
			p.need(company)
		}
		p.ink(accent)
		p.lines(p.wrap(b.Text, semibold, bodySize+1, textWidth), leftEdge, textWidth, bodyLead+0.9, "L")
	case factKind:
		p.facts(b.Facts)
	case itemKind:
		for _, item := range b.Items {
			p.item(item)
		}
		p.y += 1.5
	case columnsKind:
		p.table(*b.Table)
	default:
		p.paragraph(b.Text, regular, bodySize, bodyLead)
	}
}

// font chooses cut and size, and remembers them for the page that follows.
func (p *paper) font(cut face, size float64) {
	p.face, p.size = cut, size
	p.SetFont("letter", string(cut), size)
}

func (p *paper) ink(t tone) { p.SetTextColor(t.r, t.g, t.b) }

func (p *paper) rule(y, thickness float64, t tone) {
	p.SetDrawColor(t.r, t.g, t.b)
	p.SetLineWidth(thickness)
	p.Line(leftEdge, y, rightEdge, y)
}

// need begins a page if less than height is left on this one.
func (p *paper) need(height float64) {
	if p.y+height > lastLine {
		p.laterPage()
	}
}

// lines writes lines below each other from p.y, in the font and colour that are set.
func (p *paper) lines(lines []string, x, width, leading float64, align string) {
	for _, l := range lines {
		p.SetXY(x, p.y)
		p.CellFormat(width, leading, l, "", 0, align, false, 0, "")
		p.y += leading
	}
}

// paragraph keeps up to five lines together and breaks longer ones between lines.
func (p *paper) paragraph(text string, cut face, size, leading float64) {
	const together = 5
	lines := p.wrap(text, cut, size, textWidth)
	p.need(leading * float64(min(together, len(lines))))
	for _, l := range lines {
		p.need(leading)
		p.font(cut, size)
		p.ink(ink)
		p.lines([]string{l}, leftEdge, textWidth, leading, "L")
	}
	p.y += 1.5
}

// leadSentence marks the sentence that matters with a bar at its side.
func (p *paper) leadSentence(text string) {
	const indent = 5.0
	p.y += 1.5
	lines := p.wrap(text, semibold, leadSize, textWidth-indent)
	height := leadLead * float64(len(lines))
	p.need(height)
	p.SetFillColor(accent.r, accent.g, accent.b)
	p.Rect(leftEdge, p.y-0.5, 1.1, height+1, "F")
	p.ink(ink)
	p.lines(lines, leftEdge+indent, textWidth-indent, leadLead, "L")
	p.y += 2.2
}

func (p *paper) facts(facts []fact) {
	for _, f := range facts {
		label := p.wrap(f.Label, regular, bodySize, labelWidth-3)
		value := p.wrap(f.Value, regular, bodySize, textWidth-labelWidth)
		p.need(bodyLead * float64(max(len(label), len(value))))
		p.font(regular, bodySize)
		top := p.y
		p.ink(quiet)
		p.lines(label, leftEdge, labelWidth, bodyLead, "L")
		bottom := p.y
		p.y = top
		p.ink(ink)
		p.lines(value, leftEdge+labelWidth, textWidth-labelWidth, bodyLead, "L")
		p.y = max(p.y, bottom)
	}
	p.y += 1.5
}

func (p *paper) item(text string) {
	const indent = 4.0
	lines := p.wrap(text, regular, bodySize, textWidth-indent)
	p.need(bodyLead * float64(len(lines)))
	p.font(regular, bodySize)
	p.ink(ink)
	p.SetXY(leftEdge, p.y)
	p.CellFormat(indent, bodyLead, "•", "", 0, "L", false, 0, "")
	p.lines(lines, leftEdge+indent, textWidth-indent, bodyLead, "L")
}

// wrap sets the font and breaks text into lines of at most width, between words where it can.
func (p *paper) wrap(text string, cut face, size, width float64) []string {
	p.font(cut, size)
	var lines []string
	current := ""
	for word := range strings.FieldsSeq(printable(text)) {
		if current != "" && p.GetStringWidth(current+" "+word) <= width {
			current += " " + word
			continue
		}
		if current != "" {
			lines = append(lines, current)
		}
		broken := p.breakWord(word, width)
		lines = append(lines, broken[:len(broken)-1]...)
		current = broken[len(broken)-1]
	}
	return append(lines, current)
}

// breakWord breaks a word that is wider than a line.
func (p *paper) breakWord(word string, width float64) []string {
	var pieces []string
	piece := ""
	for _, r := range word {
		if piece != "" && p.GetStringWidth(piece+string(r)) > width {
			pieces = append(pieces, piece)
			piece = ""
		}
		piece += string(r)
	}
	return append(pieces, piece)
}

// printable replaces what the PDF's encoding of text cannot hold.
func printable(text string) string {
	const lastRune = 0xFFFF
	return strings.Map(func(r rune) rune {
		if r > lastRune {
			return '□'
		}
		return r
	}, text)
}
