package timetravel

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"go.temporal.io/sdk/client"
)

const (
	// concurrency is how many cases move at once: enough to keep two cores busy.
	concurrency = 16
	// patience is how long one case may stand still.
	patience = time.Minute
)

// Connect makes a traveller for the stack whose databases are at the two URLs. done closes its connections.
func Connect(ctx context.Context, engine client.Client, namespace, registerURL, engineURL string) (t *Traveller, done func(), err error) {
	register, err := pgx.Connect(ctx, registerURL)
	if err != nil {
		return nil, nil, fmt.Errorf("connect to the register: %w", err)
	}
	tables, err := pgx.Connect(ctx, engineURL)
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("connect to Temporal's database: %w", err), register.Close(ctx))
	}
	done = func() {
		ctx := context.WithoutCancel(ctx)
		_ = register.Close(ctx) // Nothing is lost with a connection that does not close.
		_ = tables.Close(ctx)
	}
	return &Traveller{
		Client: engine, Namespace: namespace, Register: register, Engine: tables,
		Concurrency: concurrency, Patience: patience,
	}, done, nil
}
