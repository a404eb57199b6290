package api_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/offer"
	"github.com/recourse-exams/recourse/store/storetest"
)

func warned(o api.ServiceOffer) []string {
	var codes []string
	for _, w := range o.Warnings {
		codes = append(codes, w.Code)
	}
	return codes
}

// TestListServices_EveryServiceOfTheRulesIsShownInTheBodysWords: what this API cannot take yet says so plainly.
func TestListServices_EveryServiceOfTheRulesIsShownInTheBodysWords(t *testing.T) {
	t.Parallel()
	w := live(t)
	list := get[api.ServiceList](t, w.house, "/v1/services?candidate=4001&series=demo&component="+storetest.Maths1, reader)
	require.Equal(t, "cambria", list.Rules)
	require.Equal(t, "cambria-2026.1", list.Policy)
	require.Equal(t, "Cambria Awards", list.Body)
	require.True(t, list.Fictional)
	require.Equal(t, api.Words{Candidate: "candidate", Centre: "centre"}, list.Words)
	require.Len(t, list.Items, len(casework.Services()))
	for _, o := range list.Items {
		here := slices.Contains(casework.EnquiryServices(), casework.Service(o.Service))
		require.Equal(t, here, o.How.Here, o.Service)
		if here {
			require.Equal(t, "POST /v1/enquiries", o.How.Text)
		} else {
			require.Contains(t, o.How.Text, "Not through this API yet: ask Cambria Awards")
		}
		require.Equal(t, o.Available, o.Refusal.Code == "", o.Service)
		require.NotEmpty(t, o.Requesters)
		require.NotEmpty(t, o.About)
		require.NotEmpty(t, o.Consent.Text)
		for _, reason := range o.Refusal.Errors {
			require.NotEmpty(t, reason.Remedy, "%s: %s", o.Service, reason.Code)
		}
		for _, f := range o.Fees {
			require.NotEmpty(t, f.Waiver.Text)
			require.NotEmpty(t, f.Source)
		}
	}
	require.Equal(t, "Service 2: review of marking", offered(t, list, "review-of-marking").Title)
	require.Equal(t, "exams-officer", string(offered(t, list, "review-of-marking").Requesters[0]))
	require.Equal(t, "head-of-centre", string(offered(t, list, "appeal").Requesters[0]))
}

// TestListServices_TellsTheDistanceToTheGradesOnBothSides: candidate 4001 has 84 in mathematics, one mark below 5.
func TestListServices_TellsTheDistanceToTheGradesOnBothSides(t *testing.T) {
	t.Parallel()
	w := live(t)
	near := offered(t, get[api.ServiceList](t, w.house, "/v1/services?candidate=4001&series=demo&component="+storetest.Maths1, reader), "review-of-marking")
	require.Equal(t, api.GradeDistance{Mark: 84, Grade: "4", Next: "5", ToNext: 1, ComponentToNext: 1, Below: "3", Above: 14, ComponentAbove: 14}, near.Award)
	require.Zero(t, near.Unit, "a linear qualification has no unit grades")
	edge := offered(t, get[api.ServiceList](t, w.house, "/v1/services?candidate=4003&series=demo&component="+storetest.Maths1, reader), "clerical-check")
	require.Equal(t, 0, edge.Award.Above, "70 is the lowest mark of a 4: the first mark lost costs the grade")
	unit := offered(t, get[api.ServiceList](t, w.house, "/v1/services?candidate=4001&series=demo&component="+storetest.Geography1, reader), "review-of-marking")
	require.Equal(t, "C", unit.Unit.Grade)
	require.Equal(t, 1, unit.Unit.ToNext, "one mark below a B in the unit")
}

// TestListServices_WarnsOfAnOpenReviewOfTheSameAward: its outcome will hold this one's grade back, and one waiver
// covers both.
func TestListServices_WarnsOfAnOpenReviewOfTheSameAward(t *testing.T) {
	t.Parallel()
	w := live(t)
	path := "/v1/services?candidate=4002&series=demo&component=" + storetest.Maths2
	before := offered(t, get[api.ServiceList](t, w.house, path, reader), "review-of-marking")
	require.NotContains(t, warned(before), offer.WarnGradeHeldBack)
	reference := w.open(t, examsOfficer, "4002", storetest.Maths1, "review-of-marking")
	after := offered(t, get[api.ServiceList](t, w.house, path, reader), "review-of-marking")
	i := slices.Index(warned(after), offer.WarnGradeHeldBack)
	require.GreaterOrEqual(t, i, 0, warned(after))
	require.Equal(t, []string{reference}, after.Warnings[i].Cases)
	require.Contains(t, warned(after), "shares-waiver-with-open-case")

	w.decide(t, reference, 0)
	decided := offered(t, get[api.ServiceList](t, w.house, path, reader), "review-of-marking")
	require.NotContains(t, warned(decided), offer.WarnGradeHeldBack, "a case whose outcome is recorded is not open any more (domain §8.2)")
	require.Contains(t, warned(decided), "linked-case-finished")
}

func TestListServices_GivesEveryReasonWithItsRule(t *testing.T) {
	t.Parallel()
	w := live(t)
	list := get[api.ServiceList](t, w.house, "/v1/services?candidate=4001&series=demo&component="+storetest.Maths1, reader)
	priority := offered(t, list, "priority-review-of-marking")
	require.False(t, priority.Available)
	require.True(t, priority.DeclaresPlace)
	codes := map[string]api.ProblemReason{}
	for _, reason := range priority.Refusal.Errors {
		codes[reason.Code] = reason
	}
	require.Contains(t, codes, "wrong-level")
	require.Contains(t, codes["wrong-level"].Clause, "1.3")
	require.NotEmpty(t, codes["wrong-level"].Source)
	require.False(t, codes["wrong-level"].Unconfirmed)
	require.Contains(t, codes, "not-open-yet", "the series has no A level results day")
}

// TestListServices_WithoutRulesInForceNothingIsOffered: no guess is made of what the rules would say.
func TestListServices_WithoutRulesInForceNothingIsOffered(t *testing.T) {
	t.Parallel()
	early := time.Date(2025, time.December, 31, 9, 0, 0, 0, time.UTC)
	w := live(t, func(c *api.Config) { c.Wall = func() time.Time { return early } })
	list := read[api.ServiceList](t, w.do(t, call{
		method: "GET", path: "/v1/services?candidate=4001&series=demo&component=" + storetest.Maths1, as: reader,
		token: "Bearer " + w.issuer.Token(t, now, reader),
	}))
	require.Empty(t, list.Policy)
	require.Len(t, list.Items, len(casework.EnquiryServices()))
	for _, o := range list.Items {
		require.False(t, o.Available)
		require.Equal(t, "no-policy-in-force", o.Refusal.Code)
	}
}

// TestListServices_SaysThatOfAnotherCentreThereIsNothing: a result of another centre is as unknown as one that there
// is not.
func TestListServices_SaysThatOfAnotherCentreThereIsNothing(t *testing.T) {
	t.Parallel()
	w := live(t)
	foreign := get[api.ServiceList](t, w.house, "/v1/services?candidate=5001&series=demo&component="+storetest.Maths1, reader)
	for _, o := range foreign.Items {
		if o.About == "claim" {
			continue // a claim is about nothing in the register
		}
		require.False(t, o.Available, o.Service)
		require.Zero(t, o.Award, "nothing of a mark is told")
		require.Empty(t, o.Warnings)
	}
}

// TestListServices_ADayOfConsentCounts: one before the results or after today is refused as a request with it would be.
func TestListServices_ADayOfConsentCounts(t *testing.T) {
	t.Parallel()
	w := live(t)
	path := "/v1/services?candidate=4001&series=demo&component=" + storetest.Maths1
	for day, code := range map[string]string{"2020-01-01": "consent-too-early", "2099-01-01": "consent-in-future", "": "", storetest.Now.Format("2006-01-02"): ""} {
		query := path
		if day != "" {
			query += "&consentGivenOn=" + day
		}
		review := offered(t, get[api.ServiceList](t, w.house, query, reader), "review-of-marking")
		require.Equal(t, code, review.Refusal.Code, day)
		require.Equal(t, code == "", review.Available, day)
	}
}

// TestListServices_AParameterAtFaultIsNamed: a place in a body it has not.
func TestListServices_AParameterAtFaultIsNamed(t *testing.T) {
	t.Parallel()
	h := setup(t)
	const fine = "/v1/services?candidate=4001&series=demo&component=MA1-1H"
	for path, parameter := range map[string]string{
		"/v1/services?candidate=4001&series=demo": "component", fine + "&consentGivenOn=2026-13-01": "consentGivenOn", fine + "&component=x": "component",
		fine + "&reviewedScript=yes": "reviewedScript", fine + "&foo=1": "foo", fine + "&centre=99999": "centre", "/v1/cases?cursor=abc": "cursor",
	} {
		p := problem(t, h.do(t, call{method: "GET", path: path, as: reader}))
		require.Equal(t, parameter, p.Errors[0].Parameter, path)
		require.Empty(t, p.Errors[0].Pointer, path)
		require.NotEmpty(t, p.Errors[0].Remedy, path)
	}
	p := problem(t, h.do(t, call{method: "GET", path: fine + "&consentGivenOn=2026-13-01", as: reader}))
	require.Contains(t, p.Detail, "consentGivenOn", "which of the parameters is no date")
}
