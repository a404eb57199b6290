package api_test

import (
	"encoding/xml"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/store/storetest"
)

// openPages are the addresses that everybody may read, each with a form for people where it has one.
var openPages = map[string]string{
	"/v1/key-dates": "text/html", "/v1/fees": "text/html", "/v1/charging-policy": "text/html", "/v1/qualifications": "", "/v1/roadmaps/t-level": "text/plain",
}

func TestPublished_EverybodyMayReadItAndKeepItForAWhile(t *testing.T) {
	t.Parallel()
	w := live(t)
	for path, form := range openPages {
		for _, accept := range []string{"", form} {
			c := call{method: "GET", path: path, header: map[string]string{"Accept": accept}}
			got := w.do(t, c)
			require.Equal(t, 200, got.status, "%s: %s", path, got.body)
			require.Equal(t, "public, max-age=300", got.header.Get("Cache-Control"), path)
			require.Equal(t, "Accept", got.header.Get("Vary"), path)
			c.header["If-None-Match"] = got.header.Get("ETag")
			again := w.do(t, c)
			require.Equal(t, 304, again.status, path)
			require.Empty(t, again.body)
			require.Equal(t, got.header.Get("ETag"), again.header.Get("ETag"))
			for person, claims := range everybody(examiner) {
				same := w.do(t, call{method: "GET", path: path, as: claims, header: map[string]string{"Accept": accept}})
				require.Equal(t, string(got.body), string(same.body), "%s as %s", path, person)
			}
		}
	}
}

// TestPublished_TwoFormsNeverShareATag: a page that was kept as JSON is never taken for the one for people.
func TestPublished_TwoFormsNeverShareATag(t *testing.T) {
	t.Parallel()
	h := setup(t)
	for path, form := range openPages {
		if form == "" {
			continue
		}
		first := h.do(t, call{method: "GET", path: path})
		other := h.do(t, call{method: "GET", path: path, header: map[string]string{"Accept": form, "If-None-Match": first.header.Get("ETag")}})
		require.Equal(t, 200, other.status, path)
		require.NotEqual(t, first.header.Get("ETag"), other.header.Get("ETag"))
		require.Contains(t, other.header.Get("Content-Type"), form)
	}
}

// TestPublished_NothingOfAPersonIsInIt: a candidate, a performer, a contact or a case.
func TestPublished_NothingOfAPersonIsInIt(t *testing.T) {
	t.Parallel()
	w := live(t)
	reference := w.open(t, examsOfficer, "4001", storetest.Maths1, "review-of-marking")
	for path, form := range openPages {
		for _, accept := range []string{"", form} {
			body := string(w.do(t, call{method: "GET", path: path, header: map[string]string{"Accept": accept}}).body)
			for _, secret := range []string{"Fenwick", "4001", "Holt", "ex-1001", storetest.Centre, "Ashdown", reference} {
				require.NotContains(t, body, secret, path)
			}
		}
	}
}

// RFC 9110, §12.5.1, with the ranges of browsers and of programs.
func TestAccept_TheBestLikedFormIsGiven(t *testing.T) {
	t.Parallel()
	h := setup(t)
	for accept, want := range map[string]string{
		"":                           "application/json",
		"*/*":                        "application/json",
		"application/json":           "application/json",
		"text/html":                  "text/html",
		"text/*":                     "text/html",
		"text/html, */*;q=0.1":       "text/html",
		"text/html;q=0.2, */*;q=0.8": "application/json",
		"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8": "text/html",
		"application/json;q=0.1, text/html;q=0.1":                         "application/json",
		"application/*, application/json;q=0, text/html;q=0.1":            "text/html",
		"text/html;level=1":    "text/html",
		"nonsense, text/html":  "text/html",
		"TEXT/HTML;q=1.0":      "text/html",
		"text/html;q=9, */*":   "application/json",
		"text/html;q=no, */*":  "application/json",
		"image/png":            "",
		"*/*;q=0":              "",
		"application/json;q=0": "",
		"/;;, ,":               "",
	} {
		got := h.do(t, call{method: "GET", path: "/v1/fees", header: map[string]string{"Accept": accept}})
		if want == "" {
			require.Equal(t, 406, got.status, accept)
			require.Equal(t, "not-acceptable", problem(t, got).Code, accept)
			require.Contains(t, problem(t, got).Detail, "application/json or text/html")
			continue
		}
		require.Equal(t, 200, got.status, accept)
		require.True(t, strings.HasPrefix(got.header.Get("Content-Type"), want), "%s: %s", accept, got.header.Get("Content-Type"))
	}
}

// TestFees_EveryFigureOfTheRulesIsShownOnceInBothForms: with its level, its waiver and its source, also where nobody
// published it (issue: a fee that nobody knows is never shown as nothing).
func TestFees_EveryFigureOfTheRulesIsShownOnceInBothForms(t *testing.T) {
	t.Parallel()
	h := setup(t)
	book, err := loadRules()
	require.NoError(t, err)
	all := get[api.FeeSchedule](t, h, "/v1/fees", reader)
	shown := map[string]api.PolicyFees{}
	for _, p := range all.Items {
		shown[p.Policy] = p
	}
	for _, set := range book.Sets() {
		page := string(h.do(t, call{method: "GET", path: "/v1/fees?rules=" + set, header: map[string]string{"Accept": "text/html"}}).body)
		for _, p := range book.Versions(set) {
			view := shown[p.Version]
			require.Equal(t, p.Fictional, view.Fictional)
			require.Equal(t, p.Fictional, strings.Contains(page, "fictional awarding body"), set)
			for _, row := range view.Fees {
				if !row.Published {
					require.Empty(t, row.Amount, "%s %s", set, row.Code)
					require.Contains(t, page, "not published")
				} else if row.Pence > 0 {
					require.Contains(t, page, row.Amount, set)
				}
				require.NotEmpty(t, row.Waiver.Text)
				require.NotEmpty(t, row.Source)
				require.True(t, row.Confirmed && row.Waiver.Confirmed || strings.Contains(page, "unconfirmed"), "%s %s", set, row.Code)
			}
			for _, price := range p.Tariff {
				found := slices.ContainsFunc(view.Fees, func(r api.TariffRow) bool {
					return r.Code == string(price.Code) && r.FromLevel == price.FromLevel && r.ToLevel == price.ToLevel
				})
				require.True(t, found, "%s: %s from level %d is not shown", p.Version, price.Code, price.FromLevel)
			}
		}
	}
	require.Len(t, shown, len(all.Items), "each version once")
}

// Domain §8.2, "Fees" and "Waiver", as Cambria Awards publishes them.
func TestFees_CambriasFiguresAreThoseOfItsTariff(t *testing.T) {
	t.Parallel()
	h := setup(t)
	list := get[api.FeeSchedule](t, h, "/v1/fees?rules=cambria", reader)
	require.Len(t, list.Items, 1)
	prices := map[string]string{}
	for _, row := range list.Items[0].Fees {
		prices[row.Code+" "+string(rune('0'+row.FromLevel))] = row.Amount
		if row.Code == "review-of-moderation" {
			require.Equal(t, api.SmallCohort{UpTo: 5, Percent: 50, Clause: row.Small.Clause, Source: row.Small.Source, Confirmed: true}, row.Small)
			require.Equal(t, api.WaiverStrategy("marks_reinstated"), row.Waiver.Strategy)
		}
	}
	for code, amount := range map[string]string{
		"clerical-check 1": "£15.00", "review-of-marking 1": "£62.00", "review-of-marking 3": "£66.00", "priority-review-of-marking 3": "£79.00",
		"reviewed-script 1": "£13.50", "review-of-moderation 1": "£245.00", "review-of-moderation 3": "£275.00", "expedited-review-of-marking 1": "£75.00",
		"appeal 1": "£120.00", "appeal-hearing 1": "£206.00", "script-copy 1": "£0.00", "missing-result 1": "£0.00", "late-certification 1": "£0.00",
	} {
		require.Equal(t, amount, prices[code], code)
	}
	require.Equal(t, []int{1, 4, 7, 10, 11}, list.Items[0].Invoices.Months)
	page := string(h.do(t, call{method: "GET", path: "/v1/fees?rules=cambria", header: map[string]string{"Accept": "text/html"}}).body)
	require.Contains(t, page, "January, April, July, October, November")
	require.Contains(t, page, "50% for 5 candidates or fewer")
}

func TestChargingPolicy_SaysWhatWaivesCancelsAndReplacesAFee(t *testing.T) {
	t.Parallel()
	h := setup(t)
	list := get[api.ChargingPolicy](t, h, "/v1/charging-policy?rules=cambria", reader)
	rules := map[api.Service]api.ServiceCharging{}
	for _, s := range list.Items[0].Services {
		rules[s.Service] = s
	}
	review := rules["review-of-marking"]
	require.Contains(t, review.Waivers[0].Text, "if the grade of the award changes, up or down", "domain §8.3, reading 1")
	require.Equal(t, "until the work on it has begun", review.Cancel.Text, "domain §8.2, reserved is not started")
	require.Equal(t, api.Service("priority-review-of-marking"), review.Upgrades[0].Service)
	require.Equal(t, "Priority service 2: review of marking", review.Upgrades[0].Title)
	require.Len(t, rules["reviewed-script-copy"].Waivers, 2, "ordered with the review, and late")
	require.Equal(t, api.WaiverRuleStrategy("never"), rules["reviewed-script-copy"].Waivers[1].Strategy)

	aqa := get[api.ChargingPolicy](t, h, "/v1/charging-policy?rules=aqa", reader)
	private, modular := false, false
	for _, s := range aqa.Items[0].Services {
		private = private || slices.Contains(s.InAdvance, "private-candidate")
		modular = modular || len(s.Waivers) > 0 && s.Waivers[0].Unitised.Strategy == "unit_grade"
	}
	require.True(t, private, "AQA: private candidates pay before an appeal starts (domain §1.5)")
	require.True(t, modular, "AQA, modular: the units whose grade changed (domain §1.5)")
	for set, words := range map[string][]string{
		"cambria": {"cancelled without charge until the work on it has begun", "may be turned into Priority service 2", "fictional awarding body", "unconfirmed"},
		"aqa":     {"paid before the case begins by private candidate", "where units have grades of their own"},
	} {
		page := string(h.do(t, call{method: "GET", path: "/v1/charging-policy?rules=" + set, header: map[string]string{"Accept": "text/html"}}).body)
		for _, w := range words {
			require.Contains(t, page, w, set)
		}
	}
}

// TestPages_StandByThemselves: no script, nothing from elsewhere, and every place that a page refers to is in it.
func TestPages_StandByThemselves(t *testing.T) {
	t.Parallel()
	h := setup(t)
	for _, path := range []string{"/v1/fees", "/v1/charging-policy"} {
		got := h.do(t, call{method: "GET", path: path, header: map[string]string{"Accept": "text/html"}})
		page := string(got.body)
		require.Contains(t, got.header.Get("Content-Security-Policy"), "style-src 'unsafe-inline'")
		require.NotContains(t, page, "<script")
		require.NotContains(t, page, "http://")
		require.NotContains(t, page, "https://")
		require.NotContains(t, page, "&lt;no value&gt;")
		for part := range strings.SplitSeq(page, `href="#`) {
			if id, _, ok := strings.Cut(part, `"`); ok && !strings.HasPrefix(part, "<!doctype") {
				require.Contains(t, page, `id="`+id+`"`, path)
			}
		}
	}
}

func TestRoadmap_IsAPictureOrTextAsWanted(t *testing.T) {
	t.Parallel()
	h := setup(t)
	missing := problem(t, h.do(t, call{method: "GET", path: "/v1/roadmaps/o-level"}))
	require.Equal(t, "unknown-family", missing.Code)
	_, list, _ := strings.Cut(missing.Detail, "there are ")
	families := strings.Split(strings.TrimSuffix(list, "."), ", ")
	require.Subset(t, families, []string{"t-level", "cache-v-cert", "gcse-a-level"})
	for _, family := range families {
		path := "/v1/roadmaps/" + family
		picture := h.do(t, call{method: "GET", path: path})
		require.Equal(t, "image/svg+xml", picture.header.Get("Content-Type"), family)
		wellFormed(t, picture.body)
		text := h.do(t, call{method: "GET", path: path + "?format=text"})
		require.Equal(t, "text/plain; charset=utf-8", text.header.Get("Content-Type"))
		for query, accept := range map[string]string{"": "text/plain", "?format=text": "image/svg+xml"} {
			same := h.do(t, call{method: "GET", path: path + query, header: map[string]string{"Accept": accept}})
			require.Equal(t, string(text.body), string(same.body), "format stands in place of Accept")
		}
		require.Equal(t, 406, h.do(t, call{method: "GET", path: path, header: map[string]string{"Accept": "image/png"}}).status)
	}
	require.Equal(t, "invalid-parameter", problem(t, h.do(t, call{method: "GET", path: "/v1/roadmaps/t-level?format=png"})).Code)
}

func wellFormed(t *testing.T, document []byte) {
	t.Helper()
	decoder := xml.NewDecoder(strings.NewReader(string(document)))
	for {
		_, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		require.NoError(t, err)
	}
}

func TestQualifications_ArePagesOfWhatTheRulesKnow(t *testing.T) {
	t.Parallel()
	w := live(t)
	var found []string
	var maths api.Qualification
	for next := ""; ; {
		page := get[api.QualificationList](t, w.house, "/v1/qualifications?limit=2&cursor="+next, reader)
		for _, q := range page.Items {
			found = append(found, q.ID)
			if q.ID == "gcse-mathematics" {
				maths = q
			}
		}
		if next = page.Next; next == "" {
			break
		}
	}
	require.Equal(t, []string{"gcse-geography", "gcse-mathematics", "l2-numeracy"}, found)
	require.Equal(t, "cambria", maths.Rules)
	require.Equal(t, []api.QualificationComponent{
		{ID: storetest.Maths1, Title: "Mathematics Paper 1", MaxMark: 80}, {ID: storetest.Maths2, Title: "Mathematics Paper 2", MaxMark: 80},
	}, maths.Components)
	here := map[api.Service]bool{}
	for _, s := range maths.Services {
		here[s.Service] = s.Here
	}
	require.Len(t, here, len(casework.Services()), "Cambria offers them all")
	for service, through := range maps.All(here) {
		require.Equal(t, slices.Contains(casework.EnquiryServices(), casework.Service(service)), through, service)
	}
	require.Equal(t, "invalid-cursor", problem(t, w.do(t, call{method: "GET", path: "/v1/qualifications?cursor=x"})).Code)
}
