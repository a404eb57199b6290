package postgres_test

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// queryOne asks one question over a connection of its own.
func queryOne(ctx context.Context, url, question string) (int, error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return 0, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var answer int
	err = conn.QueryRow(ctx, question).Scan(&answer)
	return answer, err
}
