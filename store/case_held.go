package store

import (
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/deadline"
)

// heldCase is a case whose row the transaction holds, with its clocks and the end of its trail. Whoever writes
// either holds the row, so what was read behind the lock is true until the commit and is kept up to date here
// rather than read again.
type heldCase struct {
	caseRow
	clocks []clockRow
	trail  trailEnd
}

// belongings are the clocks and the ends of the trails of held cases, once they were sent for.
type belongings struct {
	clocks *[]clockRow
	trails *[]trailEnd
}

func askBelongings(u *unit, refs ...casework.Reference) belongings {
	return belongings{clocks: askClocks(u, refs), trails: askTrailEnds(u, refs)}
}

// to gives a held case what belongs to it.
func (b belongings) to(c *heldCase) {
	for _, clock := range *b.clocks {
		if clock.Reference == c.Reference {
			c.clocks = append(c.clocks, clock)
		}
	}
	for _, end := range *b.trails {
		if end.Reference == c.Reference {
			c.trail = end
		}
	}
}

// holdCase queues the lock of a case's row for a step that concerns this case alone, and what belongs to the case.
func holdCase(u *unit, ref casework.Reference) func() (*heldCase, error) {
	rows := each[caseRow](u, "lock the case", lockCaseSQL, ref)
	belonging := askBelongings(u, ref)
	return func() (*heldCase, error) {
		if len(*rows) == 0 {
			return nil, unknown("case", "case "+string(ref))
		}
		c := &heldCase{caseRow: (*rows)[0]}
		belonging.to(c)
		return c, nil
	}
}

// holding is holdCase as the lock of a step.
func holding(ref casework.Reference) func(*unit) func() (*heldCase, error) {
	return func(u *unit) func() (*heldCase, error) { return holdCase(u, ref) }
}

// move brings a case by an event to its next stage and its clocks' state up to date.
func (c *heldCase) move(u *unit, event casework.Event, at time.Time) (casework.SLAState, error) {
	to, ok := casework.Next(c.Stage, event)
	if !ok {
		return "", wrongStage(c.caseRow, event)
	}
	return c.bring(u, to, at), nil
}

// touch counts a change that leaves the case in its stage and brings its clocks' state up to date.
func (c *heldCase) touch(u *unit) casework.SLAState { return c.bring(u, c.Stage, time.Time{}) }

func (c *heldCase) bring(u *unit, to casework.Stage, at time.Time) casework.SLAState {
	var closed zeronull.Timestamptz
	next := zeronull.Timestamptz(nextAction(c.clocks))
	if to.Final() {
		closed, next = zeronull.Timestamptz(at), zeronull.Timestamptz{}
	}
	state := slaState(c.clocks)
	u.write(fmt.Sprintf("write case %s", c.Reference), moveCaseSQL, c.Reference, c.Stage, to, state, to.WaitingOn(), next, closed)
	c.Stage = to
	return state
}

// start starts clocks as the rules computed them and returns what the case has to do about them.
func (c *heldCase) start(u *unit, clocks ...deadline.Clock) casework.Plan {
	fresh := freshClocks(c.Policy, clocks)
	c.clocks = append(c.clocks, fresh...)
	return startClocks(u, c.Reference, fresh...)
}

// A clock that is met at or after its end was breached at its end, whether or not anybody noticed in time.
const meetClockSQL = `
UPDATE clocks
SET met_at = $3, breached_at = CASE WHEN kind = 'sla' AND $3 >= ends THEN coalesce(breached_at, ends) ELSE breached_at END
WHERE reference = $1 AND id = $2 AND met_at IS NULL`

// meet stops a clock because what it asked for was done; a case without the clock is left as it is.
func (c *heldCase) meet(u *unit, id casework.ClockID, at time.Time) {
	u.write(fmt.Sprintf("meet clock %s of case %s", id, c.Reference), meetClockSQL, c.Reference, id, at)
	if clock := c.clock(id); clock != nil && !clock.met() {
		clock.MetAt = zeronull.Timestamptz(at)
		if clock.Kind == casework.ClockSLA && !at.Before(clock.Ends) {
			breach(clock, clock.Ends)
		}
	}
}

// clock finds one of the case's clocks; nil if it has none of that id.
func (c *heldCase) clock(id casework.ClockID) *clockRow {
	i := slices.IndexFunc(c.clocks, func(clock clockRow) bool { return clock.ID == id })
	if i < 0 {
		return nil
	}
	return &c.clocks[i]
}

// append adds entries to the case's trail, each chained to the one before.
func (c *heldCase) append(u *unit, entries ...entry) error {
	return c.trail.append(u, c.Reference, entries...)
}
