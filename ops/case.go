package ops

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// casePage is one case: what it is, what it waits for, what may be done.
type casePage struct {
	visit
	Title string
	At    time.Time
	docket.Case
	// Next says what happens next by itself; empty if nothing does.
	Next     string
	Clocks   []clockLine
	Tasks    []taskLine
	Holds    []holdLine
	Findings []findingLine
	// Nobody says why nobody has the task; nil if somebody does.
	Nobody *waiting
	Notes  []docket.CaseNote
	// Note is a note that somebody writes.
	Note noteForm
	// LastRefusal is the last signal that could not be taken, with why; empty if there is none.
	LastRefusal string
	Trail       []trailLine
	Actions     []choice
	// Said is what was just done; empty for a page that was merely opened.
	Said     string
	Workflow string
	// Other is where the same case stands in the other form: the whole page from the panel.
	Whole string
	// Runbook says how to count a case by other rules, which is no single click.
	Runbook string
}

// holdLine is a time for which the case waited or waits.
type holdLine struct {
	docket.Hold
	Lasts bool
}

// taskLine is a task with what its deadlines mean now.
type taskLine struct {
	docket.DeskTask
	State  string
	Holder string
	// Deadlines are sentences such as "start by Mon 2 Jan 2006, 15:04 (in 3 hours)".
	Deadlines []string
	Late      bool
	Lead      string
}

// trailLine is one entry of the case's trail.
type trailLine struct {
	docket.Entry
	Who  string
	Text string
	// Why is what the person wrote; empty where nobody wrote anything.
	Why string
	// Inside is true for what the centre does not see.
	Inside bool
}

// caseFile shows one case.
func (s *site) caseFile(w http.ResponseWriter, r *http.Request, v visit) error {
	page, err := s.casePage(r, v)
	if err != nil {
		return err
	}
	page.Said = said(r.URL.Query().Get("said"))
	name := "case.html"
	if v.framed {
		name = "panel.html"
	}
	s.write(w, r, http.StatusOK, name, page)
	return nil
}

// referenceOf reads which case an address is about.
func referenceOf(r *http.Request) (casework.Reference, error) {
	reference, err := casework.ParseReference(r.PathValue("reference"))
	if err != nil {
		return "", casework.NewFault(casework.NotFound, "unknown-case", capital(err.Error())+".")
	}
	return reference, nil
}

// casePage reads everything that the page of a case shows.
func (s *site) casePage(r *http.Request, v visit) (casePage, error) {
	reference, err := referenceOf(r)
	if err != nil {
		return casePage{}, err
	}
	ctx := r.Context()
	found, err := s.Cases.Case(ctx, reference, docket.Scope{})
	if err != nil {
		return casePage{}, fmt.Errorf("read case %s: %w", reference, err)
	}
	trail, err := s.Cases.Timeline(ctx, reference, false)
	if err != nil {
		return casePage{}, fmt.Errorf("read the trail of case %s: %w", reference, err)
	}
	inside, err := s.Cases.Inside(ctx, reference)
	if err != nil {
		return casePage{}, fmt.Errorf("read the inside of case %s: %w", reference, err)
	}
	allocations, err := s.Cases.Allocations(ctx, reference)
	if err != nil {
		return casePage{}, fmt.Errorf("read the allocations of case %s: %w", reference, err)
	}
	notes, err := s.Cases.CaseNotes(ctx, reference)
	if err != nil {
		return casePage{}, fmt.Errorf("read the notes of case %s: %w", reference, err)
	}
	at := s.Now(ctx)
	page := casePage{
		visit: v, Title: string(reference), At: at, Case: found, Next: nextByItself(found, at), Clocks: clockLines(found.Clocks, at),
		Findings: s.findings(inside.Findings, at), Nobody: whyNobody(inside.Tasks, allocations), Notes: notes, Note: newNoteForm(), LastRefusal: lastRefusal(trail), Trail: trailLines(trail),
		Workflow: s.workflowURL(found.Kind, reference), Whole: s.public.JoinPath("ops", "cases", string(reference)).String(), Runbook: docket.Runbooks + "recalculate.md",
	}
	for _, t := range slices.Backward(inside.Tasks) {
		page.Tasks = append(page.Tasks, lineOfTask(t, at, trail))
	}
	for _, h := range found.Holds {
		page.Holds = append(page.Holds, holdLine{h, h.EndedAt.IsZero()})
	}
	page.Actions = choices(page)
	return page, nil
}

// Latest is the task that counts now; nil if the case has none.
func (p casePage) Latest() *taskLine {
	if len(p.Tasks) == 0 {
		return nil
	}
	return &p.Tasks[0]
}

// Lasting lists the holds for which the case waits now.
func (p casePage) Lasting() []holdLine {
	return slices.DeleteFunc(slices.Clone(p.Holds), func(h holdLine) bool { return !h.Lasts })
}

// nextByItself says what happens without anybody, and when.
func nextByItself(c docket.Case, at time.Time) string {
	switch {
	case c.NextActionAt.IsZero():
		return ""
	case at.Before(c.NextActionAt):
		return moment(c.NextActionAt) + " (" + away(at, c.NextActionAt) + ")"
	default:
		return moment(c.NextActionAt) + ": due " + away(at, c.NextActionAt) + " and not recorded yet"
	}
}

func lineOfTask(t docket.DeskTask, at time.Time, trail []docket.Entry) taskLine {
	line := taskLine{DeskTask: t, State: reading(t.State), Lead: t.Leader}
	switch {
	case t.Assignee != "" && t.AssigneeName != "":
		line.Holder = t.AssigneeName + " (" + t.Assignee + ")"
	default:
		line.Holder = t.Assignee
	}
	if len(t.SuspendedBy) > 0 {
		line.State += ": " + whySuspended(t, trail)
	}
	if t.State.Final() {
		return line
	}
	for _, d := range []struct {
		name string
		at   time.Time
	}{{"start by", t.StartBy}, {"complete by", t.CompleteBy}} {
		if d.at.IsZero() || (d.name == "start by" && !t.StartedAt.IsZero()) {
			continue
		}
		until, late := standsAt(d.at, t.StoppedAt, at)
		line.Deadlines = append(line.Deadlines, d.name+" "+moment(d.at)+" ("+until+")")
		line.Late = line.Late || late
	}
	return line
}

// standsAt says how far away a deadline of a task is and whether it has passed. One that was still to come when the task was
// stopped stands still, and will be another when the task goes on.
func standsAt(due, stopped, at time.Time) (until string, late bool) {
	if !stopped.IsZero() && stopped.Before(due) {
		return "stands still since " + moment(stopped), false
	}
	return away(at, due), !at.Before(due)
}

// suspendedTask is what the trail calls a task whose work a person has stopped.
const suspendedTask = "task-suspended"

// whySuspended says for what a task waits; where a person has stopped it, by whom.
func whySuspended(t docket.DeskTask, trail []docket.Entry) string {
	causes := make([]string, len(t.SuspendedBy))
	for i, cause := range t.SuspendedBy {
		causes[i] = casework.HoldCause(cause).Words()
		if cause != casework.SuspendedByPerson {
			continue
		}
		causes[i] = "by a person"
		for _, e := range trail {
			if e.What == suspendedTask && slices.Contains(e.Facts, docket.Fact{Name: "task", Value: string(t.ID)}) {
				causes[i] = "by " + whoActed(e.Actor)
			}
		}
	}
	return strings.Join(causes, "; ")
}

// refusedSignal is what the trail calls a signal that could not be taken.
const refusedSignal = "signal-refused"

func lastRefusal(trail []docket.Entry) string {
	for _, e := range slices.Backward(trail) {
		if e.What == refusedSignal {
			return moment(e.At) + ": " + factsOf(e)
		}
	}
	return ""
}

// trailLines turns the trail round: the latest first.
func trailLines(trail []docket.Entry) []trailLine {
	var lines []trailLine
	for _, e := range slices.Backward(trail) {
		line := trailLine{Entry: e, Who: string(e.Actor.Role), Text: factsOf(e), Inside: !e.Centre}
		if e.Actor.Role != casework.RoleSystem {
			line.Who, line.Why = whoActed(e.Actor), e.Actor.Reason
		}
		lines = append(lines, line)
	}
	return lines
}

// whoActed names a person with the role, for whom they acted, and whether only their own word says who they are.
func whoActed(actor casework.Actor) string {
	who := actor.Subject + ", " + words(actor.Role)
	if actor.OnBehalfOf != "" {
		who += ", for " + actor.OnBehalfOf
	}
	if actor.Claimed {
		who += " (claimed)"
	}
	return who
}

func factsOf(e docket.Entry) string {
	parts := make([]string, len(e.Facts))
	for i, f := range e.Facts {
		value := f.Value
		if at, err := time.Parse(time.RFC3339Nano, value); err == nil {
			value = moment(at)
		}
		parts[i] = spelled(f.Name) + ": " + value
	}
	return strings.Join(parts, " · ")
}
