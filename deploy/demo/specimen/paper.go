package specimen

import (
	"fmt"
	"strings"

	"github.com/recourse-exams/recourse/casework/register"
)

// addPapers makes each component's question paper and mark scheme.
func (d *data) addPapers(files map[string][]byte) error {
	for _, component := range components() {
		if component.Assessment == register.Moderated {
			continue
		}
		paper, err := questionPaper(component, d.questions[component.ID])
		if err != nil {
			return err
		}
		scheme, err := markScheme(component, d.questions[component.ID])
		if err != nil {
			return err
		}
		files[paperPath(component.ID, "paper")] = paper
		files[paperPath(component.ID, "scheme")] = scheme
	}
	return nil
}

func questionPaper(component register.Component, questions []question) ([]byte, error) {
	d := newDocument(component.Title+", question paper", component.ID+"  ·  "+component.Title)
	d.mast("Question paper")
	d.head(qualificationTitle(component), component.Title, component.ID)
	instructions := "Write your centre number and candidate number on the cover of your answer booklet only. " +
		"Answer every question. Show your working: marks are given for method. " +
		"The number in brackets after a question is the number of marks it carries."
	if component.Objective {
		instructions = "Mark one box for each question with a cross. Each question carries one mark. A question with two crosses earns none."
	}
	d.SetFillColor(236, 241, 245)
	d.SetFont("Helvetica", "", 10)
	d.MultiCell(right-left, 5.5, d.latin(fmt.Sprintf("Time allowed: %d minutes. The total for this paper is %d marks.\n%s", component.MaxMark*3/2, component.MaxMark, instructions)), "", "L", true)
	d.Ln(8)
	for _, q := range questions {
		d.question(q)
	}
	return d.bytes(paperPath(component.ID, "paper"))
}

// question writes one question with its marks and room to answer.
func (d *document) question(q question) {
	const indent = 14.0
	d.SetFont("Times", "", 12)
	wrapped := d.wrap(q.text, right-left-indent-14)
	answerLines := min(q.max, 4)
	d.room(float64(len(wrapped))*6 + float64(max(answerLines, len(q.options)))*8 + 6)
	y := d.GetY()
	d.SetFont("Helvetica", "B", 11)
	d.Text(left, y+4.5, q.item)
	d.SetFont("Times", "", 12)
	for i, line := range wrapped {
		d.Text(left+indent, y+4.5+6*float64(i), line)
	}
	y += 6 * float64(len(wrapped))
	if q.options != nil {
		for i, option := range q.options {
			d.Rect(left+indent, y+1.5, 4, 4, "D")
			d.Text(left+indent+7, y+5, d.latin(string(rune('A'+i))+"   "+option))
			y += 6.5
		}
		d.SetY(y + 5)
		return
	}
	marks := fmt.Sprintf("[%d]", q.max)
	d.Text(right-d.GetStringWidth(marks), y-1.5, marks)
	d.SetDrawColor(190, 190, 190)
	for range answerLines {
		y += 8
		d.Line(left+indent, y, right, y)
	}
	d.SetDrawColor(0, 0, 0)
	d.SetY(y + 7)
}

func markScheme(component register.Component, questions []question) ([]byte, error) {
	d := newDocument(component.Title+", mark scheme", component.ID+"  ·  Mark scheme  ·  for examiners only")
	d.mast("Mark scheme")
	d.head(qualificationTitle(component), component.Title, component.ID)
	d.paragraph("", 10, "Each point earns one mark. Accept an equivalent answer that shows the same understanding. "+
		"Do not take a mark away for a slip that an earlier question has cost already. Marks run up to the maximum of the question, never beyond.")
	d.Ln(6)
	d.schemeRow("B", "Item", "Award a mark for", "Marks")
	for _, q := range questions {
		guidance := "the answer " + q.key
		if q.options == nil {
			guidance = "• " + strings.Join(q.points, "\n• ")
		} else {
			guidance += ": " + q.options[q.key[0]-'A']
		}
		d.schemeRow("", q.item, guidance, fmt.Sprint(q.max))
	}
	return d.bytes(paperPath(component.ID, "scheme"))
}

func (d *document) schemeRow(style, item, guidance, marks string) {
	const itemWidth, marksWidth, height = 16.0, 16.0, 5.2
	width := right - left - itemWidth - marksWidth
	d.SetFont("Helvetica", style, 10)
	wrapped := d.wrap(guidance, width-4)
	tall := height*float64(len(wrapped)) + 3
	d.room(tall)
	y := d.GetY()
	d.Rect(left, y, itemWidth, tall, "D")
	d.Rect(left+itemWidth, y, width, tall, "D")
	d.Rect(right-marksWidth, y, marksWidth, tall, "D")
	d.Text(left+3, y+5, item)
	for i, line := range wrapped {
		d.Text(left+itemWidth+3, y+5+height*float64(i), line)
	}
	d.Text(right-marksWidth+3, y+5, marks)
	d.SetY(y + tall)
}
