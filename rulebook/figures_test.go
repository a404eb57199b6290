package rulebook_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/fee"
	"github.com/recourse-exams/recourse/casework/policy"
)

// The services by the names that the tables of domain §1 use.
const (
	s1     = casework.ClericalCheck
	s2     = casework.ReviewOfMarking
	p2     = casework.PriorityReview
	x2     = casework.ExpeditedReview
	s3     = casework.ReviewOfModeration
	x3     = casework.ExpeditedModeration
	ats    = casework.ScriptCopy
	copied = casework.ReviewedScriptCopy
	mir    = casework.MissingResult
	late   = casework.LateCertification
	claim  = casework.ModerationClaim
	appeal = casework.Appeal
)

// newest returns the last version of a set.
func newest(tb testing.TB, set string) policy.Policy {
	tb.Helper()
	versions := load(tb).Versions(set)
	require.NotEmpty(tb, versions, set)
	return versions[len(versions)-1]
}

// words writes a clock as the tables below do: "sla 20 calendar days from received".
func words(rule policy.ClockRule) string {
	return fmt.Sprintf("%s %s from %s", rule.Kind, rule.Span.Words(), rule.Starts)
}

// TestFigures_EachClockIsThatOfItsSource holds every period of every set against the tables of domain.md. The last
// column is where domain.md has it; "?" marks a reading that no source confirms.
func TestFigures_EachClockIsThatOfItsSource(t *testing.T) {
	t.Parallel()
	const keep = "duty 6 months from final-outcome"
	type row struct {
		service   casework.Service
		clock     casework.ClockID
		want, key string
	}
	review := func(set string, outcomes ...string) []row {
		return []row{
			{s1, "outcome", outcomes[0], set},
			{s2, "outcome", outcomes[1], set},
			{s1, "retention", keep, "[000][N2][A1][H6]"},
			{s2, "retention", keep, "[000][N2][A1][H6]"},
		}
	}
	appeals := []row{
		{appeal, "reasons-window", "right 15 calendar days from reasons-received", "§1.1 [H4]"},
		{appeal, "stage2-window", "right 14 calendar days from preliminary-decided", "§1.1 [P4][H10]"},
		{appeal, "preliminary", "sla 42 calendar days from received?", "§1.1 [U]"},
		{appeal, "hearing", "sla 70 calendar days from hearing-requested?", "§1.1 [U]"},
		{appeal, "retention", keep, "[000][N2][A1][H6]"},
	}
	family := append(review("§1.1 [000][A1][A2][H6][H8]", "sla 10 calendar days from received", "sla 20 calendar days from received"),
		row{p2, "outcome", "sla 15 calendar days from received", "§1.1 [O2][H1][H12][A2]"}, row{p2, "retention", keep, "[H6]"}, row{ats, "retention", keep, "§1.1 kept 6 months"})
	family = append(family, appeals...)
	ncfe := func(rows ...row) []row {
		for _, service := range []casework.Service{s1, s2} {
			rows = append(rows, row{service, "acceptance", "sla 5 working days from received", "§1.4 [N1][N2]"})
		}
		return append(rows,
			row{appeal, "validity", "sla 5 working days from received", "§1.4 [N3][N8]"},
			row{appeal, "stage2-window", "right 14 calendar days from preliminary-decided", "§6, 1"},
			row{appeal, "retention", keep, "§1.4 [N2]"})
	}
	accepted := row{s3, "outcome", "sla 25 working days from accepted", "§1.4 [004]"}
	acceptance := row{s3, "acceptance", "sla 5 working days from received", "§1.4 [N1][N2]"}
	expedited := func(due string) []row {
		return []row{{x2, "outcome", due, "§1.4"}, {x2, "acceptance", "sla 5 working days from received", "§1.4"}, {x2, "retention", keep, "§1.4 [N2]"}}
	}
	claims := func(result, certificate int) []row {
		return []row{
			{claim, "result", fmt.Sprintf("sla %d working days from work-complete", result), "§1.3 [002][O17]"},
			{claim, "certificate", fmt.Sprintf("sla %d working days from results-published", certificate), "§1.3 [002][O17]"},
		}
	}
	rows := map[string][]row{
		"jcq":    append([]row{{s3, "outcome", "sla 35 calendar days from received", "§1.1 [O5]"}}, family...),
		"ocr-gq": append([]row{{s3, "outcome", "sla 35 calendar days from received", "§1.1 [O5]"}, {copied, "script", "sla 24 hours from outcome-published", "§1.1 [000]"}}, family...),
		"aqa": append([]row{
			{s3, "outcome", "sla 35 calendar days from sample-received", "§1.1 [A3]"},
			{ats, "script", "sla 6 weeks from received", "§1.1 [A4]"},
			{ats, "defect", "right 2 weeks from script-received", "§1.1 [A4]"},
		}, family...),
		"ocr-technicals": append([]row{
			{s1, "outcome", "sla 10 calendar days from received?", "§1.1; [O3] a few days"},
			{s2, "outcome", "sla 20 calendar days from received?", "§1.1; [O2] the target"},
			{p2, "outcome", "sla 15 calendar days from received?", "§1.1; [O2] the target"},
			{s1, "retention", keep, "[O2]"},
			{s2, "retention", keep, "[O2]"},
			{p2, "retention", keep, "[O2]"},
			{ats, "retention", keep, "[O2]"},
			{s3, "acknowledgement", "sla 7 working days from received", "§1.2 [O4]"},
			{s3, "sample", "duty 3 working days from sample-called", "§1.2 [O4]"},
			{copied, "script", "sla 24 hours from outcome-published?", "§1.1 [000]"},
		}, appeals...),
		"ocr-remote": append(append(claims(21, 5),
			row{claim, "entry", "sla 48 hours from received", "§1.3 [002]"}, row{claim, "evidence", "duty 24 hours from submitted", "§1.3 [003]"},
			row{s1, "retention", keep + "?", "[000]"}, row{s2, "retention", keep + "?", "[000]"}), appeals...),
		"ocr-2012": append(claims(35, 6),
			row{claim, "evidence", "duty 24 hours from submitted?", "§1.3 [003]"},
			row{s1, "retention", keep + "?", "[000]"}, row{s2, "retention", keep + "?", "[000]"}, row{ats, "retention", keep + "?", "[000]"}, row{appeal, "retention", keep + "?", "[000]"}),
		"ncfe-vcert": ncfe(append(review("§1.4 [004]", "sla 10 calendar days from received", "sla 20 calendar days from received"), accepted, acceptance, row{ats, "retention", keep, "§1.4 [N2]"})...),
		"ncfe-tlevel": ncfe(append(append(review("§1.4 [004]", "sla 10 calendar days from received", "sla 20 calendar days from received"), expedited("sla 15 calendar days from received")...),
			accepted, acceptance, row{x3, "outcome", "sla 10 working days from received", "§1.4 [004]"}, row{x3, "acceptance", "sla 5 working days from received", "§1.4"}, row{ats, "retention", keep, "§1.4 [N2]"})...),
		"ncfe-web":     ncfe(append(review("§1.4 [N1]", "sla 5 working days from received", "sla 25 working days from received"), expedited("sla 10 working days from received")...)...),
		"ncfe-qualhub": ncfe(append(review("§1.4 [N2]", "sla 5 working days from received", "sla 25 working days from received"), expedited("sla 10 working days from received")...)...),
		"cambria": append(append(claims(21, 5), review("§8.2", "sla 10 calendar days from received", "sla 20 calendar days from received")...),
			row{p2, "outcome", "sla 15 calendar days from received", "§8.2"}, row{x2, "outcome", "sla 15 calendar days from received", "§8.2"},
			row{s3, "acceptance", "sla 5 working days from received", "§8.2"}, row{s3, "sample", "duty 3 working days from sample-called", "§8.2"},
			row{s3, "outcome", "sla 25 working days from accepted", "§8.2"}, row{x3, "outcome", "sla 10 working days from received", "§8.2"},
			row{x3, "sample", "duty 3 working days from sample-called", "§8.2"}, row{copied, "script", "sla 24 hours from outcome-published", "§8.2"},
			row{claim, "evidence", "duty 24 hours from submitted", "§8.2"}, row{appeal, "preliminary", "sla 42 calendar days from received", "§8.2"},
			row{appeal, "stage2-window", "right 14 calendar days from preliminary-decided", "§8.2"}, row{appeal, "hearing", "sla 70 calendar days from hearing-requested", "§8.2"},
			row{p2, "retention", keep, "§8.2"}, row{x2, "retention", keep, "§8.2"}, row{ats, "retention", keep, "§8.2"}, row{appeal, "retention", keep, "§8.2"},
			row{s1, "consent-inspection", "duty 5 working days from consent-called?", "§5.5 [U]"}, row{s2, "consent-inspection", "duty 5 working days from consent-called?", "§5.5 [U]"},
			row{p2, "consent-inspection", "duty 5 working days from consent-called?", "§5.5 [U]"}, row{x2, "consent-inspection", "duty 5 working days from consent-called?", "§5.5 [U]"}),
	}
	require.Len(t, rows, len(load(t).Sets()), "every set has its rows")
	for set, rows := range rows {
		p := newest(t, set)
		var clocks []policy.ClockRule
		for _, row := range rows {
			rule, ok := p.Clock(row.service, row.clock)
			require.True(t, ok, "%s %s %s", set, row.service, row.clock)
			got := words(rule)
			if !rule.Confirmed {
				got += "?"
			}
			require.Equal(t, row.want, got, "%s %s %s: %s", set, row.service, row.clock, row.key)
		}
		for _, s := range p.Services {
			clocks = append(clocks, s.Clocks...)
		}
		require.Len(t, rows, len(clocks), "set %s has clocks that the table does not name", set)
	}
}

// TestFigures_EachWindowIsThatOfItsSource holds until when each service may be asked for against domain.md.
func TestFigures_EachWindowIsThatOfItsSource(t *testing.T) {
	t.Parallel()
	const gcse35, alevel7, none, keyDate = "gcse-release 35 calendar days", "a-level-release 7 calendar days", "none", "key-date"
	type windows map[casework.Service]string
	for set, want := range map[string]windows{
		"jcq":            {s1: gcse35, s2: gcse35, p2: alevel7, s3: gcse35, ats: none, copied: "outcome 14 calendar days", appeal: "outcome 30 calendar days"},
		"ocr-gq":         {s1: gcse35, s2: gcse35, p2: alevel7, s3: gcse35, ats: none, copied: none, mir: none, late: keyDate, appeal: "outcome 30 calendar days"},
		"ocr-technicals": {s1: "result 3 months", s2: "result 3 months", p2: alevel7, s3: "moderation 3 months", ats: none, copied: none, mir: none, appeal: "outcome 30 calendar days"},
		"ocr-remote":     {claim: none, s1: "result 3 months", s2: "result 3 months", mir: none, appeal: "outcome 30 calendar days"},
		"ocr-2012":       {s1: keyDate, s2: keyDate, s3: keyDate, ats: keyDate, mir: none, late: keyDate, claim: none, appeal: "outcome 14 calendar days"},
		"ncfe-vcert":     {s1: "candidate-release 20 working days", s2: "candidate-release 20 working days", s3: "candidate-release 25 working days", ats: "candidate-release 30 working days", mir: none, appeal: "outcome 30 working days"},
		"ncfe-tlevel": {
			s1: "candidate-release 5 weeks", s2: "candidate-release 5 weeks", x2: "candidate-release 7 calendar days", s3: "candidate-release 25 working days",
			x3: "candidate-release 5 working days", ats: keyDate, mir: none, appeal: "outcome 30 calendar days",
		},
		"ncfe-web":     {s1: "result 20 working days", s2: "result 20 working days", x2: "result 7 calendar days", appeal: "outcome 30 working days"},
		"ncfe-qualhub": {s1: "result 20 working days", s2: "result 20 working days", x2: "result 6 weeks", appeal: "outcome 30 working days"},
		"aqa":          {s1: gcse35, s2: gcse35, p2: alevel7, s3: gcse35, ats: "gcse-release 71 calendar days", copied: "outcome 14 calendar days", appeal: "outcome 30 calendar days"},
		"cambria": {
			s1: gcse35, s2: gcse35, p2: alevel7, x2: "candidate-release 7 calendar days", s3: gcse35, x3: "candidate-release 5 working days",
			ats: "gcse-release 71 calendar days", copied: "outcome 14 calendar days", mir: none, late: gcse35, claim: none, appeal: "outcome 14 calendar days",
		},
	} {
		got := windows{}
		for _, s := range newest(t, set).Services {
			got[s.Service] = string(s.Window.Anchor)
			if s.Window.Anchor.Counted() {
				got[s.Service] += " " + s.Window.Span.Words()
			}
		}
		require.Equal(t, want, got, set)
	}
	for set, want := range map[string]string{
		"aqa": "a-level-release 14 calendar days", "cambria": "a-level-release 14 calendar days", "ncfe-vcert": "candidate-release 5 working days",
	} {
		s, ok := newest(t, set).Service(ats)
		require.True(t, ok)
		require.Equal(t, want, string(s.Priority.Anchor)+" "+s.Priority.Span.Words(), "%s: priority access to scripts", set)
	}
}

// TestFigures_EachFeeIsThatOfItsSource holds every price against domain §1.7 and §8.2: a figure, free, or unknown.
func TestFigures_EachFeeIsThatOfItsSource(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		set   string
		code  fee.Code
		level int
		want  string
		key   string
	}{
		{"aqa", "clerical-check", 2, "£8.70", "[A1]"},
		{"aqa", "clerical-check", 3, "£8.70", "[A1]"},
		{"aqa", "review-of-marking", 2, "£42.00", "[A2]"},
		{"aqa", "review-of-marking", 3, "£48.65", "[A2]"},
		{"aqa", "priority-review-of-marking", 3, "£57.85", "[A2]"},
		{"aqa", "priority-review-of-marking", 2, "none", "level 3 only"},
		{"aqa", "review-of-moderation", 1, "£242.50", "[A3]"},
		{"aqa", "review-of-moderation", 3, "£270.30", "[A3]"},
		{"aqa", "appeal", 3, "£120.05", "[A5]"},
		{"aqa", "appeal-hearing", 3, "£205.80", "[A5]"},
		{"aqa", "script-copy", 3, "£0.00", "[A4]"},
		{"aqa", "reviewed-script", 3, "£0.00", "[A2]"},
		{"ocr-gq", "review-of-marking", 3, "£59.80", "[T7] 2019"},
		{"ocr-gq", "reviewed-script", 3, "£12.15", "[T7] 2019, £71.95 less £59.80"},
		{"ocr-gq", "review-of-marking", 2, "unpublished", "§1.7"},
		{"ocr-gq", "clerical-check", 2, "unpublished", "§1.7"},
		{"ocr-gq", "script-copy", 2, "£0.00", "[O7]"},
		{"ocr-gq", "late-certification", 2, "£0.00", "[001]"},
		{"ocr-technicals", "clerical-check", 3, "£0.00", "[O3]"},
		{"ocr-technicals", "script-copy", 3, "£0.00", "[O8]"},
		{"ocr-remote", "clerical-check", 2, "£0.00", "[O6]"},
		{"ocr-2012", "late-certification", 2, "£0.00", "[001]"},
		{"ncfe-qualhub", "clerical-check", 2, "£5.00", "[N2]"},
		{"ncfe-qualhub", "review-of-marking", 2, "£45.00", "[N2]"},
		{"ncfe-qualhub", "expedited-review-of-marking", 3, "£52.00", "[N2]"},
		{"ncfe-web", "review-of-marking", 2, "unpublished", "§1.4"},
		{"ncfe-vcert", "review-of-moderation", 2, "unpublished", "§1.4"},
		{"jcq", "appeal", 3, "unpublished", "§1.1"},
		{"cambria", "clerical-check", 3, "£15.00", "§8.2"},
		{"cambria", "review-of-marking", 2, "£62.00", "§8.2"},
		{"cambria", "review-of-marking", 3, "£66.00", "§8.2"},
		{"cambria", "priority-review-of-marking", 3, "£79.00", "§8.2"},
		{"cambria", "reviewed-script", 2, "£13.50", "§8.2"},
		{"cambria", "late-reviewed-script", 2, "£13.50", "§8.2"},
		{"cambria", "review-of-moderation", 2, "£245.00", "§8.2"},
		{"cambria", "review-of-moderation", 3, "£275.00", "§8.2"},
		{"cambria", "expedited-review-of-marking", 3, "£75.00", "§8.2"},
		{"cambria", "appeal", 2, "£120.00", "§8.2"},
		{"cambria", "appeal-hearing", 2, "£206.00", "§8.2"},
		{"cambria", "moderation-claim", 2, "£0.00", "§8.2"},
		{"cambria", "script-copy", 2, "£0.00", "§8.2"},
		{"cambria", "missing-result", 2, "£0.00", "§8.2"},
		{"cambria", "late-certification", 2, "£0.00", "§8.2"},
	} {
		price, ok := newest(t, row.set).Price(row.code, row.level)
		got := price.Pence.String()
		switch {
		case !ok && price.Unpublished:
			got = "unpublished"
		case !ok:
			got = "none"
		}
		require.Equal(t, row.want, got, "%s %s at level %d: %s", row.set, row.code, row.level, row.key)
	}
}

// TestFigures_EachWaiverIsThatOfItsSource holds the strategies against domain §6, row 6.
func TestFigures_EachWaiverIsThatOfItsSource(t *testing.T) {
	t.Parallel()
	linked, external, moderated := fee.LinkedAwardGrade, fee.OverallExternalGrade, fee.ModeratedGradeChange
	for set, want := range map[string]map[fee.Code]fee.Strategy{
		"jcq":            {"clerical-check": linked, "review-of-marking": linked, "priority-review-of-marking": linked, "review-of-moderation": fee.MarksReinstated, "appeal": fee.AppealUpheld},
		"ocr-gq":         {"clerical-check": linked, "review-of-marking": linked, "priority-review-of-marking": linked, "review-of-moderation": fee.MarksReinstated, "appeal": fee.AppealUpheld},
		"ocr-technicals": {"clerical-check": fee.AlwaysFree, "review-of-marking": linked, "review-of-moderation": fee.MarksReinstated},
		"ocr-remote":     {"clerical-check": fee.AlwaysFree, "review-of-marking": linked},
		"ocr-2012":       {"late-certification": fee.AlwaysFree},
		"ncfe-vcert":     {"clerical-check": external, "review-of-marking": external, "review-of-moderation": moderated},
		"ncfe-tlevel":    {"expedited-review-of-marking": external, "expedited-review-of-moderation": moderated},
		"ncfe-web":       {"clerical-check": external, "review-of-marking": external, "expedited-review-of-marking": external},
		"ncfe-qualhub":   {"clerical-check": external, "review-of-marking": external, "expedited-review-of-marking": external},
		"aqa":            {"clerical-check": linked, "review-of-marking": linked, "priority-review-of-marking": linked, "review-of-moderation": fee.MarksReinstated, "appeal": fee.AppealUpheld},
		"cambria": {
			"clerical-check": linked, "review-of-marking": linked, "priority-review-of-marking": linked, "expedited-review-of-marking": linked,
			"review-of-moderation": fee.MarksReinstated, "expedited-review-of-moderation": fee.MarksReinstated, "appeal": fee.AppealUpheld,
			"appeal-hearing": fee.AppealUpheld, "reviewed-script": linked, "late-reviewed-script": fee.Never, "moderation-claim": fee.AlwaysFree,
		},
	} {
		p := newest(t, set)
		for code, strategy := range want {
			waiver, ok := p.Waiver(code)
			require.True(t, ok, "%s %s", set, code)
			require.Equal(t, strategy, waiver.Strategy, "%s %s", set, code)
		}
	}
	for _, code := range []fee.Code{"clerical-check", "review-of-marking", "priority-review-of-marking"} {
		modular, ok := newest(t, "aqa").WaiverFor(code, true)
		require.True(t, ok)
		require.Equal(t, fee.UnitGrade, modular.Strategy, "AQA modular (domain §1.5)")
	}
	for _, set := range []string{"aqa", "cambria"} {
		s, ok := newest(t, set).Service(s3)
		require.True(t, ok)
		require.Equal(t, 5, s.Fees[0].Small.UpTo, "half for five or fewer")
		require.Equal(t, 50, s.Fees[0].Small.Percent)
	}
}
