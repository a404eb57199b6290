package mailbox

import (
	"embed"
	"html/template"
	"net/http"
	"strings"
)

//go:embed pages
var pages embed.FS

var templates = template.Must(template.ParseFS(pages, "pages/*.html"))

// messagePolicy lets a mail's HTML show text, styles and embedded pictures, and nothing else: no
// script, no form, no request to anywhere.
const messagePolicy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"

func (s *server) inbox(w http.ResponseWriter, r *http.Request) {
	to := r.FormValue("to")
	s.render(w, "inbox.html", struct {
		To     string
		Mails  []Mail
		Faults []Fault
	}{to, s.box.Mails(to), s.faults.all()})
}

// message shows one mail; programs that ask for JSON get its parts.
func (s *server) message(w http.ResponseWriter, r *http.Request) {
	m, raw, ok := s.load(w, r)
	if !ok {
		return
	}
	page := struct {
		Mail
		Content
	}{m, parse(raw)}
	if strings.Contains(r.Header.Get("Accept"), "application/json") {
		writeJSON(w, page)
		return
	}
	s.render(w, "message.html", page)
}

func (s *server) html(w http.ResponseWriter, r *http.Request) {
	_, raw, ok := s.load(w, r)
	if !ok {
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", messagePolicy)
	w.Write([]byte(parse(raw).HTML))
}

func (s *server) render(w http.ResponseWriter, name string, data any) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; form-action 'self'")
	if err := templates.ExecuteTemplate(w, name, data); err != nil {
		s.log.Error("show a page", "page", name, "error", err)
	}
}
