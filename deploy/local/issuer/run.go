package issuer

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"
)

// Config is what the child is told.
type Config struct {
	URL      string `json:"url"`
	Port     int    `json:"port"` // on 127.0.0.1
	Audience string `json:"audience"`
	KeyFile  string `json:"keyFile"` // made at the first start
}

// Run serves until ctx ends. It calls ready once it listens.
func Run(ctx context.Context, c Config, ready func() error) error {
	key, err := LoadKey(c.KeyFile)
	if err != nil {
		return err
	}
	issuer, err := New(c.URL, c.Audience, key, time.Now)
	if err != nil {
		return err
	}
	var listening net.ListenConfig
	listener, err := listening.Listen(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(c.Port)))
	if err != nil {
		return fmt.Errorf("listen for the issuer: %w", err)
	}
	web := &http.Server{Handler: issuer.Handler(), ReadHeaderTimeout: 10 * time.Second}
	stop := context.AfterFunc(ctx, func() { web.Close() })
	defer stop()
	if err := ready(); err != nil {
		return err
	}
	if err := web.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve the issuer: %w", err)
	}
	return nil
}
