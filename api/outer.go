package api

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/recourse-exams/recourse/casework"
)

// requestIDs are what a caller may name its requests.
var requestIDs = regexp.MustCompile(`^[A-Za-z0-9._-]{8,64}$`)

// outer is what every request passes, whatever it asks for: a name, the instant of arrival, a time limit, safe
// headers, one line in the log, one observation.
func (s *Server) outer(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e := &exchange{requestID: requestID(r), arrived: s.wall(), accept: strings.Join(r.Header.Values("Accept"), ","), status: http.StatusOK}
		ctx, cancel := context.WithTimeout(withExchange(r.Context(), e), s.timeout)
		defer cancel()
		r = r.WithContext(ctx)
		counted := &countingWriter{ResponseWriter: w, exchange: e}
		safeHeaders(counted.Header(), e.requestID)
		defer s.observe(r, e)
		defer s.recovered(counted, r)
		next.ServeHTTP(counted, r)
	})
}

func requestID(r *http.Request) string {
	if given := r.Header.Get("X-Request-Id"); requestIDs.MatchString(given) {
		return given
	}
	return uuid.NewString()
}

func safeHeaders(header http.Header, requestID string) {
	header.Set("X-Request-Id", requestID)
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
}

func (s *Server) recovered(w *countingWriter, r *http.Request) {
	cause := recover()
	if cause == nil {
		return
	}
	s.log.LogAttrs(r.Context(), slog.LevelError, "handler panicked",
		slog.String("request", exchangeOf(r.Context()).requestID), slog.String("cause", fmt.Sprint(cause)), slog.String("stack", string(debug.Stack())))
	if !w.begun {
		s.fail(w, r, fmt.Errorf("panic: %v", cause))
	}
}

// observe writes the access log and the metrics: the route and never the query, which may hold candidate numbers.
func (s *Server) observe(r *http.Request, e *exchange) {
	took := s.wall().Sub(e.arrived)
	route := orDefault(e.route, "none")
	s.durations.WithLabelValues(route, strconv.Itoa(e.status)).Observe(took.Seconds())
	level := slog.LevelInfo
	if route == "GET /healthz" || route == "GET /readyz" {
		// Probes ask every few seconds.
		level = slog.LevelDebug
	}
	s.log.LogAttrs(r.Context(), level, "request",
		slog.String("request", e.requestID), slog.String("route", route), slog.String("case", caseOf(r)),
		slog.Int("status", e.status), slog.Int("bytes", e.bytes), slog.Duration("took", took))
}

// caseOf is the reference in the request's path, and nothing that only stands in its place.
func caseOf(r *http.Request) string {
	reference, err := casework.ParseReference(r.PathValue("reference"))
	if err != nil {
		return ""
	}
	return string(reference)
}

// countingWriter remembers what was answered.
type countingWriter struct {
	http.ResponseWriter
	exchange *exchange
	begun    bool
}

// WriteHeader implements http.ResponseWriter.
func (w *countingWriter) WriteHeader(status int) {
	if !w.begun {
		w.begun, w.exchange.status = true, status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (w *countingWriter) Write(p []byte) (int, error) {
	w.begun = true
	n, err := w.ResponseWriter.Write(p)
	w.exchange.bytes += n
	return n, err
}

// Unwrap lets http.ResponseController reach the writer below.
func (w *countingWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
