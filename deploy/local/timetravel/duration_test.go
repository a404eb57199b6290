package timetravel_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/deploy/local/timetravel"
)

func TestDurationsMayBeginWithDays(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{
		"20d": 20 * day, "36h": 36 * time.Hour, "1d12h": 36 * time.Hour, "90m": 90 * time.Minute, "0d": 0,
	} {
		got, err := timetravel.ParseDuration(text)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
}

func TestDurationsThatSayNothingAreRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "20", "d", "-1d", "1.5d", "12h1d", "36501d", "soon",
		"-5h", "1d-2h", "2d-72h", "1d 2h", "1d2", "1d1d", "36500d1ns", "36500d2562047h", "2562047h", "99999999999999999999d", "١d",
	} {
		_, err := timetravel.ParseDuration(text)
		require.ErrorContains(t, err, fmt.Sprintf("%q", text))
	}
}

func TestDaysAndHoursAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		days, rest := rapid.IntRange(0, 36_499).Draw(t, "days"), rapid.Int64Range(0, int64(day)).Draw(t, "rest")
		got, err := timetravel.ParseDuration(fmt.Sprintf("%dd%s", days, time.Duration(rest)))
		require.NoError(t, err)
		require.Equal(t, time.Duration(days)*day+time.Duration(rest), got)
	})
}

// Whatever is typed, the clock is never told to go back or beyond a century, and a refusal quotes what was typed.
func FuzzParseDuration(f *testing.F) {
	for _, text := range []string{"20d", "36h", "1d12h", "90m", "1d-2h", "36500d2562047h47m16.854775807s", "-1d", "d", "", "1.5h", "+1d", "0d0h"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := timetravel.ParseDuration(text)
		if err != nil {
			require.Zero(t, got)
			require.ErrorContains(t, err, fmt.Sprintf("%q", text))
			return
		}
		require.GreaterOrEqual(t, got, time.Duration(0))
		require.LessOrEqual(t, got, 36_500*day)
		again, err := timetravel.ParseDuration(got.String())
		require.NoError(t, err)
		require.Equal(t, got, again, "it can be written without days")
	})
}
