package webhook_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/webhook"
)

var attempted = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func keyring() webhook.Keyring { return webhook.NewKeyring([]byte("key")) }

func delivery() docket.Delivery {
	return docket.Delivery{ID: "msg_17_5f0c", Event: docket.EventHeld, Body: `{"specversion":"1.0","id":"17"}`}
}

// receiver answers with a status and remembers what it was sent.
func receiver(t *testing.T, answer http.HandlerFunc) docket.Webhook {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	return docket.Webhook{ID: "wh_5f0c", URL: server.URL + "/events?token=s3cret", Generation: 2}
}

func TestSend_AReceiverCanCheckWhatItGets(t *testing.T) {
	t.Parallel()
	got := make(chan *http.Request, 1)
	bodies := make(chan []byte, 1)
	hook := receiver(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got <- r
		bodies <- body
		w.WriteHeader(http.StatusAccepted)
	})
	status, err := webhook.NewSender(keyring(), machine()).Send(t.Context(), hook, delivery(), attempted)
	require.NoError(t, err)
	require.Equal(t, http.StatusAccepted, status)
	request, body := <-got, <-bodies
	require.Equal(t, http.MethodPost, request.Method)
	require.Equal(t, "application/cloudevents+json; charset=utf-8", request.Header.Get("Content-Type"))
	require.Equal(t, "msg_17_5f0c", request.Header.Get("webhook-id"))
	require.Equal(t, "1795424400", request.Header.Get("webhook-timestamp"))
	require.Equal(t, delivery().Body, string(body), "to the byte")
	require.True(t, verifies(keyring().Secret("wh_5f0c", 2), "msg_17_5f0c", "1795424400", body, request.Header.Get("webhook-signature")))
	require.True(t, verifies(keyring().Secret("wh_5f0c", 1), "msg_17_5f0c", "1795424400", body, request.Header.Get("webhook-signature")))
}

func TestSend_AnythingButSuccessIsARefusal(t *testing.T) {
	t.Parallel()
	for status, says := range map[int]string{
		http.StatusBadRequest:          "the receiver answered 400 Bad Request",
		http.StatusGone:                "the receiver answered 410 Gone",
		http.StatusServiceUnavailable:  "the receiver answered 503 Service Unavailable",
		http.StatusNotModified:         "redirects are not followed",
		http.StatusMovedPermanently:    "redirects are not followed",
		http.StatusTemporaryRedirect:   "redirects are not followed",
		http.StatusInternalServerError: "the receiver answered 500",
	} {
		hook := receiver(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
		got, err := webhook.NewSender(keyring(), machine()).Send(t.Context(), hook, delivery(), attempted)
		require.ErrorContains(t, err, says)
		require.Equal(t, status, got)
	}
}

// An event goes to nobody but the address that was agreed on.
func TestSend_FollowsNoRedirect(t *testing.T) {
	t.Parallel()
	elsewhere := receiver(t, func(http.ResponseWriter, *http.Request) { t.Error("the event went elsewhere") })
	hook := receiver(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.URL, http.StatusPermanentRedirect)
	})
	_, err := webhook.NewSender(keyring(), machine()).Send(t.Context(), hook, delivery(), attempted)
	require.ErrorContains(t, err, "308 Permanent Redirect; redirects are not followed: make a webhook with the new address and stop this one")
}

// What is only reachable from this machine is no receiver, whatever name leads there.
func TestSend_ReachesNothingOnThisMachineUnlessItMay(t *testing.T) {
	t.Parallel()
	hook := receiver(t, func(http.ResponseWriter, *http.Request) { t.Error("the event was sent") })
	sender := webhook.NewSender(keyring(), nil)
	_, err := sender.Send(t.Context(), hook, delivery(), attempted)
	require.ErrorContains(t, err, "must begin with https://")
	for _, address := range []string{"https://localhost.localdomain.invalid/", "https://169.254.169.254/latest", "https://0.0.0.0/", "https://[ff02::1]/"} {
		hook.URL = address
		status, err := sender.Send(t.Context(), hook, delivery(), attempted)
		require.Error(t, err, address)
		require.Zero(t, status)
	}
	hook.URL = "https://169.254.169.254/latest"
	_, err = webhook.NewSender(keyring(), machine()).Send(t.Context(), hook, delivery(), attempted)
	require.ErrorContains(t, err, "this machine's own link, where clouds serve their machines: 169.254.169.254", "nor in development")
}

// An error is shown to people and kept: the address may hold a token.
func TestSend_ErrorsDoNotRepeatTheAddress(t *testing.T) {
	t.Parallel()
	hook := receiver(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	status, err := webhook.NewSender(keyring(), machine()).Send(t.Context(), hook, delivery(), attempted)
	require.ErrorContains(t, err, "no answer")
	require.NotContains(t, err.Error(), "s3cret")
	require.Zero(t, status)

	hook.URL = "https://mis.school.example/\x7f?token=s3cret"
	_, err = webhook.NewSender(keyring(), machine()).Send(t.Context(), hook, delivery(), attempted)
	require.Error(t, err)
	require.NotContains(t, err.Error(), "s3cret")
}

func TestSend_AReceiverThatHangsIsGivenUp(t *testing.T) {
	t.Parallel()
	asked := make(chan struct{})
	hook := receiver(t, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.ReadAll(r.Body) // Only then the server notices that the client has gone.
		close(asked)
		<-r.Context().Done()
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-asked; cancel() }()
	_, err := webhook.NewSender(keyring(), machine()).Send(ctx, hook, delivery(), attempted)
	require.ErrorIs(t, err, context.Canceled)
}

func TestSend_ReadsNoEndlessAnswer(t *testing.T) {
	t.Parallel()
	hook := receiver(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.ReadAll(r.Body)
		for r.Context().Err() == nil {
			if _, err := io.WriteString(w, strings.Repeat("x", 1<<16)); err != nil {
				return
			}
		}
	})
	status, err := webhook.NewSender(keyring(), machine()).Send(t.Context(), hook, delivery(), attempted)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, status)
}
