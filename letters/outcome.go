package letters

import (
	"fmt"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// letter is a letter ready to be printed.
type letter struct {
	Body    body
	Title   string // of the document, for readers of its properties
	Address []string
	// Reference stands in the head and at the foot of every page; Dated is the letter's day in London.
	Reference string
	Dated     string
	// Head are the facts beside the address.
	Head   []fact
	Blocks []block
	// at is the letter's instant, which its PDF carries as the day of creation.
	at time.Time
}

// outcomeLetter writes the letter of a published outcome. It is dated when the award was settled, or when the
// component's outcome was published if the award is not settled yet.
func (p *Printer) outcomeLetter(notice docket.Notice) (letter, error) {
	c := notice.Case
	if c.Outcome == nil {
		return letter{}, fmt.Errorf("write the outcome letter of case %s: no outcome is published", c.Reference)
	}
	at := c.Outcome.PublishedAt
	if window, ok := clockOf(c, casework.ClockWindow); ok {
		at = window.StartedAt
	}
	view := viewCase(notice)
	// Only what was there when the letter was dated: a later print must be the same.
	view.ScriptFrom = scriptFrom(c, at)
	title, blocks, err := p.write("outcome-letter", view)
	if err != nil {
		return letter{}, fmt.Errorf("write the outcome letter of case %s: %w", c.Reference, err)
	}
	return letter{
		Body: view.Body, Title: title + " " + string(c.Reference), Address: view.Centre.lines("Exams officer"),
		Reference: string(c.Reference), Dated: day(at), at: at, Blocks: blocks,
		Head: []fact{{"Date", day(at)}, {"Our reference", string(c.Reference)}, {"Centre", view.Centre.Number}},
	}, nil
}

// lines is the centre's address block, with whom it is for.
func (c centreView) lines(to string) []string {
	return append([]string{to, c.Name}, c.Address...)
}
