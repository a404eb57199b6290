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
	for _, text := range []string{"", "20", "d", "-1d", "1.5d", "12h1d", "36501d", "soon"} {
		_, err := timetravel.ParseDuration(text)
		require.ErrorContains(t, err, fmt.Sprintf("%q", text))
	}
}

func TestDaysAndHoursAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		days, rest := rapid.IntRange(0, 36_500).Draw(t, "days"), rapid.Int64Range(0, int64(day)).Draw(t, "rest")
		got, err := timetravel.ParseDuration(fmt.Sprintf("%dd%s", days, time.Duration(rest)))
		require.NoError(t, err)
		require.Equal(t, time.Duration(days)*day+time.Duration(rest), got)
	})
}
