package demo_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/deploy/local/demo"
	"github.com/recourse-exams/recourse/deploy/local/person"
)

var data = filepath.Join("..", "..", "demo")

func requests(t *testing.T) []demo.Request {
	t.Helper()
	all, err := demo.ReadRequests(filepath.Join(data, "enquiries.csv"))
	require.NoError(t, err)
	return all
}

func directory(t *testing.T) demo.Directory {
	t.Helper()
	people, err := demo.ReadDirectory(filepath.Join(data, "cambria"))
	require.NoError(t, err)
	return people
}

func at(t *testing.T, text string) time.Time {
	t.Helper()
	instant, err := time.Parse(time.RFC3339, text)
	require.NoError(t, err)
	return instant
}

// case4001 is the breached case: asked for on 26 March, before the clocks go forward on the 29th, so that the
// midnights at which its clocks end are of British Summer Time.
func case4001(t *testing.T) demo.Case {
	t.Helper()
	pdf := []byte("%PDF-1.7 letter")
	return demo.Case{
		Centre: "71305",
		Case: person.Case{
			Reference: "R-1", Stage: "closed", Service: "review-of-marking", SLAState: "breached",
			ReceivedAt: at(t, "2026-03-26T12:00:00Z"), Candidate: person.Name{Number: "4001"}, Component: person.Titled{Code: "GG-A"},
			Clocks: []person.Clock{
				{ID: "outcome", Ends: at(t, "2026-04-15T23:00:00Z"), BreachedAt: at(t, "2026-04-15T23:00:00Z"), MetAt: at(t, "2026-04-17T12:00:00Z")},
				{ID: "window", Ends: at(t, "2026-05-01T23:00:00Z")},
			},
			Fees: []person.Fee{{Code: "review-of-marking", Pence: 6200, State: "waived", Why: "A unit's grade changed."}},
			Outcome: &person.Outcome{
				PublishedAt: at(t, "2026-04-17T12:00:00Z"), MarkBefore: 29, MarkAfter: 30, Settled: true, GradeBefore: "B", GradeAfter: "B",
			},
		},
		Timeline: []person.Entry{
			{What: "allocated", Facts: []person.Fact{{Name: "performer", Value: "ex-1005"}}},
			{What: "clock-warned"},
			{What: "clock-breached"},
			{What: "outcome-published"},
			{What: "closed", At: at(t, "2026-05-01T23:05:00Z")},
		},
		Files: []demo.File{
			{Document: person.Document{Kind: "outcome-letter-pdf", Size: int64(len(pdf))}, Body: pdf},
			{Document: person.Document{Kind: "outcome-letter-html", Size: 6}, Body: []byte("<html>")},
		},
	}
}

// case1002 is the case whose fee is due.
func case1002(t *testing.T) demo.Case {
	t.Helper()
	c := case4001(t)
	c.Centre, c.Reference, c.SLAState = "64101", "R-2", "met"
	c.Candidate.Number, c.Component.Code = "1002", "GM-1"
	c.Clocks = []person.Clock{
		{ID: "outcome", Ends: at(t, "2026-04-15T23:00:00Z"), MetAt: at(t, "2026-03-28T12:00:00Z")},
		{ID: "window", Ends: at(t, "2026-04-11T23:00:00Z")},
	}
	c.Outcome = &person.Outcome{
		PublishedAt: at(t, "2026-03-28T12:00:00Z"), MarkBefore: 33, MarkAfter: 34, Settled: true, GradeBefore: "6", GradeAfter: "6",
	}
	c.Fees = []person.Fee{{Code: "review-of-marking", Pence: 6200, State: "invoiced", Invoice: "I-1", Why: "No grade changed."}}
	c.Timeline = []person.Entry{
		{What: "allocated", Facts: []person.Fact{{Name: "performer", Value: "ex-1001"}}},
		{What: "outcome-published"},
		{What: "closed", At: at(t, "2026-04-11T23:05:00Z")},
	}
	return c
}

func mail(kind, about, to string) demo.Mail {
	return demo.Mail{ID: kind + about, To: []string{to}, Subject: "About " + about, Kind: kind, About: about}
}

// right is a small demonstration in which everything is as it should be.
func right(t *testing.T) ([]demo.Request, demo.Facts) {
	t.Helper()
	wanted := func(r demo.Request) bool { return r.Candidate != "4001" && r.Candidate != "1002" }
	asked := slices.DeleteFunc(requests(t), wanted)
	return asked, demo.Facts{
		Cases: []demo.Case{case4001(t), case1002(t)},
		Mails: []demo.Mail{
			mail("acknowledgement", "R-1", "exams@loughview.example"), mail("task", "R-1", "c.morgan@cambria.example"),
			mail("sla-warning", "R-1", "operations@cambria.example"), mail("sla-breach", "R-1", "operations@cambria.example"),
			mail("sla-warning", "R-1", "c.morgan@cambria.example"), mail("sla-breach", "R-1", "c.morgan@cambria.example"),
			mail("task-reminder", "R-1", "c.morgan@cambria.example"), mail("task-escalation", "R-1", "i.voss@cambria.example"),
			mail("task-escalation", "R-1", "e.bowen@cambria.example"), mail("task-escalation", "R-1", "operations@cambria.example"),
			mail("digest", "", "operations@cambria.example"),
			mail("outcome", "R-1", "exams@loughview.example"),
			mail("acknowledgement", "R-2", "exams@ashdown.example"), mail("task", "R-2", "h.marsh@cambria.example"),
			mail("outcome", "R-2", "exams@ashdown.example"), mail("invoice", "I-1", "exams@ashdown.example"),
		},
		Invoices: []demo.Invoice{{
			Invoice: person.Invoice{Number: "I-1", Centre: person.Name{Number: "64101"}, TotalPence: 6200}, PDF: []byte("%PDF-1.7 invoice"),
		}},
		Audit: "2 audit chains are whole\n",
	}
}

func TestCheck_FindsNothingWhereEverythingIsRight(t *testing.T) {
	t.Parallel()
	asked, facts := right(t)
	verdict := demo.Check(asked, directory(t), facts)
	require.Empty(t, verdict.Differences)
	require.Greater(t, verdict.Checked, 60)
}

func TestCheck_FindsEachDifference(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		spoil func(*demo.Facts)
		says  string
	}{
		"a case is missing":             {func(f *demo.Facts) { f.Cases = f.Cases[1:] }, "number of cases"},
		"a case too many":               {func(f *demo.Facts) { f.Cases = append(f.Cases, demo.Case{}) }, "number of cases"},
		"a case is open still":          {func(f *demo.Facts) { f.Cases[0].Stage = "appeal-window" }, "the stage should be closed"},
		"there is no outcome":           {func(f *demo.Facts) { f.Cases[0].Outcome = nil }, "should be an outcome"},
		"another mark":                  {func(f *demo.Facts) { f.Cases[0].Outcome.MarkAfter = 31 }, "change of the mark should be 1 and is 2"},
		"another grade":                 {func(f *demo.Facts) { f.Cases[0].Outcome.GradeAfter = "A" }, "grade after should be B and is A"},
		"the award is not settled":      {func(f *demo.Facts) { f.Cases[0].Outcome.Settled = false }, "settlement"},
		"published twice":               {func(f *demo.Facts) { f.Cases[0].Timeline[1].What = "outcome-published" }, "published outcomes should be 1 and is 2"},
		"a breach at a wrong instant":   {func(f *demo.Facts) { f.Cases[0].Clocks[0].BreachedAt = f.Cases[0].Clocks[0].MetAt }, "instant of the breach"},
		"a breach an hour off":          {func(f *demo.Facts) { f.Cases[0].Clocks[0].Ends = f.Cases[0].Clocks[0].Ends.Add(time.Hour) }, "end of the outcome clock"},
		"a breach that nobody noticed":  {func(f *demo.Facts) { f.Cases[0].Timeline[2].What = "note" }, "number of breaches should be 1 and is 0"},
		"a breach that should not be":   {func(f *demo.Facts) { f.Cases[1].Clocks[0].BreachedAt = f.Cases[1].Clocks[0].Ends }, "should not be breached"},
		"a clock that nobody ordered":   {func(f *demo.Facts) { f.Cases[0].Clocks[1].ID = "script" }, "that a script clock runs"},
		"a window that ends early":      {func(f *demo.Facts) { f.Cases[1].Clocks[1].Ends = f.Cases[1].Clocks[1].Ends.Add(-time.Second) }, "end of the appeal window"},
		"closed before its window ends": {func(f *demo.Facts) { f.Cases[0].Timeline[4].At = f.Cases[0].Clocks[1].Ends.Add(-1) }, "close after its appeal window"},
		"a wrong price":                 {func(f *demo.Facts) { f.Cases[1].Fees[0].Pence = 6201 }, "price in pence should be 6200 and is 6201"},
		"due where it is waived":        {func(f *demo.Facts) { f.Cases[0].Fees[0].State = "due" }, "state should be waived and is due"},
		"waived where it is due":        {func(f *demo.Facts) { f.Cases[1].Fees[0].State = "waived" }, "state should be invoiced and is waived"},
		"a line without a reason":       {func(f *demo.Facts) { f.Cases[1].Fees[0].Why = "" }, "say why"},
		"a line twice":                  {func(f *demo.Facts) { f.Cases[1].Fees = append(f.Cases[1].Fees, f.Cases[1].Fees[0]) }, "number of fee lines"},
		"an invoice of another sum":     {func(f *demo.Facts) { f.Invoices[0].TotalPence = 1 }, "in pence should be 6200 and is 1"},
		"no invoice":                    {func(f *demo.Facts) { f.Invoices = nil }, "in pence should be 6200 and is 0"},
		"an invoice for nothing":        {func(f *demo.Facts) { f.Invoices[0].Centre.Number = "71305" }, "centre 71305"},
		"an invoice that does not open": {func(f *demo.Facts) { f.Invoices[0].Fault = "404" }, "what the file store said"},
		"a letter that does not open":   {func(f *demo.Facts) { f.Cases[0].Files[0].Body = nil }, "its size"},
		"a letter that is missing":      {func(f *demo.Facts) { f.Cases[0].Files = f.Cases[0].Files[1:] }, "the stored documents"},
		"a letter that is no PDF":       {func(f *demo.Facts) { f.Cases[0].Files[0].Body = []byte("<html> letter..") }, "that it is a PDF"},
		"a mail twice":                  {func(f *demo.Facts) { f.Mails = append(f.Mails, f.Mails[11]) }, "outcome mails to exams@loughview.example should be 1 and is 2"},
		"a mail that was never sent":    {func(f *demo.Facts) { f.Mails = f.Mails[1:] }, "acknowledgement mails to exams@loughview.example should be 1 and is 0"},
		"a mail to somebody else":       {func(f *demo.Facts) { f.Mails[0].To = []string{"exams@ashdown.example"} }, "acknowledgement mails to exams@ashdown.example should be 0 and is 1"},
		"a mail the ledger ignores":     {func(f *demo.Facts) { f.Mails[0].Kind = "" }, "unknown mails"},
		"a mail about something else":   {func(f *demo.Facts) { f.Mails[0].Subject = "Hello" }, "its subject should name R-1"},
		"a broken audit chain":          {func(f *demo.Facts) { f.Audit = "1 audit chains are whole" }, "the audit trail"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			asked, facts := right(t)
			row.spoil(&facts)
			verdict := demo.Check(asked, directory(t), facts)
			require.Contains(t, strings.Join(verdict.Differences, "\n"), row.says)
		})
	}
}

// Two linked papers: the window of the one that was decided first starts when the other settles the award.
func TestCheck_LinkedPapersSettleTogether(t *testing.T) {
	t.Parallel()
	asked := slices.DeleteFunc(requests(t), func(r demo.Request) bool { return r.Candidate != "1003" })
	require.Len(t, asked, 2)
	first := case1002(t)
	first.Candidate.Number, first.Outcome.GradeBefore, first.Outcome.GradeAfter = "1003", "7", "8"
	first.Fees[0].State, first.Fees[0].Invoice = "waived", ""
	second := first
	second.Reference, second.Component.Code = "R-3", "GM-2"
	later := *first.Outcome
	later.PublishedAt = at(t, "2026-03-30T12:00:00Z")
	second.Outcome = &later
	facts := demo.Facts{Cases: []demo.Case{first, second}, Audit: "2 audit chains are whole"}

	report := strings.Join(demo.Check(asked, directory(t), facts).Differences, "\n")
	require.Contains(t, report, "R-2: the end of the appeal window should be Tue 14 Apr 2026 00:00:00")
	require.Contains(t, report, "R-3: the end of the appeal window should be Tue 14 Apr 2026 00:00:00")
	require.Contains(t, report, "R-2: the number of component-outcome mails")
	require.NotContains(t, report, "R-3: the number of component-outcome mails")
}
