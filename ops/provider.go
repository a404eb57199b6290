package ops

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// provider finds the identity provider's addresses when they are first needed, so that the pages may be served before
// it is.
type provider struct {
	issuer string
	client *http.Client
	found  atomic.Pointer[oauth2.Endpoint]
}

func (p *provider) endpoint(ctx context.Context) (oauth2.Endpoint, error) {
	if found := p.found.Load(); found != nil {
		return *found, nil
	}
	discovered, err := oidc.NewProvider(oidc.ClientContext(ctx, p.client), p.issuer)
	if err != nil {
		return oauth2.Endpoint{}, fmt.Errorf("find the identity provider: %w", err)
	}
	endpoint := discovered.Endpoint()
	p.found.Store(&endpoint)
	return endpoint, nil
}

// authorization is the configuration of the authorization code flow that comes back to an address.
func (s *site) authorization(ctx context.Context, base origin) (*oauth2.Config, error) {
	endpoint, err := s.provider.endpoint(ctx)
	if err != nil {
		return nil, err
	}
	if s.ClientSecret == "" {
		endpoint.AuthStyle = oauth2.AuthStyleInParams
	}
	return &oauth2.Config{
		ClientID: s.ClientID, ClientSecret: s.ClientSecret, Endpoint: endpoint,
		RedirectURL: base.JoinPath("/ops/signed-in").String(), Scopes: []string{oidc.ScopeOpenID, "profile", "email"},
	}, nil
}

// errNoIdentity says that the provider answered without an identity token.
var errNoIdentity = errors.New("the identity provider sent no identity token")

// redeem exchanges a code for the identity token that the provider made for it.
func (s *site) redeem(ctx context.Context, base origin, code, verifier string) (string, error) {
	flow, err := s.authorization(ctx, base)
	if err != nil {
		return "", err
	}
	token, err := flow.Exchange(oidc.ClientContext(ctx, s.Client), code, oauth2.VerifierOption(verifier))
	if err != nil {
		return "", fmt.Errorf("redeem the identity provider's code: %w", err)
	}
	identity, ok := token.Extra("id_token").(string)
	if !ok {
		return "", errNoIdentity
	}
	return identity, nil
}

// nonceOf is the nonce of a token that was verified already; empty if it has none.
func nonceOf(token string) string {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return ""
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return ""
	}
	var claims struct {
		Nonce string `json:"nonce"`
	}
	if json.Unmarshal(payload, &claims) != nil {
		return ""
	}
	return claims.Nonce
}
