package letters

import (
	"cmp"
	"strconv"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/casework/fee"
)

// caseView is a case in the words of a letter or mail to its centre. Every string is one clean line.
type caseView struct {
	Body         body
	Reference    casework.Reference
	Service      string // within a sentence
	Clerical     bool
	Centre       centreView
	Candidate    string
	Qual         string
	Component    string
	Series       string
	ReceivedAt   string
	ConsentOn    string // empty if none was declared
	OutcomeDue   string // the last day, empty if there is no such clock
	Fees         []feeView
	ScriptWanted bool
	ScriptFrom   string // since when the copy is there, empty if it is not yet
	ScriptDue    string
	// Linked are the other cases of the award review; Waiting says what the grade still waits for, as a clause.
	Linked, Waiting string
	Outcome         *outcomeView
	AppealUntil     string // the last day, empty before the award is settled
	Page            string // the case's page, which mails name; empty without one
}

type centreView struct {
	Number, Name string
	Address      []string
}

type feeView struct {
	Name, Amount, Why string
	// Fate is what became of the fee, to stand behind its amount; it is empty while nothing is decided.
	Fate string
	Due  bool
}

func viewFee(f fee.Line) feeView {
	v := feeView{Name: feeName(f.Code), Amount: money(f.Pence), Why: line(f.Why)}
	switch f.State {
	case fee.Quoted:
	case fee.Due, fee.Invoiced:
		v.Fate, v.Due = ", due", true
	case fee.Waived:
		v.Fate = ", waived"
	case fee.Cancelled:
		v.Fate = ", cancelled"
	case fee.Credited:
		v.Fate = ", given back"
	}
	return v
}

// outcomeView is a published outcome.
type outcomeView struct {
	Published           string
	Before, After, Max  int
	Items               []itemView
	Changed             int // how many items changed their mark
	Reason              string
	Settled             bool
	GradeBefore, Grade  string
	UnitBefore, Unit    string
	Same, Up            bool // of the mark
	GradeSame, UnitSame bool
}

type itemView struct {
	Item               string
	Max, Before, After int
	Reason             string
}

func viewCase(n docket.Notice) caseView {
	c := n.Case
	v := caseView{
		Body:         viewBody(n.BodyName),
		Reference:    c.Reference,
		Service:      lower(c.Request.Service),
		Clerical:     c.Request.Service == casework.ClericalCheck,
		Centre:       viewCentre(n.Centre),
		Candidate:    named(n.Candidate, c.Request.CandidateNumber),
		Qual:         line(c.Qualification),
		Component:    named(c.ComponentTitle, c.Request.Component),
		Series:       line(cmp.Or(c.SeriesTitle, c.Request.Series)),
		ReceivedAt:   moment(c.ReceivedAt),
		ScriptWanted: c.Request.ReviewedScript,
		Outcome:      viewOutcome(n),
	}
	if given := c.Request.ConsentGivenOn; !given.IsZero() {
		v.ConsentOn = given.Long()
	}
	if clock, ok := clockOf(c, casework.ClockOutcome); ok {
		v.OutcomeDue = lastDay(clock.Ends)
	}
	if clock, ok := clockOf(c, casework.ClockScript); ok {
		v.ScriptDue = moment(clock.Ends)
	}
	for _, f := range c.Fees {
		v.Fees = append(v.Fees, viewFee(f))
	}
	v.addLinked(c.Linked)
	if !c.AppealUntil.IsZero() {
		v.AppealUntil = lastDay(c.AppealUntil)
	}
	return v
}

// scriptFrom is since when the reviewed script is there, and empty if it was not at the given instant.
func scriptFrom(c docket.Case, at time.Time) string {
	from := ""
	for _, d := range c.Documents {
		if d.Kind == docket.ReviewedScript && !d.AvailableAt.After(at) {
			from = moment(d.AvailableAt)
		}
	}
	return from
}

func (v *caseView) addLinked(linked []docket.Linked) {
	var all, waiting []string
	for _, l := range linked {
		name := string(l.Reference) + " (" + line(l.Component) + ")"
		all = append(all, name)
		if l.Stage == casework.StageUnassigned || l.Stage == casework.StageAssigned {
			waiting = append(waiting, name)
		}
	}
	v.Linked = and(all)
	switch len(waiting) {
	case 0:
	case 1:
		v.Waiting = "your other request, " + waiting[0] + ", is decided"
	default:
		v.Waiting = "your other requests, " + and(waiting) + ", are decided"
	}
}

func viewCentre(c docket.Centre) centreView {
	v := centreView{Number: line(c.Number), Name: line(c.Name)}
	for _, l := range c.Address {
		if l = line(l); l != "" {
			v.Address = append(v.Address, l)
		}
	}
	return v
}

// viewOutcome returns nil before the outcome is published.
func viewOutcome(n docket.Notice) *outcomeView {
	o := n.Case.Outcome
	if o == nil {
		return nil
	}
	v := &outcomeView{
		Published: day(o.PublishedAt),
		Before:    o.MarkBefore, After: o.MarkAfter, Max: o.ComponentMax,
		Reason:      reason(n.ReasonTexts, o.Reason),
		Settled:     o.Settled,
		GradeBefore: line(o.GradeBefore), Grade: line(o.GradeAfter), GradeSame: o.GradeBefore == o.GradeAfter,
		UnitBefore: line(o.UnitGradeBefore), Unit: line(o.UnitGradeAfter), UnitSame: o.UnitGradeBefore == o.UnitGradeAfter,
		Same: o.MarkBefore == o.MarkAfter, Up: o.MarkAfter > o.MarkBefore,
	}
	for _, item := range o.Items {
		if item.Before != item.After {
			v.Changed++
		}
		v.Items = append(v.Items, itemView{line(item.Item), item.Max, item.Before, item.After, reason(n.ReasonTexts, item.Reason)})
	}
	return v
}

// Moved says how an item's mark changed, as "+2" or "−1"; it is empty if it did not.
func (i itemView) Moved() string {
	switch {
	case i.After > i.Before:
		return "+" + strconv.Itoa(i.After-i.Before)
	case i.After < i.Before:
		return "−" + strconv.Itoa(i.Before-i.After)
	default:
		return ""
	}
}

// reason spells a code out; a letter with a bare code is better than none.
func reason(texts []docket.Fact, code string) string {
	for _, t := range texts {
		if t.Name == code {
			return line(t.Value)
		}
	}
	return line(code)
}

// named joins a name and a number, as "Siân Ŵyn (0421)".
func named(name, number string) string {
	if name = line(name); name == "" {
		return line(number)
	}
	return name + " (" + line(number) + ")"
}

func clockOf(c docket.Case, id casework.ClockID) (deadline.Clock, bool) {
	for _, clock := range c.Clocks {
		if clock.ID == id {
			return clock.Clock, true
		}
	}
	return deadline.Clock{}, false
}
