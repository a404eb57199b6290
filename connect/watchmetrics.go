package connect

import (
	"context"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// FigureCounter counts, at an instant, what the watcher's metrics show.
type FigureCounter interface {
	Figures(ctx context.Context, at time.Time) ([]docket.Figure, error)
}

// figure is how one name of a docket.Figure is shown.
type figure struct {
	name string
	kind prometheus.ValueType
	desc *prometheus.Desc
	// labels are the values that are always shown, with zero if nothing was counted, so that an alert sees the step from
	// zero to one; nil for a figure without a label.
	labels []string
	// label reports whether the figure has a label, ago whether it is counted as seconds before now and shown as Unix time:
	// a clock that was moved is no concern of whoever scrapes.
	label, ago bool
}

// watchMetrics counts when it is scraped, as caseMetrics does.
type watchMetrics struct {
	counter FigureCounter
	now     func() time.Time
	figures []figure
}

// WatchMetrics is a collector of the figures that alerts stand on: clocks, findings, the pool, tasks, holds, webhooks,
// mails, questions and the watcher's own rounds, each of which is named here.
func WatchMetrics(counter FigureCounter, now func() time.Time, rounds []string) prometheus.Collector {
	m := &watchMetrics{counter: counter, now: now}
	m.add("breaches", "recourse_clock_breaches_total", "Breaches of sla clocks since the beginning.", prometheus.CounterValue, "clock", texts(casework.ClockIDs())...)
	m.add("due", "recourse_clocks_due", "Running sla clocks that end within a time.", prometheus.GaugeValue, "within", "24h", "72h")
	m.add("unrecorded", "recourse_clocks_unrecorded", "Clocks that ended and were not recorded.", prometheus.GaugeValue, "")
	m.add("findings", "recourse_findings", "What the watcher has found and not seen mended.", prometheus.GaugeValue, "kind", texts(docket.FindingKinds())...)
	m.add("pool", "recourse_pool_tasks", "Tasks that nobody holds.", prometheus.GaugeValue, "")
	m.add("pool-oldest", "recourse_pool_oldest_seconds", "Age of the oldest task that nobody holds.", prometheus.GaugeValue, "")
	m.add("overdue", "recourse_tasks_overdue", "Held tasks of which a deadline has passed.", prometheus.GaugeValue, "deadline", string(casework.ClockStartBy), string(casework.ClockCompleteBy))
	m.add("holds", "recourse_holds", "Holds that last, by cause.", prometheus.GaugeValue, "cause", texts(casework.HoldCauses())...)
	m.add("webhooks-pending", "recourse_webhooks_pending", "Webhook deliveries that are still tried.", prometheus.GaugeValue, "")
	m.add("webhooks-dead", "recourse_webhooks_dead", "Webhook deliveries that were given up.", prometheus.GaugeValue, "")
	m.add("mails-doubtful", "recourse_mails_doubtful", "Mails whose fate a person should look at.", prometheus.GaugeValue, "")
	m.add("questions", "recourse_questions_open", "Questions of performers that nobody has answered.", prometheus.GaugeValue, "")
	m.add("rounds", "recourse_watch_last_run_seconds", "When a round of a watcher last ended well, as Unix time.", prometheus.GaugeValue, "round", rounds...)
	m.figures[len(m.figures)-1].ago = true
	return m
}

func (m *watchMetrics) add(name, metric, help string, kind prometheus.ValueType, label string, values ...string) {
	f := figure{name: name, kind: kind, label: label != "", labels: values}
	var labels []string
	if f.label {
		labels = []string{label}
	}
	f.desc = prometheus.NewDesc(metric, help, labels, nil)
	m.figures = append(m.figures, f)
}

func texts[T ~string](values []T) []string {
	all := make([]string, len(values))
	for i, value := range values {
		all[i] = string(value)
	}
	return all
}

// Describe implements prometheus.Collector.
func (m *watchMetrics) Describe(descriptions chan<- *prometheus.Desc) {
	for _, f := range m.figures {
		descriptions <- f.desc
	}
}

// Collect implements prometheus.Collector. What cannot be counted is not shown, rather than shown as zero.
func (m *watchMetrics) Collect(metrics chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapeWait)
	defer cancel()
	counted, err := m.counter.Figures(ctx, m.now())
	if err != nil {
		slog.WarnContext(ctx, "the figures of the watch cannot be counted", "error", err)
		return
	}
	for _, f := range m.figures {
		f.show(counted, metrics)
	}
}

func (f figure) show(counted []docket.Figure, metrics chan<- prometheus.Metric) {
	values := map[string]float64{}
	for _, c := range counted {
		if c.Name == f.name {
			values[c.Label] = f.value(c)
		}
	}
	if !f.label {
		metrics <- prometheus.MustNewConstMetric(f.desc, f.kind, values[""])
		return
	}
	for _, label := range f.labels {
		metrics <- prometheus.MustNewConstMetric(f.desc, f.kind, values[label], label)
	}
}

func (f figure) value(c docket.Figure) float64 {
	if f.ago {
		return float64(time.Now().UnixMilli())/1000 - c.Value
	}
	return c.Value
}
