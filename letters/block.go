package letters

import (
	"fmt"
	"strings"
	"text/template"
	"unicode"
)

// Kinds of blocks. The templates write each by the function of its name; a paragraph is text between blank lines.
const (
	subjectKind   = "subject"
	titleKind     = "title"
	leadKind      = "lead" // the one sentence that matters
	headingKind   = "heading"
	paragraphKind = "paragraph"
	factKind      = "fact"    // a label and a value; neighbours make one list
	itemKind      = "item"    // neighbours make one list
	columnsKind   = "columns" // a table's caption and heads; a head that begins with ">" is a column of figures
	rowKind       = "row"
	totalKind     = "total" // the row that sums up
	linkKind      = "link"  // a text and an address
)

// block is one piece of a letter or mail, in the order of reading.
type block struct {
	Kind  string
	Text  string
	Items []string
	Facts []fact
	Table *table
	URL   string
}

type fact struct{ Label, Value string }

type table struct {
	Caption string
	Columns []column
	Rows    [][]string
	Total   []string
}

type column struct {
	Head    string
	Figures bool // right-aligned
}

// A marked block is written between these; they cannot come from a value, because line drops them.
const (
	opens     = "\x02"
	separates = "\x1f"
	closes    = "\x03"
)

// markup is the functions that templates write with: a block by the name of its kind, and the sentences of
// an outcome.
func markup() template.FuncMap {
	funcs := template.FuncMap{"outcome": result, "moved": moved, "change": change, "owes": owes}
	for _, kind := range []string{subjectKind, titleKind, leadKind, headingKind, factKind, itemKind, columnsKind, rowKind, totalKind, linkKind} {
		funcs[kind] = func(cells ...any) string {
			marked := opens + kind
			for _, cell := range cells {
				marked += separates + line(fmt.Sprint(cell))
			}
			return marked + closes
		}
	}
	return funcs
}

// line makes one line of a value: white space becomes single spaces, and characters that control something are
// dropped. Every value from outside passes through it before it reaches a template.
func line(text string) string {
	visible := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.Is(unicode.C, r):
			return -1
		default:
			return r
		}
	}, text)
	return strings.Join(strings.Fields(visible), " ")
}

// write runs a template and reads what it wrote as blocks; the subject comes back by itself.
func (p *Printer) write(name string, view any) (subject string, blocks []block, err error) {
	var out strings.Builder
	if err := p.wording.ExecuteTemplate(&out, name+".txt", view); err != nil {
		return "", nil, fmt.Errorf("fill in template %s: %w", name, err)
	}
	var reader blockReader
	for rest := out.String(); rest != ""; {
		text, after, marked := strings.Cut(rest, opens)
		reader.paragraphs(text)
		if !marked {
			break
		}
		mark, next, _ := strings.Cut(after, closes)
		rest = next
		cells := strings.Split(mark, separates)
		if err := reader.mark(cells[0], cells[1:]); err != nil {
			return "", nil, fmt.Errorf("template %s: %w", name, err)
		}
	}
	return reader.subject, reader.blocks, nil
}

// blockReader gathers what a template wrote.
type blockReader struct {
	subject string
	blocks  []block
}

func (r *blockReader) paragraphs(text string) {
	for paragraph := range strings.SplitSeq(text, "\n\n") {
		if words := strings.Join(strings.Fields(paragraph), " "); words != "" {
			r.blocks = append(r.blocks, block{Kind: paragraphKind, Text: words})
		}
	}
}

// cellsOf is how many cells a mark takes; rows take as many as their table has columns.
var cellsOf = map[string]int{
	subjectKind: 1, titleKind: 1, leadKind: 1, headingKind: 1, itemKind: 1, factKind: 2, linkKind: 2,
}

func (r *blockReader) mark(kind string, cells []string) error {
	if want, fixed := cellsOf[kind]; fixed && len(cells) != want {
		return fmt.Errorf("%s takes %d values; %d were given", kind, want, len(cells))
	}
	switch kind {
	case subjectKind:
		r.subject = cells[0]
	case factKind:
		last := r.join(factKind)
		last.Facts = append(last.Facts, fact{cells[0], cells[1]})
	case itemKind:
		last := r.join(itemKind)
		last.Items = append(last.Items, cells[0])
	case linkKind:
		r.blocks = append(r.blocks, block{Kind: linkKind, Text: cells[0], URL: cells[1]})
	case columnsKind, rowKind, totalKind:
		return r.markTable(kind, cells)
	default:
		r.blocks = append(r.blocks, block{Kind: kind, Text: cells[0]})
	}
	return nil
}

// join returns the last block if it is of the kind, else a new one.
func (r *blockReader) join(kind string) *block {
	if n := len(r.blocks); n == 0 || r.blocks[n-1].Kind != kind {
		r.blocks = append(r.blocks, block{Kind: kind})
	}
	return &r.blocks[len(r.blocks)-1]
}

func (r *blockReader) markTable(kind string, cells []string) error {
	if kind == columnsKind {
		t := &table{Caption: cells[0]}
		for _, head := range cells[1:] {
			name, figures := strings.CutPrefix(head, ">")
			t.Columns = append(t.Columns, column{Head: name, Figures: figures})
		}
		r.blocks = append(r.blocks, block{Kind: columnsKind, Table: t})
		return nil
	}
	n := len(r.blocks)
	if n == 0 || r.blocks[n-1].Kind != columnsKind {
		return fmt.Errorf("a %s stands outside a table", kind)
	}
	t := r.blocks[n-1].Table
	if len(cells) != len(t.Columns) {
		return fmt.Errorf("a %s has %d cells in a table of %d columns", kind, len(cells), len(t.Columns))
	}
	if kind == totalKind {
		t.Total = cells
	} else {
		t.Rows = append(t.Rows, cells)
	}
	return nil
}
