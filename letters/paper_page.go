package letters

import "fmt"

// firstPage begins the letter with its letterhead, the address and the facts beside it.
func (p *paper) firstPage() {
	p.AddPage()
	p.y = firstLine
	p.ink(accent)
	mark, leading := p.wordmark()
	p.lines(mark, leftEdge, markWidth, leading, "L")
	bottom := p.y
	p.y = firstLine + 2.6
	p.font(regular, bodySize)
	p.ink(quiet)
	p.lines([]string{"Post-results services"}, leftEdge, textWidth, bodyLead, "R")
	p.y = bottom + 1
	p.rule(p.y, 0.7, accent)
	p.y += 6

	top := p.y
	p.ink(ink)
	for _, l := range p.letter.Address {
		p.lines(p.wrap(l, regular, bodySize, headColumn-leftEdge-6), leftEdge, headColumn-leftEdge, bodyLead, "L")
	}
	bottom = p.y
	p.y = top
	const label = 25.0
	for _, f := range p.letter.Head {
		at := p.y
		p.font(regular, smallSize)
		p.ink(quiet)
		p.lines([]string{f.Label}, headColumn, label, bodyLead, "L")
		p.y = at
		p.ink(ink)
		p.lines(p.wrap(f.Value, regular, smallSize, rightEdge-headColumn-label), headColumn+label, rightEdge-headColumn-label, bodyLead, "L")
	}
	p.y = max(p.y, bottom) + 6
	p.foot()
}

const markWidth = 118.0 // millimetres that the wordmark may take beside the department

// wordmark sets the body's name large if it fits one line, else smaller.
func (p *paper) wordmark() (lines []string, leading float64) {
	name := p.letter.Body.Name
	if lines = p.wrap(name, semibold, markSize, markWidth); len(lines) == 1 {
		return lines, 8
	}
	return p.wrap(name, semibold, longMark, markWidth), 5.5
}

// laterPage begins another page with a short head, so that a loose sheet can be put back.
func (p *paper) laterPage() {
	cut, size := p.face, p.size
	p.AddPage()
	p.y = firstLine
	p.ink(quiet)
	p.lines([]string{p.oneLine(p.letter.Title + " · " + p.letter.Body.Name)}, leftEdge, textWidth, smallLead, "L")
	p.rule(p.y+1, 0.2, faint)
	p.foot()
	p.y = laterLine
	p.font(cut, size)
	p.ink(ink)
}

// oneLine cuts small print that is longer than a line, and shows that it did.
func (p *paper) oneLine(text string) string {
	const ellipsis = 4.0
	if lines := p.wrap(text, regular, smallSize, textWidth); len(lines) == 1 {
		return lines[0]
	}
	return p.wrap(text, regular, smallSize, textWidth-ellipsis)[0] + " …"
}

// foot writes the page's number and, for demonstration data, what it is.
func (p *paper) foot() {
	y := p.y
	p.rule(footLine-2, 0.2, faint)
	p.font(regular, smallSize)
	p.ink(quiet)
	p.y = footLine
	p.lines([]string{p.letter.Reference}, leftEdge, textWidth, smallLead, "L")
	p.y = footLine
	p.lines([]string{fmt.Sprintf("Page %d of %d", p.PageNo(), p.pages)}, leftEdge, textWidth, smallLead, "R")
	if note := p.letter.Body.Note; note != "" {
		p.lines([]string{p.oneLine(note)}, leftEdge, textWidth, smallLead, "L")
	}
	p.y = y
}
