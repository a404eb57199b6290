package rulebook

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/allocation"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/policy"
	"github.com/recourse-exams/recourse/casework/ruling"
)

var (
	_ ruling.Holding  = (*Book)(nil)
	_ ruling.Scrutiny = (*Book)(nil)
)

// Practice is how the body of a version of the rules works.
func (b *Book) Practice(version string) (policy.Practice, error) {
	p, err := b.Policy(version)
	if err != nil {
		return policy.Practice{}, err
	}
	return b.office.of(p.Body), nil
}

// Choose names who performs a task and proves it, by the house's own rule of allocation: no body has another.
func (b *Book) Choose(task allocation.Task, roster []allocation.Performer) allocation.Proof {
	return allocation.Choose(task, roster)
}

// LeastRank is the lowest rank that may carry out a task; empty if any may. Whoever looks again has at least the rank that
// the service asks for.
func (b *Book) LeastRank(version string, service casework.Service, kind casework.TaskKind) (casework.Rank, error) {
	p, err := b.Policy(version)
	if err != nil {
		return "", fmt.Errorf("find the least rank for a task: %w", err)
	}
	rules, ok := p.Service(service)
	if !ok {
		return "", fmt.Errorf("find the least rank for a task: policy %s has no service %s", version, service)
	}
	if kind != casework.TaskSecondLook {
		return rules.Rank, nil
	}
	second := b.office.of(p.Body).SecondLook.Rank
	if rules.Rank != "" && rules.Rank.AtLeast(second, casework.Ranks()) {
		return rules.Rank, nil
	}
	return second, nil
}

// SecondLook reports whether another performer looks at a changed mark before it is published, by how far the mark moved
// alone (domain §8.3, reading 4).
func (b *Book) SecondLook(version string, service casework.Service, change ruling.Change) (bool, error) {
	practice, err := b.Practice(version)
	if err != nil {
		return false, fmt.Errorf("decide on a second look: %w", err)
	}
	rule := practice.SecondLook
	return slices.Contains(rule.Services, service) && rule.Reaches(change.Before, change.After, change.Max), nil
}

// Sampled reports whether an unchanged outcome is drawn for monitoring. The draw is a hash of the case's reference, so
// that the same case is always drawn or never, and nobody can choose which.
func (b *Book) Sampled(version string, _ casework.Service, reference casework.Reference) (bool, error) {
	practice, err := b.Practice(version)
	if err != nil {
		return false, fmt.Errorf("draw for monitoring: %w", err)
	}
	sum := sha256.Sum256([]byte("monitoring " + string(reference)))
	return binary.BigEndian.Uint64(sum[:])%100 < uint64(practice.Monitoring), nil
}

// DutyClock is what the centre owes from the instant at which it is asked for what a case waits for: to show the consent,
// or to send the sample. The centre is chased as the body's practice says.
func (b *Book) DutyClock(version string, service casework.Service, cause casework.HoldCause, nation string, asked time.Time) (clock deadline.Clock, ok bool, err error) {
	p, err := b.Policy(version)
	if err != nil {
		return deadline.Clock{}, false, fmt.Errorf("start what the centre owes: %w", err)
	}
	rule, ok := p.Clock(service, cause.Duty())
	if !ok || rule.Kind != casework.ClockDuty || rule.Starts != policy.ConsentCalled && rule.Starts != policy.SampleCalled {
		return deadline.Clock{}, false, nil
	}
	clock, err = b.startFor(p, rule, nation, asked)
	return clock, err == nil, err
}

// Resume ends a pause of a clock that counts by a version, on the calendar on which it was started.
func (b *Book) Resume(version string, clock deadline.Clock, cause casework.HoldCause, at time.Time) (deadline.Clock, error) {
	p, err := b.Policy(version)
	if err != nil {
		return clock, fmt.Errorf("resume clock %s: %w", clock.ID, err)
	}
	working, err := calendarOf(p, clock)
	if err != nil {
		return clock, fmt.Errorf("resume clock %s: %w", clock.ID, err)
	}
	return clock.Resume(working, cause, at)
}

// calendarOf is the calendar on which a clock was started: the centre's nation's for a duty, the body's for all others.
func calendarOf(p policy.Policy, clock deadline.Clock) (calendar.Working, error) {
	division := clock.Division
	if division == "" { // A clock that ends with a key date counts on none.
		division = p.Division
	}
	if clock.Kind == casework.ClockDuty {
		return calendar.NewWorking(division)
	}
	return p.WorkingIn(division)
}
