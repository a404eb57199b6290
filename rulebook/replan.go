package rulebook

import (
	"fmt"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/offer"
	"github.com/recourse-exams/recourse/casework/policy"
	"github.com/recourse-exams/recourse/casework/ruling"
)

// Replan counts the running clocks of a case by another version of its set. A clock that is met or has ended stays, and
// so does one that the other version does not count from the same event; the answer names why. The other version is
// refused if it would leave the case without a clock that it has still to start.
func (b *Book) Replan(ask ruling.Replan) ([]ruling.Replanned, error) {
	from, err := b.Policy(ask.From)
	if err != nil {
		return nil, fmt.Errorf("recalculate case %s: %w", ask.Reference, err)
	}
	to, fault := b.successor(from, ask)
	if fault != nil {
		return nil, fault
	}
	answer := make([]ruling.Replanned, len(ask.Clocks))
	for i, clock := range ask.Clocks {
		if answer[i], err = recount(from, to, ask, clock); err != nil {
			return nil, unfit(ask, fmt.Sprintf("The clock %s cannot be counted by it: %v.", clock.ID, err))
		}
	}
	return answer, nil
}

// successor is the version by which a case is to be counted.
func (b *Book) successor(from policy.Policy, ask ruling.Replan) (policy.Policy, *casework.Fault) {
	to, err := b.Policy(ask.To)
	switch {
	case err != nil:
		return to, about(casework.FaultUnknownPolicy, fmt.Sprintf("There is no version %q of the rules.", ask.To), "Choose one that `recourse rules list` shows.")
	case to.Version == from.Version:
		return to, about(casework.FaultSamePolicy, fmt.Sprintf("Case %s counts by %s already.", ask.Reference, to.Version), "Nothing is left to do.")
	case to.Set != from.Set:
		return to, about(casework.FaultOtherSet,
			fmt.Sprintf("%s is a version of the set %s, and case %s is governed by the set %s.", to.Version, to.Set, ask.Reference, from.Set),
			"Choose a version of the case's own set.")
	}
	if _, ok := to.Service(ask.Service); !ok {
		return to, unfit(ask, fmt.Sprintf("It does not know the service %s.", ask.Service))
	}
	for _, id := range []casework.ClockID{casework.ClockScript, casework.ClockWindow} {
		_, had := from.CaseClock(ask.Service, id)
		if _, has := to.CaseClock(ask.Service, id); had && !has && !started(ask.Clocks, id) {
			return to, unfit(ask, fmt.Sprintf("It has no clock %s, which the case has still to start.", id))
		}
	}
	return to, nil
}

func started(clocks []deadline.Clock, id casework.ClockID) bool {
	for _, c := range clocks {
		if c.ID == id {
			return true
		}
	}
	return false
}

func recount(from, to policy.Policy, ask ruling.Replan, clock deadline.Clock) (ruling.Replanned, error) {
	old, _ := from.CaseClock(ask.Service, clock.ID)
	rule, ok := to.CaseClock(ask.Service, clock.ID)
	stays := func(why casework.Kept) (ruling.Replanned, error) {
		return ruling.Replanned{Before: clock, After: clock, Kept: why}, nil
	}
	switch {
	case !clock.MetAt.IsZero():
		return stays(casework.KeptMet)
	case !clock.CancelledAt.IsZero() || !clock.InTime(ask.At):
		return stays(casework.KeptEnded)
	case !clock.LastDay.IsZero():
		return stays(casework.KeptKeyDate)
	case !ok:
		return stays(casework.KeptNoRule)
	case rule.Starts != old.Starts:
		return stays(casework.KeptOtherStart)
	}
	working, err := to.Working(rule, offer.DivisionOf(ask.Nation, to.Division))
	if err != nil {
		return ruling.Replanned{}, err
	}
	if rule.Kind == casework.ClockDuty {
		rule.Warn = clock.WarnRules // The centre is chased by the practice, which no version changes.
	}
	after, err := clock.Replan(rule, working)
	return ruling.Replanned{Before: clock, After: after}, err
}

func unfit(ask ruling.Replan, why string) *casework.Fault {
	return about(casework.FaultPolicyUnfit, fmt.Sprintf("Case %s cannot be counted by %s. %s", ask.Reference, ask.To, why), "Choose another version, or have its rule file corrected.")
}

// about is a fault of the version that was asked for.
func about(code, detail, remedy string) *casework.Fault {
	return casework.NewFault(casework.Refused, code, detail, casework.Reason{Code: code, Detail: detail, Remedy: remedy, Pointer: "/policy"})
}
