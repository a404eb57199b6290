package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations are the files of the schema, named in the order in which they are applied.
func Migrations() (fs.FS, error) {
	folder, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, fmt.Errorf("open the migrations: %w", err)
	}
	return folder, nil
}

// Migrate brings the database at the URL up to this release's schema. Migrations only go forward; two runs at
// the same time wait for each other.
func Migrate(ctx context.Context, url string) error {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return fmt.Errorf("read the database URL: it is not a PostgreSQL URL")
	}
	db := stdlib.OpenDB(*config)
	provider, err := migrator(db)
	if err != nil {
		return errors.Join(err, db.Close())
	}
	if _, err := provider.Up(ctx); err != nil {
		return errors.Join(fmt.Errorf("migrate the database: %w", err), db.Close())
	}
	return db.Close()
}

// SchemaCurrent checks that every migration of this release has been applied; a newer schema is welcome,
// because a release runs on the schema of the next.
func (s *Store) SchemaCurrent(ctx context.Context) error {
	db := stdlib.OpenDBFromPool(s.pool)
	provider, err := migrator(db)
	if err != nil {
		return errors.Join(err, db.Close())
	}
	pending, err := provider.HasPending(ctx)
	if err := errors.Join(err, db.Close()); err != nil {
		return fmt.Errorf("read the schema's version: %w", err)
	}
	if pending {
		return errors.New("the database's schema is older than this release; run recourse migrate")
	}
	return nil
}

func migrator(db *sql.DB) (*goose.Provider, error) {
	folder, err := Migrations()
	if err != nil {
		return nil, err
	}
	session, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return nil, fmt.Errorf("make the migration lock: %w", err)
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, db, folder, goose.WithSessionLocker(session), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return nil, fmt.Errorf("read the migrations: %w", err)
	}
	return provider, nil
}
