package fee

import (
	"fmt"
	"slices"
	"strings"

	"github.com/recourse-exams/recourse/casework"
)

// Request is one request of a basket with what it would cost.
type Request struct {
	// Name names the request to whoever asks for the forecast, such as "M1/02 review-of-marking".
	Name string
	// Set names the award whose grade may waive the fees: the same candidate, qualification and series. It is empty
	// for a request that no candidate's grade can waive, such as a cohort's.
	Set    string
	Quotes []Quote
	// Linked lists the cases of the same set that exist already.
	Linked []LinkedCase
}

// LinkedCase is a case of the same candidate, qualification and series.
type LinkedCase struct {
	Reference casework.Reference
	// Open is true until its outcome is recorded; a case in its appeal window is not open any more (domain §8.2,
	// "Linked set").
	Open bool
}

// Forecast is what a basket would cost.
type Forecast struct {
	// Total is to pay if no grade changes, IfChanged if the grade of every award in the basket does.
	Total     Pence
	IfChanged Pence
	// Sets come in the order in which the basket names them; requests without a set stand alone.
	Sets []SetForecast
}

// SetForecast is what the requests of one award would cost.
type SetForecast struct {
	Set string
	// Requests are the names of the set's requests, in the basket's order.
	Requests  []string
	Total     Pence
	IfChanged Pence
	Advice    []Advice
}

// Advice is a sentence that may save the centre money.
type Advice struct {
	// Code is stable and machine-readable.
	Code string
	Text string
	// Cases are the existing cases that it is about.
	Cases []casework.Reference
}

// The codes of every advice.
const (
	// AdviceTogether: the requests share one waiver if they are made together.
	AdviceTogether = "ask-together"
	// AdviceLinkedOpen: a linked case is open, so that its waiver covers this request too.
	AdviceLinkedOpen = "shares-waiver-with-open-case"
	// AdviceLinkedFinished: a linked case has finished, so that this request is decided on its own merit (AQA).
	AdviceLinkedFinished = "linked-case-finished"
)

// Foresee sums a basket up, award by award.
func Foresee(basket []Request) Forecast {
	var forecast Forecast
	for i, request := range basket {
		if slices.ContainsFunc(basket[:i], func(earlier Request) bool { return request.Set != "" && earlier.Set == request.Set }) {
			continue
		}
		set := foreseeSet(request, basket[i+1:])
		forecast.Total += set.Total
		forecast.IfChanged += set.IfChanged
		forecast.Sets = append(forecast.Sets, set)
	}
	return forecast
}

// foreseeSet gathers the requests of the first one's award.
func foreseeSet(first Request, rest []Request) SetForecast {
	members := []Request{first}
	for _, request := range rest {
		if first.Set != "" && request.Set == first.Set {
			members = append(members, request)
		}
	}
	set := SetForecast{Set: first.Set}
	var linked []LinkedCase
	waivable := 0
	for _, m := range members {
		total, left := Total(m.Quotes), stays(m.Quotes)
		set.Requests = append(set.Requests, m.Name)
		set.Total += total
		set.IfChanged += left
		if left < total {
			waivable++
		}
		for _, c := range m.Linked {
			if !slices.Contains(linked, c) {
				linked = append(linked, c)
			}
		}
	}
	if waivable > 0 {
		set.Advice = advise(waivable, set.Total-set.IfChanged, linked)
	}
	return set
}

func advise(requests int, saved Pence, linked []LinkedCase) []Advice {
	var advice []Advice
	if requests > 1 {
		advice = append(advice, Advice{
			Code: AdviceTogether,
			Text: fmt.Sprintf("Ask for these %d together: if the grade changes, one waiver covers them, %s in all.", requests, saved),
		})
	}
	if open := references(linked, true); len(open) > 0 {
		advice = append(advice, Advice{
			Code: AdviceLinkedOpen, Cases: open,
			Text: fmt.Sprintf("%s of the same award %s still open: what is asked for before the outcome shares one waiver with it.", named(open), isAre(open)),
		})
	}
	if finished := references(linked, false); len(finished) > 0 {
		advice = append(advice, Advice{
			Code: AdviceLinkedFinished, Cases: finished,
			Text: fmt.Sprintf("%s of the same award finished already: what is asked for now is charged or waived on its own merit.", named(finished)),
		})
	}
	return advice
}

func references(linked []LinkedCase, open bool) []casework.Reference {
	var refs []casework.Reference
	for _, c := range linked {
		if c.Open == open {
			refs = append(refs, c.Reference)
		}
	}
	return refs
}

// named writes "Case R-1" or "Cases R-1, R-2".
func named(refs []casework.Reference) string {
	words := make([]string, len(refs))
	for i, ref := range refs {
		words[i] = string(ref)
	}
	if len(words) == 1 {
		return "Case " + words[0]
	}
	return "Cases " + strings.Join(words, ", ")
}

func isAre(refs []casework.Reference) string {
	if len(refs) == 1 {
		return "is"
	}
	return "are"
}
