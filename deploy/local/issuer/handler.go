package issuer

import (
	"cmp"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"time"
)

//go:embed personas.html
var pageSource string

var page = template.Must(template.New("personas").Parse(pageSource))

// Handler serves discovery, the keys, the authorization code flow for browsers, POST /token and a page with a ready
// token per persona.
func (i *Issuer) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", i.discovery)
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, http.StatusOK, i.keys()) })
	mux.HandleFunc("GET /authorize", i.authorize)
	mux.HandleFunc("POST /authorize", i.consent)
	mux.HandleFunc("POST /token", i.token)
	mux.HandleFunc("GET /{$}", i.list)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	return mux
}

func (i *Issuer) discovery(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]any{
		"issuer":                                i.url,
		"authorization_endpoint":                i.url + "/authorize",
		"token_endpoint":                        i.url + "/token",
		"jwks_uri":                              i.url + "/keys",
		"response_types_supported":              []string{"code"},
		"grant_types_supported":                 []string{"authorization_code", "password"},
		"code_challenge_methods_supported":      []string{"S256"},
		"token_endpoint_auth_methods_supported": []string{"none"},
		"subject_types_supported":               []string{"public"},
		"id_token_signing_alg_values_supported": []string{"RS256"},
		"claims_supported":                      []string{"sub", "name", "email", "amr", "centre", "roles"},
	})
}

// token answers the code of a browser's sign-in, or a token for the form value persona, without a password: the
// stack listens on this machine alone and its personas are invented. ttl and skew are durations such as 30m and -2h;
// audience is whom the token is for, the product if it is left out.
func (i *Issuer) token(w http.ResponseWriter, r *http.Request) {
	if r.FormValue("grant_type") == "authorization_code" {
		i.redeem(w, r)
		return
	}
	ttl, err := duration(r.FormValue("ttl"), Lifetime)
	if err != nil {
		refuse(w, "invalid_request", "ttl: "+err.Error())
		return
	}
	skew, err := duration(r.FormValue("skew"), 0)
	if err != nil {
		refuse(w, "invalid_request", "skew: "+err.Error())
		return
	}
	persona, known := find(i.personas, r.FormValue("persona"))
	if !known {
		refuse(w, "invalid_grant", "there is no persona "+r.FormValue("persona"))
		return
	}
	i.answer(w, persona, Terms{TTL: ttl, Skew: skew, Audience: r.FormValue("audience")})
}

// answer writes a token's answer.
func (i *Issuer) answer(w http.ResponseWriter, persona Persona, terms Terms) {
	token, err := i.Token(persona, terms)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	writeJSON(w, http.StatusOK, map[string]any{
		"access_token": token, "id_token": token, "token_type": "Bearer", "expires_in": int(cmp.Or(terms.TTL, Lifetime).Seconds()),
	})
}

func duration(text string, fallback time.Duration) (time.Duration, error) {
	if text == "" {
		return fallback, nil
	}
	return time.ParseDuration(text)
}

func refuse(w http.ResponseWriter, code, description string) {
	writeJSON(w, http.StatusBadRequest, map[string]string{"error": code, "error_description": description})
}

func (i *Issuer) list(w http.ResponseWriter, _ *http.Request) {
	type row struct {
		Persona
		Token string
	}
	var rows []row
	for _, p := range i.personas {
		token, err := i.Token(p, Terms{})
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		rows = append(rows, row{p, token})
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_ = page.Execute(w, rows) // the reader may be gone; nobody is left to tell
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the caller may be gone; nobody is left to tell
}
