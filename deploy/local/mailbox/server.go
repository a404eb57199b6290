package mailbox

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Config is what the child is told.
type Config struct {
	Dir       string `json:"dir"` // absolute; where mails are kept
	Port      int    `json:"port"`
	AccessKey string `json:"accessKey"` // the only key that may send
	// DatabaseURL is the register's, where the stack's clock is read; without it mails have the machine's time alone.
	DatabaseURL string `json:"databaseUrl"`
}

type server struct {
	config Config
	box    *Box
	faults faults
	clock  Clock
	log    *slog.Logger
}

// NewHandler serves SES's protocol (POST /), the inbox for readers (GET /, /messages/{id}), the same as
// JSON for programs (/messages, /events) and the fault switches (/faults).
func NewHandler(config Config, box *Box, clock Clock, log *slog.Logger) http.Handler {
	s := &server{config: config, box: box, clock: clock, log: log}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /{$}", s.query)
	mux.HandleFunc("GET /{$}", s.inbox)
	mux.HandleFunc("GET /messages", s.list)
	mux.HandleFunc("GET /messages/{id}", s.message)
	mux.HandleFunc("GET /messages/{id}/html", s.html)
	mux.HandleFunc("GET /messages/{id}/raw", s.raw)
	mux.HandleFunc("GET /messages/{id}/attachments/{number}", s.attachment)
	mux.HandleFunc("GET /events", s.events)
	mux.HandleFunc("GET /faults", s.listFaults)
	mux.HandleFunc("PUT /faults", s.addFault)
	mux.HandleFunc("DELETE /faults", s.clearFaults)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	return mux
}

// newID looks like SES's ids: hexadecimal, fit for file names and URLs.
func (s *server) newID() string { return strings.ToLower(rand.Text()) }

func (s *server) list(w http.ResponseWriter, r *http.Request) {
	writeJSON(w, s.box.Mails(r.FormValue("to")))
}

func (s *server) events(w http.ResponseWriter, r *http.Request) {
	var since time.Time
	if text := r.FormValue("since"); text != "" {
		parsed, err := time.Parse(time.RFC3339, text)
		if err != nil {
			http.Error(w, "since is not an RFC 3339 instant: "+err.Error(), http.StatusBadRequest)
			return
		}
		since = parsed
	}
	writeJSON(w, s.box.Events(since, r.FormValue("tag")))
}

func (s *server) listFaults(w http.ResponseWriter, _ *http.Request) { writeJSON(w, s.faults.all()) }

func (s *server) addFault(w http.ResponseWriter, r *http.Request) {
	var fault Fault
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	if err := errors.Join(decoder.Decode(&fault), fault.validate()); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.faults.add(fault)
	writeJSON(w, s.faults.all())
}

func (s *server) clearFaults(w http.ResponseWriter, _ *http.Request) {
	s.faults.clear()
	w.WriteHeader(http.StatusNoContent)
}

// load reads a mail as it was stored, or answers 404.
func (s *server) load(w http.ResponseWriter, r *http.Request) (m Mail, raw []byte, ok bool) {
	m, raw, err := s.box.Read(r.PathValue("id"))
	switch {
	case errors.Is(err, ErrUnknown):
		http.Error(w, err.Error(), http.StatusNotFound)
	case err != nil:
		s.log.ErrorContext(r.Context(), "read a mail", "error", err)
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
	return m, raw, err == nil
}

func (s *server) raw(w http.ResponseWriter, r *http.Request) {
	m, raw, ok := s.load(w, r)
	if !ok {
		return
	}
	w.Header().Set("Content-Type", "message/rfc822")
	w.Header().Set("Content-Disposition", `attachment; filename="`+m.ID+`.eml"`)
	w.Write(raw)
}

func (s *server) attachment(w http.ResponseWriter, r *http.Request) {
	_, raw, ok := s.load(w, r)
	if !ok {
		return
	}
	attachments := parse(raw).Attachments
	number, err := strconv.Atoi(r.PathValue("number"))
	if err != nil || number < 1 || number > len(attachments) {
		http.Error(w, "no such attachment", http.StatusNotFound)
		return
	}
	a := attachments[number-1]
	w.Header().Set("Content-Type", a.MediaType)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": a.Name}))
	w.Write(a.body)
}

func writeJSON(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json")
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	_ = encoder.Encode(body) // the caller may be gone; nobody is left to tell
}
