package store

import (
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/casework/policy"
)

// clockRow is a clock with what was noticed of it.
type clockRow struct {
	Reference    casework.Reference
	ID           casework.ClockID
	Kind         casework.ClockKind
	Amount       int
	Unit         deadline.Unit
	StartedAt    time.Time
	Ends         time.Time
	OriginalEnds time.Time
	Warn         []time.Time
	Clause       string
	Source       string
	Confirmed    bool
	MetAt        zeronull.Timestamptz
	BreachedAt   zeronull.Timestamptz
	// Warned holds the warn points that were noticed, DetectedAt the last instant at which anything was.
	Warned     []time.Time
	DetectedAt zeronull.Timestamptz
}

const startClockSQL = `
INSERT INTO clocks (reference, id, kind, amount, unit, started_at, ends, original_ends, warn, clause, source, confirmed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, $9, $10, $11)`

// startClocks writes clocks as the rules computed them and returns what the case has to do about them.
func startClocks(u *unit, ref casework.Reference, clocks ...deadline.Clock) casework.Plan {
	var plan casework.Plan
	for _, c := range clocks {
		warn := c.Warn
		if warn == nil {
			warn = []time.Time{}
		}
		u.write(fmt.Sprintf("start clock %s of case %s", c.ID, ref), startClockSQL,
			ref, c.ID, c.Kind, c.Amount, c.Unit, c.StartedAt, c.Ends, warn, c.Clause, c.Source, c.Confirmed)
		plan = append(plan, c.Plan(casework.ReceiptGrace)...)
	}
	return plan
}

const readClocksSQL = `
SELECT c.reference, c.id, c.kind, c.amount, c.unit, c.started_at, c.ends, c.original_ends, c.warn, c.clause, c.source, c.confirmed,
       c.met_at, c.breached_at,
       (SELECT array_agg(a.at) FROM clock_alerts a WHERE a.reference = c.reference AND a.clock = c.id AND a.act = 'warn') AS warned,
       (SELECT max(a.detected_at) FROM clock_alerts a WHERE a.reference = c.reference AND a.clock = c.id) AS detected_at
FROM clocks c
WHERE c.reference = ANY ($1)
ORDER BY c.reference, c.started_at, c.id`

func askClocks(u *unit, refs []casework.Reference) *[]clockRow {
	return each[clockRow](u, "read the clocks", readClocksSQL, refs)
}

// freshClocks are clocks that are about to be started, of which nothing has been noticed yet.
func freshClocks(clocks []deadline.Clock) []clockRow {
	fresh := make([]clockRow, len(clocks))
	for i, c := range clocks {
		fresh[i] = clockRow{ID: c.ID, Kind: c.Kind, Ends: c.Ends, Warn: c.Warn}
	}
	return fresh
}

func (c clockRow) met() bool      { return !timeOf(c.MetAt).IsZero() }
func (c clockRow) breached() bool { return !timeOf(c.BreachedAt).IsZero() }

// breach notes that a clock ran out, unless that was noted before.
func breach(clock *clockRow, at time.Time) {
	if !clock.breached() {
		clock.BreachedAt = zeronull.Timestamptz(at)
	}
}

// slaState sums a case's sla clocks up: a breach stays, a warning lasts until its clock is met.
func slaState(clocks []clockRow) casework.SLAState {
	promised, open, warned := false, false, false
	for _, c := range clocks {
		if c.Kind != casework.ClockSLA {
			continue
		}
		if c.breached() {
			return casework.SLABreached
		}
		promised = true
		if !c.met() {
			open, warned = true, warned || len(c.Warned) > 0
		}
	}
	switch {
	case warned:
		return casework.SLAWarned
	case promised && !open:
		return casework.SLAMet
	default:
		return casework.SLAOnTime
	}
}

// nextAction is the earliest instant of the clocks at which something has still to be noticed; zero if none.
func nextAction(clocks []clockRow) time.Time {
	var next time.Time
	consider := func(at time.Time) {
		if next.IsZero() || at.Before(next) {
			next = at
		}
	}
	for _, c := range clocks {
		switch {
		case c.met() || c.breached():
		case c.Kind == casework.ClockSLA:
			consider(c.Ends)
			for _, at := range c.Warn {
				if !slices.ContainsFunc(c.Warned, at.Equal) {
					consider(at)
				}
			}
		case c.Kind == casework.ClockRight:
			consider(c.Ends)
		}
	}
	return next
}

// shown is the clock as people see it.
func (c clockRow) shown() docket.Clock {
	return docket.Clock{
		Clock: deadline.Clock{
			ID: c.ID, Kind: c.Kind, Span: policy.Span{Amount: c.Amount, Unit: c.Unit}, StartedAt: c.StartedAt, Ends: c.Ends, Warn: c.Warn,
			Clause: c.Clause, Source: c.Source, Confirmed: c.Confirmed,
		},
		OriginalEnds: c.OriginalEnds, MetAt: timeOf(c.MetAt), BreachedAt: timeOf(c.BreachedAt), DetectedAt: timeOf(c.DetectedAt),
	}
}
