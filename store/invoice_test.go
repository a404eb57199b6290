package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/casework/fee"
	"github.com/recourse-exams/recourse/store/storetest"
)

var (
	september = calendar.Date{Year: 2026, Month: time.September, Day: 1}
	october   = calendar.Date{Year: 2026, Month: time.October, Day: 1}
	// runAt is when the invoices of September are issued.
	runAt = time.Date(2026, time.October, 1, 5, 0, 0, 0, time.UTC)
)

// issue runs the invoices of a month.
func (o office) issue(month calendar.Date) []docket.Invoice {
	o.t.Helper()
	issued, err := o.IssueInvoices(o.t.Context(), storetest.Body, month, runAt)
	require.NoError(o.t, err)
	require.NoError(o.t, o.VerifyLedger(o.t.Context()))
	return issued
}

func TestIssueInvoices_OnePerCentreWithEverythingOnIt(t *testing.T) {
	t.Parallel()
	o := setup(t)
	// Due: a review with a copy, £62.00 and £13.50. Waived: 4001, whose grade changes.
	due := o.settled(nil, of("4002", storetest.Maths1))
	o.settled(map[string]int{"Q1": 11})
	elsewhere := o.settled(nil, fromOtherCentre, of("5001", storetest.Maths1), withoutScript)

	issued := o.issue(september)
	require.Len(t, issued, 2)
	invoice := issued[0]
	require.Equal(t, "CAMBRIA-000001", invoice.Number)
	require.Equal(t, storetest.Body, invoice.Body)
	require.Equal(t, "Cambria Awards", invoice.BodyName)
	require.Equal(t, docket.Centre{Number: "64101", Name: "Ashdown School", Address: []string{"Mill Lane", "Ashdown", "AD1 2QX"}, Nation: "england"}, invoice.Centre)
	require.Equal(t, september, invoice.Month)
	require.Equal(t, runAt, invoice.IssuedAt)
	require.Equal(t, fee.Pence(7550), invoice.Total)
	require.Equal(t, []docket.Recipient{amira}, invoice.To)
	require.Empty(t, invoice.Document.Key)
	require.Len(t, invoice.Lines, 2)
	for _, line := range invoice.Lines {
		require.Equal(t, due, line.Reference)
		require.Equal(t, fee.Invoiced, line.State)
		require.Equal(t, invoice.Number, line.Invoice)
		require.Equal(t, casework.ReviewOfMarking, line.Service)
		require.Equal(t, "Mathematics Paper 1", line.Component)
		require.Equal(t, "4002", line.CandidateNumber)
		require.Equal(t, "Bilal Chaudhry", line.Candidate)
	}
	require.Equal(t, "CAMBRIA-000002", issued[1].Number)
	require.Equal(t, elsewhere, issued[1].Lines[0].Reference)
}

func TestIssueInvoices_RepeatReturnsTheSame(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.settled(nil, of("4002", storetest.Maths1))
	first := o.issue(september)
	o.settled(nil, of("4002", storetest.Maths2))
	require.Equal(t, first, o.issue(september), "a line that becomes due later waits for the next run")
	next := o.issue(october)
	require.Len(t, next, 1)
	require.Equal(t, "CAMBRIA-000002", next[0].Number, "numbers have no gap")
	require.Equal(t, october, next[0].Month)
}

func TestIssueInvoices_MonthEndsInLondon(t *testing.T) {
	t.Parallel()
	// The last instant of September in London is 22:59:59.999999 UTC, for summer time is in force.
	end := time.Date(2026, time.September, 30, 23, 0, 0, 0, time.UTC)
	for name, moment := range map[string]struct {
		due    time.Time
		issued int
	}{
		"the last microsecond of the month":      {end.Add(-time.Microsecond), 1},
		"midnight in London is the next month's": {end, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := setup(t)
			ref := o.open(of("4002", storetest.Maths1), func(r *casework.EnquiryRequest) { r.Service = casework.ReviewOfMarking })
			allocated := o.allocate(ref)
			_, err := o.Decide(t.Context(), decision(ref, allocated, nil, moment.due), o.book, single)
			require.NoError(t, err)
			require.Len(t, o.issue(september), moment.issued)
		})
	}
}

func TestIssueInvoices_DecemberIsFollowedByJanuary(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.settled(nil, of("4002", storetest.Maths1))
	require.Len(t, o.issue(calendar.Date{Year: 2026, Month: time.December, Day: 31}), 1)
	require.Equal(t, 1, o.count("SELECT count(*) FROM invoice_runs WHERE month = '2026-12-01'"))
}

func TestIssueInvoices_NothingDueIsNoInvoice(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.settled(map[string]int{"Q1": 11})
	require.Empty(t, o.issue(september), "nobody gets an invoice of nothing")
	require.Zero(t, o.count("SELECT count(*) FROM counters"))
}

func TestIssueInvoices_UnknownBodyIsNotFound(t *testing.T) {
	t.Parallel()
	o := setup(t)
	_, err := o.IssueInvoices(t.Context(), "nobody", september, runAt)
	fault(t, err, casework.NotFound, "unknown-body")
}

func TestIssueInvoices_ManyRunsAtOnceMakeOneSet(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.settled(nil, of("4002", storetest.Maths1))
	answers := make(chan []docket.Invoice, 8)
	for range cap(answers) {
		go func() {
			issued, err := o.IssueInvoices(t.Context(), storetest.Body, september, runAt)
			if err != nil {
				t.Errorf("issue: %v", err)
			}
			answers <- issued
		}()
	}
	first := <-answers
	for range cap(answers) - 1 {
		require.Equal(t, first, <-answers)
	}
	require.Equal(t, 1, o.count("SELECT count(*) FROM invoices"))
	require.NoError(t, o.VerifyLedger(t.Context()))
}

func TestInvoice_DocumentIsAttachedOnceForGood(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.settled(nil, of("4002", storetest.Maths1))
	number := o.issue(september)[0].Number
	printed := casework.FileRef{Key: "invoices/1.pdf", Version: "v1", SHA256: digest("print"), Size: 900}
	for range 2 {
		require.NoError(t, o.AttachInvoiceDocument(t.Context(), number, printed))
	}
	invoice, err := o.Invoice(t.Context(), number)
	require.NoError(t, err)
	require.Equal(t, printed, invoice.Document)
	other := printed
	other.SHA256 = digest("another print")
	fault(t, o.AttachInvoiceDocument(t.Context(), number, other), casework.Conflict, "invoice-printed")
	fault(t, o.AttachInvoiceDocument(t.Context(), "CAMBRIA-999999", printed), casework.NotFound, "unknown-invoice")
}

func TestInvoices_ListIsScopedAndPaged(t *testing.T) {
	t.Parallel()
	o := setup(t)
	for i, candidate := range storetest.Cohort(t, o.Store, 5) {
		ref := o.open(of(candidate, storetest.Maths1))
		o.decide(ref, o.allocate(ref), nil)
		o.issue(calendar.Date{Year: 2026, Month: time.September + time.Month(i%4), Day: 1 + i})
	}
	o.settled(nil, fromOtherCentre, of("5001", storetest.Maths1))
	o.issue(calendar.Date{Year: 2027, Month: time.January, Day: 1})

	all, err := o.Invoices(t.Context(), docket.InvoiceFilter{})
	require.NoError(t, err)
	var paged []docket.Invoice
	filter := docket.InvoiceFilter{Limit: 2}
	for {
		page, err := o.Invoices(t.Context(), filter)
		require.NoError(t, err)
		if len(page) == 0 {
			break
		}
		paged = append(paged, page...)
		filter.BeforeNumber = page[len(page)-1].Number
	}
	require.Equal(t, all, paged)
	for i := 1; i < len(all); i++ {
		require.Less(t, all[i].Number, all[i-1].Number, "newest first")
	}
	own, err := o.Invoices(t.Context(), docket.InvoiceFilter{Scope: docket.Scope{Centre: storetest.OtherCentre}})
	require.NoError(t, err)
	require.Len(t, own, 1)
}

// domain §8.3, reading 13: centre roles are held per family, and a month's invoice carries every family's lines.
func TestInvoices_ShowTheLinesOfTheReadersFamilies(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.settled(nil, of("4001", storetest.Maths1), withoutScript)
	o.settled(nil, clerical, withoutScript, of("4002", storetest.Numeracy))
	whole := o.issue(september)
	require.Len(t, whole, 1)
	require.Len(t, whole[0].Lines, 2)
	require.NoError(t, o.AttachInvoiceDocument(t.Context(), whole[0].Number, casework.FileRef{Key: "k", Version: "v", SHA256: digest("k"), Size: 1}))

	seen := func(families ...casework.Family) []docket.Invoice {
		t.Helper()
		list, err := o.Invoices(t.Context(), docket.InvoiceFilter{Scope: docket.Scope{Centre: storetest.Centre, Families: families}})
		require.NoError(t, err)
		return list
	}
	both := seen(casework.FamilyGeneral, casework.FamilyVocational)[0]
	require.False(t, both.Partial)
	require.Equal(t, whole[0].Total, both.Total)
	require.NotEmpty(t, both.Document.Key)
	for family, component := range map[casework.Family]string{casework.FamilyGeneral: storetest.Maths1, casework.FamilyVocational: storetest.Numeracy} {
		part := seen(family)[0]
		require.True(t, part.Partial, "%s: somebody else's lines are on it", component)
		require.Len(t, part.Lines, 1)
		require.Equal(t, part.Lines[0].Pence, part.Total, "what is not shown is not in the sum either")
		require.Empty(t, part.Document.Key, "the PDF shows every line")
	}
	require.Empty(t, seen("xx"), "an invoice without a line of theirs does not exist for them")
}

func TestInvoiceMail_HasNoCaseAndIsSentOnce(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.settled(nil, of("4002", storetest.Maths1))
	invoice := o.issue(september)[0]
	in := casework.MailInput{Invoice: invoice.Number, Kind: casework.MailInvoice, Number: 1, At: runAt}
	first, err := o.PrepareMails(t.Context(), in, invoice.To, time.Time{})
	require.NoError(t, err)
	again, err := o.PrepareMails(t.Context(), in, invoice.To, time.Time{})
	require.NoError(t, err)
	require.Equal(t, first, again)
	require.Len(t, first, 1)
	require.Empty(t, first[0].Reference)
	require.True(t, o.claim(first[0].ID, runAt, false))
	require.NoError(t, o.MarkMailSent(t.Context(), first[0].ID, "ses", runAt))
}

func TestFeeLines_AreScopedByCentreFamilyAndCase(t *testing.T) {
	t.Parallel()
	o := setup(t)
	first := o.open()
	o.open(fromOtherCentre, of("5001", storetest.Maths1))
	vocational := o.open(clerical, of("4002", storetest.Numeracy), withoutScript)

	list := func(filter docket.FeeFilter) []fee.Line {
		lines, err := o.FeeLines(t.Context(), filter)
		require.NoError(t, err)
		return lines
	}
	require.Len(t, list(docket.FeeFilter{}), 5)
	require.Len(t, list(docket.FeeFilter{Scope: docket.Scope{Centre: storetest.OtherCentre}}), 2)
	require.Len(t, list(docket.FeeFilter{Reference: first}), 2)
	vq := list(docket.FeeFilter{Scope: docket.Scope{Centre: storetest.Centre, Families: []casework.Family{casework.FamilyVocational}}})
	require.Len(t, vq, 1)
	require.Equal(t, vocational, vq[0].Reference)
	require.Equal(t, fee.Pence(1500), vq[0].Pence)

	newest := list(docket.FeeFilter{Limit: 2})
	require.Len(t, newest, 2)
	rest := list(docket.FeeFilter{BeforeID: newest[1].ID})
	require.Len(t, rest, 3)
	require.Less(t, rest[0].ID, newest[1].ID)
}

func TestVerifyLedger_FindsWhatDoesNotSum(t *testing.T) {
	t.Parallel()
	for name, damage := range map[string]string{
		"an invoice's total":          "UPDATE invoices SET total = total + 1",
		"a line taken off an invoice": "UPDATE fee_lines SET invoice = NULL, state = 'due' WHERE id = (SELECT min(id) FROM fee_lines)",
		"a price":                     "UPDATE fee_lines SET pence = pence - 1",
		"a line of another centre":    "UPDATE fee_lines SET centre = '71203' WHERE id = (SELECT min(id) FROM fee_lines)",
		"a line that nobody decided":  "UPDATE fee_lines SET state = 'quoted', due_at = NULL, invoice = NULL WHERE id = (SELECT min(id) FROM fee_lines)",
		"a decision before its time":  "UPDATE award_reviews SET state = 'open', settled_at = NULL",
		"an invoice without any line": "UPDATE fee_lines SET invoice = NULL, state = 'due'",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := setup(t)
			o.settled(nil, of("4002", storetest.Maths1))
			o.issue(september)
			_, err := o.Pool().Exec(t.Context(), damage)
			require.NoError(t, err)
			require.Error(t, o.VerifyLedger(t.Context()))
		})
	}
}

func TestLedger_EveryLineEndsExactlyOnce(t *testing.T) {
	t.Parallel()
	o := setup(t)
	for i, candidate := range storetest.Cohort(t, o.Store, 6) {
		ref := o.open(of(candidate, storetest.Maths1))
		o.decide(ref, o.allocate(ref), map[string]int{"Q1": 10 + 3*(i%3)}) // 10, 13, 16: the last reaches grade 5.
	}
	issued := o.issue(september)
	var total, invoiced fee.Pence
	for _, invoice := range issued {
		total += invoice.Total
	}
	lines, err := o.FeeLines(t.Context(), docket.FeeFilter{})
	require.NoError(t, err)
	ends := map[fee.State]int{}
	for _, line := range lines {
		ends[line.State]++
		if line.State == fee.Invoiced {
			invoiced += line.Pence
		}
	}
	require.Equal(t, total, invoiced, "ledger and invoices sum to the same figure")
	require.Equal(t, map[fee.State]int{fee.Invoiced: 8, fee.Waived: 4}, ends, fmt.Sprint(lines))
}
