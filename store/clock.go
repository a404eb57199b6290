package store

import (
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/deadline"
)

const startClockSQL = `
INSERT INTO clocks (reference, id, kind, amount, unit, roll_forward, cutoff, last_day, division, started_at, ends, original_ends, warn,
                    warn_rules, paused_by, pauses, quiet, policy, clause, source, confirmed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)`

// startClocks writes clocks as the rules computed them and returns what the case has to do about them.
func startClocks(u *unit, ref casework.Reference, clocks ...clockRow) casework.Plan {
	for _, r := range clocks {
		u.write(fmt.Sprintf("start clock %s of case %s", r.ID, ref), startClockSQL,
			ref, r.ID, r.Kind, r.Amount, r.Unit, r.RollForward, r.Cutoff, r.LastDay, r.Division, r.StartedAt, r.Ends, r.OriginalEnds, r.Warn,
			r.WarnRules, r.PausedBy, r.Pauses, r.Quiet, r.Policy, r.Clause, r.Source, r.Confirmed)
	}
	return planOf(clocks)
}

// planOf is what a case has to do about clocks that run.
func planOf(clocks []clockRow) casework.Plan {
	var plan casework.Plan
	for _, c := range clocks {
		plan = append(plan, c.clock().Plan(casework.ReceiptGrace)...)
	}
	return plan
}

const readClocksSQL = `
SELECT c.reference, c.id, c.kind, c.amount, c.unit, c.roll_forward, c.cutoff, c.last_day, c.division, c.started_at, c.ends,
       c.original_ends, c.warn, c.warn_rules, c.paused_by, c.pauses, c.quiet, c.policy, c.clause, c.source, c.confirmed, c.met_at,
       c.breached_at, c.cancelled_at,
       (SELECT array_agg(a.at) FROM clock_alerts a WHERE a.reference = c.reference AND a.clock = c.id AND a.act IN ('warn', 'chase')) AS warned,
       (SELECT array_agg(a.at) FROM clock_alerts a WHERE a.reference = c.reference AND a.clock = c.id AND a.act IN ('breach', 'lapse', 'expire')) AS ended,
       (SELECT max(a.detected_at) FROM clock_alerts a WHERE a.reference = c.reference AND a.clock = c.id) AS detected_at
FROM clocks c
WHERE c.reference = ANY (ARRAY(SELECT unnest($1::text[])))
ORDER BY c.reference, c.started_at, c.id`

func askClocks(u *unit, refs []casework.Reference) *[]clockRow {
	return each[clockRow](u, "read the clocks", readClocksSQL, refs)
}

// freshClocks are clocks that a version of the rules is about to start, of which nothing has been noticed yet.
func freshClocks(version string, clocks []deadline.Clock) []clockRow {
	fresh := make([]clockRow, len(clocks))
	for i, c := range clocks {
		fresh[i] = rowOf(version, c)
	}
	return fresh
}

func (c clockRow) met() bool                 { return !timeOf(c.MetAt).IsZero() }
func (c clockRow) over() bool                { return c.met() || !timeOf(c.CancelledAt).IsZero() }
func (c clockRow) warnsAt(at time.Time) bool { return slices.ContainsFunc(c.Warn, at.Equal) }
func (c clockRow) breached() bool            { return !timeOf(c.BreachedAt).IsZero() }
func (c clockRow) standing() bool            { return c.clock().Standing() }

// breach notes that a clock ran out, unless that was noted before.
func breach(clock *clockRow, at time.Time) {
	if !clock.breached() {
		clock.BreachedAt = zeronull.Timestamptz(at)
	}
}

// slaState sums a case's sla clocks up: a breach stays, a case whose every open clock stands still is paused, and a
// warning lasts until its clock is met.
func slaState(clocks []clockRow) casework.SLAState {
	promised, open, running, warned := false, false, false, false
	for _, c := range clocks {
		if c.Kind != casework.ClockSLA {
			continue
		}
		if c.breached() {
			return casework.SLABreached
		}
		promised = true
		if !c.over() {
			// A warning about an end that was counted again since is no warning any more.
			open, running, warned = true, running || !c.standing(), warned || slices.ContainsFunc(c.Warned, c.warnsAt)
		}
	}
	switch {
	case open && !running:
		return casework.SLAPaused
	case warned:
		return casework.SLAWarned
	case promised && !open:
		return casework.SLAMet
	default:
		return casework.SLAOnTime
	}
}

// outstanding is what has still to be noticed of a case's clocks. A promise that is broken asks for nothing more.
func outstanding(clocks []clockRow) casework.Plan {
	var plan casework.Plan
	for _, c := range clocks {
		if c.breached() {
			continue
		}
		for _, d := range c.clock().Plan(casework.ReceiptGrace) {
			if !slices.ContainsFunc(c.noticed(d.Act), d.At.Equal) {
				plan = append(plan, d)
			}
		}
	}
	return plan
}

// noticed lists the instants at which an act of the clock was recorded.
func (c clockRow) noticed(act casework.Act) []time.Time {
	if act == casework.ActWarn || act == casework.ActChase {
		return c.Warned
	}
	return c.Ended
}

// nextAction is the earliest instant at which something has still to be noticed of the clocks, or of the task that
// somebody holds; zero if nothing has. It is when the case acts: whoever finds that it has passed and nothing was
// recorded has found a case that does not move.
func nextAction(clocks []clockRow, task casework.Plan) time.Time {
	next, ok := append(outstanding(clocks), task...).Next()
	if !ok {
		return time.Time{}
	}
	return next.Fires().UTC()
}
