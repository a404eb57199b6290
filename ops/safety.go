package ops

import (
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// policy lets a page load its own style and script and send its forms home, and nothing else; framer is the origin that
// may show it in a frame.
func policy(framer string) string {
	return "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors " + framer
}

// safe sets the headers that every answer has.
func (s *site) safe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", policy("'none'"))
		header.Set("Cache-Control", "no-store")
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "no-referrer")
		if s.base(r).Scheme == "https" && !loopback(s.base(r).Hostname()) {
			header.Set("Strict-Transport-Security", "max-age=31536000")
		}
		r.Body = http.MaxBytesReader(w, r.Body, mostForm)
		seen := &observed{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(seen, r)
		// The path and never the query, which holds the codes of sign-ins.
		s.Log.LogAttrs(r.Context(), slog.LevelInfo, "request of an operator's browser",
			slog.String("method", r.Method), slog.String("path", r.URL.Path), slog.Int("status", seen.status))
	})
}

// observed remembers the status of an answer.
type observed struct {
	http.ResponseWriter
	status int
}

// WriteHeader implements http.ResponseWriter.
func (o *observed) WriteHeader(status int) {
	o.status = status
	o.ResponseWriter.WriteHeader(status)
}

// mostForm is how many bytes a form may have.
const mostForm = 64 << 10

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || (ip != nil && ip.IsLoopback())
}

// sameSite reports whether browsers count two addresses as one site, so that a page of the one in a frame of the other
// is sent its cookies: the same scheme, and the same host or hosts below one name. Under a suffix that others share,
// such as "co.uk", it says yes too often: the browser then keeps the cookie back and the panel asks to sign in.
func sameSite(a, b *url.URL) bool {
	if a.Scheme != b.Scheme {
		return false
	}
	if a.Hostname() == b.Hostname() {
		return true
	}
	if net.ParseIP(a.Hostname()) != nil || net.ParseIP(b.Hostname()) != nil {
		return false
	}
	return below(a.Hostname()) == below(b.Hostname())
}

// below is the name of two labels under which a host stands.
func below(host string) string {
	labels := strings.Split(host, ".")
	return strings.Join(labels[max(0, len(labels)-2):], ".")
}
