package pgserver

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// ErrNotInstalled says that no PostgreSQL was found, and what to do about it.
var ErrNotInstalled = errors.New("no PostgreSQL 15 or newer is installed: install the package postgresql of your system, " +
	"or name the folder of its programs in RECOURSE_POSTGRES_BIN")

// Find returns the folder that holds initdb and postgres: the one named by RECOURSE_POSTGRES_BIN, else the one on
// the PATH, else the newest of those in which Debian, Homebrew and Postgres.app install it.
func Find() (string, error) {
	if named := os.Getenv("RECOURSE_POSTGRES_BIN"); named != "" {
		return named, nil
	}
	// Debian puts psql and its like on the PATH and keeps the server's programs elsewhere.
	if path, err := exec.LookPath("initdb"); err == nil && complete(filepath.Dir(path)) {
		return filepath.Dir(path), nil
	}
	var found []string
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin",
		"/opt/homebrew/opt/postgresql@*/bin", "/usr/local/opt/postgresql@*/bin",
		"/Applications/Postgres.app/Contents/Versions/*/bin",
	} {
		matches, err := filepath.Glob(pattern)
		if err != nil {
			return "", err
		}
		found = append(found, slices.DeleteFunc(matches, func(dir string) bool { return !complete(dir) || version(dir) < oldest })...)
	}
	if len(found) == 0 {
		return "", ErrNotInstalled
	}
	return slices.MaxFunc(found, func(a, b string) int { return version(a) - version(b) }), nil
}

// oldest is the first major version with unique constraints in which nulls are equal.
const oldest = 15

func complete(dir string) bool {
	for _, program := range []string{"initdb", "postgres"} {
		if _, err := os.Stat(filepath.Join(dir, program)); err != nil {
			return false
		}
	}
	return true
}

// version reads the major version out of a folder's name, such as "/usr/lib/postgresql/15/bin".
func version(dir string) int {
	name := filepath.Base(filepath.Dir(dir))
	name = name[strings.LastIndex(name, "@")+1:]
	major, err := strconv.Atoi(name)
	if err != nil {
		return 0
	}
	return major
}
