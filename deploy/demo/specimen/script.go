package specimen

import (
	"fmt"
	"strings"

	"github.com/recourse-exams/recourse/casework/register"
)

// addScripts makes every script: a cover page that names the candidate, and answer pages that do not.
func (d *data) addScripts(files map[string][]byte) error {
	centre := map[string]string{}
	for _, c := range centres() {
		centre[c.Number] = c.Name
	}
	for _, s := range d.sittings {
		if s.component.Assessment == register.Moderated {
			continue
		}
		script := newDocument("Script", s.Component+"  ·  Write nothing outside the ruled area")
		script.cover(s, centre[s.Centre])
		script.AddPage()
		script.SetY(top)
		if s.component.Objective {
			script.grid(s)
		} else {
			script.AddUTF8FontFromBytes("hand", "", handwriting)
			script.booklet(s)
		}
		body, err := script.bytes(s.path())
		if err != nil {
			return err
		}
		files[s.path()] = body
	}
	return nil
}

// cover is the only page that says whose script it is.
func (d *document) cover(s sitting, centre string) {
	d.mast("Answer booklet")
	d.head(qualificationTitle(s.component), s.component.Title, s.Component)
	for _, field := range [][2]string{
		{"Centre number", s.Centre},
		{"Centre name", centre},
		{"Candidate number", s.Candidate},
		{"Candidate name", s.candidate.name},
		{"Unique candidate identifier", s.candidate.uci()},
	} {
		d.SetFont("Helvetica", "", 9)
		d.SetTextColor(90, 90, 90)
		d.SetX(left)
		d.CellFormat(right-left, 5, field[0], "", 1, "L", false, 0, "")
		d.SetTextColor(0, 0, 0)
		d.SetFont("Courier", "B", 15)
		d.SetX(left)
		d.CellFormat(right-left, 10, " "+d.latin(field[1]), "1", 1, "L", false, 0, "")
		d.Ln(4)
	}
	d.Ln(4)
	d.paragraph("", 10, "Write your name and numbers on this page only. The pages that follow are marked on screen by people who must not know who you are.")
}

// pen is how a candidate writes.
type pen struct {
	red, green, blue int
	size             float64
}

func penOf(s sitting) pen {
	pens := []pen{{18, 44, 140, 15}, {30, 30, 34, 15}, {10, 70, 150, 16}, {44, 32, 110, 14}}
	return pens[chance(len(pens), s.Centre, s.Candidate, "pen")]
}

func (d *document) pick(p pen) {
	d.SetTextColor(p.red, p.green, p.blue)
	d.SetDrawColor(p.red, p.green, p.blue)
	d.SetFont("hand", "", p.size)
}

const (
	lineHeight = 8.0
	answerLeft = left + 16
	// markMargin is where markers write.
	markMargin = right - 20
)

// booklet writes the answers with the first marker's ticks and marks.
func (d *document) booklet(s sitting) {
	p := penOf(s)
	for _, a := range s.answers {
		written := d.written(a, p)
		d.room(lineHeight*float64(len(written)+1) + 2)
		y := d.GetY()
		d.SetTextColor(0, 0, 0)
		d.SetFont("Helvetica", "B", 10)
		d.Text(left, y+5.5, a.item)
		for i, line := range written {
			d.rule(y + lineHeight)
			d.pick(p)
			lean := float64(chance(7, s.Candidate, a.item, line.text)) / 2
			d.Text(answerLeft+lean, y+5.8-lean/8, line.text)
			if line.step > 0 && line.step <= a.mark {
				d.tick(markMargin-6+float64(chance(4, line.text)), y+2)
			}
			if i < len(written)-1 {
				y += lineHeight
			}
		}
		d.award(a, y, "hand")
		d.SetY(y + lineHeight + 4)
	}
}

// writtenLine is one line of an answer; step counts from 1 where a step of the full answer ends, and is 0 elsewhere.
type writtenLine struct {
	text string
	step int
}

// written lays out what the candidate wrote: as many right steps as the answer deserves, or something wrong.
func (d *document) written(a answer, p pen) []writtenLine {
	d.pick(p)
	steps, right := a.steps[:a.shown], true
	if a.shown == 0 {
		steps, right = []string{a.wrong}, false
	}
	var all []writtenLine
	for i, step := range steps {
		wrapped := d.SplitText(inkable(step), markMargin-answerLeft-14)
		for j, text := range wrapped {
			line := writtenLine{text: strings.TrimSpace(text)}
			if right && j == len(wrapped)-1 {
				line.step = i + 1
			}
			all = append(all, line)
		}
	}
	return all
}

// inkable writes what the hand's font has no sign for as people do.
func inkable(text string) string {
	return strings.NewReplacer("²", "^2", "³", "^3", "×", "x", "÷", "/", "½", "1/2", "°", " deg").Replace(text)
}

func (d *document) rule(y float64) {
	d.SetDrawColor(205, 212, 220)
	d.SetLineWidth(0.2)
	d.Line(answerLeft-2, y, markMargin+2, y)
}

func (d *document) redInk() {
	d.SetDrawColor(190, 24, 32)
	d.SetTextColor(190, 24, 32)
	d.SetLineWidth(0.5)
}

func (d *document) tick(x, y float64) {
	d.redInk()
	d.Line(x, y+2.5, x+1.5, y+4.5)
	d.Line(x+1.5, y+4.5, x+5, y)
}

// award writes the marker's mark for an item, in a ring.
func (d *document) award(a answer, y float64, font string) {
	d.redInk()
	d.SetFont(font, "", 16)
	mark := fmt.Sprint(a.mark)
	x := markMargin + 11
	d.Text(x-d.GetStringWidth(mark)/2, y+6, mark)
	d.Ellipse(x, y+4.2, 5, 3.9, 0, "D")
	d.SetFont("Helvetica", "", 7)
	d.SetTextColor(120, 120, 120)
	d.Text(x+6, y+6, fmt.Sprintf("/%d", a.max))
}

// grid is the answer sheet of a multiple-choice test, as a scanner read it.
func (d *document) grid(s sitting) {
	p := penOf(s)
	d.SetTextColor(0, 0, 0)
	d.paragraph("", 10, "Mark one box for each question with a cross.")
	d.Ln(6)
	for _, a := range s.answers {
		y := d.GetY()
		d.SetTextColor(0, 0, 0)
		d.SetFont("Helvetica", "B", 10)
		d.Text(left, y+5.5, a.item)
		chosen := a.choice(s.Candidate)
		for i := range a.options {
			x := answerLeft + 22*float64(i)
			d.SetDrawColor(0, 0, 0)
			d.SetLineWidth(0.2)
			d.SetFont("Helvetica", "", 10)
			d.Text(x, y+5.5, string(rune('A'+i)))
			d.Rect(x+5, y+1.5, 5, 5, "D")
			if i == chosen {
				d.SetDrawColor(p.red, p.green, p.blue)
				d.SetLineWidth(0.6)
				d.Line(x+4.6, y+1.2, x+10.3, y+6.6)
				d.Line(x+10.2, y+1, x+4.8, y+6.8)
			}
		}
		d.award(a, y, "Courier")
		d.SetY(y + 12)
	}
}

// choice is the box that the candidate crossed.
func (a answer) choice(candidate string) int {
	key := int(a.key[0] - 'A')
	if a.shown > 0 {
		return key
	}
	return (key + 1 + chance(len(a.options)-1, candidate, a.item)) % len(a.options)
}
