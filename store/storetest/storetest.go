// Package storetest gives each test a register of its own on a real PostgreSQL: a copy of a migrated template,
// made in some hundredths of a second and dropped with the test.
//
// The server is the one that RECOURSE_TEST_POSTGRES names by URL, or a private one that is started once per test
// process from the installed programs.
package storetest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/recourse-exams/recourse/store"
	"github.com/recourse-exams/recourse/store/pgserver"
)

// Open returns an empty store with this release's schema.
func Open(t testing.TB) *store.Store {
	t.Helper()
	kit, err := prepared()
	if err != nil {
		t.Fatalf("prepare the test database: %v", err)
	}
	return kit.open(t, kit.migrated)
}

// Seeded returns a store that holds the seed.
func Seeded(t testing.TB) *store.Store {
	t.Helper()
	kit, err := prepared()
	if err != nil {
		t.Fatalf("prepare the test database: %v", err)
	}
	return kit.open(t, kit.seeded)
}

// Database makes a database without any schema and returns its URL.
func Database(t testing.TB) string {
	t.Helper()
	kit, err := prepared()
	if err != nil {
		t.Fatalf("prepare the test server: %v", err)
	}
	return kit.database(t, "")
}

// kit is the server of this test process and the names of its templates.
type kit struct {
	server           *url.URL
	migrated, seeded string
}

// prepared is made by the first test that asks and shared by all of the process: a server per test would take
// seconds. It holds nothing that a test can change.
var prepared = sync.OnceValues(prepare)

func prepare() (kit, error) {
	ctx := context.Background()
	address := os.Getenv("RECOURSE_TEST_POSTGRES")
	if address == "" {
		server, err := pgserver.Start(ctx)
		if err != nil {
			return kit{}, err
		}
		address = server.URL("postgres") // The server ends with this process.
	}
	parsed, err := url.Parse(address)
	if err != nil {
		return kit{}, fmt.Errorf("RECOURSE_TEST_POSTGRES is not a URL")
	}
	k := kit{server: parsed}
	content, err := fingerprint()
	if err != nil {
		return kit{}, err
	}
	k.migrated, k.seeded = "recourse_migrated_"+content, "recourse_seeded_"+content
	if err := k.makeTemplate(ctx, k.migrated, "", store.Migrate); err != nil {
		return kit{}, err
	}
	return k, k.makeTemplate(ctx, k.seeded, copied(k.migrated), fill)
}

// fingerprint names schema and seed by their content, so that releases can share a server.
func fingerprint() (string, error) {
	migrations, err := store.Migrations()
	if err != nil {
		return "", err
	}
	names, err := fs.Glob(migrations, "*.sql")
	if err != nil {
		return "", fmt.Errorf("list the migrations: %w", err)
	}
	sum := sha256.New()
	for _, name := range names {
		text, err := fs.ReadFile(migrations, name)
		if err != nil {
			return "", fmt.Errorf("read migration %s: %w", name, err)
		}
		fmt.Fprintf(sum, "%s %d\n%s", name, len(text), text)
	}
	fmt.Fprint(sum, seed)
	return hex.EncodeToString(sum.Sum(nil)[:8]), nil
}

// fill seeds the database at the URL.
func fill(ctx context.Context, url string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return fmt.Errorf("connect to the template: %w", err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, seed); err != nil {
		return fmt.Errorf("seed the template: %w", err)
	}
	return nil
}

// makeTemplate makes a database and fills it, unless another process has done so. The lock is the server's, so
// that processes that share one wait for each other; the name is given only to a finished template.
func (k kit) makeTemplate(ctx context.Context, name, options string, fill func(ctx context.Context, url string) error) error {
	admin, err := pgx.Connect(ctx, k.server.String())
	if err != nil {
		return fmt.Errorf("connect to the test server: %w", err)
	}
	defer admin.Close(ctx)
	if _, err := admin.Exec(ctx, "SELECT pg_advisory_lock(hashtextextended($1, 0))", name); err != nil {
		return fmt.Errorf("lock the template: %w", err)
	}
	var exists bool
	if err := admin.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name).Scan(&exists); err != nil {
		return fmt.Errorf("look for the template: %w", err)
	}
	if exists {
		return nil
	}
	unfinished := name + "_unfinished"
	if _, err := admin.Exec(ctx, "DROP DATABASE IF EXISTS "+unfinished+" WITH (FORCE)"); err != nil {
		return fmt.Errorf("drop an unfinished template: %w", err)
	}
	if _, err := admin.Exec(ctx, "CREATE DATABASE "+unfinished+options); err != nil {
		return fmt.Errorf("create the template: %w", err)
	}
	if err := fill(ctx, k.address(unfinished)); err != nil {
		return err
	}
	if _, err := admin.Exec(ctx, "ALTER DATABASE "+unfinished+" RENAME TO "+name); err != nil {
		return fmt.Errorf("name the template: %w", err)
	}
	return nil
}

// copied are the options by which a database begins as a copy. Copying files is the cheaper way where nothing is
// flushed to disk.
func copied(template string) string { return " TEMPLATE " + template + " STRATEGY FILE_COPY" }

// open opens a copy of a template for one test.
func (k kit) open(t testing.TB, template string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), k.database(t, copied(template))+"&pool_max_conns=12")
	if err != nil {
		t.Fatalf("open the test database: %v", err)
	}
	t.Cleanup(s.Close)
	return s
}

// database makes a database for one test and returns its URL, which has a query.
func (k kit) database(t testing.TB, options string) string {
	t.Helper()
	name := "test_" + strings.ToLower(rand.Text())
	k.exec(t, "CREATE DATABASE "+name+options)
	t.Cleanup(func() { k.exec(t, "DROP DATABASE "+name+" WITH (FORCE)") })
	return k.address(name)
}

func (k kit) exec(t testing.TB, sql string) {
	t.Helper()
	ctx := context.Background() // The test's own context has ended when its database is dropped.
	admin, err := pgx.Connect(ctx, k.server.String())
	if err != nil {
		t.Fatalf("connect to the test server: %v", err)
	}
	defer admin.Close(ctx)
	if _, err := admin.Exec(ctx, sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

func (k kit) address(database string) string {
	address := *k.server
	address.Path = "/" + database
	query := address.Query()
	query.Set("application_name", "recourse-test")
	address.RawQuery = query.Encode()
	return address.String()
}
