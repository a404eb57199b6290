package connect

import (
	"context"
	"fmt"
	"log/slog"

	"go.opentelemetry.io/otel/metric"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/contrib/opentelemetry"
	"go.temporal.io/sdk/log"

	"github.com/recourse-exams/recourse/casework"
)

// Temporal makes a client that connects on first use, so that a process starts while Temporal is away. The
// meter receives the SDK's own metrics.
func Temporal(config Config, meter metric.Meter) (client.Client, error) {
	temporal, err := client.NewLazyClient(client.Options{
		HostPort:  config.TemporalAddress,
		Namespace: config.Namespace,
		Logger:    log.NewStructuredLogger(slog.Default()),
		MetricsHandler: opentelemetry.NewMetricsHandler(opentelemetry.MetricsHandlerOptions{
			Meter: meter,
			OnError: func(err error) {
				slog.Warn("a metric of the Temporal SDK was not recorded", "error", err)
			},
		}),
	})
	if err != nil {
		return nil, fmt.Errorf("make the Temporal client for %s: %w", config.TemporalAddress, err)
	}
	return temporal, nil
}

// TemporalReady checks that the namespace exists and that the search attributes are registered, without which
// a case cannot start.
func TemporalReady(temporal client.Client, namespace string) func(context.Context) error {
	return func(ctx context.Context) error {
		found, err := temporal.OperatorService().ListSearchAttributes(ctx, &operatorservice.ListSearchAttributesRequest{Namespace: namespace})
		if err != nil {
			return fmt.Errorf("ask Temporal for the search attributes of namespace %s: %w", namespace, err)
		}
		for _, name := range casework.KeywordAttributes() {
			if found.GetCustomAttributes()[name] != enums.INDEXED_VALUE_TYPE_KEYWORD {
				return fmt.Errorf("search attribute %s is not registered as a keyword in namespace %s", name, namespace)
			}
		}
		for _, name := range casework.DatetimeAttributes() {
			if found.GetCustomAttributes()[name] != enums.INDEXED_VALUE_TYPE_DATETIME {
				return fmt.Errorf("search attribute %s is not registered as a datetime in namespace %s", name, namespace)
			}
		}
		return nil
	}
}
