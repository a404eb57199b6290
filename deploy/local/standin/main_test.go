package main_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	standin "github.com/recourse-exams/recourse/deploy/local/standin"
)

// start runs the command and returns its address; it ends with the test.
func start(t *testing.T, arguments ...string) string {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	logged, log := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- standin.Run(ctx, append(arguments, "--listen=127.0.0.1:0"), log) }()
	t.Cleanup(func() {
		cancel()
		require.NoError(t, <-ended)
	})
	line, err := bufio.NewReader(logged).ReadString('\n')
	require.NoError(t, err)
	go io.Copy(io.Discard, logged)
	_, address, found := strings.Cut(strings.TrimSpace(line), "listens on ")
	require.True(t, found, line)
	return "http://" + address
}

func keyFile(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "key")
	require.NoError(t, os.WriteFile(file, []byte("abc\n"), 0o600))
	return file
}

func TestMailServesTheInboxAndItsHealth(t *testing.T) {
	t.Parallel()
	at := start(t, "mail", "--state="+t.TempDir(), "--access-key-file="+keyFile(t))
	require.NoError(t, standin.Run(t.Context(), []string{"health", at + "/healthz"}, io.Discard))
	require.ErrorContains(t, standin.Run(t.Context(), []string{"health", at + "/nothing"}, io.Discard), "404")
}

func TestTokensNameTheIssuerByItsURL(t *testing.T) {
	t.Parallel()
	state := t.TempDir()
	at := start(t, "issuer", "--state="+state, "--url=http://issuer.localhost:8026")
	answer, err := http.Get(at + "/.well-known/openid-configuration")
	require.NoError(t, err)
	defer answer.Body.Close()
	var discovery struct {
		Issuer string `json:"issuer"`
	}
	require.NoError(t, json.NewDecoder(answer.Body).Decode(&discovery))
	require.Equal(t, "http://issuer.localhost:8026", discovery.Issuer)

	token, err := http.PostForm(at+"/token", url.Values{"persona": {"eo-64101"}})
	require.NoError(t, err)
	defer token.Body.Close()
	require.Equal(t, http.StatusOK, token.StatusCode)
	require.FileExists(t, filepath.Join(state, "signing-key.pem"), "tokens must stay good over a restart")
}

func TestWhatIsMissingIsSaid(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		says      string
		arguments []string
	}{
		{"usage:", nil},
		{"usage:", []string{"mail"}},
		{"usage:", []string{"postman", "--state=."}},
		{"access key", []string{"mail", "--state=" + t.TempDir(), "--access-key-file=absent"}},
		{"--url", []string{"issuer", "--state=" + t.TempDir()}},
		{"arguments", []string{"issuer", "--colour=red"}},
	} {
		require.ErrorContains(t, standin.Run(t.Context(), row.arguments, io.Discard), row.says)
	}
}
