package api_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/api/oidctest"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/store/storetest"
)

// pages follows next from the first page to the last and returns what each entry is called, page by page.
func pages[L any](t *testing.T, h *house, path string, as oidctest.Claims, read func(L) (names []string, next string)) [][]string {
	t.Helper()
	var all [][]string
	for at := path; ; {
		names, next := read(get[L](t, h, at, as))
		all = append(all, names)
		if next == "" {
			return all
		}
		require.LessOrEqual(t, len(all), 100, "the pages do not end")
		at = path + "&cursor=" + url.QueryEscape(next)
	}
}

func caseNames(l api.CaseList) (names []string, next string) {
	for _, c := range l.Items {
		names = append(names, c.Reference)
	}
	return names, l.Next
}

func taskNames(l api.TaskList) (names []string, next string) {
	for _, task := range l.Items {
		names = append(names, task.ID)
	}
	return names, l.Next
}

func lineNames(l api.FeeLineList) (names []string, next string) {
	for _, line := range l.Items {
		names = append(names, fmt.Sprint(line.ID))
	}
	return names, l.Next
}

func invoiceNames(l api.InvoiceList) (names []string, next string) {
	for _, invoice := range l.Items {
		names = append(names, invoice.Number)
	}
	return names, l.Next
}

// requirePages wants full pages but for the last, none of them empty and no entry twice.
func requirePages(t *testing.T, got [][]string, limit, entries int) {
	t.Helper()
	for i, page := range got {
		require.True(t, len(page) == limit || i == len(got)-1 && len(page) > 0, "page %d of %d has %d entries", i+1, len(got), len(page))
	}
	flat := slices.Concat(got...)
	require.Len(t, flat, entries)
	slices.Sort(flat)
	require.Len(t, slices.Compact(flat), entries, "no entry is on two pages")
}

// TestPages_HoldEveryEntryOnceInOrder walks the pages of every list over the real register, where all requests came
// at the same instant, so that only the name tells them apart.
func TestPages_HoldEveryEntryOnceInOrder(t *testing.T) {
	t.Parallel()
	w := live(t)
	var references []string
	for _, candidate := range storetest.Cohort(t, w.store, 7) {
		references = append(references, w.open(t, examsOfficer, candidate, storetest.Maths1, "review-of-marking"))
	}
	slices.Sort(references)
	for _, limit := range []int{1, 2, 3, 6, 7, 8, 200} {
		size := fmt.Sprintf("?limit=%d", limit)
		cases := pages(t, w.house, "/v1/cases"+size, examsOfficer, caseNames)
		requirePages(t, cases, limit, 7)
		require.Equal(t, references, slices.Concat(cases...), "by reference where the instant is the same")
		require.Equal(t, cases, pages(t, w.house, "/v1/enquiries"+size, examsOfficer, caseNames))

		lines := pages(t, w.house, "/v1/fee-lines"+size, finance, lineNames)
		requirePages(t, lines, limit, 14)
	}
	// A cursor of the cases is one of the enquiries, which are the same list.
	first := get[api.CaseList](t, w.house, "/v1/cases?limit=3", examsOfficer)
	rest := get[api.CaseList](t, w.house, "/v1/enquiries?cursor="+first.Next, examsOfficer)
	require.Len(t, rest.Items, 4)
	require.Empty(t, rest.Next)
}

// TestPages_ATasksPageGoesOnWhereTheOneBeforeEnded gives one performer several tasks that are due at the same second.
func TestPages_ATasksPageGoesOnWhereTheOneBeforeEnded(t *testing.T) {
	t.Parallel()
	w := live(t)
	tasks := map[string][]string{}
	for _, candidate := range storetest.Cohort(t, w.store, 8) {
		reference := w.open(t, examsOfficer, candidate, storetest.Maths1, "clerical-check")
		holder := w.performer(t, reference).Subject
		tasks[holder] = append(tasks[holder], reference+"/1")
	}
	total := 0
	for holder, want := range tasks {
		person := oidctest.Claims{Subject: holder, Roles: []string{"clerical"}, AMR: []string{"otp"}}
		slices.Sort(want)
		for _, limit := range []int{1, 2, 3, 50} {
			got := pages(t, w.house, fmt.Sprintf("/v1/tasks?limit=%d&state=reserved", limit), person, taskNames)
			requirePages(t, got, limit, len(want))
			require.Equal(t, want, slices.Concat(got...), "due at the same second, so by name")
		}
		require.Empty(t, get[api.TaskList](t, w.house, "/v1/tasks?state=completed", person).Items)
		total += len(want)
	}
	require.Equal(t, 8, total)
}

// TestPages_AFilterHoldsOnEveryPage narrows by service and stage and walks on by cursor.
func TestPages_AFilterHoldsOnEveryPage(t *testing.T) {
	t.Parallel()
	w := live(t)
	for i, candidate := range storetest.Cohort(t, w.store, 6) {
		service := []string{"review-of-marking", "clerical-check"}[i%2]
		reference := w.open(t, examsOfficer, candidate, storetest.Maths1, service)
		if i < 2 {
			w.decide(t, reference, 0)
		}
		if i == 0 {
			copied := casework.FileRef{Key: "k", Version: "v", SHA256: strings.Repeat("ab", 32), Size: 1}
			_, err := w.store.ReleaseScript(t.Context(), w.steps.key(casework.Reference(reference), casework.StepScript, storetest.Now), copied)
			require.NoError(t, err)
		}
	}
	for query, want := range map[string]int{
		"service=clerical-check": 3, "service=review-of-marking": 3, "stage=appeal-window": 2, "stage=assigned": 4,
		"stage=assigned&service=clerical-check": 2, "slaState=on-time": 5, "slaState=met": 1, "series=demo": 6, "stage=closed": 0,
	} {
		got := pages(t, w.house, "/v1/cases?limit=1&"+query, caseworker, caseNames)
		require.Len(t, slices.Concat(got...), want, query)
	}
	require.Empty(t, get[api.CaseList](t, w.house, "/v1/cases?series=other", caseworker).Items)
}

// TestPages_NewcomersDoNotDisturbAWalk: what is opened while somebody turns pages neither repeats nor hides an entry.
func TestPages_NewcomersDoNotDisturbAWalk(t *testing.T) {
	t.Parallel()
	w := live(t)
	candidates := storetest.Cohort(t, w.store, 6)
	for _, candidate := range candidates[:4] {
		w.open(t, examsOfficer, candidate, storetest.Maths1, "review-of-marking")
	}
	before := slices.Concat(pages(t, w.house, "/v1/fee-lines?limit=8", finance, lineNames)...)
	first := get[api.FeeLineList](t, w.house, "/v1/fee-lines?limit=3", finance)
	for _, candidate := range candidates[4:] {
		w.open(t, examsOfficer, candidate, storetest.Maths1, "review-of-marking")
	}
	seen, _ := lineNames(first)
	rest, _ := lineNames(get[api.FeeLineList](t, w.house, "/v1/fee-lines?limit=50&cursor="+first.Next, finance))
	require.Equal(t, before, append(seen, rest...))
}

// TestInvoices_PagesAreNewestFirstAndFollowTheScope issues a month's invoices for two centres and a second month's.
func TestInvoices_PagesAreNewestFirstAndFollowTheScope(t *testing.T) {
	t.Parallel()
	w := live(t)
	for _, month := range []struct {
		of     int
		own    string
		theirs string
	}{{0, storetest.Maths1, storetest.Maths1}, {1, storetest.Maths2, storetest.Maths2}} {
		w.decide(t, w.open(t, examsOfficer, "4002", month.own, "review-of-marking"), 0)
		w.decide(t, w.open(t, bryn, "5001", month.theirs, "review-of-marking"), 0)
		_, err := w.store.IssueInvoices(t.Context(), storetest.Body, calendar.DateOf(storetest.Now.AddDate(0, month.of, 0)), storetest.Now.AddDate(0, month.of+1, 0))
		require.NoError(t, err)
	}
	all := pages(t, w.house, "/v1/invoices?limit=1", finance, invoiceNames)
	requirePages(t, all, 1, 4)
	numbers := slices.Concat(all...)
	require.True(t, slices.IsSortedFunc(numbers, func(a, b string) int { return strings.Compare(b, a) }), "newest first: %v", numbers)
	for person, want := range map[string]int{"exams officer": 2, "reader": 2, "other centre": 2, "finance": 4, "operator": 4, "finance reader": 4} {
		got := pages(t, w.house, "/v1/invoices?limit=1", everybody(examiner)[person], invoiceNames)
		require.Len(t, slices.Concat(got...), want, person)
	}
	narrowed := get[api.InvoiceList](t, w.house, "/v1/invoices?centre="+storetest.OtherCentre, finance)
	require.Len(t, narrowed.Items, 2)
	for _, invoice := range narrowed.Items {
		require.Equal(t, storetest.OtherCentre, invoice.Centre.Number)
		var sum int64
		for _, line := range invoice.Lines {
			sum += line.Pence
		}
		require.Equal(t, invoice.TotalPence, sum)
	}
	invoiced := map[string]int64{}
	for _, line := range get[api.FeeLineList](t, w.house, "/v1/fee-lines?limit=200", finance).Items {
		require.Equal(t, api.FeeStateInvoiced, line.State)
		invoiced[line.Invoice] += line.Pence
	}
	for _, invoice := range get[api.InvoiceList](t, w.house, "/v1/invoices", finance).Items {
		require.Equal(t, invoice.TotalPence, invoiced[invoice.Number], "ledger and invoice %s agree", invoice.Number)
	}
}

// TestCursor_BelongsToItsList: the place in one list says nothing in another, so it must not show a page of it.
func TestCursor_BelongsToItsList(t *testing.T) {
	t.Parallel()
	w := live(t)
	both := oidctest.Claims{Subject: "cl-2001", Roles: []string{"clerical", "operator"}, AMR: []string{"otp"}}
	for _, candidate := range storetest.Cohort(t, w.store, 4) {
		w.decide(t, w.open(t, examsOfficer, candidate, storetest.Maths1, "clerical-check"), 0)
	}
	w.decide(t, w.open(t, bryn, "5001", storetest.Maths1, "clerical-check"), 0)
	_, err := w.store.IssueInvoices(t.Context(), storetest.Body, calendar.DateOf(storetest.Now), storetest.Now.AddDate(0, 1, 0))
	require.NoError(t, err)
	cursors := map[string]string{
		"/v1/cases":     get[api.CaseList](t, w.house, "/v1/cases?limit=1", both).Next,
		"/v1/tasks":     get[api.TaskList](t, w.house, "/v1/tasks?limit=1", both).Next,
		"/v1/fee-lines": get[api.FeeLineList](t, w.house, "/v1/fee-lines?limit=1", both).Next,
		"/v1/invoices":  get[api.InvoiceList](t, w.house, "/v1/invoices?limit=1", both).Next,
	}
	for from, cursor := range cursors {
		require.NotEmpty(t, cursor, from)
		for to := range cursors {
			got := w.do(t, call{method: "GET", path: to + "?cursor=" + cursor, as: both})
			if from == to {
				require.Equal(t, 200, got.status, to)
				continue
			}
			require.Equal(t, 400, got.status, "a cursor of %s at %s: %s", from, to, got.body)
			require.Equal(t, "invalid-cursor", problem(t, got).Code)
		}
		for name, spoilt := range map[string]string{"cut": cursor[:len(cursor)-3], "doubled": cursor + cursor, "padded": cursor + "=", "capital": strings.ToUpper(cursor)} {
			got := w.do(t, call{method: "GET", path: from + "?cursor=" + url.QueryEscape(spoilt), as: both})
			require.Equal(t, 400, got.status, "%s, %s: %s", from, name, got.body)
		}
	}
}
