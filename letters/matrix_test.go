package letters_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/casework/fee"
	"github.com/recourse-exams/recourse/letters"
)

// ending is one way in which a case may end: what was asked, what came out, what it waits for and what it costs.
type ending struct {
	service casework.Service
	marks   int    // by how much the mark moved
	award   string // "5 → 6": the award's grade before and after; empty while linked cases are open
	unit    string // the unit's, empty in a linear qualification
	waiting int    // open linked cases
	copied  string // "not ordered", "promised" or "released"
	fees    []fee.State
}

func (e ending) String() string {
	return fmt.Sprintf("%s %+d award[%s] unit[%s] waiting %d copy %s fees %v", e.service, e.marks, e.award, e.unit, e.waiting, e.copied, e.fees)
}

// endings are all that can come together: a grade is there as soon as nothing is waited for, and fees are decided
// with it.
func endings() []ending {
	var all []ending
	for _, service := range casework.Services() {
		for _, marks := range []int{4, -4, 0} {
			for _, copied := range []string{"not ordered", "promised", "released"} {
				for _, grades := range [][2]string{{"5 → 6", ""}, {"6 → 5", ""}, {"5 → 5", ""}, {"C → C", "C → B"}, {"C → B", "C → B"}, {"C → C", "C → C"}} {
					for _, fees := range [][]fee.State{{fee.Due, fee.Due}, {fee.Waived, fee.Waived}, {fee.Due, fee.Waived}, {fee.Invoiced}, {fee.Credited}, {}} {
						all = append(all, ending{service, marks, grades[0], grades[1], 0, copied, fees})
					}
				}
				for waiting := range 3 {
					all = append(all, ending{service, marks, "", "", waiting, copied, []fee.State{fee.Quoted, fee.Quoted}})
				}
			}
		}
	}
	return all
}

// notice tells the ending in the facts that the store would read.
func (e ending) notice() docket.Notice {
	n := upgraded()
	c := &n.Case
	c.Request.Service, c.Request.ReviewedScript = e.service, e.copied != "not ordered"
	c.Outcome.MarkAfter = c.Outcome.MarkBefore + e.marks
	for i := range c.Outcome.Items {
		c.Outcome.Items[i] = docket.OutcomeItem{Item: fmt.Sprint(i + 1), Max: 8, Before: 5, After: 5}
	}
	if c.Outcome.Items[4].After += e.marks / 2; e.marks != 0 {
		c.Outcome.Items[4].Reason, c.Outcome.Items[6].Reason = "work-not-marked", "work-not-marked"
	} else {
		c.Outcome.Reason = "addition-and-transfer-correct"
	}
	c.Outcome.Items[6].After += e.marks / 2
	c.Outcome.Settled = e.award != ""
	c.Outcome.GradeBefore, c.Outcome.GradeAfter, _ = strings.Cut(e.award, " → ")
	c.Outcome.UnitGradeBefore, c.Outcome.UnitGradeAfter, _ = strings.Cut(e.unit, " → ")
	c.Fees = nil
	for i, state := range e.fees {
		c.Fees = append(c.Fees, fee.Line{Code: []fee.Code{fee.Code(e.service), "reviewed-script"}[i], Pence: fee.Pence(6200 - 4850*i), State: state, Why: "As clause 6.1 says."})
	}
	c.Linked = nil
	for i := range e.waiting {
		c.Linked = append(c.Linked, docket.Linked{Reference: linked, Component: fmt.Sprintf("CM1/0%d", i+2), Stage: casework.StageAssigned})
	}
	c.Clocks = c.Clocks[:1:1]
	if !c.Outcome.Settled {
		c.AppealUntil, c.Stage = time.Time{}, casework.StageDecided
	}
	switch e.copied {
	case "promised":
		c.Clocks = append(c.Clocks, docket.Clock{Clock: upgraded().Case.Clocks[1].Clock})
	case "released":
		c.Clocks = append(c.Clocks, docket.Clock{Clock: upgraded().Case.Clocks[1].Clock})
		c.Documents = []docket.Document{{Kind: docket.ReviewedScript, AvailableAt: published}}
	}
	return n
}

// lead is the sentence that matters, composed for the test by a way of its own.
func (e ending) lead() string {
	mark := map[bool]string{true: "The mark stays 57 out of 80"}[e.marks == 0]
	if e.marks != 0 {
		mark = fmt.Sprintf("The mark goes %s from 57 to %d out of 80", map[bool]string{true: "up", false: "down"}[e.marks > 0], 57+e.marks)
	}
	before, after, settled := strings.Cut(e.award, " → ")
	unitBefore, unitAfter, _ := strings.Cut(e.unit, " → ")
	switch {
	case !settled:
		return mark + ". The grade is not settled yet."
	case before == after && unitBefore != unitAfter:
		return fmt.Sprintf("%s. The unit grade changes from %s to %s; the qualification grade stays %s.", mark, unitBefore, unitAfter, after)
	case before == after:
		return mark + ", and the grade stays " + after + "."
	case e.marks == 0:
		return fmt.Sprintf("%s. The grade changes from %s to %s because of another component.", mark, before, after)
	}
	return fmt.Sprintf("%s, and the grade changes from %s to %s.", mark, before, after)
}

// says lists what a letter of this ending must say and what it must not.
func (e ending) says() (must, mustNot []string) {
	yes := func(holds bool, texts ...string) {
		if holds {
			must = append(must, texts...)
		} else {
			mustNot = append(mustNot, texts...)
		}
	}
	settled, clerical := e.award != "", e.service == casework.ClericalCheck
	before, after, _ := strings.Cut(e.award, " → ")
	unitBefore, unitAfter, _ := strings.Cut(e.unit, " → ")
	must = append(must, e.lead())
	yes(clerical, "The answers were not marked again.")
	yes(!clerical, "A reviewer who had no part in the first marking")
	yes(e.marks == 0, "Why no mark changed:")
	yes(e.marks != 0, "A part of the work had not been seen")
	yes(settled, "Qualification grade", "An appeal by the head of centre can reach us until the end of Thursday 10 December 2026")
	yes(!settled, "We will write again then.", "The time for an appeal begins when the grade is settled.", "the grade is not settled yet")
	yes(e.unit != "", "Unit grade")
	yes(settled && (before != after || unitBefore != unitAfter), "The new grade replaces")
	yes(settled && before == after && unitBefore == unitAfter, "The grade on the candidate’s statement of results stands.")
	yes(e.waiting == 1, "when your other request, "+string(linked)+" (CM1/02), is decided")
	yes(e.waiting == 2, "when your other requests, "+string(linked)+" (CM1/02) and "+string(linked)+" (CM1/03), are decided")
	yes(!settled && e.waiting == 0, "The grade will follow shortly.")
	yes(e.copied == "not ordered", "No copy was ordered with this request.")
	yes(e.copied == "promised", "A copy will be available to the centre by 10:12 on Friday 27 November 2026, UK time.")
	yes(e.copied == "released", "A copy has been available to the centre since 10:12 on Thursday 26 November 2026, UK time.")
	yes(e.copied != "not ordered" && clerical, "a clerical check adds no annotations")
	has := func(states ...fee.State) bool {
		return slices.ContainsFunc(e.fees, func(s fee.State) bool { return slices.Contains(states, s) })
	}
	yes(has(fee.Due, fee.Invoiced), ", due. As clause 6.1 says.", "Nothing is to be paid now")
	yes(has(fee.Waived), ", waived. As clause 6.1 says.")
	yes(has(fee.Credited), ", given back. As clause 6.1 says.")
	yes(has(fee.Quoted), "to be decided together with the grade")
	yes(len(e.fees) > 0, "£62.00")
	yes(len(e.fees) > 1, "£13.50")
	return must, mustNot
}

// TestLetter_EveryEndingOfACase is told rightly on the page, in the mail and in the mail's two forms.
func TestLetter_EveryEndingOfACase(t *testing.T) {
	t.Parallel()
	p := printer(t)
	for _, e := range endings() {
		n := e.notice()
		page, err := p.OutcomeHTML(n)
		require.NoError(t, err)
		text := strings.Join(wordsOf(string(page)), " ")
		must, mustNot := e.says()
		for _, said := range must {
			require.Contains(t, text, said, e)
		}
		for _, said := range mustNot {
			require.NotContains(t, text, said, e)
		}
		kind := casework.MailOutcome
		if e.award == "" {
			kind = casework.MailComponentOutcome
		}
		message, err := p.Mail(casework.MailInput{Reference: reference, Kind: kind, Number: 1, At: published}, n)
		require.NoError(t, err)
		for form, words := range map[string]string{"text": message.Text, "HTML": strings.Join(wordsOf(message.HTML), " ")} {
			words = strings.Join(strings.Fields(words), " ")
			require.Contains(t, words, e.lead(), "%s of %s", form, e)
			require.Equal(t, e.copied == "promised", strings.Contains(words, "by 10:12 on Friday 27 November 2026"), "%s of %s", form, e)
			require.Equal(t, e.copied == "released", strings.Contains(words, "available since 10:12 on Thursday 26 November 2026"), "%s of %s", form, e)
			require.Equal(t, kind == casework.MailOutcome, strings.Contains(words, "until the end of Thursday 10 December 2026"), "%s of %s", form, e)
			require.NotContains(t, words, "A part of the work", "items stand in the letter")
			require.Equal(t, kind == casework.MailOutcome && len(e.fees) > 0, strings.Contains(words, "£"), "fees are told with the grade: %s of %s", form, e)
		}
	}
}

// TestLetter_PDFHasExactlyThePagesWords compares the words of the two prints both ways round, of every tenth ending
// that fits on one sheet: the PDF may neither lose nor add a word.
func TestLetter_PDFHasExactlyThePagesWords(t *testing.T) {
	t.Parallel()
	p := printer(t)
	all, compared := endings(), 0
	for i := 0; i < len(all); i += 10 {
		n := all[i].notice()
		page, err := p.OutcomeHTML(n)
		require.NoError(t, err)
		pdf, err := p.OutcomePDF(n)
		require.NoError(t, err)
		pages := pagesOf(t, pdf)
		require.LessOrEqual(t, len(pages), 2, all[i])
		if len(pages) > 1 {
			continue // A second sheet repeats the table's head and breaks sentences.
		}
		compared++
		printed := strings.Fields(strings.NewReplacer(" | ", " ", "•", " ").Replace(pages[0]))
		foot := strings.Fields(string(reference) + " Page 1 of 1 Demonstration data: Cambria Awards is a fictional awarding body.")
		written := append(wordsOf(other.ReplaceAllString(string(page), " ")), foot...)
		slices.Sort(printed)
		slices.Sort(written)
		require.Equal(t, written, printed, all[i])
	}
	require.Greater(t, compared, len(all)/20, "most letters are of one sheet")
}

// TestMail_NamesAsPeopleBearThem: quotes, ampersands and brackets in names arrive as they are, in every kind.
func TestMail_NamesAsPeopleBearThem(t *testing.T) {
	t.Parallel()
	p := printer(t)
	for _, name := range []string{
		"Sinéad O'Brien", "Sinéad O’Brien", `Maya "Mo" Reid`, "A & B <Trust>", "Dafydd ap Gwilym\u00a0III", "Łukasz Wójcik", "山田 太郎",
		"{{.Outcome}}", "%s %d", "Jean-François de la Rochefoucauld-Montmorency-Bouteville the Younger of That Ilk", "<script>alert(1)</script>", "&lt;b&gt;",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := upgraded()
			n.Candidate, n.Centre.Name = name, name+" College"
			seen := strings.Join(strings.Fields(name), " ")
			page := strings.Join(wordsOf(outcome(t, n)), " ")
			require.Contains(t, page, "Candidate "+seen+" (0421)")
			require.Contains(t, page, seen+" College")
			for _, kind := range []casework.MailKind{casework.MailAcknowledgement, casework.MailComponentOutcome, casework.MailOutcome} {
				message, err := p.Mail(casework.MailInput{Reference: reference, Kind: kind, At: published}, n)
				require.NoError(t, err)
				require.Contains(t, strings.Join(strings.Fields(message.Text), " "), "Dear exams team at "+seen+" College,")
				require.Contains(t, strings.Join(wordsOf(message.HTML), " "), "Dear exams team at "+seen+" College,")
				require.NotContains(t, message.Subject, seen, "a subject names nobody")
			}
			pdf, err := p.OutcomePDF(n)
			require.NoError(t, err)
			require.LessOrEqual(t, len(pagesOf(t, pdf)), 2, "a name of three lines may need a second sheet")
		})
	}
}

// TestInvoice_EverySheetOfALongOne: lines are never lost between sheets, in either print.
func TestInvoice_EverySheetOfALongOne(t *testing.T) {
	t.Parallel()
	p, err := letters.New()
	require.NoError(t, err)
	for _, lines := range []int{1, 2, 33, 100} {
		bill := invoice(lines)
		var sum fee.Pence
		for i := range bill.Lines {
			bill.Lines[i].Pence = fee.Pence(100*i + 1)
			sum += bill.Lines[i].Pence
		}
		bill.Total = sum
		page, err := p.InvoiceHTML(bill)
		require.NoError(t, err)
		pdf, err := p.InvoicePDF(bill)
		require.NoError(t, err)
		printed := strings.Join(pagesOf(t, pdf), "\n")
		for i := range bill.Lines {
			amount := fmt.Sprintf("£%d.01", i)
			require.Equal(t, 1, count(wordsOf(string(page)), fmt.Sprintf("%04d", i+1)), "candidate of line %d", i)
			require.Contains(t, printed, fmt.Sprintf("%04d Maya", i+1))
			require.Contains(t, printed, amount)
		}
		require.Contains(t, string(page), strings.TrimPrefix(sum.String(), "£")[len(sum.String())-5:], "the pence of the total")
	}
}
