package mailbox

import (
	"fmt"
	"sync"
)

// Mode is a way to fail.
type Mode string

const (
	// Down closes the connection without an answer; nothing is accepted. With no match it meets every
	// request, not only mails.
	Down Mode = "down"
	// Throttle answers Throttling; nothing is accepted.
	Throttle Mode = "throttle"
	// Reject answers MessageRejected; nothing is accepted.
	Reject Mode = "reject"
	// Hang gives no answer until the caller leaves; nothing is accepted.
	Hang Mode = "hang"
	// DropAnswer accepts the mail and closes the connection instead of answering.
	DropAnswer Mode = "drop-answer"
	// HangAnswer accepts the mail and gives no answer until the caller leaves.
	HangAnswer Mode = "hang-answer"
)

// Fault is one switched-on way to fail.
type Fault struct {
	Mode  Mode   `json:"mode"`
	Match string `json:"match"` // part of a recipient's address; "" meets everybody
	Count int    `json:"count"` // how many requests it meets; 0 means until it is switched off
	// WithholdEvent keeps the delivery event back where the mode accepts the mail.
	WithholdEvent bool `json:"withholdEvent"`
}

func (f Fault) validate() error {
	switch f.Mode {
	case Down, Throttle, Reject, Hang, DropAnswer, HangAnswer:
	default:
		return fmt.Errorf("mode %q is not one of %s, %s, %s, %s, %s, %s", f.Mode, Down, Throttle, Reject, Hang, DropAnswer, HangAnswer)
	}
	if f.Count < 0 {
		return fmt.Errorf("count %d is negative", f.Count)
	}
	return nil
}

// faults holds the switches; the first that matches decides.
type faults struct {
	mu   sync.Mutex
	list []Fault
}

func (f *faults) add(fault Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list = append(f.list, fault)
}

func (f *faults) clear() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list = nil
}

func (f *faults) all() []Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]Fault{}, f.list...)
}

// meet takes the fault that applies to a mail to these recipients and counts it.
func (f *faults) meet(recipients []string) (Fault, bool) {
	return f.take(func(fault Fault) bool { return matches(recipients, fault.Match) })
}

// meetRequest takes the fault that applies to a request that sends nothing.
func (f *faults) meetRequest() (Fault, bool) {
	return f.take(func(fault Fault) bool { return fault.Mode == Down && fault.Match == "" })
}

func (f *faults) take(applies func(Fault) bool) (Fault, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, fault := range f.list {
		if !applies(fault) {
			continue
		}
		switch fault.Count {
		case 0:
		case 1:
			f.list = append(f.list[:i], f.list[i+1:]...)
		default:
			f.list[i].Count--
		}
		return fault, true
	}
	return Fault{}, false
}
