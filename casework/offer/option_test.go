package offer_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/fee"
	"github.com/recourse-exams/recourse/casework/grading"
	"github.com/recourse-exams/recourse/casework/offer"
	"github.com/recourse-exams/recourse/casework/policy"
)

// wide are rules of all twelve services.
func wide() policy.Policy {
	p := moderationRules()
	priority := service(casework.PriorityReview, 15, condition(policy.PlaceAtRisk, "2.13"), policy.Condition{Test: policy.SeriesMonth, Months: []int{6}, Provenance: clause("2.14")})
	priority.Window = policy.WindowRule{Anchor: policy.AnchorALevelRelease, Span: days(7), Provenance: clause("2.15")}
	expedited := service(casework.ExpeditedReview, 15, policy.Condition{Test: policy.LevelWithin, FromLevel: 3, ToLevel: 3, Provenance: clause("2.16")})
	expeditedModeration := service(casework.ExpeditedModeration, 10, condition(policy.CentreMarked, "2.11"))
	expeditedModeration.Scope = policy.CohortComponent
	expeditedModeration.Window.Span = workingDays(5)
	script := service(casework.ScriptCopy, 5, condition(policy.ScriptHeld, "2.8"))
	script.Priority = &policy.WindowRule{Anchor: policy.AnchorALevelRelease, Span: days(14), Provenance: clause("2.17")}
	script.Window.Span = days(71)
	appeal := service(casework.Appeal, 42, condition(policy.OnlyAfter, "5.1", casework.ReviewOfMarking, casework.ClericalCheck))
	appeal.Scope, appeal.Window = policy.WholeCase, policy.WindowRule{Anchor: policy.AnchorOutcome, Span: days(14), Provenance: clause("5.2")}
	claim := service(casework.ModerationClaim, 21)
	claim.Scope, claim.Window = policy.WholeClaim, policy.WindowRule{Anchor: policy.AnchorNone, Provenance: clause("9")}
	p.Services = append(p.Services, priority, expedited, expeditedModeration, script, service(casework.MissingResult, 10), service(casework.LateCertification, 10), claim, appeal)
	for i := range p.Services {
		if code := p.Services[i].Fees[0].Code; i > 3 {
			p.Tariff = append(p.Tariff, policy.Price{Code: code, FromLevel: 1, ToLevel: 8, Pence: 7900, Provenance: clause("row 9")})
		}
	}
	return p
}

// wideFacts are of a paper with a script in an award whose grade is two marks from the next.
func wideFacts(t require.TestingT) offer.Facts {
	f := facts(t)
	f.Award = grading.Award{
		Boundaries: []grading.Boundary{{Grade: "5", Mark: 100}, {Grade: "4", Mark: 80}},
		Components: []grading.Component{{Code: "M1/01", Before: 40, After: 40, Weight: 1}, {Code: "M1/02", Before: 29, After: 29, Weight: 2}},
	}
	return f
}

// now is an Ask of nothing yet: what could be asked for at an instant.
func now(t require.TestingT, at string) offer.Ask { return offer.Ask{ReceivedAt: instant(t, at)} }

func optionOf(t require.TestingT, options []offer.Option, service casework.Service) offer.Option {
	for _, o := range options {
		if o.Service == service {
			return o
		}
	}
	require.Failf(t, "no option", "%s", service)
	return offer.Option{}
}

func warningCodes(o offer.Option) []string {
	var list []string
	for _, w := range o.Warnings {
		list = append(list, w.Code)
	}
	return list
}

func TestOptions_SayWhatMayBeAskedForNow(t *testing.T) {
	t.Parallel()
	p := wide()
	options := offer.Options(p, wideFacts(t), now(t, "2026-08-20T09:00:00Z"), calendars(t))
	require.Len(t, options, len(casework.Services()))
	got := map[casework.Service][]string{}
	for i, o := range options {
		require.Equal(t, p.Services[i].Service, o.Service, "in the policy's order")
		require.Equal(t, p.Services[i].Title, o.Title)
		require.Equal(t, p.Services[i].Consent, o.Consent)
		require.Equal(t, p.Services[i].Requesters, o.Requesters)
		got[o.Service] = codes(o.Verdict)
	}
	require.Equal(t, map[casework.Service][]string{
		casework.ClericalCheck: nil, casework.ReviewOfMarking: nil, casework.PriorityReview: nil, casework.ScriptCopy: nil,
		casework.MissingResult: nil, casework.LateCertification: nil, casework.ModerationClaim: nil,
		casework.ExpeditedReview:     {offer.CodeWrongLevel},
		casework.ReviewOfModeration:  {offer.CodeNotModerated},
		casework.ExpeditedModeration: {offer.CodeNotModerated},
		casework.ReviewedScriptCopy:  {offer.CodeNothingToFollow},
		casework.Appeal:              {offer.CodeNothingToFollow},
	}, got, "consent and declarations are taken as given")
	require.True(t, optionOf(t, options, casework.PriorityReview).DeclaresPlace)
	require.False(t, optionOf(t, options, casework.ReviewOfMarking).DeclaresPlace)
}

func TestOptions_SayHowFarTheGradeIs(t *testing.T) {
	t.Parallel()
	f := wideFacts(t)
	options := offer.Options(wide(), f, now(t, "2026-08-20T09:00:00Z"), calendars(t))
	review := optionOf(t, options, casework.ReviewOfMarking)
	require.Equal(t, &grading.Distance{Mark: 98, Grade: "4", Next: "5", ToNext: 2, RawToNext: 1, Below: "U", Above: 18, RawAbove: 9}, review.Award)
	require.Nil(t, review.Unit, "a linear award has no unit grades")
	require.Nil(t, optionOf(t, options, casework.ScriptCopy).Award, "a copy changes no mark")
	f.Award.Unitised, f.Award.Components[1].Boundaries = true, []grading.Boundary{{Grade: "A", Mark: 30}}
	review = optionOf(t, offer.Options(wide(), f, now(t, "2026-08-20T09:00:00Z"), calendars(t)), casework.ReviewOfMarking)
	require.Equal(t, &grading.Distance{Mark: 29, Grade: "U", Next: "A", ToNext: 1, RawToNext: 1}, review.Unit)
}

// A mark and a grade that are not final are not told to anybody (domain §1.2, indicator Q).
func TestOptions_SayNothingOfAGradeThatIsPending(t *testing.T) {
	t.Parallel()
	for _, pend := range []func(*offer.Facts){
		func(f *offer.Facts) { f.Indicator = "Q" }, func(f *offer.Facts) { f.AwardIndicator = "Q" },
	} {
		f := wideFacts(t)
		pend(&f)
		for _, o := range offer.Options(wide(), f, now(t, "2026-08-20T09:00:00Z"), calendars(t)) {
			require.Nil(t, o.Award, "%s", o.Service)
			require.Nil(t, o.Unit, "%s", o.Service)
		}
	}
}

func TestOptions_WarnBeforeACentreAsks(t *testing.T) {
	t.Parallel()
	p, f := wide(), wideFacts(t)
	p.Services[1].Script = &policy.ScriptRule{HideDuringReview: true, Provenance: clause("4.3")}
	f.Earlier = []offer.Earlier{earlier(t, "R-1", casework.ClericalCheck, "2026-08-20T08:00:00Z")}
	f.Linked = []offer.Linked{
		{Reference: "R-2", Service: casework.PriorityReview, Component: "M1/01", Open: true},
		{Reference: "R-3", Service: casework.ClericalCheck, Component: "M1/01"},
	}
	options := offer.Options(p, f, now(t, "2026-08-20T09:00:00Z"), calendars(t))
	var details []string
	for _, w := range optionOf(t, options, casework.ReviewOfMarking).Warnings {
		details = append(details, w.Code+": "+w.Detail)
	}
	require.Equal(t, []string{
		"marks-may-fall: Marks and grade may fall as well as rise.",
		"second-review: This asks for a second review of component M1/02: the clerical check of case R-1 was the first.",
		"grade-held-back: Your open priority review of marking R-2 of component M1/01 will hold back this one's grade: the award is decided when both have an outcome.",
		"shares-waiver-with-open-case: Case R-2 of the same award is still open: what is asked for before the outcome shares one waiver with it.",
		"linked-case-finished: Case R-3 of the same award finished already: what is asked for now is charged or waived on its own merit.",
		"script-hidden: The original script cannot be read while this review of marking runs; take your copy before you ask.",
		"faster-service-until: A priority review of marking is possible only until the end of Thursday 20 August 2026.",
	}, details)
	require.Equal(t, []string{offer.WarnPriorityUntil}, warningCodes(optionOf(t, options, casework.ScriptCopy)))
	require.Equal(t, "A script copy with priority is possible only until the end of Thursday 27 August 2026.", optionOf(t, options, casework.ScriptCopy).Warnings[0].Detail,
		"domain §1.6: A level day + 14")
	require.Empty(t, optionOf(t, options, casework.MissingResult).Warnings)
}

func TestOptions_WarnOnlyOfWhatIsStillPossible(t *testing.T) {
	t.Parallel()
	options := offer.Options(wide(), wideFacts(t), now(t, "2026-08-28T09:00:00Z"), calendars(t))
	require.Equal(t, []string{offer.WarnMayFall}, warningCodes(optionOf(t, options, casework.ReviewOfMarking)), "the priority window has closed")
	require.Empty(t, optionOf(t, options, casework.ScriptCopy).Warnings)
	require.Empty(t, optionOf(t, options, casework.PriorityReview).Warnings, "what is refused needs no warning")
}

func TestOptions_SayWhatAReviewOfModerationProtects(t *testing.T) {
	t.Parallel()
	p, f := wide(), wideFacts(t)
	f.CentreMarked, f.Cohort = true, 9
	for effect, detail := range map[policy.EffectRule]string{
		{}:                                    "Marks and grade may fall as well as rise.",
		{Protected: true}:                     "Marks may fall as well as rise; the published grade does not fall in this series.",
		{Protected: true, CarryForward: true}: "Marks may fall as well as rise. The published grade does not fall in this series, but a lower mark counts if it is carried forward.",
	} {
		p.Services[3].Effect = effect
		o := optionOf(t, offer.Options(p, f, now(t, "2026-08-20T09:00:00Z"), calendars(t)), casework.ReviewOfModeration)
		require.Equal(t, detail, o.Warnings[0].Detail)
		require.Equal(t, []string{offer.WarnMayFall, offer.WarnFasterUntil}, warningCodes(o))
		require.Equal(t, "An expedited review of moderation is possible only until the end of Thursday 27 August 2026.", o.Warnings[1].Detail)
	}
}

func TestOptions_OrderACopyOnlyWithAReview(t *testing.T) {
	t.Parallel()
	a := now(t, "2026-08-20T09:00:00Z")
	a.ReviewedScript = true
	for _, o := range offer.Options(wide(), wideFacts(t), a, calendars(t)) {
		copies := 0
		for _, q := range o.Verdict.Fees {
			if q.Code == "reviewed-script" {
				copies++
			}
		}
		switch o.Service {
		case casework.ClericalCheck, casework.ReviewOfMarking, casework.PriorityReview, casework.ExpeditedReview:
			require.Equal(t, 1, copies, o.Service)
		default:
			require.Zero(t, copies, o.Service)
		}
	}
}

func TestOptions_ADayOfConsentIsJudgedIfItIsGiven(t *testing.T) {
	t.Parallel()
	a := now(t, "2026-08-20T09:00:00Z")
	a.ConsentGivenOn = date(t, "2026-08-19")
	o := optionOf(t, offer.Options(wide(), wideFacts(t), a, calendars(t)), casework.ReviewOfMarking)
	require.Equal(t, []string{offer.CodeConsentTooEarly}, codes(o.Verdict))
}

// What the options promise, the request gets: with consent and the declarations, verdict and price are the same.
func TestOptions_AgreeWithTheVerdictOnTheRequest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f, a := drawRequest(t)
		f.CentreMarked, f.Cohort = rapid.Bool().Draw(t, "centre-marked"), rapid.IntRange(0, 9).Draw(t, "cohort")
		if a.ReceivedAt.Before(f.CandidateRelease) {
			a.ReceivedAt = f.CandidateRelease // consent cannot be given before
		}
		a.ReviewedScript, a.ConsentGivenOn, a.PlaceAtRisk = false, calendar.DateOf(a.ReceivedAt), true
		for _, o := range offer.Options(wide(), f, offer.Ask{ReceivedAt: a.ReceivedAt}, calendars(t)) {
			a.Service = o.Service
			v := offer.Judge(wide(), f, a, calendars(t))
			require.Equal(t, v, o.Verdict)
		}
	})
}

// The calendar of what a centre owes is its nation's (domain §8.1); for a nation abroad the body's stands in.
func TestCalendarsOf_CountsACentresDutiesInItsNation(t *testing.T) {
	t.Parallel()
	for nation, division := range map[string]calendar.Division{
		"england": calendar.EnglandAndWales, "wales": calendar.EnglandAndWales, "scotland": calendar.Scotland,
		"northern-ireland": calendar.NorthernIreland, "other": calendar.EnglandAndWales, "": calendar.EnglandAndWales,
	} {
		c, err := offer.CalendarsOf(rules(), nation)
		require.NoError(t, err)
		require.Equal(t, division, c.Centre.Division(), nation)
		require.Equal(t, calendar.EnglandAndWales, c.Body.Division())
	}
	_, err := offer.CalendarsOf(policy.Policy{BodyName: "Cambria Awards", Division: "atlantis"}, "england")
	require.ErrorContains(t, err, "Cambria Awards")
	_, err = offer.CalendarsOf(policy.Policy{Division: "atlantis"}, "other")
	require.Error(t, err)
}

// A sample is a duty of three working days: 31 August 2026 is a bank holiday in England and none in Scotland.
func TestJudge_ADutyCountsOnTheCentresCalendarAndADebtOnTheBodys(t *testing.T) {
	t.Parallel()
	p, f, a := rules(), facts(t), ask(t)
	a.ReceivedAt = instant(t, "2026-08-28T10:00:00Z")
	three := func(id casework.ClockID, kind casework.ClockKind) policy.ClockRule {
		return policy.ClockRule{ID: id, Kind: kind, Starts: policy.Received, Span: workingDays(3), Provenance: clause("3")}
	}
	p.Services[1].Clocks = []policy.ClockRule{
		three(casework.ClockSample, casework.ClockDuty), three(casework.ClockOutcome, casework.ClockSLA),
		{ID: casework.ClockScript, Kind: casework.ClockSLA, Starts: policy.OutcomePublished, Span: workingDays(1), Provenance: clause("3")},
	}
	scottish, err := offer.CalendarsOf(p, "scotland")
	require.NoError(t, err)
	v := offer.Judge(p, f, a, scottish)
	require.Len(t, v.Clocks, 2)
	require.Equal(t, "2026-09-02", calendar.DateOf(v.Clocks[0].Due()).String(), "31 August, 1 and 2 September")
	require.Equal(t, "2026-09-03", calendar.DateOf(v.Clocks[1].Due()).String(), "1, 2 and 3 September")
}

func TestFacts_TheSetIsTheQualificationsOrNamedLikeTheBody(t *testing.T) {
	t.Parallel()
	require.Equal(t, "ocr-gq", offer.Facts{Body: "ocr", Rules: "ocr-gq"}.Set())
	require.Equal(t, "cambria", offer.Facts{Body: "cambria"}.Set())
	require.Equal(t, fee.Code("clerical-check"), wide().Services[0].Fees[0].Code)
}

// candidate are the facts of one candidate's twelve components.
func candidate(t require.TestingT) []offer.Facts {
	components := make([]offer.Facts, 12)
	for i := range components {
		components[i] = wideFacts(t)
		components[i].Linked = []offer.Linked{{Reference: "R-2", Service: casework.ReviewOfMarking, Component: "M1/01", Open: true}}
	}
	return components
}

// The budget of 1 ms for a candidate's twelve components is kept by counting: a service costs a bounded number of
// allocations, however the machine is loaded.
func TestOptions_AllocateLittle(t *testing.T) {
	p, components, c, a := wide(), candidate(t), calendars(t), now(t, "2026-08-20T09:00:00Z")
	perService := testing.AllocsPerRun(20, func() {
		for i := range components {
			offer.Options(p, components[i], a, c)
		}
	}) / float64(len(components)*len(p.Services))
	require.Less(t, perService, 20.0, "allocations for each service of each component")
}

func BenchmarkOptions_OfACandidatesTwelveComponents(b *testing.B) {
	p, components, c, a := wide(), candidate(b), calendars(b), now(b, "2026-08-20T09:00:00Z")
	b.ReportAllocs()
	for b.Loop() {
		for i := range components {
			offer.Options(p, components[i], a, c)
		}
	}
}
