package main_test

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ses"
	"github.com/aws/aws-sdk-go-v2/service/ses/types"
	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/api/identity"
	standin "github.com/recourse-exams/recourse/deploy/local/standin"
)

// send sends one mail with a key, once.
func send(t *testing.T, at, key string) error {
	t.Helper()
	client := ses.New(ses.Options{
		Region: "eu-west-2", BaseEndpoint: aws.String(at), Retryer: aws.NopRetryer{},
		Credentials: credentials.NewStaticCredentialsProvider(key, "any secret", ""),
	})
	_, err := client.SendRawEmail(t.Context(), &ses.SendRawEmailInput{RawMessage: &types.RawMessage{
		Data: []byte("From: results@cambria.example\nTo: amira@alderbrook.example\nSubject: Outcome\n\nDear Amira\n"),
	}})
	return err
}

func mails(t *testing.T, at string) int {
	t.Helper()
	answer, err := http.Get(at + "/messages")
	require.NoError(t, err)
	defer answer.Body.Close()
	var list []json.RawMessage
	require.NoError(t, json.NewDecoder(answer.Body).Decode(&list))
	return len(list)
}

func TestMailsOfTheOneKeyOutliveTheContainer(t *testing.T) {
	t.Parallel()
	state, key := t.TempDir(), "--access-key-file="+keyFile(t)
	at := start(t, "mail", "--state="+state, key)
	require.NoError(t, send(t, at, "abc"), "the key is the file's text without the line's end")
	require.ErrorContains(t, send(t, at, "abcd"), "InvalidClientTokenId")
	require.Equal(t, 1, mails(t, at))
	require.Equal(t, 1, mails(t, start(t, "mail", "--state="+state, key)))
}

// The product in its container reaches the issuer by another name than the host does, so the name is a setting.
func TestTheProductTakesTheTokensOfTheIssuersContainer(t *testing.T) {
	t.Parallel()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := free.Addr().String()
	require.NoError(t, free.Close())
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- standin.Run(ctx, []string{
			"issuer", "--listen=" + address, "--state=" + t.TempDir(), "--url=http://" + address, "--audience=desk",
		}, io.Discard)
	}()
	require.Eventually(t, func() bool {
		return standin.Run(t.Context(), []string{"health", "http://" + address + "/healthz"}, io.Discard) == nil
	}, 10*time.Second, 10*time.Millisecond)
	answer, err := http.PostForm("http://"+address+"/token", url.Values{"persona": {"ex-1001"}})
	require.NoError(t, err)
	defer answer.Body.Close()
	var token struct {
		Access string `json:"access_token"`
	}
	require.NoError(t, json.NewDecoder(answer.Body).Decode(&token))
	verify := func(audience string) error {
		_, err := identity.NewVerifier("http://"+address, audience, http.DefaultClient, time.Now).Verify(t.Context(), token.Access)
		return err
	}
	require.NoError(t, verify("desk"))
	require.ErrorIs(t, verify("recourse"), identity.ErrInvalid)
	cancel()
	require.NoError(t, <-ended, "an asked-for end is no failure")
}

func TestWhatKeepsItFromServingIsSaid(t *testing.T) {
	t.Parallel()
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer busy.Close()
	blank, broken, damaged := filepath.Join(t.TempDir(), "key"), t.TempDir(), t.TempDir()
	require.NoError(t, os.WriteFile(blank, []byte("\n"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(broken, "signing-key.pem"), []byte("noise"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(damaged, "a.json"), []byte("{"), 0o600))
	for says, arguments := range map[string][]string{
		"listen":          {"mail", "--state=" + t.TempDir(), "--access-key-file=" + keyFile(t), "--listen=" + busy.Addr().String()},
		"is empty":        {"mail", "--state=" + t.TempDir(), "--access-key-file=" + blank},
		"a.json":          {"mail", "--state=" + damaged, "--access-key-file=" + keyFile(t)},
		"signing-key.pem": {"issuer", "--state=" + broken, "--url=http://issuer"},
		"refused":         {"health", "http://127.0.0.1:1/healthz"},
		"ask ://":         {"health", "://"},
	} {
		require.ErrorContains(t, standin.Run(t.Context(), arguments, io.Discard), says)
	}
	var help strings.Builder
	require.Error(t, standin.Run(t.Context(), []string{"mail", "--help"}, &help))
	require.Contains(t, help.String(), "access-key-file")
}
