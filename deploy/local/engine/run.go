package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"time"

	uiserver "github.com/temporalio/ui-server/v2/server"
	uioptions "github.com/temporalio/ui-server/v2/server/server_options"
	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/server/common/authorization"
	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/dynamicconfig"
	"go.temporal.io/server/common/log"
	"go.temporal.io/server/temporal"
)

// stopping is how long the server may take to stop.
const stopping = 10 * time.Second

// Run serves until ctx ends. It calls ready once the namespace and its search attributes can be used
// and the Web UI listens. Logs go to standard error, warnings and worse only.
func Run(ctx context.Context, c Config, ready func() error) error {
	logger := log.NewZapLogger(log.BuildZapLogger(log.Config{Level: "warn", Format: "console"}))
	if err := prepareSchemas(c, logger); err != nil {
		return err
	}
	dynamic := settings()
	// New namespaces and attributes are seen at the server's next refresh, by default two seconds
	// later; a first start should not wait for that.
	slowly := dynamic.OverrideSetting(dynamicconfig.NamespaceCacheRefreshInterval, look)

	server, err := temporal.NewServer(
		temporal.WithConfig(c.server()),
		temporal.ForServices(temporal.DefaultServices),
		temporal.WithStaticHosts(c.hosts()),
		temporal.WithLogger(logger),
		temporal.WithAuthorizer(authorization.NewNoopAuthorizer()),
		temporal.WithClaimMapper(func(*config.Config) authorization.ClaimMapper {
			return authorization.NewNoopClaimMapper()
		}),
		temporal.WithDynamicConfigClient(dynamic),
	)
	if err != nil {
		return fmt.Errorf("build the Temporal server: %w", err)
	}
	if err := server.Start(); err != nil {
		return fmt.Errorf("start the Temporal server: %w", err)
	}
	defer stop(server, logger)

	ui := uiserver.NewServer(uioptions.WithConfigProvider(c.ui()))
	uiEnded := make(chan error, 1)
	go func() { uiEnded <- ui.Start() }()
	defer ui.Stop()

	if err := prepare(ctx, c); err != nil {
		return err
	}
	slowly()
	if err := c.awaitUI(ctx, uiEnded); err != nil {
		return err
	}
	if err := ready(); err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		return nil
	case err := <-uiEnded:
		return fmt.Errorf("the Temporal Web UI ended: %w", err)
	}
}

func prepare(ctx context.Context, c Config) error {
	connection, err := client.DialContext(ctx, client.Options{
		HostPort: c.Address(), Namespace: c.Namespace, Logger: sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)),
	})
	if err != nil {
		return fmt.Errorf("connect to the Temporal server: %w", err)
	}
	defer connection.Close()
	return prepareNamespace(ctx, connection, c.Namespace)
}

// awaitUI waits until the Web UI listens.
func (c Config) awaitUI(ctx context.Context, ended <-chan error) error {
	dialer := net.Dialer{Timeout: time.Second}
	for {
		conn, err := dialer.DialContext(ctx, "tcp", address(c.UIPort))
		if err == nil {
			return conn.Close()
		}
		select {
		case err := <-ended:
			return fmt.Errorf("start the Temporal Web UI: %w", err)
		case <-ctx.Done():
			return fmt.Errorf("wait for the Temporal Web UI: %w", ctx.Err())
		case <-time.After(look):
		}
	}
}

// stop gives the server a bounded time: a request held open by a client must not keep the stack up.
func stop(server temporal.Server, logger log.Logger) {
	stopped := make(chan error, 1)
	go func() { stopped <- server.Stop() }()
	select {
	case err := <-stopped:
		if err != nil {
			logger.Warn(errors.Join(errors.New("the Temporal server did not stop cleanly"), err).Error())
		}
	case <-time.After(stopping):
		logger.Warn("the Temporal server is still stopping; leaving it")
	}
}
