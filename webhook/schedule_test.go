package webhook_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/webhook"
)

func TestNextAttempt_FromSecondsToTenHoursForThreeDays(t *testing.T) {
	t.Parallel()
	first := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	at := first
	var waited []time.Duration
	for attempt := 1; ; attempt++ {
		next, ok := webhook.NextAttempt(first, attempt, at)
		if !ok {
			break
		}
		waited, at = append(waited, next.Sub(at)), next
	}
	require.Equal(t, []time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute}, waited[:3])
	require.Equal(t, 10*time.Hour, waited[len(waited)-1])
	require.True(t, at.Before(first.AddDate(0, 0, 3)), "no attempt after the third day")
	require.True(t, at.After(first.AddDate(0, 0, 2)), "a receiver that comes back after two days still gets it")
	require.Less(t, len(waited), 20, "nobody is rung at for ever")
}

func TestNextAttempt_WaitsNeverGetShorterAndAlwaysEnd(t *testing.T) {
	t.Parallel()
	first := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		attempts := rapid.IntRange(0, 1000).Draw(t, "attempts")
		failed := first.Add(time.Duration(rapid.Int64Range(0, int64(100*time.Hour)).Draw(t, "after")))
		next, ok := webhook.NextAttempt(first, attempts, failed)
		later, _ := webhook.NextAttempt(first, attempts+1, failed)
		require.True(t, next.After(failed))
		require.False(t, later.Before(next))
		require.Equal(t, next.Before(first.Add(72*time.Hour)), ok)
	})
}
