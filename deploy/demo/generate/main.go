// Command generate writes the demonstration data of Cambria Awards into a folder:
//
//	go run ./deploy/demo/generate deploy/demo/cambria
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/recourse-exams/recourse/deploy/demo/specimen"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("name one folder to write into")
	}
	files, err := specimen.Files()
	if err != nil {
		return err
	}
	for name, body := range files {
		path := filepath.Join(args[0], filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return fmt.Errorf("make the folder of %s: %w", name, err)
		}
		if err := os.WriteFile(path, body, 0o644); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
	}
	fmt.Printf("Wrote %d files into %s.\n", len(files), args[0])
	return nil
}
