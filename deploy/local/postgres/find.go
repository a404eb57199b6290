// Package postgres runs one real PostgreSQL server for the local stack: it finds the programs, makes
// the data folder, starts the server on a loopback port and stops it cleanly.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
)

// BinVariable names the environment variable that points at a folder with initdb and postgres.
const BinVariable = "RECOURSE_POSTGRES_BIN"

// ErrNotFound means that no PostgreSQL is installed where Find looks. Its message tells what to do.
var ErrNotFound = errors.New("no PostgreSQL found: install it (Debian and Ubuntu: apt-get install postgresql; " +
	"macOS: brew install postgresql@17), install npm so that it can be fetched, or set " + BinVariable +
	" to the folder that holds initdb and postgres")

// Installation is a usable set of PostgreSQL programs.
type Installation struct {
	Bin   string // folder of initdb and postgres
	Major int    // the major version, for example 17
}

// Find looks in RECOURSE_POSTGRES_BIN, PATH, the packaged folders of Debian, Homebrew and
// Postgres.app (highest version first), and at last asks npm for the binaries, which it keeps under
// cache. A folder named by the variable must work; the others are tried in turn.
func Find(ctx context.Context, cache string) (Installation, error) {
	if bin := os.Getenv(BinVariable); bin != "" {
		// The programs are started in another folder, where a relative path would lead elsewhere.
		bin, err := filepath.Abs(bin)
		if err != nil {
			return Installation{}, fmt.Errorf("%s: %w", BinVariable, err)
		}
		found, err := inspect(ctx, bin)
		if err != nil {
			return Installation{}, fmt.Errorf("%s: %w", BinVariable, err)
		}
		return found, nil
	}
	return search(ctx, candidates(), cache)
}

// search takes the first folder whose programs work, and fetches them where none does.
func search(ctx context.Context, bins []string, cache string) (Installation, error) {
	for _, bin := range bins {
		if found, err := inspect(ctx, bin); err == nil {
			return found, nil
		}
	}
	bin, err := fetch(ctx, cache)
	if err != nil {
		return Installation{}, errors.Join(ErrNotFound, err)
	}
	return inspect(ctx, bin)
}

// candidates lists folders in the order in which they are tried.
func candidates() []string {
	var found []string
	if path, err := exec.LookPath("postgres"); err == nil {
		// A link in PATH leads to a folder that holds initdb as well.
		if target, err := filepath.EvalSymlinks(path); err == nil {
			path = target
		}
		found = append(found, filepath.Dir(path))
	}
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin",
		"/opt/homebrew/opt/postgresql@*/bin",
		"/usr/local/opt/postgresql@*/bin",
		"/Applications/Postgres.app/Contents/Versions/*/bin",
	} {
		found = append(found, newestFirst(pattern)...)
	}
	return found
}

// newestFirst lists the folders of a pattern by version, the highest first.
func newestFirst(pattern string) []string {
	matches, err := filepath.Glob(pattern)
	if err != nil {
		return nil // the patterns above are well formed
	}
	slices.SortFunc(matches, func(a, b string) int { return pathVersion(b) - pathVersion(a) })
	return matches
}

var digits = regexp.MustCompile(`\d+`)

// pathVersion is the last number in a path, so that 16 sorts above 9.
func pathVersion(path string) int {
	all := digits.FindAllString(path, -1)
	if len(all) == 0 {
		return 0
	}
	n, err := strconv.Atoi(all[len(all)-1])
	if err != nil {
		return 0
	}
	return n
}

// inspect asks the programs in bin for their version.
func inspect(ctx context.Context, bin string) (Installation, error) {
	if _, err := os.Stat(filepath.Join(bin, "initdb")); err != nil {
		return Installation{}, fmt.Errorf("look for initdb: %w", err)
	}
	out, err := exec.CommandContext(ctx, filepath.Join(bin, "postgres"), "--version").Output()
	if err != nil {
		return Installation{}, fmt.Errorf("ask %s for its version: %w", filepath.Join(bin, "postgres"), err)
	}
	major, err := strconv.Atoi(digits.FindString(string(out)))
	if err != nil {
		return Installation{}, fmt.Errorf("read the version from %q: %w", out, err)
	}
	return Installation{Bin: bin, Major: major}, nil
}

// npmPackage is the name under which npm offers the binaries for this machine.
func npmPackage() string {
	arch := map[string]string{"amd64": "x64", "arm64": "arm64"}[runtime.GOARCH]
	return "@embedded-postgres/" + runtime.GOOS + "-" + arch
}
