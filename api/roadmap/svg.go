package roadmap

import (
	"fmt"
	"html"
	"strings"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/policy"
)

// Measures of the picture, in its own units, which are pixels at its natural size.
const (
	cardWidth = 330
	laneWidth = 16
	columnGap = 30
	rowGap    = 58
	margin    = 40
	padding   = 16
	// labelWidth is the column of the facts' labels.
	labelWidth = 80
	titleSize  = 15.5
	textSize   = 13.5
	factSize   = 12.5
)

// style holds every colour once for light and once for dark; a picture has no other way to follow its reader.
const style = `
svg { --paper: #fbfaf7; --card: #ffffff; --ink: #1d2430; --soft: #5b6675; --line: #d8dbe1; --track: #8a94a3;
  --stop: #47536399; --copy: #0f766e; --look: #2f5fb3; --cohort: #7a4bb0; --ask: #8a6d1b; --appeal: #b4432f; }
@media (prefers-color-scheme: dark) { svg { --paper: #14181f; --card: #1d232c; --ink: #eceff4; --soft: #a9b3c1; --line: #343d4a; --track: #6d7889;
  --stop: #93a0b3; --copy: #4fc3b5; --look: #7fa8f0; --cohort: #b894ea; --ask: #d8b95a; --appeal: #f08b78; } }
text { font-family: "Helvetica Neue", Helvetica, Arial, "Liberation Sans", system-ui, sans-serif; fill: var(--ink); }
.paper { fill: var(--paper); } .card { fill: var(--card); stroke: var(--line); }
.map { font-size: 24px; font-weight: 700; } .rules { font-size: 14.5px; fill: var(--soft); }
.name { font-size: 15.5px; font-weight: 700; } .say { font-size: 13.5px; } .fact { font-size: 12.5px; } .label { font-size: 12.5px; fill: var(--soft); }
.note { font-size: 12.5px; fill: var(--soft); } .number { font-size: 13px; font-weight: 700; fill: var(--card); text-anchor: middle; }
.track { fill: none; stroke: var(--track); stroke-width: 2.25; stroke-linecap: round; } .head { fill: var(--track); } .rule { stroke: var(--line); }
.stop { fill: var(--stop); } .copy { fill: var(--copy); } .look { fill: var(--look); } .cohort { fill: var(--cohort); } .ask { fill: var(--ask); } .appeal { fill: var(--appeal); }
`

// tint names the colour of a station; what it is also stands in its title.
func tint(service casework.Service) string {
	switch service {
	case casework.ScriptCopy, casework.ReviewedScriptCopy:
		return "copy"
	case casework.ClericalCheck, casework.ReviewOfMarking, casework.PriorityReview, casework.ExpeditedReview:
		return "look"
	case casework.ReviewOfModeration, casework.ExpeditedModeration, casework.ModerationClaim:
		return "cohort"
	case casework.MissingResult, casework.LateCertification:
		return "ask"
	case casework.Appeal:
		return "appeal"
	default:
		return "stop"
	}
}

// picture is an SVG in the making; what is written grows downwards from y.
type picture struct {
	out   strings.Builder
	drawn []station
	cards []card
	rows  [][]*cell
	// tops and heights are those of the rows.
	tops, heights []float64
	width         float64
}

// SVG draws a road map as a picture that stands by itself: it loads nothing and follows the reader's choice of light
// or dark. Its title and description say the same for those who listen.
func SVG(p policy.Policy, m policy.RoadMap) []byte {
	drawn := stations(p, m)
	pic := &picture{drawn: drawn, rows: layout(drawn, cardWidth, laneWidth, columnGap)}
	for _, s := range drawn {
		pic.cards = append(pic.cards, cardOf(s))
	}
	pic.width = width(m.Title, 26)
	for _, row := range pic.rows {
		for _, c := range row {
			pic.width = max(pic.width, c.x+c.width/2)
		}
	}
	above := wrap(heading(p), textSize+1, pic.width)
	y := float64(margin + 30 + 22*len(above) + 34)
	for _, row := range pic.rows {
		height := 0.0
		for _, c := range row {
			if c.station >= 0 {
				height = max(height, pic.cards[c.station].height)
			}
		}
		pic.tops, pic.heights = append(pic.tops, y), append(pic.heights, height)
		y += height + rowGap
	}
	var below []string
	for _, line := range footing(p, m, drawn) {
		below = append(below, wrap(line, factSize, pic.width)...)
	}
	total := y - rowGap + 30 + float64(18*len(below)) + margin
	pic.begin(total, m, Text(p, m))
	pic.lines(margin, margin+20, 22, "map", m.Title)
	pic.lines(margin, margin+50, 22, "rules", above...)
	pic.tracks()
	pic.stations()
	pic.lines(margin, y-rowGap+36, 18, "note", below...)
	pic.out.WriteString("</svg>\n")
	return []byte(pic.out.String())
}

func (p *picture) begin(height float64, m policy.RoadMap, description string) {
	w := p.width + 2*margin
	fmt.Fprintf(&p.out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" width="%.0f" height="%.0f" role="img" aria-labelledby="title desc">`+"\n", w, height, w, height)
	fmt.Fprintf(&p.out, "<title id=\"title\">%s</title>\n<desc id=\"desc\">%s</desc>\n<style>%s</style>\n", html.EscapeString(m.Title), html.EscapeString(description), style)
	fmt.Fprintf(&p.out, `<rect class="paper" width="%.0f" height="%.0f"/>`+"\n", w, height)
}

// lines writes lines of one class below each other.
func (p *picture) lines(x, y, step float64, class string, lines ...string) {
	for i, line := range lines {
		fmt.Fprintf(&p.out, `<text class="%s" x="%.1f" y="%.1f">%s</text>`+"\n", class, x, y+float64(i)*step, html.EscapeString(line))
	}
}

// tracks draws the lines between the stations, from the foot of one card to the head of the next.
func (p *picture) tracks() {
	for n, row := range p.rows {
		for _, c := range row {
			from := p.tops[n]
			if c.station >= 0 {
				from += p.cards[c.station].height
			}
			for _, below := range c.down {
				x1, y1, x2, y2 := margin+c.x, p.tops[n]+p.heights[n], margin+below.x, p.tops[n+1]
				tip := y2
				if below.station >= 0 {
					tip -= 4 // the head covers the rest
				}
				fmt.Fprintf(&p.out, `<path class="track" d="M%.1f %.1f V%.1f C%.1f %.1f %.1f %.1f %.1f %.1f"/>`+"\n",
					x1, from, y1, x1, y1+rowGap*.6, x2, y2-rowGap*.6, x2, tip)
				if below.station >= 0 {
					fmt.Fprintf(&p.out, `<path class="head" d="M%.1f %.1f l-6 -9 h12 z"/>`+"\n", x2, y2-.5)
				}
			}
		}
	}
}

func (p *picture) stations() {
	for n, row := range p.rows {
		for _, c := range row {
			if c.station >= 0 {
				p.card(margin+c.x-cardWidth/2, p.tops[n], c.station)
			}
		}
	}
}
