package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"

	"github.com/jackc/pgx/v5"
	"github.com/pressly/goose/v3"
)

// migrationTexts is the hex SHA-256 of each migration of this release by its version.
func migrationTexts(provider *goose.Provider) (map[int64]string, error) {
	folder, err := Migrations()
	if err != nil {
		return nil, err
	}
	texts := map[int64]string{}
	for _, source := range provider.ListSources() {
		text, err := fs.ReadFile(folder, source.Path)
		if err != nil {
			return nil, fmt.Errorf("read migration %s: %w", source.Path, err)
		}
		sum := sha256.Sum256(text)
		texts[source.Version] = hex.EncodeToString(sum[:])
	}
	return texts, nil
}

// The version table is goose's; 0 is its own first row.
const appliedTextsSQL = `
SELECT g.version_id AS version, coalesce(t.sha256, '') AS sha256
FROM goose_db_version g
LEFT JOIN migration_texts t ON t.version = g.version_id
WHERE g.is_applied AND g.version_id > 0
ORDER BY g.version_id`

const migrationTablesSQL = `SELECT to_regclass('goose_db_version') IS NOT NULL, to_regclass('migration_texts') IS NOT NULL`

const anyAppliedSQL = `SELECT EXISTS (SELECT FROM goose_db_version WHERE is_applied AND version_id > 0)`

// sameTexts refuses a database whose applied migrations read otherwise than this release's, and returns those of this
// release that are not applied. A later release's migrations, which this one does not know, are welcome.
func sameTexts(ctx context.Context, q queryer, texts map[int64]string) (pending map[int64]string, err error) {
	var begun, kept bool
	if err := q.QueryRow(ctx, migrationTablesSQL).Scan(&begun, &kept); err != nil {
		return nil, fmt.Errorf("look for the schema's version: %w", unavailable(err))
	}
	pending = maps.Clone(texts)
	if !begun {
		return pending, nil
	}
	if !kept {
		var applied bool
		if err := q.QueryRow(ctx, anyAppliedSQL).Scan(&applied); err != nil {
			return nil, fmt.Errorf("read the schema's version: %w", unavailable(err))
		}
		if applied {
			return nil, errOtherBuild
		}
		return pending, nil
	}
	type appliedRow struct {
		Version int64
		SHA256  string `db:"sha256"`
	}
	applied, err := collect[appliedRow](ctx, q, appliedTextsSQL)
	if err != nil {
		return nil, fmt.Errorf("read the texts of the migrations: %w", unavailable(err))
	}
	for _, row := range applied {
		if known, ok := texts[row.Version]; ok && known != row.SHA256 {
			return nil, fmt.Errorf("migration %d: %w", row.Version, errOtherBuild)
		}
		delete(pending, row.Version)
	}
	return pending, nil
}

var errOtherBuild = errors.New("the database was made by another build, whose schema reads otherwise: " +
	"use that build, or begin with an empty database (on the local stack: make clean)")

const rememberTextSQL = `INSERT INTO migration_texts (version, sha256) VALUES ($1, $2) ON CONFLICT (version) DO UPDATE SET sha256 = excluded.sha256`

// rememberTexts keeps the texts of migrations that are about to be applied: before, so that a crash on the way leaves
// none without its text.
func rememberTexts(ctx context.Context, conn *pgx.Conn, pending map[int64]string) error {
	for version, text := range pending {
		if _, err := conn.Exec(ctx, rememberTextSQL, version, text); err != nil {
			return fmt.Errorf("remember migration %d: %w", version, unavailable(err))
		}
	}
	return nil
}
