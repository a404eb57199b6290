package rules_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/cmd/recourse/rules"
)

// A question that cannot be answered is refused with a sentence that says what may stand there.
func TestExplain_RefusesWithTheChoices(t *testing.T) {
	t.Parallel()
	const asked = "explain --body ocr-gq --service review-of-marking --clock outcome "
	for line, says := range map[string][]string{
		// What is missing, in the order in which it is needed.
		"explain": {"--body is missing", "jcq", "ocr-gq", "cambria"},
		"explain --body ocr-gq --service review-of-marking --clock outcome":                        {"--from is missing", "such as 2026-09-24T10:15"},
		"explain --body ocr-gq --from 2026-09-24":                                                  {"--service is missing", "clerical-check", "and appeal"},
		"explain --body ocr-gq --service review-of-marking --from 2026-09-24":                      {"--clock is missing; the clocks of review-of-marking are window, outcome and retention"},
		"explain --body ocr-gq --series 2026-06 --service appeal --clock window":                   {"--from is missing: the window of appeal", "publication of the outcome"},
		"explain --body ocr-remote --series 2026-06 --service review-of-moderation --clock window": {"--from is missing: ocr-remote has no dates of its own for the series 2026-06"},
		// What nobody knows.
		"explain --body ocr --service review-of-marking --clock outcome --from 2026-09-24":    {`there is no body "ocr"`, "ocr-gq, ocr-remote and ocr-technicals"},
		"explain --body OCR-GQ --service review-of-marking --clock outcome --from 2026-09-24": {`there is no body "OCR-GQ"`},
		"explain --body ocr-gq --service review --clock outcome --from 2026-09-24":            {`there is no service "review"`, "review-of-marking", "priority-review-of-marking"},
		"explain --body ocr-gq --service review-of-marking --clock due --from 2026-09-24":     {`there is no clock "due"`, "window, outcome and retention"},
		"explain --body ocr-gq --service review-of-marking --clock sample --from 2026-09-24":  {`there is no clock "sample"`, "window, outcome and retention"},
		"explain --body ocr-2012 --service missing-result --clock outcome --from 2012-09-24":  {"--clock: there are no clocks of missing-result"},
		asked + "--from 2026-09-24 --series 2026-07":                                          {`there is no series "2026-07"`, "2025-06", "2026-06"},
		asked + "--from 2026-09-24 --series June":                                             {`there is no series "June"`},
		asked + "--from 2026-09-24 --division wales":                                          {`there is no division "wales"`, "england-and-wales, scotland and northern-ireland"},
		asked + "--from 2026-09-24 --policy cambria-2026.1":                                   {`there is no version "cambria-2026.1"`, "ocr-gq-2026.1"},
		// What this body does not offer.
		"explain --body ocr-2012 --service expedited-review-of-marking --clock outcome --from 2026-09-24": {"ocr-2012-2012.1 does not offer expedited-review-of-marking", "appeal"},
		"explain --body ocr-gq --service script-copy --clock window --from 2026-09-24":                    {"has no last day", "Downloaded on demand", "the clocks of the service are retention"},
		"explain --body ocr-gq --service late-certification --clock window --from 2026-09-24":             {"only a series' own row says when", "Not accepted after the deadline of the series", "the service has no other clock"},
		asked + "--from 2026-09-24 --priority":                                                            {"--priority goes with the clock window"},
		"explain --body ocr-gq --service review-of-marking --clock window --from 2026-09-24 --priority":   {"--priority: review-of-marking of ocr-gq-2026.1 makes no difference"},
		// Instants that are none, or that no rule decides.
		asked + "--from yesterday":        {"--from: an instant is written like 2026-09-24, 2026-09-24T10:15"},
		asked + "--from 24/09/2026":       {"--from: an instant is written like"},
		asked + "--from 2026-02-30":       {"--from: an instant is written like"},
		asked + "--from 2026-03-29T01:30": {"London's clocks skip 2026-03-29T01:30"},
		asked + "--from 2026-10-25T01:30": {"London's clocks show 2026-10-25T01:30 twice"},
		asked + "--from 2029-01-01":       {"known from 2012-01-01 to 2028-12-31", "2029-01-01"},
		asked + "--from 2011-12-31T23:59": {"known from 2012-01-01 to 2028-12-31"},
		asked + "--from 2022-05-31":       {"no version of ocr-gq decides on 2022-05-31", "ocr-gq-2026.1 (from 2022-06-01 on)"},
		"explain --body ocr-remote --service moderation-claim --clock result --from 2028-12-20":      {"whether 2029-01-01 is a working day is not known"},
		"explain --body aqa --series 2026-06 --service script-copy --clock window --from 2026-11-01": {"its key date 2026-10-30 ends before it starts"},
		// Pauses that cannot have been.
		asked + "--from 2026-09-24 --pause tomorrow":                                                                                                {"--pause is written like"},
		asked + "--from 2026-09-24 --pause 2026-09-25..2026-09-28":                                                                                  {"--pause is written like"},
		asked + "--from 2026-09-24 --pause 2026-09-25=hold":                                                                                         {"--pause is written like"},
		asked + "--from 2026-09-24 --pause 2026-09-25..2026-09-28=holiday":                                                                          {`there is no cause "holiday"`, "waiting-for-sample, consent-inspection, waiting-for-payment, malpractice and hold"},
		asked + "--from 2026-09-24 --pause 2026-09-31..2026-10-02=hold":                                                                             {"--pause: an instant is written like"},
		asked + "--from 2026-09-24 --pause 2026-09-29..soon=hold":                                                                                   {"--pause: an instant is written like"},
		asked + "--from 2026-09-24 --pause 2026-09-28..2026-09-25=hold":                                                                             {"ends before it begins"},
		asked + "--from 2026-09-24 --pause 2026-09-28..2026-09-28=hold":                                                                             {"ends before it begins"},
		asked + "--from 2026-09-24 --pause 2026-09-23..2026-09-28=hold":                                                                             {"--pause: 2026-09-23..2026-09-28=hold"},
		asked + "--from 2026-09-24 --pause 2026-11-23..2026-11-28=hold":                                                                             {"it ended at"},
		asked + "--from 2026-09-24 --pause 2026-09-25..2026-09-28=hold --pause 2026-09-26..2026-09-27=hold":                                         {"it is paused already"},
		"explain --body cambria --service review-of-moderation --clock outcome --from 2026-09-24 --pause 2026-09-25..2031-01-01=waiting-for-sample": {"is a working day is not known"},
	} {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			for _, form := range []string{"", " --json"} {
				sentence := refusedWith(t, line+form)
				for _, part := range says {
					require.Contains(t, sentence, part)
				}
				require.NotContains(t, sentence, "\n", "one sentence")
			}
		})
	}
}

func TestShowAndDiff_RefuseWithTheChoices(t *testing.T) {
	t.Parallel()
	for line, says := range map[string][]string{
		"show ocr":                                            {`there is no set "ocr"`, "ocr-gq"},
		"show cambria --policy cambria-1.1":                   {`there is no version "cambria-1.1"`, "cambria-2026.1"},
		"show cambria --service reviews":                      {`there is no service "reviews"`, "review-of-marking"},
		"show ocr-2012 --service expedited-review-of-marking": {"does not offer expedited-review-of-marking"},
		"diff cambria-2026.1 cambria":                         {`neither a version nor a file "cambria"`, "cambria-2026.1"},
		"diff nowhere.yaml cambria-2026.1":                    {"read the rule file", "nowhere.yaml"},
		"lint nowhere.yaml":                                   {"read the rule file", "nowhere.yaml"},
	} {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			sentence := refusedWith(t, line)
			for _, part := range says {
				require.Contains(t, sentence, part)
			}
		})
	}
}

// Statuses are what scripts see: 2 is a refusal, 1 a difference or a fault.
func TestErrors_HaveTheirStatus(t *testing.T) {
	t.Parallel()
	require.Equal(t, 2, rules.Refuse("no %s", "such body").ExitCode())
	require.EqualError(t, rules.Refuse("no %s", "such body"), "no such body")
	require.Equal(t, 1, rules.DifferenceError{}.ExitCode())
	require.Empty(t, rules.DifferenceError{}.Error(), "there is nothing left to say")
}
