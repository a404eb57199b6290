// Package mailbox is the local stack's stand-in for Amazon SES: it answers SES's own protocol, keeps
// every accepted mail where a person can read it in a browser, reports deliveries, and can be told to
// fail in the ways in which SES fails.
package mailbox

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// Mail is the envelope of one accepted message.
type Mail struct {
	ID string    `json:"id"` // the message id that SES answered
	At time.Time `json:"at"` // when it was accepted, UTC
	// StackAt is what the stack's movable clock showed then, UTC; zero where nobody could say.
	StackAt time.Time         `json:"stackAt,omitzero"`
	From    string            `json:"from"`
	To      []string          `json:"to"` // the envelope's recipients, blind copies included
	Subject string            `json:"subject"`
	Tags    map[string]string `json:"tags"`
	// Undelivered is set where a fault withheld the delivery event.
	Undelivered bool `json:"undelivered,omitempty"`
}

// Event says that a message was delivered, as SES publishes it.
type Event struct {
	MessageID  string            `json:"messageId"`
	Tags       map[string]string `json:"tags"`
	Recipients []string          `json:"recipients"`
	At         time.Time         `json:"at"` // UTC
}

// Box keeps mails in a folder, each as NAME.eml beside NAME.json.
type Box struct {
	dir string

	mu    sync.RWMutex
	mails []Mail // oldest first
}

// Open reads the mails that the folder holds already.
func Open(dir string) (*Box, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the mail folder: %w", err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return nil, fmt.Errorf("list the mail folder: %w", err)
	}
	b := &Box{dir: dir}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("read a mail: %w", err)
		}
		var m Mail
		if err := json.Unmarshal(data, &m); err != nil {
			return nil, fmt.Errorf("read mail %s: %w", filepath.Base(file), err)
		}
		b.mails = append(b.mails, m)
	}
	slices.SortFunc(b.mails, func(x, y Mail) int {
		return cmp.Or(x.At.Compare(y.At), strings.Compare(x.ID, y.ID))
	})
	return b, nil
}

// accept stores a message. The envelope file is written last, and under another name first: a mail is
// there whole or not at all.
func (b *Box) accept(m Mail, raw []byte) error {
	parsed, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return fmt.Errorf("read the message's header: %w", err)
	}
	m.Subject = decodeHeader(parsed.Header.Get("Subject"))
	m.From = orElse(decodeHeader(parsed.Header.Get("From")), m.From)
	stamped := stamp(raw, m.ID, m.At.Format(time.RFC1123Z))
	if err := os.WriteFile(b.path(m.ID, ".eml"), stamped, 0o600); err != nil {
		return fmt.Errorf("store mail %s: %w", m.ID, err)
	}
	envelope, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return fmt.Errorf("write the envelope of mail %s: %w", m.ID, err)
	}
	if err := os.WriteFile(b.path(m.ID, ".new"), envelope, 0o600); err != nil {
		return fmt.Errorf("store the envelope of mail %s: %w", m.ID, err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := os.Rename(b.path(m.ID, ".new"), b.path(m.ID, ".json")); err != nil {
		return fmt.Errorf("store the envelope of mail %s: %w", m.ID, err)
	}
	b.mails = append(b.mails, m)
	return nil
}

func (b *Box) path(id, suffix string) string { return filepath.Join(b.dir, id+suffix) }

// Mails lists the envelopes, newest first, of mails to addresses that contain to; "" takes all.
func (b *Box) Mails(to string) []Mail {
	b.mu.RLock()
	defer b.mu.RUnlock()
	found := []Mail{}
	for _, m := range slices.Backward(b.mails) {
		if matches(m.To, to) {
			found = append(found, m)
		}
	}
	return found
}

// Events lists deliveries at or after since, oldest first. A tag other than "" is written name:value
// and narrows the list to messages that carry it.
func (b *Box) Events(since time.Time, tag string) []Event {
	name, value, _ := strings.Cut(tag, ":")
	b.mu.RLock()
	defer b.mu.RUnlock()
	found := []Event{}
	for _, m := range b.mails {
		carried, tagged := m.Tags[name]
		if m.Undelivered || m.At.Before(since) || (tag != "" && (!tagged || carried != value)) {
			continue
		}
		found = append(found, Event{MessageID: m.ID, Tags: m.Tags, Recipients: m.To, At: m.At})
	}
	return found
}

// ErrUnknown means that no accepted mail has the id.
var ErrUnknown = errors.New("no such mail")

// Read returns one mail with its stored form.
func (b *Box) Read(id string) (Mail, []byte, error) {
	b.mu.RLock()
	at := slices.IndexFunc(b.mails, func(m Mail) bool { return m.ID == id })
	var m Mail
	if at >= 0 {
		m = b.mails[at]
	}
	b.mu.RUnlock()
	if at < 0 {
		return Mail{}, nil, fmt.Errorf("mail %s: %w", id, ErrUnknown)
	}
	raw, err := os.ReadFile(b.path(id, ".eml"))
	if errors.Is(err, fs.ErrNotExist) {
		return Mail{}, nil, fmt.Errorf("mail %s: %w", id, ErrUnknown)
	}
	if err != nil {
		return Mail{}, nil, fmt.Errorf("read mail %s: %w", id, err)
	}
	return m, raw, nil
}

// matches says whether one of the addresses contains part.
func matches(addresses []string, part string) bool {
	return part == "" || slices.ContainsFunc(addresses, func(a string) bool { return strings.Contains(a, part) })
}
