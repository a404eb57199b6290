package deadline_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/deadline"
)

// What the benchmarks must reach (issue B): one deadline of 25 working days in 2 µs, with its worksheet in 20 µs.

func BenchmarkStart(b *testing.B) {
	closed := calendar.Closure{From: date(b, "2026-12-24"), To: date(b, "2026-12-31"), Why: "Cambria Awards is closed: Christmas."}
	r, w, at := rule(25, deadline.WorkingDays), working(b, calendar.EnglandAndWales, closed), instant(b, "2026-11-30T10:15")
	for b.Loop() {
		if _, err := deadline.Start(r, w, at); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkStartWithWorksheet(b *testing.B) {
	r, w, at := rule(25, deadline.WorkingDays), england(b), instant(b, "2026-11-30T10:15")
	for b.Loop() {
		clock, err := deadline.Start(r, w, at)
		require.NoError(b, err)
		if _, err := clock.Worksheet(w); err != nil {
			b.Fatal(err)
		}
	}
}
