package ops_test

import (
	"errors"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/allocation"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/ops"
)

// text is a page as people read it: without tags, one space between words.
func text(page string) string {
	plain := regexp.MustCompile(`(?s)<(style|title|head).*?</(style|title|head)>|<[^>]*>`).ReplaceAllString(page, " ")
	return strings.Join(strings.Fields(html.UnescapeString(plain)), " ")
}

func TestDesk_CountsListsAndSaysWhatToDo(t *testing.T) {
	t.Parallel()
	h := setup(t)
	page := h.operating().get("/ops")
	require.Equal(t, http.StatusOK, page.status)
	read := text(page.body)
	for _, want := range []string{
		"The watcher looked a moment ago.", "41 open cases", "3 Breached", "5 Due in 24 hours", "2 Needs a human", "6 Waiting for the centre", "0 Task failures", "0 Late by itself",
		"4 On hold", "1 Dead webhooks", "9 Doubtful mails", "7 Open questions", "8 To be looked at",
		"What is wrong (1)", "A deadline has passed and no worker has recorded it.", "The outcome clock ended at 23:00 UTC.", "3 hours ago", "See that a worker runs",
		"overdue Wed 26 Aug 2026, 23:59", "10 hours ago", "Review of marking CA-MAT-1", "ex-1001", "in 5 hours", "nobody",
	} {
		require.Contains(t, read, want)
	}
	require.Less(t, strings.Index(read, "overdue Wed"), strings.Index(read, "in 5 hours"), "the most overdue first")
	require.Contains(t, page.body, `<meta http-equiv="refresh" content="20">`, "it renews itself without a script")
	require.NotContains(t, page.body, "<script")
	require.Contains(t, page.body, "docs/runbooks/clock-unrecorded.md")
}

// Who stopped the work on a task stands in the trail; a task of which it says nothing was stopped by a person.
func TestCase_SaysWhoSuspendedTheTask(t *testing.T) {
	t.Parallel()
	h := setup(t)
	task := &h.register.inside.Tasks[0]
	task.State, task.SuspendedBy = casework.TaskSuspended, []string{string(casework.HoldSample), casework.SuspendedByPerson}
	b := h.operating()
	require.Contains(t, text(b.get("/ops/cases/"+string(reference)).body), "suspended: waiting for the sample; by a person with Helen Marsh")
	of := func(id casework.TaskID) []docket.Fact { return []docket.Fact{{Name: "task", Value: string(id)}} }
	h.register.trail = append(h.register.trail,
		docket.Entry{Number: 3, At: now, What: "task-suspended", Actor: casework.Actor{Subject: "ex-1006", Role: casework.RoleExaminer}, Facts: of(task.ID)},
		docket.Entry{Number: 4, At: now, What: "task-suspended", Actor: casework.Actor{Subject: "ex-1007", Role: casework.RoleExaminer}, Facts: of(casework.TaskOf(reference, 2))})
	require.Contains(t, text(b.get("/ops/cases/"+string(reference)).body), "suspended: waiting for the sample; by ex-1006, examiner with Helen Marsh")
}

// A page says no sentence twice, and ends each once.
func TestPages_SayEachSentenceOnce(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.register.holding(casework.HoldConsent, casework.HoldMalpractice)
	b := h.operating()
	pages := []string{b.get("/ops").body, b.get("/ops/panel/cases/" + string(reference)).body}
	for _, path := range []string{"", "/hold", "/resume", "/reassign", "/nudge", "/files/9", "/nonsense"} {
		pages = append(pages, b.get("/ops/cases/"+string(reference)+path).body)
	}
	taken := casework.TaskTaken(casework.TaskOf(reference, 1))
	h.cases.answer = taken
	refused := b.post(here+"/nudge", filled(t, b, here+"/nudge", "reason", "It is late.", "step", "do"))
	require.Equal(t, 1, strings.Count(text(refused.body), taken.Detail))
	for _, page := range append(pages, refused.body) {
		require.NotRegexp(t, `\.\.|\. \.|[,:;]\.|“”|<no value>|%!`, text(page))
	}
}

func TestDesk_AWatcherThatIsSilentIsAnAlarm(t *testing.T) {
	t.Parallel()
	for said, at := range map[string]time.Time{
		"The watcher has never looked. Start recourse watcher.": {},
		"The watcher last looked 2 hours ago.":                  now.Add(-2 * time.Hour),
	} {
		h := setup(t)
		h.register.desk.WatchedAt = at
		page := h.operating().get("/ops").body
		require.Contains(t, text(page), said)
		require.Contains(t, page, `<div class="card bad"><strong>The watcher`)
		require.Contains(t, page, "watcher-silent.md")
	}
}

// Every view is an address that opens the list in any browser.
func TestDesk_ViewsAreAddressesOfTheWebUI(t *testing.T) {
	t.Parallel()
	h := setup(t)
	page := h.operating().get("/ops").body
	var queries []string
	for _, link := range regexp.MustCompile(`href="(https://temporal\.example\.org/namespaces/recourse/workflows\?[^"]*)"`).FindAllStringSubmatch(page, -1) {
		address, err := url.Parse(html.UnescapeString(link[1]))
		require.NoError(t, err)
		queries = append(queries, address.Query().Get("query"))
	}
	require.Equal(t, []string{
		"SlaState = 'breached' AND ExecutionStatus = 'Running'",
		"SlaDueAt >= '2026-08-27T09:00:00Z' AND SlaDueAt < '2026-08-28T09:00:00Z' AND Stage != 'decided' AND Stage != 'appeal-window' AND ExecutionStatus = 'Running'",
		"Stage = 'unassigned' AND ExecutionStatus = 'Running'",
		"WaitingOn = 'centre' AND ExecutionStatus = 'Running'",
		"TemporalReportedProblems IS NOT NULL AND ExecutionStatus = 'Running'",
		"NextActionAt < '2026-08-27T08:58:00Z' AND ExecutionStatus = 'Running'",
	}, queries)
	without := setup(t, func(c *ops.Config) { c.WebUI = "" })
	require.NotContains(t, without.operating().get("/ops").body, "Open in the Web UI")
}

func TestDesk_ListsWhatIsOnHold(t *testing.T) {
	t.Parallel()
	h := setup(t)
	b := h.operating()
	h.register.held = []docket.HeldLine{
		{
			Reference: reference, Service: casework.ReviewOfMarking, Component: "CA-MAT-1", Cause: casework.HoldMalpractice, BeganAt: now.Add(-72 * time.Hour),
			AskedBy: "ops-5001", ApprovedBy: "cw-3001", ApproverName: "Imogen Vale",
		},
		{Reference: reference, Service: casework.ReviewOfMarking, Component: "CA-MAT-1", Cause: casework.HoldSample, BeganAt: now.Add(-5 * time.Hour), AskedBy: "system"},
	}
	page := b.get("/ops").body
	require.Contains(t, page, `<a class="small" href="#held">`, "the tile leads to the list")
	_, list, found := strings.Cut(page, `id="held"`)
	require.True(t, found)
	read := text(list)
	for _, want := range []string{
		"Mon 24 Aug 2026, 10:00 3 days ago", "A suspected malpractice is being investigated ops-5001 Imogen Vale (cw-3001)",
		"5 hours ago", "Waiting for the sample system nobody had to",
	} {
		require.Contains(t, read, want)
	}
	require.Less(t, strings.Index(read, "3 days ago"), strings.Index(read, "5 hours ago"), "the longest first")
	require.Equal(t, 2, strings.Count(list, `href="/ops/cases/`+string(reference)+`"`))
	require.NotContains(t, read, "More wait")

	h.register.held = slices.Repeat(h.register.held[:1], 40)
	_, list, _ = strings.Cut(b.get("/ops").body, `id="held"`)
	require.Equal(t, 25, strings.Count(list, `class="ref"`))
	require.Contains(t, text(list), "More wait: recourse cases list --held-for any lists them.")
}

func TestDesk_AnEmptyOneIsCalm(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.register.desk, h.register.urgent = docket.Desk{WatchedAt: now}, nil
	page := h.operating().get("/ops").body
	require.Contains(t, text(page), "Nothing that the watcher looks for.")
	require.Contains(t, text(page), "Nothing is owed to anybody.")
	require.Contains(t, text(page), "No case is on hold.")
	require.NotContains(t, page, "alarm")
	require.NotContains(t, page, "card bad")
}

func TestDesk_SaysWhenItCannotBeShown(t *testing.T) {
	t.Parallel()
	h := setup(t)
	b := h.operating()
	h.register.failing = errors.New("the password is swordfish")
	page := b.get("/ops")
	require.Equal(t, http.StatusServiceUnavailable, page.status)
	require.NotContains(t, page.body, "swordfish", "what is wrong inside stays inside")
	require.Contains(t, h.log.String(), "swordfish")
}

func TestCase_ShowsWhatIsStuckWhyAndWhatToDo(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.register.holding(casework.HoldConsent)
	page := h.operating().get("/ops/cases/" + string(reference))
	require.Equal(t, http.StatusOK, page.status)
	read := text(page.body)
	for _, want := range []string{
		"Review of marking · Mathematics paper 1 (CA-MAT-1)", "assigned breached acts next: reviewer", "next by itself: Thu 27 Aug 2026, 13:00 (in 3 hours)",
		"Centre 64101 Ashdown School", "Candidate 4001 " + candidate, "Rules cambria/2026-1",
		"Outcome we promised it breached", "breached Thu 27 Aug 2026, 00:00", "Acknowledgement we promised it met", "unconfirmed reading",
		"given out, not started with Helen Marsh (ex-1001), lead ex-1006", "start by Thu 27 Aug 2026, 09:00 (60 minutes ago)", "complete by Sun 30 Aug 2026, 10:00 (in 3 days)",
		"waits The consent is being inspected since Wed 26 Aug 2026, 10:00", "asked by ops-5001, agreed by Imogen Vale (cw-3001)",
		"A deadline has passed and no worker has recorded it.", "The last signal that could not be taken", "why: Item 3 has no mark.",
		"telephone with the exams officer They will send the consent form.", "opened eo-64101, post results full access outcome due: Wed 26 Aug 2026, 23:59",
		"Hold Resume Reassign Nudge", "Recalculate: how",
	} {
		require.Contains(t, read, want)
	}
	require.Contains(t, page.body, webUI+"/namespaces/recourse/workflows/enquiry%2F"+string(reference))
}

// While a task is stopped what was missed before stays missed, and the rest stands still.
func TestCase_OfAStoppedTaskTheDeadlinesStandStill(t *testing.T) {
	t.Parallel()
	h := setup(t)
	task := &h.register.inside.Tasks[0]
	task.State, task.SuspendedBy, task.StoppedAt = casework.TaskSuspended, []string{string(casework.HoldSample)}, now.Add(-30*time.Minute)
	read := text(h.operating().get("/ops/cases/" + string(reference)).body)
	require.Contains(t, read, "start by Thu 27 Aug 2026, 09:00 (60 minutes ago)")
	require.Contains(t, read, "complete by Sun 30 Aug 2026, 10:00 (stands still since Thu 27 Aug 2026, 09:30)")
}

// A task that nobody has says whom the rule considered and what stood against them.
func TestCase_SaysWhyNobodyHasTheTask(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.register.inside.Tasks[0].State, h.register.inside.Tasks[0].Assignee, h.register.inside.Tasks[0].AssigneeName = casework.TaskReady, "", ""
	b := h.operating()
	require.Contains(t, text(b.get("/ops/cases/"+string(reference)).body), "It has not been offered to anybody yet.")
	h.register.proofs = []docket.Allocation{{Number: 1, At: now.Add(-48 * time.Hour)}, {Number: 2, At: now.Add(-time.Hour), Proof: allocation.Proof{Findings: []allocation.Finding{
		{Performer: "ex-1001", Excluded: []string{"marked-item", "absent"}}, {Performer: "ex-1002", Excluded: []string{"absent"}}, {Performer: "ex-1003", Full: true},
	}}}}
	h.register.proofs = append(h.register.proofs, docket.Allocation{Number: 3, At: now, Proof: allocation.Proof{
		Operation: casework.OpClaim, Chosen: "ex-1004", Findings: []allocation.Finding{{Performer: "ex-1004"}},
	}})
	for _, root := range []string{"/ops", "/ops/panel"} {
		page := b.get(root + "/cases/" + string(reference)).body
		require.Contains(t, text(page), "Nobody eligible has been found for the task. 3 considered on Thu 27 Aug 2026, 09:00: absent 2, marked item 1, no capacity left 1. Extend the roster")
		require.Contains(t, page, "nobody-eligible.md")
	}
	h.register.proofs = h.register.proofs[:1]
	require.Contains(t, text(b.get("/ops/cases/"+string(reference)).body), "0 considered on Tue 25 Aug 2026, 10:00: the roster has nobody for this.")
}

// The panel stands beside what Temporal shows, where candidates have no names.
func TestPanel_NamesNoCandidate(t *testing.T) {
	t.Parallel()
	h := setup(t)
	b := h.operating()
	require.Contains(t, b.get("/ops/cases/"+string(reference)).body, candidate)
	for _, path := range []string{"", "/hold", "/reassign", "/nudge"} {
		page := b.get("/ops/panel/cases/" + string(reference) + path)
		require.Equal(t, http.StatusOK, page.status)
		require.NotContains(t, page.body, candidate)
		require.NotContains(t, page.body, "4001")
		require.Contains(t, page.body, `<meta name="recourse-case" content="`+string(reference)+`">`, "its script knows which case it shows")
		require.Contains(t, page.body, `data-host="`+webUI+`"`)
	}
	read := text(b.get("/ops/panel/cases/" + string(reference)).body)
	for _, want := range []string{
		"Review of marking R-7K4F-M2QX-9TBD-Z assigned breached acts next: reviewer", "Hold", "Nudge", "Outcome we promised it breached",
		"Helen Marsh (ex-1001)", "They will send the consent form.", "whole page",
	} {
		require.Contains(t, read, want)
	}
}

func TestPanel_WaitsToBeToldItsWorkflow(t *testing.T) {
	t.Parallel()
	h := setup(t)
	shell := h.operating().get("/ops/panel")
	require.Equal(t, http.StatusOK, shell.status)
	require.Contains(t, shell.body, `<meta name="recourse-case" content="">`)
	require.Contains(t, shell.body, `<script src="/ops/panel.js" defer></script>`)
	script := h.browser().get("/ops/panel.js")
	require.Equal(t, "text/javascript; charset=utf-8", script.header.Get("Content-Type"))
	require.Contains(t, script.body, "event.origin !== host", "it listens to its host alone")
	require.NotContains(t, script.body, `"*"`, "and talks to nobody else")

	out := h.browser().get("/ops/panel/cases/" + string(reference))
	require.Equal(t, http.StatusUnauthorized, out.status)
	require.Contains(t, out.body, `href="/ops/sign-in?return=%2fops%2fclose" target="_blank"`, "providers do not let themselves be framed")
}

// Only the Web UI may frame the panel, and nobody the pages that do not stand in it.
func TestPages_LoadNothingOfOthersAndAreFramedByTheWebUIOnly(t *testing.T) {
	t.Parallel()
	h := setup(t)
	signedIn, out := h.operating(), h.browser()
	for _, b := range []*browser{signedIn, out} {
		for path, framer := range map[string]string{
			"/ops": "'none'", "/ops/cases/" + string(reference): "'none'", "/ops/nothing": "'none'", "/ops/cases/" + string(reference) + "/hold": "'none'",
			"/ops/panel": webUI, "/ops/panel/cases/" + string(reference): webUI, "/ops/panel/cases/" + string(reference) + "/hold": webUI,
			"/ops/panel/cases/unknown": webUI,
		} {
			page := b.get(path)
			require.Equal(t, "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors "+framer,
				page.header.Get("Content-Security-Policy"), path)
			require.Equal(t, "no-store", page.header.Get("Cache-Control"), path)
			require.Equal(t, "nosniff", page.header.Get("X-Content-Type-Options"), path)
			require.NotRegexp(t, `(src|<link[^>]* href)="(https?:)?//`, page.body, "%s loads something of another site", path)
			require.NotRegexp(t, `<style|style="|onclick|javascript:`, page.body, path)
		}
	}
	without := setup(t, func(c *ops.Config) { c.WebUI = "" })
	require.Contains(t, without.operating().get("/ops/panel").header.Get("Content-Security-Policy"), "frame-ancestors 'none'")
}

// What people write is text, wherever it stands.
func TestPages_WhatPeopleWriteIsText(t *testing.T) {
	t.Parallel()
	const attack = `"><script>alert(1)</script><img src=x onerror=alert(1)>`
	h := setup(t)
	h.register.holding(casework.HoldOther)
	h.register.notes[0].Text, h.register.notes[0].Contact, h.register.notes[0].Author = attack, attack, attack
	h.register.found.Holds[0].Reason, h.register.found.CentreName, h.register.found.CandidateName = attack, attack, attack
	h.register.found.ComponentTitle, h.register.found.Policy, h.register.found.Requester = attack, attack, attack
	h.register.inside.Findings[0].Detail, h.register.inside.Tasks[0].AssigneeName, h.register.inside.Tasks[0].Assignee = attack, attack, attack
	h.register.trail[1].Facts[0].Value, h.register.trail[1].Actor.Reason = attack, attack
	h.register.desk.Findings[0].Detail, h.register.urgent[0].Assignee = attack, attack
	b := h.browser()
	claims := operator()
	claims.Name = attack
	require.Equal(t, http.StatusSeeOther, b.signIn(claims).status)
	for _, path := range []string{"/ops", "/ops/cases/" + string(reference), "/ops/panel/cases/" + string(reference), "/ops/cases/" + string(reference) + "/reassign", "/ops/cases?reference=" + url.QueryEscape(attack)} {
		page := b.get(path).body
		require.NotContains(t, page, "<script>alert", path)
		require.NotContains(t, page, "<img", path)
		require.Contains(t, html.UnescapeString(page), attack, path)
	}
	form := b.get("/ops/cases/" + string(reference) + "/nudge").body
	shown := b.post("/ops/cases/"+string(reference)+"/nudge", url.Values{"token": {hidden(t, form, "token")}, "key": {attack}, "reason": {attack}})
	require.Equal(t, http.StatusOK, shown.status)
	require.NotContains(t, shown.body, "<script>alert")
	require.NotContains(t, b.get("/ops/cases/"+string(reference)+"?said="+url.QueryEscape(attack)).body, "role=\"status\"", "nobody puts words into the page's mouth")
}

func TestFind_LeadsFromAReferenceToItsCase(t *testing.T) {
	t.Parallel()
	h := setup(t)
	b := h.operating()
	found := b.get("/ops/cases?reference=r7k4f+m2qx9tbdz")
	require.Equal(t, http.StatusSeeOther, found.status)
	require.Equal(t, "/ops/cases/"+string(reference), found.header.Get("Location"))
	wrong := b.get("/ops/cases?reference=R-7K4F-M2QX-9TBD-Y")
	require.Equal(t, http.StatusUnprocessableEntity, wrong.status)
	require.Contains(t, text(wrong.body), "does not fit the others")
	require.Equal(t, http.StatusNotFound, b.get("/ops/cases/R-2222-2222-2222-X").status)
	require.Equal(t, http.StatusNotFound, b.get("/ops/cases/nonsense").status)
	require.Equal(t, http.StatusMovedPermanently, b.get("/ops/").status)
	require.Equal(t, http.StatusNotFound, b.get("/ops/nothing").status)
}

// A clock says in a word where it stands; what was late stays late.
func TestClocks_SayWhereTheyStand(t *testing.T) {
	t.Parallel()
	later := now.Add(48 * time.Hour)
	running := deadline.Clock{ID: casework.ClockOutcome, Kind: casework.ClockSLA, StartedAt: now.AddDate(0, 0, -10), Ends: later, OriginalEnds: later}
	for want, change := range map[string]func(*docket.Clock){
		"runs":                     func(*docket.Clock) {},
		"runs out soon":            func(c *docket.Clock) { c.Warn = []time.Time{now.Add(-time.Hour)} },
		"met":                      func(c *docket.Clock) { c.MetAt = now.Add(-time.Hour) },
		"breached":                 func(c *docket.Clock) { c.Ends, c.BreachedAt = now.Add(-time.Hour), now.Add(-time.Hour) },
		"met late":                 func(c *docket.Clock) { c.BreachedAt, c.MetAt = now.Add(-2*time.Hour), now.Add(-time.Hour) },
		"passed, not recorded yet": func(c *docket.Clock) { c.Ends = now.Add(-time.Minute) },
		"lapsed":                   func(c *docket.Clock) { c.Kind, c.Ends = casework.ClockDuty, now.Add(-time.Minute) },
		"passed":                   func(c *docket.Clock) { c.Kind, c.Ends = casework.ClockRight, now.Add(-time.Minute) },
		"cancelled":                func(c *docket.Clock) { c.CancelledAt = now.Add(-time.Hour) },
		"stands still": func(c *docket.Clock) {
			c.PausedBy, c.Pauses = []casework.HoldCause{casework.HoldConsent}, []deadline.Pause{{Cause: casework.HoldConsent, From: now.Add(-24 * time.Hour)}}
		},
	} {
		h := setup(t)
		clock := docket.Clock{Clock: running}
		change(&clock)
		h.register.found.Clocks = []docket.Clock{clock}
		page := h.operating().get("/ops/cases/" + string(reference)).body
		require.Regexp(t, `<span class="tag [a-z]*">`+want+`</span>`, page)
		if want == "stands still" {
			require.Contains(t, text(page), "stood still: the consent is being inspected, from Wed 26 Aug 2026, 10:00")
		}
	}
}

func TestNew_RefusesWhatItCannotServe(t *testing.T) {
	t.Parallel()
	good := ops.Config{PublicURL: "https://recourse.example.org", Secret: []byte(strings.Repeat("k", 32))}
	_, err := ops.New(good)
	require.NoError(t, err)
	for name, change := range map[string]func(*ops.Config){
		"a short secret":         func(c *ops.Config) { c.Secret = []byte("short") },
		"no address":             func(c *ops.Config) { c.PublicURL = "" },
		"an address with a path": func(c *ops.Config) { c.PublicURL = "https://example.org/recourse" },
		"a file for a panel":     func(c *ops.Config) { c.PanelURL = "file:///panel" },
		"a Web UI without host":  func(c *ops.Config) { c.WebUI = "temporal" },
	} {
		config := good
		change(&config)
		_, err := ops.New(config)
		require.Error(t, err, name)
	}
}
