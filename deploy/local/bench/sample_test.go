package bench_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/deploy/local/bench"
)

func TestPercentile_IsTheNearestRank(t *testing.T) {
	t.Parallel()
	hundred := make([]time.Duration, 100)
	for i := range hundred {
		hundred[i] = time.Duration(100 - i)
	}
	for _, row := range []struct {
		samples []time.Duration
		p       float64
		want    time.Duration
	}{
		{nil, 50, 0},
		{[]time.Duration{7}, 50, 7},
		{[]time.Duration{7}, 99, 7},
		{hundred, 50, 50},
		{hundred, 99, 99},
		{hundred, 99.5, 100},
		{hundred, 100, 100},
		{hundred, 0, 1},
		{[]time.Duration{30, 10, 20}, 50, 20},
		{[]time.Duration{30, 10, 20}, 34, 20},
		{[]time.Duration{30, 10, 20}, 33, 10},
	} {
		require.Equal(t, row.want, bench.Percentile(row.samples, row.p), "p%g of %v", row.p, row.samples)
	}
}

func TestPercentile_IsASampleAndCoversItsPart(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		samples := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) time.Duration {
			return time.Duration(rapid.IntRange(0, 1000).Draw(t, "sample"))
		}), 1, 200).Draw(t, "samples")
		p := rapid.Float64Range(0, 100).Draw(t, "p")
		before := slices.Clone(samples)
		got := bench.Percentile(samples, p)
		require.Contains(t, samples, got)
		require.Equal(t, before, samples, "the samples keep their order")
		covered := 0
		for _, sample := range samples {
			if sample <= got {
				covered++
			}
		}
		require.GreaterOrEqual(t, float64(covered)+1e-6, p/100*float64(len(samples)))
	})
}

func TestMedian_IsTheMiddle(t *testing.T) {
	t.Parallel()
	require.Zero(t, bench.Median(nil))
	require.InDelta(t, 3.0, bench.Median([]float64{3}), 0)
	require.InDelta(t, 2.0, bench.Median([]float64{3, 1}), 0)
	require.InDelta(t, 3.0, bench.Median([]float64{9, 3, 1}), 0)
}

func TestPair_ComparesMedians(t *testing.T) {
	t.Parallel()
	require.InDelta(t, 0.5, bench.Pair{Product: []float64{10, 30}, Bare: []float64{50, 30}}.Ratio(), 1e-9)
	require.Zero(t, bench.Pair{Product: []float64{10}}.Ratio(), "nothing to compare with")
}

func TestSpread_SaysHowFarTheRoundsLieApart(t *testing.T) {
	t.Parallel()
	require.Zero(t, bench.Spread(nil))
	require.Zero(t, bench.Spread([]float64{5, 5}))
	require.InDelta(t, 1.0, bench.Spread([]float64{5, 15}), 1e-9)
}

func TestTurns_ArePlayedABAB(t *testing.T) {
	t.Parallel()
	var played strings.Builder
	side := func(name string) func() error {
		return func() error { played.WriteString(name); return nil }
	}
	require.NoError(t, bench.Turns(2, side("A"), side("B")))
	require.Equal(t, "ABAB", played.String())

	played.Reset()
	broken := errors.New("broken")
	require.ErrorIs(t, bench.Turns(2, side("A"), func() error { return broken }), broken)
	require.Equal(t, "A", played.String(), "nothing is measured after a failure")
}

func TestPrint_ShowsEachBudgetBesideItsFigure(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	require.NoError(t, bench.Print(&out, []bench.Row{
		{Name: "kept", Unit: "ms", Pair: bench.Pair{Product: []float64{20, 40}, Bare: []float64{10}}, Most: 30},
		{Name: "missed", Unit: "ms", Pair: bench.Pair{Product: []float64{31}, Bare: []float64{31}}, Most: 30},
		{Name: "kept ratio", Unit: "cases/s", Pair: bench.Pair{Product: []float64{9}, Bare: []float64{10}}, LeastRatio: 0.85},
		{Name: "missed ratio", Unit: "cases/s", Pair: bench.Pair{Product: []float64{8}, Bare: []float64{10}}, LeastRatio: 0.85},
		{Name: "no budget", Unit: "s", Pair: bench.Pair{Product: []float64{8}, Bare: []float64{10}}},
	}, "two cores."))
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	for n, want := range [][]string{
		{"kept", "30.0 ms", "10.0 ms", "3.00", "≤ 30 ms", "kept"},
		{"missed", "31.0 ms", "1.00", "≤ 30 ms", "MISSED"},
		{"kept ratio", "9.0 cases/s", "0.90", "ratio ≥ 0.85", "kept"},
		{"missed ratio", "0.80", "MISSED"},
		{"no budget", "8.0 s", "0.80", "-"},
	} {
		for _, part := range want {
			require.Contains(t, lines[n+1], part)
		}
	}
	require.Contains(t, out.String(), "Measured on two cores.")
}
