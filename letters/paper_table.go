package letters

import "strings"

// Space within a table, in millimetres.
const (
	cellGap = 3.5 // between columns
	rowAir  = 1.0 // above and below a row's text together
)

// tableLayout is a table cut to the width of the page.
type tableLayout struct {
	table
	widths []float64 // of the columns, without the gap
	head   tableRow
}

// tableRow is a row broken into lines.
type tableRow struct {
	cells  [][]string
	height float64
	// fromBottom sets short cells on the row's last line, as a head wants it.
	fromBottom bool
}

// table prints a table. Its head is repeated on every page, a row is never broken, and the total stays with
// the last row.
func (p *paper) table(t table) {
	layout := tableLayout{table: t, widths: p.columnWidths(t)}
	heads := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		heads[i] = c.Head
	}
	layout.head = p.row(heads, semibold, layout.widths)
	layout.head.fromBottom = true

	rows := make([]tableRow, 0, len(t.Rows)+1)
	for _, cells := range t.Rows {
		rows = append(rows, p.row(cells, regular, layout.widths))
	}
	var total tableRow
	if t.Total != nil {
		total = p.row(t.Total, semibold, layout.widths)
	}
	if len(rows) > 0 {
		p.need(layout.head.height + rows[0].height)
	}
	p.tableHead(layout)
	for i, row := range rows {
		height := row.height
		if i == len(rows)-1 {
			height += total.height
		}
		if p.y+height > lastLine {
			p.laterPage()
			p.tableHead(layout)
		}
		p.tableRow(layout, row, regular)
		p.rule(p.y, 0.15, faint)
	}
	if t.Total != nil {
		p.tableRow(layout, total, semibold)
		p.rule(p.y, 0.35, ink)
	}
	p.y += 3
}

func (p *paper) tableHead(t tableLayout) {
	p.tableRow(t, t.head, semibold)
	p.rule(p.y, 0.35, ink)
	p.y += rowAir / 4
}

func (p *paper) tableRow(t tableLayout, row tableRow, cut face) {
	top := p.y
	p.font(cut, smallSize)
	p.ink(ink)
	x := leftEdge
	for i, lines := range row.cells {
		align := "L"
		if t.Columns[i].Figures {
			align = "R"
		}
		p.y = top + rowAir/2
		if row.fromBottom {
			p.y += row.height - rowAir - smallLead*float64(len(lines))
		}
		p.lines(lines, x, t.widths[i], smallLead, align)
		x += t.widths[i] + cellGap
	}
	p.y = top + row.height
}

func (p *paper) row(cells []string, cut face, widths []float64) tableRow {
	row := tableRow{cells: make([][]string, len(cells))}
	lines := 1
	for i, cell := range cells {
		row.cells[i] = p.wrap(cell, cut, smallSize, widths[i])
		lines = max(lines, len(row.cells[i]))
	}
	row.height = smallLead*float64(lines) + rowAir
	return row
}

// columnWidths gives columns of figures what they need and shares the rest among the columns of text: each gets
// its longest word, then by how much more it could use. What is left over goes to the last column of text.
func (p *paper) columnWidths(t table) []float64 {
	widths := make([]float64, len(t.Columns))
	wish := make([]float64, len(t.Columns))
	free := textWidth - cellGap*float64(len(t.Columns)-1)
	lastText, wished := -1, 0.0
	for i, c := range t.Columns {
		least, most := p.columnNeeds(t, i)
		if c.Figures {
			widths[i] = least
		} else {
			const mostWord = 45.0 // a longer word is broken
			widths[i] = min(least, mostWord)
			wish[i] = max(0, most-widths[i])
			lastText = i
		}
		free -= widths[i]
		wished += wish[i]
	}
	if wished > 0 {
		share := max(0, min(1, free/wished))
		for i := range widths {
			widths[i] += wish[i] * share
			free -= wish[i] * share
		}
	}
	if lastText >= 0 && free > 0 {
		widths[lastText] += free
	}
	return widths
}

// columnNeeds measures a column's longest word and its longest line. A figure is never broken.
func (p *paper) columnNeeds(t table, column int) (least, most float64) {
	const rounding = 0.1 // so that what just fits is not broken by the last digit
	measure := func(text string, cut face) {
		p.font(cut, smallSize)
		text = printable(text)
		most = max(most, p.GetStringWidth(text)+rounding)
		for word := range strings.FieldsSeq(text) {
			least = max(least, p.GetStringWidth(word)+rounding)
		}
	}
	measure(t.Columns[column].Head, semibold)
	for _, row := range t.Rows {
		measure(row[column], regular)
	}
	if t.Total != nil {
		measure(t.Total[column], semibold)
	}
	return least, most
}
