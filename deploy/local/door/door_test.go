package door_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/deploy/local/door"
)

// pages stands for the starter: it says what it was asked, and under which name.
func pages(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "kept", Value: "whole", Path: "/"})
		fmt.Fprintf(w, "%s %s %s", r.Method, r.URL.RequestURI(), r.Host)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func get(t *testing.T, client *http.Client, url string) (status int, body string) {
	t.Helper()
	answer, err := client.Get(url)
	require.NoError(t, err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	return answer.StatusCode, string(text)
}

func TestTheDoorLeadsToTheOperatorsPagesOnly(t *testing.T) {
	t.Parallel()
	handler, err := door.Handler(pages(t))
	require.NoError(t, err)
	server := httptest.NewTLSServer(handler)
	t.Cleanup(server.Close)
	client := server.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

	status, body := get(t, client, server.URL+"/ops/panel?a=b")
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, "GET /ops/panel?a=b "+server.Listener.Addr().String(), body, "the pages see the name under which the browser asked")
	status, _ = get(t, client, server.URL+"/ops")
	require.Equal(t, http.StatusOK, status)
	status, _ = get(t, client, server.URL+"/")
	require.Equal(t, http.StatusFound, status)
	for _, path := range []string{"/v1/cases", "/opsx", "/metrics", "/healthz"} {
		status, _ = get(t, client, server.URL+path)
		require.Equal(t, http.StatusNotFound, status, path)
	}
}

func TestTheDoorKeepsItsCertificate(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	var reserved net.ListenConfig
	listener, err := reserved.Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address, ok := listener.Addr().(*net.TCPAddr)
	require.True(t, ok)
	require.NoError(t, listener.Close())
	config := door.Config{
		Port: address.Port, Target: pages(t), CertificateFile: filepath.Join(folder, "panel.pem"), KeyFile: filepath.Join(folder, "panel-key.pem"),
	}
	first := visit(t, config)
	require.Equal(t, first, visit(t, config), "who trusted it once need not do so again")
	require.NoError(t, os.WriteFile(config.CertificateFile, []byte("damaged"), 0o600))
	require.NotEqual(t, first, visit(t, config), "a damaged one is made anew")
	kept, err := os.Stat(config.KeyFile)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), kept.Mode().Perm())
}

// visit starts the door, asks it for a page as somebody who trusts its certificate, and returns that.
func visit(t *testing.T, config door.Config) []byte {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ready, ended := make(chan struct{}), make(chan error, 1)
	go func() { ended <- door.Run(ctx, config, func() error { close(ready); return nil }) }()
	select {
	case <-ready:
	case err := <-ended:
		require.NoError(t, err)
	}
	text, err := os.ReadFile(config.CertificateFile)
	require.NoError(t, err)
	trusted := x509.NewCertPool()
	require.True(t, trusted.AppendCertsFromPEM(text))
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusted, MinVersion: tls.VersionTLS12}}, Timeout: 10 * time.Second}
	for _, name := range []string{"127.0.0.1", "localhost"} {
		status, body := get(t, client, "https://"+net.JoinHostPort(name, strconv.Itoa(config.Port))+"/ops")
		require.Equal(t, http.StatusOK, status)
		require.Equal(t, fmt.Sprintf("GET /ops %s:%d", name, config.Port), body)
	}
	client.CloseIdleConnections()
	cancel()
	require.NoError(t, <-ended)
	return text
}
