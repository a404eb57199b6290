package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
)

// link is one entry of the package's list of symbolic links, which npm packages cannot contain.
type link struct {
	Source string `json:"source"`
	Target string `json:"target"`
}

// fetch installs the npm package with PostgreSQL's binaries under cache, once, and returns their
// folder. Scripts of the package are not run: the links its script would make are made here.
func fetch(ctx context.Context, cache string) (string, error) {
	root := filepath.Join(cache, "node_modules", filepath.FromSlash(npmPackage()))
	native := filepath.Join(root, "native")
	bin := filepath.Join(native, "bin")
	if _, err := os.Stat(filepath.Join(bin, "postgres")); err != nil {
		npm, err := exec.LookPath("npm")
		if err != nil {
			return "", fmt.Errorf("look for npm: %w", err)
		}
		install := exec.CommandContext(ctx, npm, "install", "--ignore-scripts", "--no-audit", "--no-fund",
			"--prefix", cache, npmPackage())
		if out, err := install.CombinedOutput(); err != nil {
			return "", fmt.Errorf("npm install %s: %w: %s", npmPackage(), err, out)
		}
	}
	if err := makeLinks(root, filepath.Join(native, "pg-symlinks.json")); err != nil {
		return "", err
	}
	for _, program := range []string{"postgres", "initdb"} {
		if err := os.Chmod(filepath.Join(bin, program), 0o755); err != nil {
			return "", fmt.Errorf("make %s executable: %w", program, err)
		}
	}
	return bin, nil
}

// makeLinks makes the listed links, whose paths are relative to the package's folder. Links that exist are kept.
func makeLinks(root, list string) error {
	data, err := os.ReadFile(list)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the list of links: %w", err)
	}
	var links []link
	if err := json.Unmarshal(data, &links); err != nil {
		return fmt.Errorf("read the list of links %s: %w", list, err)
	}
	for _, l := range links {
		target := filepath.Join(root, l.Target)
		source, err := filepath.Rel(filepath.Dir(target), filepath.Join(root, l.Source))
		if err != nil {
			return fmt.Errorf("link %s: %w", l.Target, err)
		}
		if err := os.Symlink(source, target); err != nil && !errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("link %s: %w", l.Target, err)
		}
	}
	return nil
}
