package worker

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/recourse-exams/recourse/casework"
)

// delays measures how long after its instant a passed deadline was on record.
type delays struct {
	histogram prometheus.Histogram
}

// newDelays makes the histogram. Its last buckets tell minutes from hours, because a worker that was down records on its
// return what passed meanwhile.
func newDelays() delays {
	return delays{histogram: prometheus.NewHistogram(prometheus.HistogramOpts{
		Name:    "recourse_clock_detection_delay_seconds",
		Help:    "How long after its instant a warn point or breach was recorded, quiet hours left out.",
		Buckets: []float64{0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600, 86400},
	})}
}

// observe measures the step that records a passed deadline, if it concerned anybody. Every other activity is none of its
// business.
func (d delays) observe(arguments []any, answer any, now func() time.Time) {
	alerted, ok := answer.(casework.Alerted)
	if !ok || !alerted.Due || len(arguments) != 1 {
		return
	}
	in, ok := arguments[0].(casework.AlertInput)
	if !ok || in.Deadline.Act != casework.ActWarn && in.Deadline.Act != casework.ActBreach {
		return
	}
	d.histogram.Observe(max(0, now().Sub(in.Deadline.Fires()).Seconds()))
}
