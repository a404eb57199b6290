package issuer

import (
	_ "embed"
	"html/template"
	"net/http"
	"net/url"
)

//go:embed authorize.html
var choiceSource string

var choicePage = template.Must(template.New("authorize").Parse(choiceSource))

// choice is the page on which a browser's user picks who to be.
type choice struct {
	ClientID string
	Redirect string
	Query    url.Values
	Personas []Persona
	// Wrong says why the client's request cannot be taken; nobody is sent back then.
	Wrong string
}

// authorize shows the personas of whom one is to sign in.
func (i *Issuer) authorize(w http.ResponseWriter, r *http.Request) {
	asked, wrong := readAuthorization(r.URL.Query())
	shown := choice{ClientID: asked.ClientID, Redirect: asked.Redirect, Query: r.URL.Query(), Personas: i.personas, Wrong: wrong}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Security-Policy", "frame-ancestors 'none'")
	if wrong != "" {
		w.WriteHeader(http.StatusBadRequest)
	}
	_ = choicePage.Execute(w, shown) // the reader may be gone; nobody is left to tell
}

// consent sends the browser back with a code for the chosen persona.
func (i *Issuer) consent(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		http.Error(w, "the form cannot be read", http.StatusBadRequest)
		return
	}
	asked, wrong := readAuthorization(r.PostForm)
	if wrong != "" {
		http.Error(w, wrong, http.StatusBadRequest)
		return
	}
	back, err := url.Parse(asked.Redirect)
	if err != nil {
		http.Error(w, "redirect_uri cannot be read", http.StatusBadRequest)
		return
	}
	answer := back.Query()
	answer.Set("state", asked.State)
	persona, known := find(i.personas, r.PostForm.Get("persona"))
	if known {
		answer.Set("code", i.codes.issue(grant{persona: persona, request: asked, expiresAt: i.now().Add(codeLife)}, i.now()))
	} else {
		answer.Set("error", "access_denied")
	}
	back.RawQuery = answer.Encode()
	http.Redirect(w, r, back.String(), http.StatusSeeOther)
}
