package activities

import (
	"encoding/json"

	"github.com/recourse-exams/recourse/casework"
)

// Signalled is a signal's message as a person typed it. One that cannot be read keeps what is wrong with it, where
// Temporal would drop the signal without a word to anybody.
type Signalled[T any] struct {
	Message T
	// Fault is set if the message cannot be read; Message is of no use then.
	Fault *casework.Fault
}

// UnmarshalJSON implements json.Unmarshaler; it takes every JSON.
func (s *Signalled[T]) UnmarshalJSON(body []byte) error {
	*s = Signalled[T]{}
	if err := json.Unmarshal(body, &s.Message); err != nil {
		s.Fault = casework.NewFault(casework.Invalid, "signal-unreadable", "The signal's input cannot be read: "+err.Error()+".")
	}
	return nil
}
