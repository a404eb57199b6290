package intake

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/register"
)

const (
	pdfType  = "application/pdf"
	pdfMagic = "%PDF-"
	// maxPDF is the largest script or paper that is taken: a long scanned script has a tenth of it.
	maxPDF = 50 << 20
)

// Files is where papers and scripts are stored. Putting the same content under the same key again changes
// nothing and returns the stored version.
type Files interface {
	Put(ctx context.Context, key, mediaType string, body []byte) (casework.FileRef, error)
}

// checkFiles looks at every PDF that the rows name, without reading it whole.
func checkFiles(dir fs.FS, set register.Set) []register.Fault {
	var faults []register.Fault
	seen := map[string]bool{}
	look := func(noun register.Noun, index int, name string) {
		err := checkPDF(dir, name)
		if err == nil && seen[name] {
			err = fmt.Errorf("%s is named in an earlier row", name)
		}
		seen[name] = true
		if err != nil {
			faults = append(faults, register.Fault{Noun: noun, Index: index, Field: "file", Detail: err.Error()})
		}
	}
	for i, paper := range set.Papers {
		look(register.Papers, i, paper.Path)
	}
	for i, script := range set.Scripts {
		look(register.Scripts, i, script.Path)
	}
	return faults
}

func checkPDF(dir fs.FS, name string) error {
	if !fs.ValidPath(name) {
		return fmt.Errorf("%q is not a path inside the folder, with forward slashes and without ..", name)
	}
	file, err := dir.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("the folder has no file %s", name)
	}
	if err != nil {
		return fmt.Errorf("%s cannot be opened: %w", name, err)
	}
	defer file.Close() //nolint:errcheck // It was only read.
	info, err := file.Stat()
	if err != nil {
		return fmt.Errorf("%s cannot be examined: %w", name, err)
	}
	if info.Size() > maxPDF {
		return fmt.Errorf("%s has %d MiB; the largest file taken has %d", name, info.Size()>>20, maxPDF>>20)
	}
	magic := make([]byte, len(pdfMagic))
	if _, err := io.ReadFull(file, magic); err != nil || string(magic) != pdfMagic {
		return fmt.Errorf("%s is not a PDF", name)
	}
	return nil
}

// storePaper stores a question paper or mark scheme.
func storePaper(ctx context.Context, dir fs.FS, files Files, p *register.Paper) error {
	body, err := fs.ReadFile(dir, p.Path)
	if err != nil {
		return fmt.Errorf("read %s: %w", p.Path, err)
	}
	key := fmt.Sprintf("components/%s/%s/%s-%s.pdf", p.Series, p.Component, p.Kind, digest(body))
	if p.File, err = files.Put(ctx, key, pdfType, body); err != nil {
		return fmt.Errorf("store the %s of %s: %w", p.Kind, p.Component, err)
	}
	return nil
}

// storeScript stores a script and its anonymised copy. The copy's key is the hash of the copy alone, so that it
// says nothing about the candidate.
func storeScript(ctx context.Context, dir fs.FS, files Files, s *register.Script, secrets Secrets) error {
	body, err := fs.ReadFile(dir, s.Path)
	if err != nil {
		return fmt.Errorf("read %s: %w", s.Path, err)
	}
	anonymous, err := Anonymise(body, secrets)
	if err != nil {
		return &scriptError{err}
	}
	key := fmt.Sprintf("scripts/%s/%s/%s/%s/%s.pdf", s.Centre, s.Candidate, s.Series, s.Component, digest(body))
	if s.Original, err = files.Put(ctx, key, pdfType, body); err != nil {
		return fmt.Errorf("store the script of %s: %w", s.String(), err)
	}
	if s.Anonymised, err = files.Put(ctx, "anonymous/"+digest(anonymous)+".pdf", pdfType, bytes.Clone(anonymous)); err != nil {
		return fmt.Errorf("store the anonymised script of %s: %w", s.String(), err)
	}
	return nil
}

// scriptError is a fault of the script itself, which its owner must correct.
type scriptError struct{ cause error }

func (e *scriptError) Error() string { return e.cause.Error() }
func (e *scriptError) Unwrap() error { return e.cause }

func digest(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}
