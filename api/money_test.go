package api_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/api/oidctest"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/casework/fee"
	"github.com/recourse-exams/recourse/store/storetest"
)

func TestFeeLines_FinanceSeesAllAndACentreItsOwnFamilies(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.register.feeLines = []fee.Line{
		{ID: 3, Reference: someReference(), Centre: "64101", Code: "review-of-marking", Pence: 6200, State: fee.Waived, Why: "clause 6.1: the grade changed"},
		{ID: 2, Reference: someReference(), Centre: "64102", Code: "clerical-check", Pence: 1500, State: fee.Due, DueAt: now},
		{ID: 1, Reference: someReference(), Centre: "64101", Code: "reviewed-script", Pence: 1350, State: fee.Invoiced, Invoice: "CA-000001"},
	}
	list := func(path string, as oidctest.Claims) api.FeeLineList {
		return read[api.FeeLineList](t, h.do(t, call{method: "GET", path: path, as: as}))
	}
	all := list("/v1/fee-lines?limit=2", finance)
	require.Len(t, all.Items, 2)
	require.Equal(t, "£15.00", all.Items[1].Amount)
	rest := list("/v1/fee-lines?limit=2&cursor="+all.Next, finance)
	require.Len(t, rest.Items, 1)
	require.Equal(t, "CA-000001", rest.Items[0].Invoice)
	require.Empty(t, rest.Next)

	own := list("/v1/fee-lines?reference="+string(someReference()), examsOfficer)
	require.Len(t, own.Items, 2)
	require.Equal(t, docket.Scope{Centre: "64101", Families: []casework.Family{casework.FamilyGeneral}}, h.register.feeFilter.Scope)
	require.Equal(t, someReference(), h.register.feeFilter.Reference)
	require.Len(t, list("/v1/fee-lines?centre=64102", finance).Items, 1)
	require.Equal(t, 403, h.do(t, call{method: "GET", path: "/v1/fee-lines?centre=64102", as: examsOfficer}).status)
}

func TestInvoices_HoldTheirLinesAndALinkToThePDF(t *testing.T) {
	t.Parallel()
	h := setup(t)
	invoice := func(number, centre string) docket.Invoice {
		return docket.Invoice{
			Number: number, Centre: docket.Centre{Number: centre, Name: "Aldermoor School"}, IssuedAt: now, Total: 7550,
			Month: calendar.Date{Year: 2026, Month: time.September, Day: 1},
			Lines: []docket.InvoiceLine{{
				Line:    fee.Line{ID: 1, Reference: someReference(), Code: "review-of-marking", Pence: 7550},
				Service: casework.ReviewOfMarking, Component: "MA1-1H", CandidateNumber: "0117", Candidate: "Bilal Chaudhry",
			}},
		}
	}
	h.register.invoices = []docket.Invoice{invoice("CA-000002", "64102"), invoice("CA-000001", "64101")}
	h.register.invoices[1].Document = casework.FileRef{Key: "invoices/CA-000001.pdf"}

	own := read[api.InvoiceList](t, h.do(t, call{method: "GET", path: "/v1/invoices", as: examsOfficer}))
	require.Len(t, own.Items, 1)
	require.Equal(t, "£75.50", own.Items[0].Total)
	require.Equal(t, "2026-09-01", own.Items[0].Month.String())
	require.Contains(t, own.Items[0].Document.URL, "CA-000001.pdf")
	require.Equal(t, "0117", own.Items[0].Lines[0].CandidateNumber)

	all := read[api.InvoiceList](t, h.do(t, call{method: "GET", path: "/v1/invoices?limit=1", as: finance}))
	require.Len(t, all.Items, 1)
	require.Empty(t, all.Items[0].Document.URL, "not printed yet")
	rest := read[api.InvoiceList](t, h.do(t, call{method: "GET", path: "/v1/invoices?limit=1&cursor=" + all.Next, as: finance}))
	require.Equal(t, "CA-000001", rest.Items[0].Number)
	require.Empty(t, rest.Next)
}

// What a reader may not see is not summed for them either, and the answer says that there is more.
func TestInvoices_SayThatTheyAreShownInPart(t *testing.T) {
	t.Parallel()
	w := live(t)
	for candidate, what := range map[string][2]string{"4001": {storetest.Maths1, "gq"}, "4002": {storetest.Numeracy, "vq"}} {
		w.decide(t, w.open(t, centrePerson("eo-"+what[1], "post-results-full-access/"+what[1]), candidate, what[0], "clerical-check"), 0)
	}
	run := storetest.Now.AddDate(0, 2, 0)
	issued, err := w.store.IssueInvoices(t.Context(), storetest.Body, calendar.Date{Year: run.Year(), Month: run.Month(), Day: 1}, run)
	require.NoError(t, err)
	require.Len(t, issued, 1)
	require.Len(t, issued[0].Lines, 3)
	require.NoError(t, w.store.AttachInvoiceDocument(t.Context(), issued[0].Number, casework.FileRef{Key: "k", Version: "v", SHA256: strings.Repeat("ab", 32), Size: 1}))

	part := get[api.InvoiceList](t, w.house, "/v1/invoices", centrePerson("r-1", "centre-read-only/gq")).Items[0]
	require.True(t, part.Partial)
	require.Len(t, part.Lines, 2, "the check of the general paper and its copy")
	require.Equal(t, part.Lines[0].Pence+part.Lines[1].Pence, part.TotalPence)
	require.Empty(t, part.Document.URL)
	for _, whole := range []oidctest.Claims{finance, centrePerson("r-2", "centre-read-only/gq", "centre-administrator/vq")} {
		shown := get[api.InvoiceList](t, w.house, "/v1/invoices", whole).Items[0]
		require.False(t, shown.Partial)
		require.Len(t, shown.Lines, 3)
		require.Equal(t, int64(issued[0].Total), shown.TotalPence)
		require.NotEmpty(t, shown.Document.URL)
	}
	require.Empty(t, get[api.InvoiceList](t, w.house, "/v1/invoices", centrePerson("r-3", "centre-read-only/xx")).Items)
}
