package store

import (
	"context"
	"fmt"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/casework/ruling"
)

const centreNationSQL = `SELECT e.nation FROM centres e JOIN cases k ON k.centre = e.number WHERE k.reference = $1`

// recounting is a case that is to be counted by another version, with its centre's nation.
type recounting struct {
	*heldCase
	nation string
}

func holdRecounting(u *unit, ref casework.Reference) func() (recounting, error) {
	take := holdCase(u, ref)
	nation := column[string](u, "read the centre's nation", centreNationSQL, ref)
	return func() (recounting, error) {
		c, err := take()
		if err != nil {
			return recounting{}, err
		}
		r := recounting{heldCase: c}
		if len(*nation) > 0 { // A refused case may name a centre that does not exist.
			r.nation = (*nation)[0]
		}
		return r, nil
	}
}

// ask is the question to the rules. A clock that was noticed to have run out has, whatever the asking instant says.
func (r recounting) ask(version string, at time.Time) ruling.Replan {
	ask := ruling.Replan{
		Reference: r.Reference, From: r.Policy, To: version, Service: r.Service, Nation: r.nation, At: at,
		Clocks: make([]deadline.Clock, len(r.clocks)),
	}
	for i, c := range r.clocks {
		ask.Clocks[i] = c.clock()
		if noticed := timeOf(c.BreachedAt); noticed.After(ask.At) {
			ask.At = noticed
		}
	}
	return ask
}

// replan asks the rules and answers with what they say and the difference as people are shown it.
func (r recounting) replan(version string, at time.Time, rules ruling.Recounter) ([]ruling.Replanned, casework.Recalculation, error) {
	if r.Stage.Final() {
		return nil, casework.Recalculation{}, casework.NotOpen(r.Reference, r.Stage)
	}
	ask := r.ask(version, at)
	answer, err := rules.Replan(ask)
	if err != nil {
		return nil, casework.Recalculation{}, err
	}
	return answer, ask.Difference(answer), nil
}

// Recalculate counts the running clocks of a case by another version of the rules and pins the case to it, if the
// difference is still the one that was agreed to. The rules by which a task may be completed, and the fees that were
// quoted, stay those of the opening. A no is a *casework.Fault and changes nothing.
func (s *Store) Recalculate(ctx context.Context, in casework.RecalculateInput, rules ruling.Rules) (casework.Recalculated, error) {
	key := timed(in.Key)
	return runStep(ctx, s, key, in, work[recounting, casework.Recalculated]{
		lock: func(u *unit) func() (recounting, error) { return holdRecounting(u, key.Reference) },
		do: func(_ context.Context, u *unit, r recounting) (casework.Recalculated, error) {
			if fault := in.Request.Check(); fault != nil {
				return casework.Recalculated{}, fault
			}
			answer, difference, err := r.replan(in.Request.Policy, key.At, rules)
			if err != nil {
				return casework.Recalculated{}, err
			}
			if difference.Digest() != in.Request.Expect {
				return casework.Recalculated{}, casework.DifferenceChanged(difference)
			}
			return r.apply(u, in.Request, key.At, answer, difference)
		},
	})
}

const pinPolicySQL = `UPDATE cases SET policy = $2 WHERE reference = $1`

func (r recounting) apply(u *unit, request casework.RecalculateRequest, at time.Time, answer []ruling.Replanned, difference casework.Recalculation) (casework.Recalculated, error) {
	for i, a := range answer {
		if a.Kept == "" {
			r.clocks[i] = r.recount(u, r.clocks[i], request.Policy, a.After)
		}
	}
	r.due(u)
	u.write(fmt.Sprintf("pin case %s to %s", r.Reference, request.Policy), pinPolicySQL, r.Reference, request.Policy)
	done := casework.Recalculated{Recalculation: difference, Plan: planOf(r.clocks), SLAState: r.touch(u)}
	if outcome := r.clock(casework.ClockOutcome); outcome != nil {
		done.OutcomeDue = outcome.Ends
	}
	return done, r.append(u, recountEntry(request, at, difference))
}

const recountClockSQL = `
UPDATE clocks
SET kind = $3, amount = $4, unit = $5, roll_forward = $6, cutoff = $7, division = $8, ends = $9, warn = $10, warn_rules = $11, paused_by = $12,
    pauses = $13, policy = $14, clause = $15, source = $16, confirmed = $17
WHERE reference = $1 AND id = $2`

// recount writes a clock as another version counts it. What was first promised stays, and so does what was noticed.
func (r recounting) recount(u *unit, old clockRow, version string, after deadline.Clock) clockRow {
	row := rowOf(version, after)
	row.Reference, row.Warned, row.Ended, row.DetectedAt = old.Reference, old.Warned, old.Ended, old.DetectedAt
	u.write(fmt.Sprintf("count clock %s of case %s again", row.ID, r.Reference), recountClockSQL,
		r.Reference, row.ID, row.Kind, row.Amount, row.Unit, row.RollForward, row.Cutoff, row.Division, row.Ends, row.Warn, row.WarnRules,
		row.PausedBy, row.Pauses, row.Policy, row.Clause, row.Source, row.Confirmed)
	return row
}

// recountEntry says who, why, and what became of every clock. The centre may see it: its dates are among them.
func recountEntry(request casework.RecalculateRequest, at time.Time, difference casework.Recalculation) entry {
	facts := []docket.Fact{fact("from", difference.From), fact("policy", difference.Policy)}
	for _, c := range difference.Changes {
		name := string(c.Clock)
		facts = append(facts, fact(name+"Before", c.Before), fact(name+"After", c.After))
		if c.Kept != "" {
			facts = append(facts, fact(name+"Kept", c.Kept))
		}
	}
	return entry{at: at, actor: request.Actor, what: wroteRecount, centre: true, facts: facts}
}

// Recalculation says what another version of the rules would change in a case at an instant, and changes nothing. Its
// errors are those of Recalculate.
func (s *Store) Recalculation(ctx context.Context, ref casework.Reference, version string, at time.Time, rules ruling.Recounter) (casework.Recalculation, error) {
	var difference casework.Recalculation
	err := inSnapshot(ctx, s, func(ctx context.Context, u *unit) error {
		rows := each[caseRow](u, "read the case", readCaseSQL, ref)
		clocks := askClocks(u, []casework.Reference{ref})
		nation := column[string](u, "read the centre's nation", centreNationSQL, ref)
		if err := u.send(ctx); err != nil {
			return err
		}
		if len(*rows) == 0 {
			return unknown("case", "case "+string(ref))
		}
		r := recounting{heldCase: &heldCase{caseRow: (*rows)[0], clocks: *clocks}}
		if len(*nation) > 0 {
			r.nation = (*nation)[0]
		}
		var err error
		_, difference, err = r.replan(version, at, rules)
		return err
	})
	return difference, err
}
