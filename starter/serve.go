package starter

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// drainWait is how long running requests may finish when the process is told to stop.
const drainWait = 15 * time.Second

// door is something that is served at an address.
type door struct {
	// name is what comes in there, such as "requests".
	name    string
	address string
	handler http.Handler
}

// serve listens at every door until ctx ends, then lets running requests finish. If one door fails all are closed.
func serve(ctx context.Context, doors ...door) error {
	failed := make(chan error, len(doors))
	var servers []*http.Server
	var err error
	for _, d := range doors {
		var server *http.Server
		if server, err = d.open(ctx, failed); err != nil {
			break
		}
		servers = append(servers, server)
	}
	if err == nil {
		select {
		case err = <-failed:
		case <-ctx.Done():
		}
	}
	draining, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainWait)
	defer cancel()
	for _, server := range servers {
		if away := server.Shutdown(draining); away != nil {
			err = errors.Join(err, fmt.Errorf("stop serving: %w", away), server.Close())
		}
	}
	return err
}

// open listens and serves in the background; a later failure goes to failed.
func (d door) open(ctx context.Context, failed chan<- error) (*http.Server, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", d.address)
	if err != nil {
		return nil, fmt.Errorf("listen at %s for %s: %w", d.address, d.name, err)
	}
	server := &http.Server{
		Handler: d.handler, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 20 * time.Second,
		WriteTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(slog.Default().Handler(), slog.LevelWarn),
	}
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			failed <- fmt.Errorf("serve %s at %s: %w", d.name, d.address, err)
		}
	}()
	slog.InfoContext(ctx, "the starter listens", "for", d.name, "address", listener.Addr().String())
	return server, nil
}
