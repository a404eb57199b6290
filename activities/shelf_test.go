package activities_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"

	"github.com/recourse-exams/recourse/casework"
)

// shelf stands in for S3: it keeps the first version of every key, as content-addressed keys want it, and can be
// away for some calls or lose a file.
type shelf struct {
	mu       sync.Mutex
	bodies   map[string][]byte
	puts     []string
	verified []string
	// away is how many calls fail from now on, and fault what Verify answers instead of looking.
	away  int
	fault *casework.Fault
	// unreadable is what Readable answers.
	unreadable *casework.Fault
}

var errShelfAway = errors.New("the bucket does not answer")

func newShelf() *shelf { return &shelf{bodies: map[string][]byte{}} }

func (s *shelf) Put(_ context.Context, key, _ string, body []byte) (casework.FileRef, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.away > 0 {
		s.away--
		return casework.FileRef{}, fmt.Errorf("put %s: %w", key, errShelfAway)
	}
	s.puts = append(s.puts, key)
	if s.bodies[key] == nil {
		s.bodies[key] = body
	}
	return s.pin(key), nil
}

func (s *shelf) Get(_ context.Context, file casework.FileRef) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.away > 0 {
		s.away--
		return nil, fmt.Errorf("get %s: %w", file.Key, errShelfAway)
	}
	if file != s.pin(file.Key) {
		return nil, fmt.Errorf("get %s: another file stands there", file.Key)
	}
	return s.bodies[file.Key], nil
}

func (s *shelf) Verify(_ context.Context, key, sha256Hex string, size int64, mediaType string) (casework.FileRef, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.verified = append(s.verified, key+" "+mediaType)
	switch {
	case s.away > 0:
		s.away--
		return casework.FileRef{}, fmt.Errorf("verify %s: %w", key, errShelfAway)
	case s.fault != nil:
		return casework.FileRef{}, s.fault
	case s.bodies[key] == nil:
		// A script of the seed: nothing was put, so what is asked for is what is there.
		return casework.FileRef{Key: key, Version: "v1", SHA256: sha256Hex, Size: size}, nil
	}
	return s.pin(key), nil
}

// pin is the one version of a key.
func (s *shelf) pin(key string) casework.FileRef {
	sum := sha256.Sum256(s.bodies[key])
	return casework.FileRef{Key: key, Version: "pinned", SHA256: hex.EncodeToString(sum[:]), Size: int64(len(s.bodies[key]))}
}

func (s *shelf) Readable(context.Context, casework.FileRef) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.unreadable != nil {
		return s.unreadable
	}
	return nil
}
