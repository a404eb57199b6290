package stack

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/recourse-exams/recourse/deploy/local/issuer"
)

// writeTokens puts a fresh token for every persona into a file of its own that only the owner reads.
func (s settings) writeTokens(now func() time.Time) error {
	config := s.oidc()
	key, err := issuer.LoadKey(config.KeyFile)
	if err != nil {
		return err
	}
	signer, err := issuer.New(config.URL, config.Audience, key, now)
	if err != nil {
		return err
	}
	personas, err := issuer.Personas()
	if err != nil {
		return err
	}
	for _, p := range personas {
		token, err := signer.Token(p, issuer.Terms{})
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(s.state.tokensDir(), p.ID), []byte(token+"\n"), 0o600); err != nil {
			return fmt.Errorf("write the token of %s: %w", p.ID, err)
		}
	}
	return nil
}

// renewTokens keeps the files good for as long as the stack runs.
func (s *Stack) renewTokens(ctx context.Context) {
	ticker := time.NewTicker(issuer.Lifetime / 2)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if err := s.settings.writeTokens(time.Now); err != nil {
				s.fail(err)
				return
			}
		}
	}
}
