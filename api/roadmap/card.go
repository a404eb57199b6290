package roadmap

import (
	"fmt"
	"strings"
)

// card is a station's text, broken into lines.
type card struct {
	title, text, straight []string
	facts                 []factLines
	height                float64
}

type factLines struct {
	label string
	lines []string
}

// Steps from one line to the next, of each kind of text.
const (
	titleStep = 20
	textStep  = 18.5
	factStep  = 17
	// textLeft is where the text begins, beside the number.
	textLeft = padding + 36
)

func cardOf(s station) card {
	inner := float64(cardWidth - textLeft - padding)
	c := card{title: wrap(s.title, titleSize, inner), text: wrap(s.text, textSize, inner), straight: wrap(straightFrom(s), factSize, inner)}
	c.height = 2*padding + titleStep*float64(len(c.title)) + textStep*float64(len(c.text)) + factStep*float64(len(c.straight))
	for _, f := range s.facts {
		lines := wrap(f.text+strings.TrimSpace(f.mark()), factSize, cardWidth-2*padding-labelWidth)
		c.facts = append(c.facts, factLines{label: f.label, lines: lines})
		c.height += factStep * float64(len(lines))
	}
	if len(c.facts) > 0 {
		c.height += 16
	}
	// A title of one line leaves room for the number beside it.
	c.height = max(c.height, 2*padding+26)
	return c
}

// card draws one station with its number, its text and its facts.
func (p *picture) card(x, y float64, station int) {
	c, class := p.cards[station], tint(p.drawn[station].service)
	fmt.Fprintf(&p.out, `<rect class="card" x="%.1f" y="%.1f" width="%d" height="%.1f" rx="10"/>`+"\n", x, y, cardWidth, c.height)
	fmt.Fprintf(&p.out, `<circle class="%s" cx="%.1f" cy="%.1f" r="13"/><text class="number" x="%.1f" y="%.1f">%d</text>`+"\n",
		class, x+padding+12, y+padding+13, x+padding+12, y+padding+17.5, station+1)
	at := y + padding + 17.5
	if len(c.title) > 1 {
		at -= 3
	}
	p.lines(x+textLeft, at, titleStep, "name", c.title...)
	at += titleStep * float64(len(c.title))
	p.lines(x+textLeft, at, textStep, "say", c.text...)
	at += textStep * float64(len(c.text))
	p.lines(x+textLeft, at, factStep, "note", c.straight...)
	at += factStep * float64(len(c.straight))
	if len(c.facts) == 0 {
		return
	}
	fmt.Fprintf(&p.out, `<path class="rule" d="M%.1f %.1f h%d"/>`+"\n", x+padding, at-7, cardWidth-2*padding)
	at += 12
	for _, f := range c.facts {
		p.lines(x+padding, at, factStep, "label", f.label)
		p.lines(x+padding+labelWidth, at, factStep, "fact", f.lines...)
		at += factStep * float64(len(f.lines))
	}
}
