package mailbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Run serves on 127.0.0.1 until ctx ends. It calls ready once it listens.
func Run(ctx context.Context, c Config, ready func() error) error {
	box, err := Open(c.Dir)
	if err != nil {
		return err
	}
	var listening net.ListenConfig
	listener, err := listening.Listen(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(c.Port)))
	if err != nil {
		return fmt.Errorf("listen for mail: %w", err)
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	clock := Clock{Wall: time.Now}
	if c.DatabaseURL != "" {
		register, err := pgxpool.New(ctx, c.DatabaseURL) // It connects when it is asked: the mailbox starts beside the database.
		if err != nil {
			return fmt.Errorf("read the address of the register: %w", err)
		}
		defer register.Close()
		clock.Ahead = RegisterClock(register)
	}
	web := &http.Server{
		Handler:           NewHandler(c, box, clock, log),
		ReadHeaderTimeout: 10 * time.Second,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	// A caller that hangs on a fault must not hold up the end.
	stop := context.AfterFunc(ctx, func() { web.Close() })
	defer stop()
	if err := ready(); err != nil {
		return err
	}
	if err := web.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve mail: %w", err)
	}
	return nil
}
