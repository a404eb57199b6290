package issuer

import (
	"cmp"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// Lifetime is how long a token is valid when nothing else is asked for.
const Lifetime = 12 * time.Hour

// Issuer signs tokens.
type Issuer struct {
	url      string
	audience string
	key      *rsa.PrivateKey
	signer   jose.Signer
	personas []Persona
	now      func() time.Time
	codes    *codes
}

// New makes an issuer that calls itself url and signs for audience. now is wall time: tokens do not
// follow the movable clock of cases.
func New(url, audience string, key *rsa.PrivateKey, now func() time.Time) (*Issuer, error) {
	options := (&jose.SignerOptions{}).WithType("JWT").WithHeader("kid", keyID(key))
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: key}, options)
	if err != nil {
		return nil, fmt.Errorf("make a signer: %w", err)
	}
	personas, err := Personas()
	if err != nil {
		return nil, err
	}
	return &Issuer{url: url, audience: audience, key: key, signer: signer, personas: personas, now: now, codes: &codes{}}, nil
}

// claims are the ones that the product reads besides the registered ones.
type claims struct {
	Name   string   `json:"name"`
	Email  string   `json:"email"`
	AMR    []string `json:"amr"`
	Centre string   `json:"centre,omitempty"`
	Roles  []string `json:"roles"`
	Nonce  string   `json:"nonce,omitempty"`
}

// Terms are how a token is to be made; the zero value is a usual one.
type Terms struct {
	// TTL is the lifetime and may be negative for a token that has expired; zero is Lifetime.
	TTL time.Duration
	// Skew moves the instant of issue against the issuer's clock, to try a verifier's tolerance.
	Skew time.Duration
	// Audience is whom the token is for; empty is the issuer's own audience.
	Audience string
	// Nonce is that of the browser's sign-in for which the token is made; empty if there is none.
	Nonce string
}

// Token signs a token for a persona.
func (i *Issuer) Token(p Persona, terms Terms) (string, error) {
	issued := i.now().Add(terms.Skew)
	lifetime := cmp.Or(terms.TTL, Lifetime)
	token, err := jwt.Signed(i.signer).Claims(jwt.Claims{
		ID:       rand.Text(),
		Issuer:   i.url,
		Subject:  p.ID,
		Audience: jwt.Audience{cmp.Or(terms.Audience, i.audience)},
		IssuedAt: jwt.NewNumericDate(issued),
		Expiry:   jwt.NewNumericDate(issued.Add(lifetime)),
	}).Claims(claims{Name: p.Name, Email: p.Email, AMR: p.AMR, Centre: p.Centre, Roles: p.Roles, Nonce: terms.Nonce}).Serialize()
	if err != nil {
		return "", fmt.Errorf("sign a token for %s: %w", p.ID, err)
	}
	return token, nil
}

// keys is the public half, as JWKS.
func (i *Issuer) keys() jose.JSONWebKeySet {
	return jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{
		Key: i.key.Public(), KeyID: keyID(i.key), Algorithm: string(jose.RS256), Use: "sig",
	}}}
}
