package api_test

import (
	"html/template"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/store/storetest"
)

func dateOf(t *testing.T, list api.KeyDateList, rules, series, service string) api.KeyDate {
	t.Helper()
	i := slices.IndexFunc(list.Items, func(d api.KeyDate) bool {
		return d.Rules == rules && d.Series == series && string(d.Service) == service && !d.Priority
	})
	require.GreaterOrEqual(t, i, 0, "%s %s %s", rules, series, service)
	return list.Items[i]
}

// Domain §1.6: published dates are fixed rows or follow from the formula.
func TestKeyDates_AreThePublishedOnes(t *testing.T) {
	t.Parallel()
	list := get[api.KeyDateList](t, setup(t), "/v1/key-dates", reader)
	for _, row := range []struct{ rules, series, service, want, how string }{
		{"jcq", "2025-06", "review-of-marking", "2025-09-25", "fixed"},
		{"jcq", "2025-06", "priority-review-of-marking", "2025-08-21", "fixed"},
		{"jcq", "2026-06", "review-of-marking", "2026-09-24", "formula"},
		{"jcq", "2026-06", "priority-review-of-marking", "2026-08-20", "formula"},
		{"ocr-gq", "2026-06", "review-of-moderation", "2026-09-24", "formula"},
		{"ncfe-vcert", "2025-06", "review-of-moderation", "2025-09-19", "fixed"},
		{"cambria", "2026-06", "clerical-check", "2026-09-24", "formula"},
	} {
		found := dateOf(t, list, row.rules, row.series, row.service)
		require.Equal(t, row.want, found.LastDay.String(), "%+v", row)
		require.Equal(t, row.how, string(found.How), "%+v", row)
		require.Equal(t, lastSecondOf(t, row.want), found.Closes, "%+v", row)
		require.NotEmpty(t, found.Clause)
		require.NotEmpty(t, found.Source)
		require.NotEmpty(t, found.Formula)
		require.False(t, found.Registered)
	}
	cambria := dateOf(t, list, "cambria", "2026-06", "review-of-marking")
	require.True(t, cambria.Fictional)
	require.Equal(t, "2026-08-13T07:00:00Z", cambria.Opens.UTC().Format(time.RFC3339), "08:00 on results day (domain §8.1, published)")
}

func lastSecondOf(t *testing.T, text string) time.Time {
	t.Helper()
	date, err := calendar.ParseDate(text)
	require.NoError(t, err)
	return date.End().Add(-time.Second)
}

func TestKeyDates_ComeInTheirOrderAndThoseWithoutADayLast(t *testing.T) {
	t.Parallel()
	list := get[api.KeyDateList](t, setup(t), "/v1/key-dates", reader)
	for i, d := range list.Items {
		dated := d.How == "fixed" || d.How == "formula"
		require.Equal(t, dated, !d.LastDay.IsZero(), "%+v", d)
		require.Equal(t, dated, !d.Closes.IsZero(), "%+v", d)
		if i > 0 && dated {
			require.False(t, d.Closes.Before(list.Items[i-1].Closes), "%+v", d)
			require.False(t, list.Items[i-1].Closes.IsZero(), "an undated one comes last")
		}
	}
}

// TestKeyDates_TheRegistersSeriesSaysWhatAnOfferSays: whoever reads the page and whoever asks about a result is told
// the same last second.
func TestKeyDates_TheRegistersSeriesSaysWhatAnOfferSays(t *testing.T) {
	t.Parallel()
	w := live(t)
	list := get[api.KeyDateList](t, w.house, "/v1/key-dates?series="+storetest.Series+"&rules=cambria", reader)
	offers := get[api.ServiceList](t, w.house, "/v1/services?candidate=4003&series=demo&component="+storetest.Maths1, reader)
	compared := 0
	for _, d := range list.Items {
		require.True(t, d.Registered)
		require.Equal(t, storetest.Series, d.Series)
		for _, o := range offers.Items {
			if o.Service == d.Service && !d.Priority {
				require.Equal(t, o.Closes, d.Closes, d.Service)
				if d.Closes.IsZero() {
					continue // neither a day nor a rule that gave it
				}
				require.Equal(t, api.Provenance{Clause: d.Clause, Source: d.Source, Confirmed: d.Confirmed}, o.Window, d.Service)
				compared++
			}
		}
	}
	require.Equal(t, 7, compared, "every service whose window ends on a day of this series")
	require.Equal(t, "fixed", string(dateOf(t, list, "cambria", "demo", "review-of-marking").How))
	require.Equal(t, "2026-10-30", dateOf(t, list, "cambria", "demo", "review-of-marking").LastDay.String(), "the register's own row (domain §8.2)")
	require.Equal(t, "formula", string(dateOf(t, list, "cambria", "demo", "review-of-moderation").How))
	require.Equal(t, "not-published", string(dateOf(t, list, "cambria", "demo", "priority-review-of-marking").How), "the series has no A level results")
}

func TestKeyDates_AFilterNarrowsAndAnUnknownNameIsNoEmptyList(t *testing.T) {
	t.Parallel()
	h := setup(t)
	for path, keep := range map[string]func(api.KeyDate) bool{
		"/v1/key-dates?series=2026-06":           func(d api.KeyDate) bool { return d.Series == "2026-06" },
		"/v1/key-dates?rules=aqa":                func(d api.KeyDate) bool { return d.Rules == "aqa" },
		"/v1/key-dates?rules=cambria":            func(d api.KeyDate) bool { return d.Rules == "cambria" },
		"/v1/key-dates?rules=aqa&series=2026-06": func(d api.KeyDate) bool { return d.Rules == "aqa" && d.Series == "2026-06" },
	} {
		var want []api.KeyDate
		for _, d := range get[api.KeyDateList](t, h, "/v1/key-dates", reader).Items {
			if keep(d) {
				want = append(want, d)
			}
		}
		require.NotEmpty(t, want)
		require.Equal(t, want, get[api.KeyDateList](t, h, path, reader).Items, path)
	}
	p := problem(t, h.do(t, call{method: "GET", path: "/v1/key-dates?series=1999-06"}))
	require.Equal(t, "unknown-series", p.Code)
	require.Contains(t, p.Detail, "2026-06, demo")
	p = problem(t, h.do(t, call{method: "GET", path: "/v1/key-dates?rules=edexcel"}))
	require.Equal(t, "unknown-rules", p.Code)
	require.Contains(t, p.Detail, "ocr-gq")
	require.Empty(t, get[api.KeyDateList](t, h, "/v1/key-dates?rules=aqa&series=demo", reader).Items, "both are known, and the set does not govern the series")
}

// TestKeyDates_ThePageShowsEveryDateInItsSeries: this server's series first, each date with how it is found and with
// its rule.
func TestKeyDates_ThePageShowsEveryDateInItsSeries(t *testing.T) {
	t.Parallel()
	h := setup(t)
	list := get[api.KeyDateList](t, h, "/v1/key-dates", reader)
	page := string(h.do(t, call{method: "GET", path: "/v1/key-dates", header: map[string]string{"Accept": "text/html"}}).body)
	rows, sections := 0, map[string]bool{}
	for _, d := range list.Items {
		rows++
		id := d.Policy + "-" + d.Series
		if d.Registered {
			id = "here-" + id
		}
		sections[id] = true
		require.Contains(t, page, `<section id="`+id+`">`)
		if !d.LastDay.IsZero() {
			require.Contains(t, page, d.LastDay.Long())
		}
		require.Contains(t, page, template.HTMLEscapeString(d.Formula))
		require.Contains(t, page, template.HTMLEscapeString(d.Source))
	}
	require.Equal(t, rows, strings.Count(page, `<tr><th scope="row">`), "each date once")
	require.Equal(t, len(sections), strings.Count(page, "<section id="), "each series once")
	require.Less(t, strings.Index(page, `<section id="here-`), strings.Index(page, `<section id="aqa-`))
	require.Contains(t, page, "no last day")
	require.Contains(t, page, "not published")
	require.Contains(t, page, "A fictional awarding body.")
	require.Contains(t, page, "unconfirmed")
}
