package letters_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/casework/fee"
)

func TestLetter_SameNoticeSameBytes(t *testing.T) {
	t.Parallel()
	p := printer(t)
	want, err := p.OutcomePDF(downgraded())
	require.NoError(t, err)
	prints := make([][]byte, 12)
	var writers sync.WaitGroup
	for i := range prints {
		writers.Go(func() { prints[i], _ = p.OutcomePDF(downgraded()) })
	}
	writers.Wait()
	for _, got := range prints {
		require.Equal(t, want, got)
	}
	require.Contains(t, string(want), "(D:20261126101200", "created when the award was settled")
}

func TestLetter_LaterFactsDoNotChangeIt(t *testing.T) {
	t.Parallel()
	p := printer(t)
	want, err := p.OutcomeHTML(upgraded())
	require.NoError(t, err)
	later := upgraded()
	later.Case.Stage = casework.StageClosed
	later.Case.Documents = []docket.Document{
		{Kind: docket.OutcomeLetterPDF, AvailableAt: published.Add(time.Second)},
		{Kind: docket.ReviewedScript, AvailableAt: published.Add(time.Minute)},
	}
	got, err := p.OutcomeHTML(later)
	require.NoError(t, err)
	require.Equal(t, string(want), string(got))
}

func TestLetter_ScriptThatWasReleasedBeforeTheAwardSettled(t *testing.T) {
	t.Parallel()
	n := upgraded()
	n.Case.Outcome.PublishedAt = published.AddDate(0, 0, -6)
	n.Case.Documents = []docket.Document{{Kind: docket.ReviewedScript, AvailableAt: published.AddDate(0, 0, -5)}}
	page := outcome(t, n)
	require.Contains(t, page, "A copy has been available to the centre since 10:12 on Saturday 21 November 2026, UK time.")
	require.Contains(t, page, "Thursday 26 November 2026", "dated when the award was settled")
}

func TestLetter_OnePageWherePossible(t *testing.T) {
	t.Parallel()
	p := printer(t)
	for name, c := range map[string]struct {
		notice docket.Notice
		pages  int
	}{
		"ten items":   {upgraded(), 1},
		"unchanged":   {unchanged(), 1},
		"pending":     {pending(), 1},
		"forty items": {downgraded(), 2},
	} {
		pdf, err := p.OutcomePDF(c.notice)
		require.NoError(t, err)
		pages := pagesOf(t, pdf)
		require.Len(t, pages, c.pages, name)
		require.Contains(t, pages[0], "Page 1 of "+string(rune('0'+c.pages)), name)
	}
}

func TestLetter_TableGoesOnUnderItsHead(t *testing.T) {
	t.Parallel()
	pdf, err := printer(t).OutcomePDF(downgraded())
	require.NoError(t, err)
	pages := pagesOf(t, pdf)
	for _, page := range pages {
		require.Contains(t, page, "Reason for the change")
	}
	require.Contains(t, pages[1], "Outcome of a review of marking R-7K4F-M2QX-9TBD-H ·", "a loose sheet can be put back")

	for _, lines := range []int{0, 1, 31, 32, 33, 34, 35, 36, 37, 38, 39, 60} {
		pdf, err := printer(t).InvoicePDF(invoice(lines))
		require.NoError(t, err)
		last := ""
		for _, page := range pagesOf(t, pdf) {
			if strings.Contains(page, "Amount") {
				last = page
			}
		}
		if lines > 0 {
			require.Contains(t, last, "CM1/01 | Review of marking", "%d lines: the total never stands alone", lines)
		}
		require.Contains(t, last, "\nTotal | ", "%d lines", lines)
		if lines == 60 {
			require.Contains(t, last, "£3,720.00")
		}
	}
}

func TestLetter_StaysOnThePaper(t *testing.T) {
	t.Parallel()
	p := printer(t)
	const mm = 72 / 25.4
	words := rapid.SliceOfN(rapid.StringOfN(rapid.RuneFrom([]rune("aMŵ-–(𝔊漢")), 1, 60, -1), 0, 30)
	for seed := range 16 { // A PDF takes too long for rapid's usual hundred.
		text := func(n int) string { return strings.Join(words.Example(8*seed+n), " ") }
		n := downgraded()
		n.BodyName, n.Centre.Name, n.Candidate = text(0), text(1), text(2)
		n.Centre.Address = words.Example(8*seed + 7)
		n.Case.Qualification, n.Case.ComponentTitle = text(3), text(4)
		for i := range n.Case.Outcome.Items {
			n.Case.Outcome.Items[i].Item = strings.Repeat("9", 1+i)
		}
		n.ReasonTexts[0].Value = text(5)
		pdf, err := p.OutcomePDF(n)
		require.NoError(t, err)
		for _, page := range piecesOf(t, pdf) {
			for _, piece := range page {
				require.GreaterOrEqual(t, piece.x, 21.9*mm, piece.text)
				require.Less(t, piece.x, 188*mm, piece.text)
				require.GreaterOrEqual(t, piece.y, 6*mm, piece.text)
				require.LessOrEqual(t, piece.y, 285*mm, piece.text)
			}
		}
	}
}

func TestLetter_SaysWhatTheReviewDid(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(*docket.Outcome)
		says   string
	}{
		{"mark and grade up", func(*docket.Outcome) {}, "The mark goes up from 57 to 61 out of 80, and the grade changes from 5 to 6."},
		{"mark and grade down", func(o *docket.Outcome) { o.MarkAfter, o.GradeAfter = 50, "4" }, "The mark goes down from 57 to 50 out of 80, and the grade changes from 5 to 4."},
		{"mark up, grade stays", func(o *docket.Outcome) { o.GradeAfter = "5" }, "The mark goes up from 57 to 61 out of 80, and the grade stays 5."},
		{"nothing", func(o *docket.Outcome) { o.MarkAfter, o.GradeAfter = 57, "5" }, "The mark stays 57 out of 80, and the grade stays 5."},
		{"grade moved by another component", func(o *docket.Outcome) { o.MarkAfter = 57 }, "The mark stays 57 out of 80. The grade changes from 5 to 6 because of another component."},
		{"unit grade only", func(o *docket.Outcome) { o.GradeAfter, o.UnitGradeBefore, o.UnitGradeAfter = "5", "C", "B" }, "The mark goes up from 57 to 61 out of 80. The unit grade changes from C to B; the qualification grade stays 5."},
		{"not settled", func(o *docket.Outcome) { o.Settled = false }, "The mark goes up from 57 to 61 out of 80. The grade is not settled yet."},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			n := upgraded()
			c.change(n.Case.Outcome)
			require.Contains(t, outcome(t, n), `<p class="lead">`+c.says+`</p>`)
		})
	}
}

func TestLetter_SaysWhatTheGradeWaitsFor(t *testing.T) {
	t.Parallel()
	other := docket.Linked{Reference: "R-9QWM-3HJK-7FGV-C", Component: "CM1/03", Stage: casework.StageUnassigned}
	n := pending()
	n.Case.Linked = append(n.Case.Linked, other, docket.Linked{Reference: "R-4", Component: "CM1/04", Stage: casework.StageDecided})
	require.Contains(t, outcome(t, n), "The grade will follow when your other requests, R-2XWD-8CNH-4RPV-K (CM1/02) and R-9QWM-3HJK-7FGV-C (CM1/03), are decided.")
	n.Case.Linked = nil
	require.Contains(t, outcome(t, n), "The grade will follow shortly.")
	require.Contains(t, outcome(t, n), "£62.00, to be decided together with the grade.")
	require.NotContains(t, outcome(t, n), "Without an appeal")
}

func TestLetter_SaysWhenTheAppealWindowEnds(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		ends time.Time
		day  string
	}{
		"winter":                              {time.Date(2026, 12, 11, 0, 0, 0, 0, time.UTC), "Thursday 10 December 2026"},
		"summer, an hour before UTC's day":    {time.Date(2026, 10, 14, 23, 0, 0, 0, time.UTC), "Wednesday 14 October 2026"},
		"the day on which the clocks go back": {time.Date(2026, 10, 26, 0, 0, 0, 0, time.UTC), "Sunday 25 October 2026"},
	} {
		n := upgraded()
		n.Case.AppealUntil = c.ends
		require.Contains(t, outcome(t, n), "until the end of "+c.day+", UK time.", name)
	}
}

func TestLetter_FeesThatAreDue(t *testing.T) {
	t.Parallel()
	n := unchanged()
	require.Contains(t, outcome(t, n), "<dt>Clerical check</dt><dd>£15.00, due. No grade changed (clause 6.1).</dd>")
	require.Contains(t, outcome(t, n), "Nothing is to be paid now")
	n.Case.Fees[0].State = fee.Waived
	require.NotContains(t, outcome(t, n), "Nothing is to be paid now")
	n.Case.Fees = nil
	require.NotContains(t, outcome(t, n), "<h2>Fee</h2>")
	n.Case.Fees = []fee.Line{{Code: "late-copy", Pence: 123456789, State: fee.Due}}
	require.Contains(t, outcome(t, n), "<dt>Late copy</dt><dd>£1,234,567.89, due.")
}

func TestLetter_MarksDemonstrationDataOnly(t *testing.T) {
	t.Parallel()
	n := upgraded()
	require.Contains(t, outcome(t, n), `<span class="wordmark">Cambria Awards</span>`)
	require.Contains(t, outcome(t, n), "Demonstration data: Cambria Awards is a fictional awarding body.")
	n.BodyName = "Cambria Awards"
	require.NotContains(t, outcome(t, n), "Demonstration")
}

func TestLetter_UnknownReasonIsShownAsItsCode(t *testing.T) {
	t.Parallel()
	n := upgraded()
	n.ReasonTexts = nil
	require.Contains(t, outcome(t, n), "levels-scheme-misapplied")
}

func TestLetter_NeedsAnOutcome(t *testing.T) {
	t.Parallel()
	_, err := printer(t).OutcomeHTML(open())
	require.ErrorContains(t, err, "no outcome is published")
	_, err = printer(t).OutcomePDF(open())
	require.ErrorContains(t, err, "no outcome is published")
}

func TestInvoice_RefusesAWrongSum(t *testing.T) {
	t.Parallel()
	wrong := invoice(2)
	wrong.Total--
	_, err := printer(t).InvoicePDF(wrong)
	require.ErrorContains(t, err, "its lines sum to £124.00, its total is £123.99")
	_, err = printer(t).InvoiceHTML(wrong)
	require.Error(t, err)
}

// outcome is the outcome letter as a page, without HTML's escapes of quotes.
func outcome(t *testing.T, n docket.Notice) string {
	t.Helper()
	page, err := printer(t).OutcomeHTML(n)
	require.NoError(t, err)
	return strings.ReplaceAll(string(page), "&#39;", "'")
}
