package rules_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/cmd/recourse/rules"
)

// drawn draws a value that stands in the rules, or one that stands nowhere.
func drawn[T ~string](t *rapid.T, flag string, good []T, bad ...T) string {
	return string(rapid.SampledFrom(append(append([]T{}, good...), bad...)).Draw(t, flag))
}

// instant draws an instant of the years that the bank holidays cover, and a little around them.
func instant(t *rapid.T, name string) string {
	first := time.Date(2011, time.December, 1, 0, 0, 0, 0, time.UTC)
	at := first.Add(time.Duration(rapid.IntRange(0, 18*366*24*60).Draw(t, name)) * time.Minute)
	return at.In(calendar.London()).Format(rapid.SampledFrom([]string{time.DateOnly, "2006-01-02T15:04", "2006-01-02T15:04:05-07:00", time.RFC3339, "02/01/2006"}).Draw(t, name+" form"))
}

// Whatever is asked, the answer is a whole document that adds up, or a refusal in one sentence; never both, never
// anything else.
func TestExplain_AnswersOrRefuses(t *testing.T) {
	t.Parallel()
	sets := book(t).Sets()
	rapid.Check(t, func(r *rapid.T) {
		line := []string{
			"explain", "--json",
			"--body=" + drawn(r, "body", sets, "ocr", ""),
			"--series=" + drawn(r, "series", []string{"", "2026-06", "2025-06"}, "2026-13"),
			"--service=" + drawn(r, "service", casework.Services(), "remark"),
			"--clock=" + drawn(r, "clock", casework.ClockIDs(), "due"),
			"--from=" + instant(r, "from"),
			"--division=" + drawn(r, "division", append(calendar.Divisions(), ""), "wales"),
		}
		if rapid.Bool().Draw(r, "paused") {
			line = append(line, "--pause="+instant(r, "pause")+".."+instant(r, "until")+"="+drawn(r, "cause", []string{"hold", "waiting-for-sample"}, "holiday"))
		}
		out, err := run(t, line...)
		var refusal *rules.RefusalError
		if errors.As(err, &refusal) {
			require.Empty(r, out)
			require.NotContains(r, refusal.Error(), "\n")
			return
		}
		require.NoError(r, err)
		var a answer
		require.NoError(r, json.Unmarshal([]byte(out), &a))
		due, err := time.Parse(time.RFC3339, a.Due)
		require.NoError(r, err)
		from, err := time.Parse(time.RFC3339, a.From)
		require.NoError(r, err)
		require.True(r, due.After(from), "%v", line)
		require.Equal(r, calendar.DateOf(due).String(), a.Days[len(a.Days)-1].Date)
		require.Equal(r, calendar.DateOf(from).String(), a.Days[0].Date)
	})
}

// A later start never gives an earlier date.
func TestExplain_ALaterStartIsNeverDueEarlier(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		body := drawn(r, "body", []string{"cambria", "jcq", "ncfe-tlevel"})
		clock := drawn(r, "clock", []string{"review-of-marking --clock outcome", "review-of-moderation --clock outcome", "appeal --clock window"})
		first := time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, 600*24*60).Draw(r, "minutes")) * time.Minute)
		ask := func(at time.Time) time.Time {
			due, err := time.Parse(time.RFC3339, explained(t, "--body "+body+" --service "+clock+" --from "+at.Format(time.RFC3339)).Due)
			require.NoError(r, err)
			return due
		}
		later := first.Add(time.Duration(rapid.IntRange(0, 10*24*60).Draw(r, "more")) * time.Minute)
		require.False(r, ask(later).Before(ask(first)), "%s %s from %s and %s", body, clock, first, later)
	})
}
