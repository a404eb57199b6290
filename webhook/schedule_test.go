package webhook_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/webhook"
)

var first = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func TestNextAttempt_FromSecondsToTenHoursForThreeDays(t *testing.T) {
	t.Parallel()
	at := first
	var waited []time.Duration
	for attempt := 1; ; attempt++ {
		next, ok := webhook.NextAttempt(first, attempt, at, at)
		if !ok {
			break
		}
		waited, at = append(waited, next.Sub(at)), next
	}
	require.Equal(t, []time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute}, waited[:3])
	require.Equal(t, 10*time.Hour, waited[len(waited)-2])
	require.Equal(t, first.Add(72*time.Hour), at, "the last attempt is made when three days are over")
	require.Less(t, len(waited), 20, "nobody is rung at for ever")
}

// Whoever sends was away, or the clock was moved: a delivery is tried once more before it is given up.
func TestNextAttempt_NoneIsGivenUpWithoutAnAttemptAfterItsTime(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		began, failed time.Duration
		next          time.Duration
		ok            bool
	}{
		"the attempt before the last":                     {began: 63 * time.Hour, failed: 63*time.Hour + time.Second, next: 72 * time.Hour, ok: true},
		"begun a moment before its time was over":         {began: 72*time.Hour - time.Nanosecond, failed: 72 * time.Hour, next: 82 * time.Hour, ok: true},
		"the clock was moved in the middle":               {began: time.Minute, failed: 30 * 24 * time.Hour, next: 30*24*time.Hour + 10*time.Hour, ok: true},
		"begun when its time was over":                    {began: 72 * time.Hour, failed: 72*time.Hour + time.Second},
		"nobody could send for four days, then it failed": {began: 96 * time.Hour, failed: 96*time.Hour + time.Second},
	} {
		next, ok := webhook.NextAttempt(first, 12, first.Add(row.began), first.Add(row.failed))
		require.Equal(t, row.ok, ok, name)
		if ok {
			require.Equal(t, first.Add(row.next), next, name)
		}
	}
}

func TestNextAttempt_WaitsNeverGetShorterAndAlwaysEnd(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		attempts := rapid.IntRange(0, 1000).Draw(t, "attempts")
		began := first.Add(time.Duration(rapid.Int64Range(0, int64(100*time.Hour)).Draw(t, "began")))
		failed := began.Add(time.Duration(rapid.Int64Range(0, int64(time.Minute)).Draw(t, "for")))
		next, ok := webhook.NextAttempt(first, attempts, began, failed)
		require.Equal(t, began.Before(first.Add(72*time.Hour)), ok)
		if !ok {
			return
		}
		require.True(t, next.After(failed))
		later, _ := webhook.NextAttempt(first, attempts+1, began, failed)
		require.False(t, later.Before(next))
		if failed.Before(first.Add(72 * time.Hour)) {
			require.False(t, next.After(first.Add(72*time.Hour)), "its time has an end")
		}
	})
}
