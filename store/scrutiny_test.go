package store_test

import (
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/ruling"
)

// scrutiny is a body's practice of looking again, so that a test says itself when another performer looks.
type scrutiny struct {
	// from is by how many marks a result must change for a second look; zero asks for none.
	from int
	// drawn is whether an unchanged outcome is drawn for monitoring.
	drawn bool
}

// single is the practice of a body that publishes every completion and monitors none.
var single = scrutiny{}

func (s scrutiny) SecondLook(_ string, _ casework.Service, change ruling.Change) (bool, error) {
	moved := change.After - change.Before
	return s.from > 0 && max(moved, -moved) >= s.from, nil
}

func (s scrutiny) Sampled(string, casework.Service, casework.Reference) (bool, error) {
	return s.drawn, nil
}
