package offer

import (
	"fmt"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
)

// window is when a service may be asked for: from opens, before closes, both in UTC. Zero instants are unknown.
type window struct {
	opens  time.Time
	closes time.Time
}

// lastDay is the series' key date for the service, which stands in place of the formula (domain §8.2).
func (i inquiry) lastDay() calendar.Date {
	for _, row := range i.facts.LastDays {
		if row.Service == i.ask.Service {
			return row.Date
		}
	}
	if i.facts.GCSERelease.IsZero() {
		return calendar.Date{}
	}
	return i.facts.GCSERelease.AddDays(i.rules.Window.Offset)
}

// window finds the service's window and compares the receipt with it: the receipt alone decides, to the
// instant (domain §8.1, "receipt decides").
func (i inquiry) window() (window, []casework.Reason) {
	opens, last, received := i.facts.CandidateRelease, i.lastDay(), i.ask.ReceivedAt
	if opens.IsZero() || last.IsZero() {
		return window{}, []casework.Reason{because(i.rules.Opens, casework.Reason{
			Code: CodeNotOpenYet, Pointer: "/series",
			Detail: fmt.Sprintf("The dates of series %s are not published yet.", i.facts.Series),
			Remedy: "Ask again when the awarding body has published the series' key dates.",
		})}
	}
	w := window{opens: opens, closes: last.End()}
	switch {
	case received.Before(w.opens):
		return w, []casework.Reason{because(i.rules.Opens, casework.Reason{
			Code: CodeNotOpenYet, Pointer: "/series",
			Detail: fmt.Sprintf("Requests open when candidates have their results, on %s; this one was received on %s (UK time).", longInstant(w.opens), longInstant(received)),
			Remedy: "Ask again from then on, with consent that was given after the results.",
		})}
	case !received.Before(w.closes):
		return w, []casework.Reason{because(i.rules.Window.Provenance, casework.Reason{
			Code: CodeWindowClosed, Pointer: "/series",
			Detail: fmt.Sprintf("Requests were taken until the end of %s; this one was received on %s (UK time).", last.Long(), longInstant(received)),
			Remedy: "The window is not extended; ask the awarding body if its system was unavailable.",
		})}
	}
	return w, nil
}
