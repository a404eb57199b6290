// Package door is the HTTPS way to the operators' panel of the local stack: the Temporal Web UI tells a page in a frame
// which workflow it shows only if that page comes over HTTPS. Its certificate is made at the first start and trusted by
// nobody before somebody on this machine says so.
package door

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Config is what the child is told.
type Config struct {
	Port int `json:"port"` // on 127.0.0.1
	// Target is the starter's address.
	Target string `json:"target"`
	// CertificateFile and KeyFile are made at the first start.
	CertificateFile string `json:"certificateFile"`
	KeyFile         string `json:"keyFile"`
}

// Run serves until ctx ends. It calls ready once it listens.
func Run(ctx context.Context, c Config, ready func() error) error {
	certificate, err := loadCertificate(c.CertificateFile, c.KeyFile, time.Now())
	if err != nil {
		return err
	}
	handler, err := Handler(c.Target)
	if err != nil {
		return err
	}
	var listening net.ListenConfig
	listener, err := listening.Listen(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(c.Port)))
	if err != nil {
		return fmt.Errorf("listen for the panel: %w", err)
	}
	web := &http.Server{
		Handler: handler, ReadHeaderTimeout: 10 * time.Second,
		TLSConfig: &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12},
	}
	stop := context.AfterFunc(ctx, func() { web.Close() })
	defer stop()
	if err := ready(); err != nil {
		return err
	}
	if err := web.ServeTLS(listener, "", ""); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve the panel: %w", err)
	}
	return nil
}

// Handler hands on what is asked of the operators' pages and nothing else: the REST service has its own address. The
// name under which the browser asked is kept, for the pages tell by it where they are.
func Handler(target string) (http.Handler, error) {
	to, err := url.Parse(target)
	if err != nil {
		return nil, fmt.Errorf("read the starter's address: %w", err)
	}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(to)
		r.Out.Host = r.In.Host
	}}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/":
			http.Redirect(w, r, "/ops", http.StatusFound)
		case r.URL.Path == "/ops" || strings.HasPrefix(r.URL.Path, "/ops/"):
			proxy.ServeHTTP(w, r)
		default:
			http.NotFound(w, r)
		}
	}), nil
}
