package calendar_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework/calendar"
)

func TestParseInstant_WithoutAnOffsetIsLondons(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ text, want string }{
		{"2026-09-24", "2026-09-23T23:00:00Z"},
		{"2026-12-24", "2026-12-24T00:00:00Z"},
		{"2026-10-25", "2026-10-24T23:00:00Z"},
		{"2026-09-24T10:15", "2026-09-24T09:15:00Z"},
		{"2026-09-24T10:15:30", "2026-09-24T09:15:30Z"},
		{"2026-09-24T10:15:30.25", "2026-09-24T09:15:30.25Z"},
		{"2026-12-24T10:15", "2026-12-24T10:15:00Z"},
		{"2026-09-24T10:15Z", "2026-09-24T10:15:00Z"},
		{"2026-09-24T10:15:30Z", "2026-09-24T10:15:30Z"},
		{"2026-09-24T10:15:30+01:00", "2026-09-24T09:15:30Z"},
		{"2026-09-24T10:15-05:30", "2026-09-24T15:45:00Z"},
		{"2026-09-24T00:00+14:00", "2026-09-23T10:00:00Z"},
		{"2026-03-29T00:59:59", "2026-03-29T00:59:59Z"},
		{"2026-03-29T02:00", "2026-03-29T01:00:00Z"},
		{"2026-10-25T00:59:59", "2026-10-24T23:59:59Z"},
		{"2026-10-25T02:00", "2026-10-25T02:00:00Z"},
		{"1943-07-01T12:00", "1943-07-01T10:00:00Z"}, // double summer time
	} {
		at, err := calendar.ParseInstant(row.text)
		require.NoError(t, err, "%s", row.text)
		require.Equal(t, instant(t, row.want), at, "%s", row.text)
		require.Equal(t, time.UTC, at.Location())
	}
}

// Domain §8.1: local times that do not exist or exist twice are refused with a sentence unless given with an offset.
func TestParseInstant_OfAClockChangeNeedsAnOffset(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ text, want string }{
		{"2026-03-29T01:00", "London's clocks skip 2026-03-29T01:00; give the time with its offset, such as 2026-03-29T01:00+01:00"},
		{"2026-03-29T01:59:59", "London's clocks skip 2026-03-29T01:59:59"},
		{"2026-10-25T01:00", "London's clocks show 2026-10-25T01:00 twice; give 2026-10-25T01:00+01:00 for the first time or 2026-10-25T01:00Z for the second"},
		{"2026-10-25T01:59:59", "London's clocks show 2026-10-25T01:59:59 twice"},
	} {
		_, err := calendar.ParseInstant(row.text)
		require.ErrorContains(t, err, row.want)
		first, err := calendar.ParseInstant(row.text + "+01:00")
		require.NoError(t, err)
		second, err := calendar.ParseInstant(row.text + "Z")
		require.NoError(t, err)
		require.Equal(t, time.Hour, second.Sub(first))
	}
}

func TestParseInstant_RefusesAnythingElseWithASentence(t *testing.T) {
	t.Parallel()
	const form, clock, offset = "an instant is written like 2026-09-24", "has no time of day such as", "ends with no offset such as"
	for _, row := range []struct{ text, want string }{
		{"", form},
		{"yesterday", form},
		{"24/09/2026", form},
		{"2026-02-30", form},
		{"2026-09-24 10:15", form},
		{"2026-09-24t10:15", form},
		{" 2026-09-24", form},
		{"2026-09-24T", clock},
		{"2026-09-24TZ", clock},
		{"2026-09-24T24:00", clock},
		{"2026-09-24T10:60", clock},
		{"2026-09-24T10:15:60", clock},
		{"2026-09-24T9:15", clock},
		{"2026-09-24T9:15:00", clock},
		{"2026-09-24T10:15:00,5", clock},
		{"2026-09-24T10:15:", clock},
		{"2026-09-24T1015", clock},
		{"2026-09-24T10:15z", clock},
		{"2026-09-24T10:15+1", offset},
		{"2026-09-24T10:15+0100", offset},
		{"2026-09-24T10:15+25:00", offset},
		{"2026-09-24T10:15+14:01", offset},
		{"2026-09-24T10:15-23:00", offset},
		{"2026-09-24T10:15Z+01:00", offset},
		{"0226-09-24T10:15", "is of the year 226; give one from 1900 to 2199"},
		{"2200-01-01", "is of the year 2200"},
	} {
		at, err := calendar.ParseInstant(row.text)
		require.ErrorContains(t, err, row.want, "%q", row.text)
		require.True(t, at.IsZero())
	}
}

func TestParseInstant_ReadsBackWhatPeopleAreTold(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(0, 4_102_444_800).Draw(t, "second"), 0).UTC()
		local := at.In(calendar.London())
		back, err := calendar.ParseInstant(local.Format(time.RFC3339))
		require.NoError(t, err)
		require.Equal(t, at, back)
		back, err = calendar.ParseInstant(local.Format("2006-01-02T15:04:05"))
		if err != nil {
			require.Equal(t, 1, local.Hour(), "only the hour of a clock change is refused")
			return
		}
		require.Equal(t, at, back)
	})
}

func FuzzParseInstant(f *testing.F) {
	for _, seed := range []string{"2026-09-24", "2026-09-24T10:15", "2026-10-25T01:30", "2026-03-29T01:30", "2026-09-24T10:15:00.5+01:00", "2026-09-24T10:15-14:00", "T", "2026-09-24T+Z"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at, err := calendar.ParseInstant(text)
		if err != nil {
			require.True(t, at.IsZero())
			return
		}
		require.Equal(t, time.UTC, at.Location())
		require.True(t, at.Year() >= 1899 && at.Year() <= 2200)
		written, err := calendar.ParseDate(text[:10])
		require.NoError(t, err, "it begins with a date")
		days := calendar.DateOf(at).DaysSince(written)
		require.True(t, days >= -1 && days <= 1, "%s lies %d days from the date that was written", at, days)
		if written.Year > 1900 && written.Year < 2199 {
			back, err := calendar.ParseInstant(at.Format(time.RFC3339Nano))
			require.NoError(t, err)
			require.Equal(t, at, back)
		}
	})
}
