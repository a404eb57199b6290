package bench

import (
	"math"
	"slices"
	"time"
)

// Percentile is the smallest sample that at least p of 100 samples do not exceed (the nearest rank), 0 without
// samples. The samples need no order.
func Percentile(samples []time.Duration, p float64) time.Duration {
	if len(samples) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(samples))
	rank := int(math.Ceil(p / 100 * float64(len(sorted))))
	return sorted[min(max(rank, 1), len(sorted))-1]
}

// Median is the middle of the values, or the mean of the two in the middle; 0 without values.
func Median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}

// Pair holds the rounds of one measure on both sides, taken by turns in the same run: what slows the machine down
// for a while slows both.
type Pair struct {
	Product, Bare []float64
}

// Ratio is the product's median as a part of the bare side's; 0 if there is nothing to compare with.
func (p Pair) Ratio() float64 {
	bare := Median(p.Bare)
	if bare == 0 {
		return 0
	}
	return Median(p.Product) / bare
}

// Spread is how far the rounds of a side lie apart, as a part of their median: how far the median can be trusted.
func Spread(values []float64) float64 {
	median := Median(values)
	if median == 0 {
		return 0
	}
	return (slices.Max(values) - slices.Min(values)) / median
}

// Turns plays both sides by turns, product first in every round, and stops at the first error.
func Turns(rounds int, product, bare func() error) error {
	for range rounds {
		for _, side := range []func() error{product, bare} {
			if err := side(); err != nil {
				return err
			}
		}
	}
	return nil
}

// milliseconds are a duration as the table counts it.
func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
