package connect

import (
	"fmt"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	exporter "go.opentelemetry.io/otel/exporters/prometheus"
	"go.opentelemetry.io/otel/metric"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
)

// Metrics is a process's registry, and the meter by which the Temporal SDK adds its own figures to it.
type Metrics struct {
	Registry *prometheus.Registry
	Meter    metric.Meter
}

// NewMetrics makes a registry with the figures of the Go runtime and the process.
func NewMetrics() (Metrics, error) {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	reader, err := exporter.New(exporter.WithRegisterer(registry), exporter.WithoutScopeInfo())
	if err != nil {
		return Metrics{}, fmt.Errorf("make the metrics exporter: %w", err)
	}
	provider := sdkmetric.NewMeterProvider(sdkmetric.WithReader(reader), sdkmetric.WithView(inSeconds()))
	return Metrics{Registry: registry, Meter: provider.Meter("recourse")}, nil
}

// Seconds are the bounds of the buckets of every histogram of durations: from what a statement takes to what an outage does.
func Seconds() []float64 {
	return []float64{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60}
}

// inSeconds gives the SDK's histograms, which are all of durations, buckets that tell milliseconds apart.
func inSeconds() sdkmetric.View {
	return sdkmetric.NewView(sdkmetric.Instrument{Kind: sdkmetric.InstrumentKindHistogram},
		sdkmetric.Stream{Aggregation: sdkmetric.AggregationExplicitBucketHistogram{Boundaries: Seconds()}})
}
