package identity

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
)

// Errors of Verify. Everything else that is wrong with a token is ErrInvalid.
var (
	// ErrExpired: the token was good and is no longer.
	ErrExpired = errors.New("the token has expired")
	// ErrInvalid: the token is malformed, not signed by the issuer, or meant for somebody else.
	ErrInvalid = errors.New("the token is not valid")
	// ErrUnavailable: the identity provider does not answer, so nothing can be said about the token.
	ErrUnavailable = errors.New("the identity provider does not answer")
)

// Verifier verifies tokens of one issuer. It discovers the issuer on first use, so that a process may start before
// its identity provider, and keeps the signing keys until a token names an unknown one.
type Verifier struct {
	issuer, audience string
	client           *http.Client
	now              func() time.Time

	// found is nil until the issuer was discovered. It is set once, without a lock that would make everybody wait for
	// the network: of several who look at the same moment the first to come back is kept.
	found atomic.Pointer[discovery]
}

// discovery is what the issuer says about its tokens.
type discovery struct {
	keys oidc.KeySet
	algs []string
}

// NewVerifier makes a verifier. The audience must be in every token; client carries the timeouts of calls to the
// issuer; now is wall time, for tokens never follow a moved clock.
func NewVerifier(issuer, audience string, client *http.Client, now func() time.Time) *Verifier {
	return &Verifier{issuer: issuer, audience: audience, client: client, now: now}
}

// Ready discovers the issuer, or says that it does not answer (ErrUnavailable).
func (v *Verifier) Ready(ctx context.Context) error {
	_, err := v.discover(ctx)
	return err
}

// Verify checks signature, issuer, audience and expiry of a token and reads the person from it.
func (v *Verifier) Verify(ctx context.Context, token string) (Person, error) {
	issuer, err := v.discover(ctx)
	if err != nil {
		return Person{}, err
	}
	watched := &watchedKeys{KeySet: issuer.keys}
	verifier := oidc.NewVerifier(v.issuer, watched, &oidc.Config{ClientID: v.audience, SupportedSigningAlgs: issuer.algs, Now: v.now})
	verified, err := verifier.Verify(oidc.ClientContext(ctx, v.client), token)
	if err != nil {
		return Person{}, refusal(err, watched.away)
	}
	var claims struct {
		Email  string   `json:"email"`
		Name   string   `json:"name"`
		AMR    []string `json:"amr"`
		Centre string   `json:"centre"`
		Roles  []string `json:"roles"`
	}
	if err := verified.Claims(&claims); err != nil {
		return Person{}, fmt.Errorf("%w: claims: %w", ErrInvalid, err)
	}
	if verified.Subject == "" {
		return Person{}, fmt.Errorf("%w: it names nobody", ErrInvalid)
	}
	person := Person{Subject: verified.Subject, Email: claims.Email, Name: claims.Name, Centre: claims.Centre, Methods: claims.AMR}
	for _, role := range claims.Roles {
		person.Grants = append(person.Grants, ParseGrant(role))
	}
	return person, nil
}

func refusal(err error, away bool) error {
	var expired *oidc.TokenExpiredError
	switch {
	case errors.As(err, &expired):
		return fmt.Errorf("%w at %s", ErrExpired, expired.Expiry.UTC().Format(time.RFC3339))
	case away:
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	default:
		return fmt.Errorf("%w: %w", ErrInvalid, err)
	}
}

func (v *Verifier) discover(ctx context.Context) (*discovery, error) {
	if found := v.found.Load(); found != nil {
		return found, nil
	}
	provider, err := oidc.NewProvider(oidc.ClientContext(ctx, v.client), v.issuer)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	var document struct {
		JWKS string   `json:"jwks_uri"`
		Algs []string `json:"id_token_signing_alg_values_supported"`
	}
	if err := provider.Claims(&document); err != nil {
		return nil, fmt.Errorf("%w: discovery document: %w", ErrUnavailable, err)
	}
	// The key set fetches with this context for the rest of the process, so it must not end with the request's.
	fresh := &discovery{
		keys: oidc.NewRemoteKeySet(oidc.ClientContext(context.WithoutCancel(ctx), v.client), document.JWKS),
		algs: asymmetric(document.Algs),
	}
	v.found.CompareAndSwap(nil, fresh)
	return v.found.Load(), nil
}

// asymmetric drops "none" and the algorithms with a shared secret, whatever the issuer announces.
func asymmetric(algs []string) []string {
	var kept []string
	for _, alg := range algs {
		if alg != "none" && !strings.HasPrefix(alg, "HS") {
			kept = append(kept, alg)
		}
	}
	return kept
}

// watchedKeys remembers, for one token, whether the keys could not be fetched: the library's error does not tell
// that apart from a wrong signature.
type watchedKeys struct {
	oidc.KeySet
	away bool
}

// VerifySignature implements oidc.KeySet.
func (w *watchedKeys) VerifySignature(ctx context.Context, jwt string) ([]byte, error) {
	payload, err := w.KeySet.VerifySignature(ctx, jwt)
	w.away = err != nil && strings.HasPrefix(err.Error(), "fetching keys")
	return payload, err
}
