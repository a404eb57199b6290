package ops

import (
	"fmt"
	"net/http"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

const (
	// refresh is how often the page of operations renews itself, in seconds.
	refresh = 20
	// mostUrgent is how many clocks the page lists.
	mostUrgent = 25
	// mostHeld is how many holds the page lists.
	mostHeld = 25
	// silence is for how long the watcher may say nothing before somebody should look.
	silence = time.Minute
)

// deskPage is the page of operations.
type deskPage struct {
	visit
	Title   string
	Refresh int
	At      time.Time
	docket.Desk
	Views    []view
	Findings []findingLine
	Urgent   []urgentLine
	Waiting  []heldLine
	// Unlisted is true if more wait than Waiting lists.
	Unlisted bool
	// Watcher says when the watcher last looked; Silent is true if that is too long ago.
	Watcher string
	Silent  bool
	// Runbooks is where the runbooks begin.
	Runbooks string
}

// findingLine is a finding with what to do about it.
type findingLine struct {
	docket.Finding
	docket.Advice
	Since    string
	Workflow string
}

// urgentLine is a promise that is not kept yet.
type urgentLine struct {
	docket.DigestLine
	Overdue  bool
	Away     string
	Workflow string
}

// heldLine is a hold that lasts.
type heldLine struct {
	docket.HeldLine
	Since    string
	Workflow string
}

// desk shows what waits for whom, and what is wrong.
func (s *site) desk(w http.ResponseWriter, r *http.Request, v visit) error {
	at := s.Now(r.Context())
	counted, err := s.Desk.Desk(r.Context(), at)
	if err != nil {
		return fmt.Errorf("count for the desk: %w", err)
	}
	urgent, err := s.Desk.Urgent(r.Context(), mostUrgent)
	if err != nil {
		return fmt.Errorf("list for the desk: %w", err)
	}
	waiting, err := s.Desk.Held(r.Context(), mostHeld+1)
	if err != nil {
		return fmt.Errorf("list for the desk: %w", err)
	}
	page := deskPage{
		visit: v, Title: "Operations", Refresh: refresh, At: at, Desk: counted, Views: s.views(at, counted), Runbooks: docket.Runbooks,
		Findings: s.findings(counted.Findings, at),
	}
	page.Watcher, page.Silent = watched(at, counted.WatchedAt)
	for _, line := range urgent {
		page.Urgent = append(page.Urgent, urgentLine{
			DigestLine: line, Overdue: !at.Before(line.Due), Away: away(at, line.Due), Workflow: s.workflowURL(casework.KindEnquiry, line.Reference),
		})
	}
	page.Unlisted = len(waiting) > mostHeld
	for _, line := range waiting[:min(len(waiting), mostHeld)] {
		page.Waiting = append(page.Waiting, heldLine{line, away(at, line.BeganAt), s.workflowURL(casework.KindEnquiry, line.Reference)})
	}
	s.write(w, r, http.StatusOK, "desk.html", page)
	return nil
}

func (s *site) findings(found []docket.Finding, at time.Time) []findingLine {
	lines := make([]findingLine, len(found))
	for i, f := range found {
		lines[i] = findingLine{f, f.Kind.Advice(), away(at, f.FoundAt), s.workflowURL(casework.KindEnquiry, f.Reference)}
	}
	return lines
}

// watched says when the watcher last looked. Without it nobody is told of a deadline that no worker records.
func watched(now, last time.Time) (said string, silent bool) {
	switch {
	case last.IsZero():
		return "The watcher has never looked. Start recourse watcher.", true
	case now.Sub(last) > silence:
		return "The watcher last looked " + away(now, last) + ". See whether recourse watcher runs.", true
	default:
		return "The watcher looked " + away(now, last) + ".", false
	}
}

// find leads from a reference, as people type it, to its case.
func (s *site) find(w http.ResponseWriter, r *http.Request, v visit) error {
	reference, err := casework.ParseReference(r.URL.Query().Get("reference"))
	if err != nil {
		return casework.NewFault(casework.Invalid, "reference-invalid", capital(err.Error())+".")
	}
	http.Redirect(w, r, v.Root()+"/cases/"+string(reference), http.StatusSeeOther)
	return nil
}
