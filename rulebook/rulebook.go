// Package rulebook holds the rules of awarding bodies as dated data files and answers questions about cases by
// the policy version that each is pinned to.
package rulebook

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/policy"
	"github.com/recourse-exams/recourse/casework/ruling"
)

//go:embed *.yaml
var published embed.FS

// Book holds every published policy. It is read-only and safe for concurrent use.
type Book struct {
	// policies are in the order of their versions.
	policies []policy.Policy
}

var _ ruling.Rules = (*Book)(nil)

// Load reads the rule files that are compiled in. An error names the file, line and column of every fault.
func Load() (*Book, error) {
	names, err := fs.Glob(published, "*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list the rule files: %w", err)
	}
	var policies []policy.Policy
	for _, name := range names {
		text, err := published.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read rule file %s: %w", name, err)
		}
		p, err := Parse(name, text)
		if err != nil {
			return nil, err
		}
		policies = append(policies, p)
	}
	return New(policies...)
}

// New makes a book of policies. It refuses two of one version, and two of one body from one day, of which
// nobody could say which decides.
func New(policies ...policy.Policy) (*Book, error) {
	book := &Book{policies: slices.Clone(policies)}
	for i, p := range book.policies {
		for _, other := range book.policies[:i] {
			if p.Version == other.Version {
				return nil, fmt.Errorf("policy %s is in the book twice", p.Version)
			}
			if p.Body == other.Body && p.ValidFrom == other.ValidFrom {
				return nil, fmt.Errorf("policies %s and %s of %s are both valid from %s", other.Version, p.Version, p.Body, p.ValidFrom)
			}
		}
	}
	return book, nil
}

// Policy returns one version of the rules. It is an error if the book does not hold it.
func (b *Book) Policy(version string) (policy.Policy, error) {
	for _, p := range b.policies {
		if p.Version == version {
			return p, nil
		}
	}
	return policy.Policy{}, fmt.Errorf("the rulebook has no policy %q", version)
}

// InForce returns the body's policy that decides a request received at an instant; ok is false if none does.
func (b *Book) InForce(body string, received time.Time) (p policy.Policy, ok bool) {
	day := calendar.DateOf(received)
	for _, candidate := range b.policies {
		if candidate.Body != body || day.Before(candidate.ValidFrom) {
			continue
		}
		if !ok || p.ValidFrom.Before(candidate.ValidFrom) {
			p, ok = candidate, true
		}
	}
	return p, ok
}
