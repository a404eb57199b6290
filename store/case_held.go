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
	if to != casework.StageAssigned || c.TaskPlan == nil { // Nobody holds a task in another stage.
		c.TaskPlan = casework.Plan{}
	}
	if c.HeldFor == nil {
		c.HeldFor = []casework.HoldCause{}
	}
	next := zeronull.Timestamptz(nextAction(c.clocks, c.TaskPlan))
	if to.Final() {
		closed, next = zeronull.Timestamptz(at), zeronull.Timestamptz{}
	}
	state := slaState(c.clocks)
	u.write(fmt.Sprintf("write case %s", c.Reference), moveCaseSQL, c.Reference, c.Stage, to, state, casework.WaitingOn(to, c.HeldFor), next, closed,
		c.HeldFor, c.TaskPlan)
	c.Stage = to
	return state
}

// start starts clocks as the rules computed them and returns what the case has to do about them. What a held case
// starts stands still at once, if its rule names what the case waits for.
func (c *heldCase) start(u *unit, clocks ...deadline.Clock) casework.Plan {
	return c.startHeld(u, c.HeldFor, clocks...)
}

// startHeld starts clocks of a case that waits for causes.
func (c *heldCase) startHeld(u *unit, causes []casework.HoldCause, clocks ...deadline.Clock) casework.Plan {
	for i := range clocks {
		for _, cause := range causes {
			if held, err := clocks[i].Pause(clocks[i].StartedAt, cause, "", ""); err == nil {
				clocks[i] = held
			}
		}
	}
	fresh := freshClocks(c.Policy, clocks)
	c.clocks = append(c.clocks, fresh...)
	return startClocks(u, c.Reference, fresh...)
}

// cancel gives up a clock because nobody asks for it any more; one that is met or cancelled stays as it is.
func (c *heldCase) cancel(u *unit, clock *clockRow, at time.Time) {
	if clock.over() {
		return
	}
	clock.CancelledAt = zeronull.Timestamptz(at)
	u.write(fmt.Sprintf("cancel clock %s of case %s", clock.ID, c.Reference), cancelClockSQL, c.Reference, clock.ID, at)
}

// cancelDuties gives up what the centre still owes, because the case ends.
func (c *heldCase) cancelDuties(u *unit, at time.Time) {
	for i := range c.clocks {
		if c.clocks[i].Kind == casework.ClockDuty {
			c.cancel(u, &c.clocks[i], at)
		}
	}
}

const cancelClockSQL = `UPDATE clocks SET cancelled_at = $3 WHERE reference = $1 AND id = $2 AND met_at IS NULL`

// A clock that is met at or after its end was breached at its end, whether or not anybody noticed in time.
const meetClockSQL = `
UPDATE clocks
SET met_at = $3, breached_at = CASE WHEN $4 THEN coalesce(breached_at, ends) ELSE breached_at END
WHERE reference = $1 AND id = $2 AND met_at IS NULL`

// meet stops a clock because what it asked for was done; a case without the clock, or with one that is over, is left as
// it is. What is done while the clock stands still is in time.
func (c *heldCase) meet(u *unit, id casework.ClockID, at time.Time) {
	clock := c.clock(id)
	if clock == nil || clock.over() {
		return
	}
	late := clock.Kind == casework.ClockSLA && !clock.clock().InTime(at)
	u.write(fmt.Sprintf("meet clock %s of case %s", id, c.Reference), meetClockSQL, c.Reference, id, at, late)
	clock.MetAt = zeronull.Timestamptz(at)
	if late {
		breach(clock, clock.Ends)
	}
}

const moveTaskDueSQL = `UPDATE tasks SET due = $2 WHERE reference = $1 AND completed_at IS NULL AND due <> $2`

// due brings the open task's due instant, by which performers' lists are ordered, to that of the outcome clock.
func (c *heldCase) due(u *unit) {
	if outcome := c.clock(casework.ClockOutcome); outcome != nil {
		u.write("move the due instant of the task of case "+string(c.Reference), moveTaskDueSQL, c.Reference, outcome.clock().Due())
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
