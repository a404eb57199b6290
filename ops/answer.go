package ops

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"sync"

	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/casework"
)

//go:embed pages
var files embed.FS

// pages are the templates, read once.
var pages = sync.OnceValues(func() (*template.Template, error) {
	read, err := template.New("").Funcs(template.FuncMap{
		"moment": moment, "day": day, "words": wordsOf, "capital": capital, "size": size,
	}).ParseFS(files, "pages/*.html")
	if err != nil {
		return nil, fmt.Errorf("read the operators' pages: %w", err)
	}
	return read, nil
})

// asset serves a file of the pages.
func asset(name, media string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := files.ReadFile("pages/" + name)
		if err != nil {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", media)
		w.Header().Set("Cache-Control", "private, max-age=60")
		_, _ = w.Write(body) // a failed write means that the browser has gone
	}
}

// write renders a page whole before anything of it is sent.
func (s *site) write(w http.ResponseWriter, r *http.Request, status int, name string, data any) {
	templates, err := pages()
	var page bytes.Buffer
	if err == nil {
		err = templates.ExecuteTemplate(&page, name, data)
	}
	if err != nil {
		s.Log.LogAttrs(r.Context(), slog.LevelError, "cannot write a page of operations", slog.String("page", name), slog.String("cause", err.Error()))
		http.Error(w, "The page cannot be written.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(page.Bytes()) // a failed write means that the browser has gone
}

// notice is a page that says one thing.
type notice struct {
	visit
	Title   string
	Detail  string
	Reasons []casework.Reason
}

// say shows one sentence and a second that says what to do.
func (s *site) say(w http.ResponseWriter, r *http.Request, v visit, status int, detail, remedy string) {
	shown := notice{visit: v, Title: "Operations", Detail: detail}
	if remedy != "" {
		shown.Reasons = []casework.Reason{{Detail: remedy}}
	}
	s.write(w, r, status, "notice.html", shown)
}

// fail shows what went wrong: to somebody who is signed out the way in, to everybody else a fault's own words, and of
// anything else only that it was not their doing.
func (s *site) fail(w http.ResponseWriter, r *http.Request, v visit, err error) {
	if errors.Is(err, errSignedOut) {
		s.signedOut(w, r, v)
		return
	}
	var fault *casework.Fault
	if !errors.As(err, &fault) {
		s.Log.LogAttrs(r.Context(), slog.LevelError, "a page of operations failed", slog.String("path", r.URL.Path), slog.String("cause", err.Error()))
		s.say(w, r, v, http.StatusServiceUnavailable, "This page cannot be shown at the moment.",
			"Try again. If it stays so, the register or Temporal is away: GET /readyz says which.")
		return
	}
	var failed *signInError
	if errors.As(err, &failed) {
		s.Log.LogAttrs(r.Context(), slog.LevelWarn, "a sign-in failed", slog.String("code", fault.Code), slog.String("cause", failed.cause.Error()))
	}
	s.write(w, r, api.StatusOf(fault.Kind), "notice.html", notice{visit: v, Title: "Operations", Detail: fault.Detail, Reasons: fault.Reasons})
}

// signedOut shows the way in: whole pages come back to where they were, the panel opens a window for it, because
// identity providers do not let themselves be framed.
func (s *site) signedOut(w http.ResponseWriter, r *http.Request, v visit) {
	shown := signPage{visit: v, Title: "Sign in", Return: r.URL.RequestURI()}
	if v.framed {
		shown.Foreign, shown.Back, shown.Return = s.base(r).foreign, shown.Return, "/ops/close"
	}
	if r.Method != http.MethodGet {
		shown.Return = "/ops"
	}
	s.write(w, r, http.StatusUnauthorized, "sign-in.html", shown)
}
