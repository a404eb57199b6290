package connect

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/recourse-exams/recourse/casework/docket"
)

// Handler serves the registry.
func (m Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.Registry, promhttp.HandlerOpts{Registry: m.Registry})
}

// CaseCounter counts cases for the metrics.
type CaseCounter interface {
	CaseCounts(ctx context.Context) ([]docket.CaseCount, error)
}

// scrapeWait bounds the counting, so that a slow database does not hold up the scrape of everything else.
const scrapeWait = 2 * time.Second

// caseMetrics counts when it is scraped: what the database says is exact, once each, whichever process is asked
// and however often a step was repeated.
type caseMetrics struct {
	counter CaseCounter
	cases   *prometheus.Desc
}

// CaseMetrics is a collector of how many cases stand where.
func CaseMetrics(counter CaseCounter) prometheus.Collector {
	return &caseMetrics{
		counter: counter,
		cases: prometheus.NewDesc("recourse_cases", "Cases by stage and state of their sla clocks.",
			[]string{"stage", "sla_state"}, nil),
	}
}

// Describe implements prometheus.Collector.
func (m *caseMetrics) Describe(descriptions chan<- *prometheus.Desc) { descriptions <- m.cases }

// Collect implements prometheus.Collector.
func (m *caseMetrics) Collect(metrics chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapeWait)
	defer cancel()
	counts, err := m.counter.CaseCounts(ctx)
	if err != nil {
		slog.WarnContext(ctx, "the cases cannot be counted", "error", err)
		return
	}
	for _, count := range counts {
		metrics <- prometheus.MustNewConstMetric(m.cases, prometheus.GaugeValue, float64(count.Count), string(count.Stage), string(count.SLAState))
	}
}
