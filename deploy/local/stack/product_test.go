package stack_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// maybeProduct makes the test binary play the product's program, which belongs to another module: it
// connects to the real database that it is told of, and notes there what was asked of it.
func maybeProduct() {
	if filepath.Base(os.Args[0]) != "recourse" {
		return
	}
	ctx, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer cancel()
	if err := playProduct(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func playProduct(ctx context.Context, args []string) error {
	conn, err := pgx.Connect(ctx, os.Getenv("RECOURSE_DATABASE_URL"))
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if args[0] == "migrate" {
		if _, err := conn.Exec(ctx, "create table if not exists calls (line text)"); err != nil {
			return err
		}
	}
	if _, err := conn.Exec(ctx, "insert into calls values ($1)", strings.Join(args, " ")); err != nil {
		return err
	}
	listen := map[string]string{"starter": "RECOURSE_LISTEN", "worker": "RECOURSE_METRICS_LISTEN", "watcher": "RECOURSE_METRICS_LISTEN"}[args[0]]
	if listen == "" {
		return nil
	}
	web := &http.Server{Addr: os.Getenv(listen), Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := conn.Ping(r.Context()); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
		}
	})}
	stop := context.AfterFunc(ctx, func() { web.Close() })
	defer stop()
	if err := web.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// product is the path of a program named recourse.
func product(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "recourse")
	require.NoError(t, os.Symlink(self, path))
	return path
}

// calls lists what was asked of the product, oldest first.
func calls(t *testing.T, database string) []string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), database)
	require.NoError(t, err)
	defer conn.Close(context.Background())
	rows, err := conn.Query(t.Context(), "select line from calls")
	require.NoError(t, err)
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	return lines
}
