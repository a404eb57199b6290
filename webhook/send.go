package webhook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/recourse-exams/recourse/casework/docket"
)

const (
	// attemptWait bounds one attempt: the specification asks receivers to answer at once and work afterwards.
	attemptWait = 15 * time.Second
	dialWait    = 5 * time.Second
	// answerRead is how much of an answer is read, so that the connection can be used again; nothing of it is kept.
	answerRead = 16 << 10
	idleWait   = 90 * time.Second
)

// Sender delivers events. It is safe for use by several goroutines.
type Sender struct {
	keyring  Keyring
	networks Networks
	client   *http.Client
}

// NewSender makes a sender that reaches the public internet, and these networks.
func NewSender(keyring Keyring, networks Networks) *Sender {
	return newSender(keyring, networks, net.DefaultResolver)
}

// newSender makes a sender that looks names up with a resolver.
func newSender(keyring Keyring, networks Networks, names *net.Resolver) *Sender {
	dialer := &net.Dialer{Timeout: dialWait, Control: networks.guard, Resolver: names}
	return &Sender{keyring: keyring, networks: networks, client: &http.Client{
		Timeout: attemptWait,
		// No proxy: the guard must see the receiver's own address.
		Transport: &http.Transport{
			DialContext: dialer.DialContext, TLSHandshakeTimeout: dialWait, ResponseHeaderTimeout: attemptWait,
			IdleConnTimeout: idleWait, MaxIdleConnsPerHost: 2, ForceAttemptHTTP2: true,
		},
		// Another address was never agreed on with anybody; its receiver would get an event that is not for it.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Send makes one attempt at a delivery at an instant. status is the receiver's answer, zero if there was none; err is
// nil exactly if the receiver took the message (2xx), and else a sentence without the address, which may hold a token.
func (s *Sender) Send(ctx context.Context, hook docket.Webhook, delivery docket.Delivery, at time.Time) (status int, err error) {
	if err := s.networks.CheckURL(hook.URL); err != nil {
		return 0, fmt.Errorf("the address cannot be used: %w", err)
	}
	body := []byte(delivery.Body)
	signatures, err := s.keyring.Signatures(hook.ID, hook.Generation, delivery.ID, at, body)
	if err != nil {
		return 0, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, hook.URL, bytes.NewReader(body))
	if err != nil {
		return 0, errors.New("the address cannot be used")
	}
	request.Header.Set("Content-Type", "application/cloudevents+json; charset=utf-8")
	request.Header.Set("User-Agent", "Recourse")
	request.Header.Set("Webhook-Id", delivery.ID)
	request.Header.Set("Webhook-Timestamp", strconv.FormatInt(at.Unix(), 10))
	request.Header.Set("Webhook-Signature", signatures)
	answer, err := s.client.Do(request)
	if err != nil {
		return 0, withoutAddress(err)
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, answerRead))
	if answer.StatusCode < http.StatusOK || answer.StatusCode >= http.StatusMultipleChoices {
		return answer.StatusCode, refused(answer.StatusCode)
	}
	return answer.StatusCode, nil
}

// refused words an answer that is no acceptance.
func refused(status int) error {
	if status >= http.StatusMultipleChoices && status < http.StatusBadRequest {
		return fmt.Errorf("the receiver answered %d %s; redirects are not followed: make a webhook with the new address and stop this one", status, http.StatusText(status))
	}
	return fmt.Errorf("the receiver answered %d %s", status, http.StatusText(status))
}

// withoutAddress is a transport's error without the URL that the client puts before it.
func withoutAddress(err error) error {
	var transport *url.Error
	if !errors.As(err, &transport) {
		return fmt.Errorf("no answer: %w", err)
	}
	if transport.Timeout() {
		return fmt.Errorf("no answer within %s", attemptWait)
	}
	return fmt.Errorf("no answer: %w", transport.Err)
}
