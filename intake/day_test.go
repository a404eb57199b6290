package intake_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/intake"
)

func TestParseDay_ReadsTheNotation(t *testing.T) {
	t.Parallel()
	// 21 November 2026 is a Saturday, 19 November a Thursday.
	saturday, thursday := calendar.Date{Year: 2026, Month: 11, Day: 21}, calendar.Date{Year: 2026, Month: 11, Day: 19}
	tests := []struct {
		text string
		day  calendar.Date
		want string
	}{
		{"2026-08-20", saturday, "2026-08-20"},
		{"day", saturday, "2026-11-21"},
		{"day-9", saturday, "2026-11-12"},
		{"day+40", saturday, "2026-12-31"},
		{"day+0", saturday, "2026-11-21"},
		{"thursday-1", saturday, "2026-11-19"},
		{"thursday-2", saturday, "2026-11-12"},
		{"thursday-2 -1d", saturday, "2026-11-11"},
		{"thursday+1", saturday, "2026-11-26"},
		{"thursday-1", thursday, "2026-11-12"}, // The day itself is not before itself.
		{"thursday+1", thursday, "2026-11-26"},
		{"sunday-1 +35d", saturday, "2026-12-20"},
		{"day-1 +1d", saturday, "2026-11-21"},
	}
	for _, test := range tests {
		t.Run(test.text+" on "+test.day.String(), func(t *testing.T) {
			t.Parallel()
			got, err := intake.ParseDay(test.text, test.day)
			require.NoError(t, err)
			require.Equal(t, test.want, got.String())
		})
	}
}

func TestParseDay_RefusesWhatIsAmbiguousOrNoDate(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "today", "thursday", "thursday-0", "thursday 2", "Thursday-1", "day-", "day--1", "day -1", "thursday-2 -1",
		"thursday-2 - 1d", "day+99999", "2026-02-29", "20/08/2026", "2026-8-20", " day", "day-1\n",
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			_, err := intake.ParseDay(text, calendar.Date{Year: 2026, Month: 11, Day: 21})
			require.Error(t, err)
		})
	}
}

// TestParseDay_NthWeekdays: the n-th Thursday before a day is a Thursday, 7(n-1)+1 to 7n days before it, and those
// after it mirror them.
func TestParseDay_NthWeekdays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		day := calendar.Date{Year: 2026, Month: 1, Day: 1}.AddDays(rapid.IntRange(0, 800).Draw(t, "day"))
		n := rapid.IntRange(1, 60).Draw(t, "n")
		for sign, direction := range map[string]int{"-": -1, "+": 1} {
			got, err := intake.ParseDay(fmt.Sprintf("thursday%s%d", sign, n), day)
			require.NoError(t, err)
			require.Equal(t, time.Thursday, got.Weekday())
			near, far := day.AddDays(direction*(7*(n-1)+1)), day.AddDays(direction*7*n)
			if direction < 0 {
				near, far = far, near
			}
			require.False(t, got.Before(near), "%s is before %s", got, near)
			require.False(t, far.Before(got), "%s is after %s", got, far)
		}
	})
}

func FuzzParseDay(f *testing.F) {
	for _, seed := range []string{"2026-08-20", "day-9", "thursday-2 -1d", "sunday+9999 +9999d", "day\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := intake.ParseDay(text, calendar.Date{Year: 2026, Month: 11, Day: 21})
		if err != nil {
			return
		}
		again, err := calendar.ParseDate(got.String())
		require.NoError(t, err, "an accepted date can be written and read")
		require.Equal(t, got, again)
	})
}
