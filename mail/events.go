package mail

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
)

// EventSource knows which mails were delivered.
type EventSource interface {
	// Delivered asks for a delivery event of the ledger row's mail.
	Delivered(ctx context.Context, ledgerID int64) (messageID string, delivered bool, err error)
}

// NoEvents is the source of an installation that receives no delivery events: nothing is ever known delivered.
type NoEvents struct{}

// Delivered answers no.
func (NoEvents) Delivered(context.Context, int64) (string, bool, error) { return "", false, nil }

// maxEvents bounds an answer: a ledger row has a handful of events.
const maxEvents = 1 << 20

// HTTPEvents asks an HTTP service for delivery events.
type HTTPEvents struct {
	client *http.Client
	url    url.URL
}

// NewHTTPEvents makes a source that asks at the address, such as http://127.0.0.1:8025/events. The service takes a
// parameter tag=ledger:ID and answers a JSON list of objects with messageId and tags.
func NewHTTPEvents(client *http.Client, address string) (*HTTPEvents, error) {
	parsed, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("address of delivery events: %w", err)
	}
	if parsed.Scheme != "http" && parsed.Scheme != "https" {
		return nil, fmt.Errorf("address of delivery events: %q is not an http or https URL", address)
	}
	return &HTTPEvents{client: client, url: *parsed}, nil
}

type event struct {
	MessageID string            `json:"messageId"`
	Tags      map[string]string `json:"tags"`
}

// Delivered asks for events with the row's tag. A mail that was sent twice is known by its first delivery.
func (e *HTTPEvents) Delivered(ctx context.Context, ledgerID int64) (messageID string, delivered bool, err error) {
	id := strconv.FormatInt(ledgerID, 10)
	events, err := e.ask(ctx, ledgerTag+":"+id)
	if err != nil {
		return "", false, fmt.Errorf("ask for the delivery of mail %d: %w", ledgerID, err)
	}
	// A source that does not know the parameter lists every event: the tag is compared here again.
	i := slices.IndexFunc(events, func(e event) bool { return e.Tags[ledgerTag] == id })
	if i < 0 {
		return "", false, nil
	}
	return events[i].MessageID, true, nil
}

func (e *HTTPEvents) ask(ctx context.Context, tag string) ([]event, error) {
	address := e.url
	query := address.Query()
	query.Set("tag", tag)
	address.RawQuery = query.Encode()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), nil)
	if err != nil {
		return nil, err
	}
	response, err := e.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }() // Read to its end or given up: closing can say nothing new.
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the service answered %s", response.Status)
	}
	var events []event
	if err := json.NewDecoder(io.LimitReader(response.Body, maxEvents)).Decode(&events); err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	return events, nil
}
