package rules_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/policy"
)

// The vectors of domain §5.5, §1.6 and §8.1, asked as an exams officer would ask them.
func TestExplain_TheVectors(t *testing.T) {
	t.Parallel()
	const june = "--series 2026-06 "
	for line, due := range map[string]string{
		// §5.5: received 24 September 2026.
		"--body ocr-gq " + june + "--service review-of-marking --clock outcome --from 2026-09-24T10:15 --division england-and-wales": "2026-10-14T23:59:59+01:00",
		"--body jcq " + june + "--service review-of-marking --clock outcome --from 2026-09-24T10:15":                                 "2026-10-14T23:59:59+01:00",
		"--body cambria --service review-of-marking --clock outcome --from 2026-09-24T23:59:59":                                      "2026-10-14T23:59:59+01:00",
		"--body cambria --service clerical-check --clock outcome --from 2026-09-24":                                                  "2026-10-04T23:59:59+01:00",
		"--body ocr-gq --service review-of-moderation --clock outcome --from 2026-09-24":                                             "2026-10-29T23:59:59+00:00",
		"--body ocr-gq " + june + "--service priority-review-of-marking --clock outcome --from 2026-08-20":                           "2026-09-04T23:59:59+01:00",
		// §5.5: an appeal against an outcome of 14 October 2026.
		"--body jcq --service appeal --clock window --from 2026-10-14T00:30": "2026-11-13T23:59:59+00:00",
		"--body ocr-2012 --service appeal --clock window --from 2026-10-14":  "2026-10-28T23:59:59+00:00",
		"--body cambria --service appeal --clock window --from 2026-10-14":   "2026-10-28T23:59:59+00:00",
		"--body ncfe-web --service appeal --clock window --from 2026-10-14":  "2026-11-25T23:59:59+00:00",
		// §5.5: a claim.
		"--body ocr-remote --service moderation-claim --clock result --from 2026-11-30T16:00":                           "2026-12-31T23:59:59+00:00",
		"--body ocr-remote --service moderation-claim --clock certificate --from 2026-12-31T09:00":                      "2027-01-08T23:59:59+00:00",
		"--body ocr-remote --service moderation-claim --clock result --from 2026-12-04":                                 "2027-01-07T23:59:59+00:00",
		"--body ocr-remote --service moderation-claim --clock certificate --from 2027-01-07":                            "2027-01-14T23:59:59+00:00",
		"--body ocr-remote --service moderation-claim --clock result --from 2026-06-22":                                 "2026-07-21T23:59:59+01:00",
		"--body ocr-remote --service moderation-claim --clock result --from 2026-06-22 --division northern-ireland":     "2026-07-22T23:59:59+01:00",
		"--body cambria --service moderation-claim --clock evidence --from 2026-10-24T20:00":                            "2026-10-25T19:00:00+00:00",
		"--body cambria --service moderation-claim --clock evidence --from 2026-03-28T20:00":                            "2026-03-29T21:00:00+01:00",
		"--body cambria --service reviewed-script-copy --clock script --from 2026-10-14T10:00:00.5+01:00":               "2026-10-15T10:00:00.5+01:00",
		"--body cambria --service review-of-marking --clock outcome --from 2026-10-13T23:30Z":                           "2026-11-03T23:59:59+00:00",
		"--body cambria --service review-of-moderation --clock sample --from 2026-11-27T12:00 --division scotland":      "2026-12-03T23:59:59+00:00",
		"--body cambria --service review-of-moderation --clock sample --from 2026-11-27T12:00":                          "2026-12-02T23:59:59+00:00",
		"--body cambria --service review-of-marking --clock retention --from 2026-08-31T10:00":                          "2027-02-28T23:59:59+00:00",
		"--body ncfe-vcert --series 2025-06 --service review-of-moderation --clock window --from 2025-08-21T08:00":      "2025-09-19T23:59:59+01:00",
		"--body ncfe-vcert --series 2025-06 --service script-copy --clock window --from 2025-08-21 --priority":          "2025-08-29T23:59:59+01:00",
		"--body ncfe-vcert --series 2025-06 --service script-copy --clock window --from 2025-08-21":                     "2025-10-03T23:59:59+01:00",
		"--body aqa --series 2026-06 --service script-copy --clock window":                                              "2026-10-30T23:59:59+00:00",
		"--body aqa --series 2025-06 --service script-copy --clock window --priority":                                   "2025-08-28T23:59:59+01:00",
		"--body ocr-gq --series 2026-06 --service clerical-check --clock window":                                        "2026-09-24T23:59:59+01:00",
		"--body ocr-gq --series 2025-06 --service clerical-check --clock window":                                        "2025-09-25T23:59:59+01:00",
		"--body ocr-gq --series 2026-06 --service priority-review-of-marking --clock window --from 2026-08-13T08:00":    "2026-08-20T23:59:59+01:00",
		"--body ocr-gq --service review-of-marking --clock window --from 2022-08-25":                                    "2022-09-29T23:59:59+01:00",
		"--body aqa --service review-of-moderation --clock outcome --from 2026-09-28T09:00":                             "2026-11-02T23:59:59+00:00",
		"--body ncfe-tlevel --service review-of-moderation --clock outcome --from 2026-09-24 --division scotland":       "2026-10-29T23:59:59+00:00",
		"--body ncfe-tlevel --service expedited-review-of-moderation --clock outcome --from 2026-08-20":                 "2026-09-04T23:59:59+01:00",
		"--body ocr-2012 --service moderation-claim --clock result --from 2012-05-25T12:00":                             "2012-07-17T23:59:59+01:00",
		"--body cambria --policy cambria-2026.1 --service clerical-check --clock outcome --from 2026-09-24T10:15+05:00": "2026-10-04T23:59:59+01:00",
	} {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, due, explained(t, line).Due)
		})
	}
}

// The names and forms of the answer are a contract with other programs (issue 3, point 7).
func TestExplain_TheAnswerForPrograms(t *testing.T) {
	t.Parallel()
	out := asked(t, "explain --body ocr-gq --series 2026-06 --service review-of-marking --clock outcome --from 2026-09-24T10:15 --division england-and-wales --json")
	for _, name := range []string{`"due": "`, `"policy": "ocr-gq-2026.1"`, `"clause": "`, `"source": "`, `"confirmed": true`, `"days": [`, `"date": "2026-09-24"`, `"counts": false`, `"counts": true`, `"why": "`} {
		require.Contains(t, out, name)
	}
	a := explained(t, "--body ocr-gq --series 2026-06 --service review-of-marking --clock outcome --from 2026-09-24T10:15")
	require.Equal(t, "2026-10-15T00:00:00+01:00", a.Ends, "the breach comes at midnight after")
	require.Equal(t, "2026-09-24T10:15:00+01:00", a.From)
	require.Equal(t, []string{"ocr-gq", "2026-06", "review-of-marking", "outcome", "sla", "received", "calendar-days", "england-and-wales"},
		[]string{a.Set, a.Series, a.Service, a.Clock, a.Kind, a.Starts, a.Unit, a.Division})
	require.Equal(t, 20, a.Amount)
	require.Empty(t, a.OriginalDue)
	require.Empty(t, a.KeyDate)
	require.Len(t, a.Days, 21)
	require.Len(t, a.Targets, 1, "OCR's own goal stands beside its promise")
	require.Equal(t, "2026-10-01T23:59:59+01:00", a.Targets[0].Due)
}

// everyClock calls do with a command line for every clock of every service of every version, begun in a term and just
// before Christmas.
func everyClock(t *testing.T, do func(t *testing.T, p policy.Policy, rule policy.ClockRule, line string)) {
	t.Helper()
	b := book(t)
	for _, set := range b.Sets() {
		for _, p := range b.Versions(set) {
			for _, service := range p.Services {
				for _, rule := range service.AllClocks() {
					for _, from := range []string{"2026-09-24T10:15", "2026-12-22T23:59:59"} {
						line := fmt.Sprintf("--body %s --policy %s --service %s --clock %s --from %s", set, p.Version, service.Service, rule.ID, from)
						t.Run(line, func(t *testing.T) {
							t.Parallel()
							do(t, p, rule, line)
						})
					}
				}
			}
		}
	}
}

// Done when: explain answers for every body and service in the data, and its worksheet adds up.
func TestExplain_EveryClockOfEveryBodyAddsUpAndBothFormsAgree(t *testing.T) {
	t.Parallel()
	everyClock(t, func(t *testing.T, p policy.Policy, rule policy.ClockRule, line string) {
		t.Helper()
		a := explained(t, line)
		require.Equal(t, p.Version, a.Policy)
		require.Equal(t, rule.Clause, a.Clause)
		require.Equal(t, rule.Source, a.Source)
		require.NotNil(t, a.Confirmed)
		require.Equal(t, rule.Confirmed, *a.Confirmed)
		due, err := time.Parse(time.RFC3339, a.Due)
		require.NoError(t, err)
		require.NotContains(t, a.Due, "Z", "the offset is a number")

		counted, seconds := 0, 0.0
		for i, day := range a.Days {
			require.NotNil(t, day.Counts)
			require.NotEmpty(t, day.Why)
			if i > 0 {
				require.Equal(t, dateOf(t, a.Days[i-1].Date).AddDays(1).String(), day.Date, "no day is left out")
			}
			if *day.Counts {
				counted++
			}
			seconds += day.Seconds
		}
		require.Equal(t, calendar.DateOf(due).String(), a.Days[len(a.Days)-1].Date, "the last day is the due day")
		switch rule.Unit {
		case policy.Hours:
			require.InDelta(t, rule.Amount*3600, seconds, 0)
		case policy.Weeks:
			require.Equal(t, 7*rule.Amount, counted)
		case policy.Months:
			require.Equal(t, len(a.Days)-1, counted)
		default:
			require.Equal(t, rule.Amount, counted)
		}

		text := asked(t, "explain "+line)
		inWords := calendar.DateOf(due).Long() + due.In(calendar.London()).Format(" 15:04:05 MST")
		require.Regexp(t, `\nDue +`+regexp.QuoteMeta(inWords)+`\n`, text, "the same instant in both forms")
		for _, day := range a.Days {
			require.Contains(t, text, "\n"+day.Date+"  ")
			require.Contains(t, text, day.Why)
		}
		for _, says := range []string{rule.Words(), rule.Clause, rule.Source, p.Title, rule.Starts.Words()} {
			require.Contains(t, text, says)
		}
		require.Equal(t, !rule.Confirmed, strings.Contains(text, "Unconfirmed reading"))
	})
}

func dateOf(t *testing.T, text string) calendar.Date {
	t.Helper()
	date, err := calendar.ParseDate(text)
	require.NoError(t, err)
	return date
}
