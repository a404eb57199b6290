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
// the same time wait for each other. It refuses a database whose applied migrations read otherwise than this
// release's: it was made by another build, and nobody could say which columns it has.
func Migrate(ctx context.Context, url string) error {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return fmt.Errorf("read the database URL: it is not a PostgreSQL URL")
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return fmt.Errorf("connect to the database: %w", unavailable(err))
	}
	db := stdlib.OpenDB(*config)
	return errors.Join(migrate(ctx, conn, db), db.Close(), conn.Close(context.WithoutCancel(ctx)))
}

// One migration at a time; the lock goes with the connection.
const (
	lockMigrationSQL = `SELECT pg_advisory_lock(hashtextextended('recourse/migrate', 0))`
	makeTextsSQL     = `CREATE TABLE IF NOT EXISTS migration_texts (version bigint PRIMARY KEY, sha256 text NOT NULL)`
)

func migrate(ctx context.Context, conn *pgx.Conn, db *sql.DB) error {
	if _, err := conn.Exec(ctx, lockMigrationSQL); err != nil {
		return fmt.Errorf("wait for other migrations: %w", unavailable(err))
	}
	provider, err := migrator(db)
	if err != nil {
		return err
	}
	texts, err := migrationTexts(provider)
	if err != nil {
		return err
	}
	pending, err := sameTexts(ctx, conn, texts)
	if err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, makeTextsSQL); err != nil {
		return fmt.Errorf("prepare the migration: %w", unavailable(err))
	}
	if err := rememberTexts(ctx, conn, pending); err != nil {
		return err
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate the database: %w", err)
	}
	return nil
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
	texts, err := migrationTexts(provider)
	if err != nil {
		return err
	}
	_, err = sameTexts(ctx, s.pool, texts)
	return err
}

func migrator(db *sql.DB) (*goose.Provider, error) {
	folder, err := Migrations()
	if err != nil {
		return nil, err
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, db, folder, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return nil, fmt.Errorf("read the migrations: %w", err)
	}
	return provider, nil
}
