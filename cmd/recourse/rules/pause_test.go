package rules_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

const moderation = "--body cambria --service review-of-moderation --clock outcome --from 2026-09-24 "

// An officer may ask what becomes of a date if the sample takes a week (domain §8.1, "pause, day clocks").
func TestPause_MovesAClockThatItStops(t *testing.T) {
	t.Parallel()
	plain := explained(t, moderation)
	require.Equal(t, "2026-10-29T23:59:59+00:00", plain.Due)
	for pauses, due := range map[string]string{
		// From 09:00 on 1 October to midnight after the 7th: five working days end while the clock stands still.
		"--pause 2026-10-01T09:00..2026-10-08=waiting-for-sample": "2026-11-05T23:59:59+00:00",
		// Gone before the day ends: the day counts.
		"--pause 2026-10-01T09:00..2026-10-01T17:00=waiting-for-sample": "2026-10-29T23:59:59+00:00",
		// A weekend has no working day to lose.
		"--pause 2026-10-03..2026-10-05=waiting-for-sample": "2026-10-29T23:59:59+00:00",
		// Two weeks, in either order, and touching.
		"--pause 2026-10-01..2026-10-08=waiting-for-sample --pause 2026-10-12..2026-10-14=waiting-for-sample": "2026-11-09T23:59:59+00:00",
		"--pause 2026-10-12..2026-10-14=waiting-for-sample --pause 2026-10-01..2026-10-08=waiting-for-sample": "2026-11-09T23:59:59+00:00",
		"--pause 2026-10-08..2026-10-14=waiting-for-sample --pause 2026-10-01..2026-10-08=waiting-for-sample": "2026-11-11T23:59:59+00:00",
	} {
		t.Run(pauses, func(t *testing.T) {
			t.Parallel()
			a := explained(t, moderation+pauses)
			require.Equal(t, due, a.Due)
			counted := 0
			for _, day := range a.Days {
				if *day.Counts {
					counted++
				}
			}
			require.Equal(t, 25, counted, "a pause takes nothing from the amount")
			if due == plain.Due {
				require.Empty(t, a.OriginalDue)
				require.Equal(t, *plain.Confirmed, *a.Confirmed)
				return
			}
			require.Equal(t, plain.Due, a.OriginalDue)
			require.False(t, *a.Confirmed, "that the clock stands still is a reading of the demonstration (domain §5.5)")
			text := asked(t, "explain "+moderation+pauses)
			require.Regexp(t, `\nWithout the pauses +Thursday 29 October 2026 23:59:59 GMT\n`, text)
			require.Regexp(t, `\nUnconfirmed reading +that the clock stands still: `, text)
		})
	}
}

// A cause that the rule does not name leaves the clock running, and the answer says so.
func TestPause_OfAnotherCauseIsSaidAndMovesNothing(t *testing.T) {
	t.Parallel()
	const line = "--body ocr-gq --service review-of-marking --clock outcome --from 2026-09-24 --pause 2026-10-01..2026-10-08=waiting-for-sample"
	a := explained(t, line)
	require.Equal(t, "2026-10-14T23:59:59+01:00", a.Due)
	require.True(t, *a.Confirmed)
	require.Equal(t, []string{"This clock runs on for the cause waiting-for-sample: its rule does not name it."}, a.Notes)
	require.Contains(t, asked(t, "explain "+line), "This clock runs on for the cause waiting-for-sample")
}

// No cause stops the hours in which a centre sends its work (domain §6, row 5).
func TestPause_OfHoursThatNothingStops(t *testing.T) {
	t.Parallel()
	a := explained(t, "--body cambria --service moderation-claim --clock evidence --from 2026-10-24T20:00 --pause 2026-10-24T21:00..2026-10-24T22:30=hold")
	require.Equal(t, "2026-10-25T19:00:00+00:00", a.Due)
	require.Len(t, a.Notes, 1)
}
