package activities

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"github.com/recourse-exams/recourse/casework"
)

// Signalled is a signal's message as a person typed it. One that cannot be read keeps what is wrong with it, where
// Temporal would drop the signal without a word to anybody.
type Signalled[T any] struct {
	Message T
	// Fault is set if the message cannot be read; Message is of no use then.
	Fault *casework.Fault
	// Digest tells the message from every other by its content: a case that is reset hears its signals again, and
	// perhaps not all of them, so that their number would not do. It is empty for a signal without an input.
	Digest string
}

// digestBytes is how much of the SHA-256 is kept: enough to tell the signals of one case apart.
const digestBytes = 8

// UnmarshalJSON implements json.Unmarshaler; it takes every JSON.
func (s *Signalled[T]) UnmarshalJSON(body []byte) error {
	sum := sha256.Sum256(body)
	*s = Signalled[T]{Digest: hex.EncodeToString(sum[:digestBytes])}
	if err := json.Unmarshal(body, &s.Message); err != nil {
		s.Fault = casework.NewFault(casework.Invalid, "signal-unreadable", "The signal's input cannot be read: "+err.Error()+".")
	}
	return nil
}
