package demo

import (
	"bytes"

	"github.com/recourse-exams/recourse/deploy/local/person"
	"github.com/recourse-exams/recourse/deploy/local/stack"
)

// Report is what Run prints about facts.
func Report(requests []Request, people Directory, facts Facts, verdict Verdict, colour, keep bool) (string, error) {
	var out bytes.Buffer
	err := report{
		ink: ink(colour), requests: requests, people: people, facts: facts, verdict: verdict, keep: keep, state: "state",
		endpoints: stack.Endpoints{TemporalUI: "http://ui.example"},
	}.write(&out)
	return out.String(), err
}

// Sentence is how the report tells an entry.
func Sentence(entry person.Entry, r Request, people Directory) string {
	return sentence(entry, r, people)
}
