package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/casework/ruling"
)

const holdsSQL = `
SELECT reference, number, cause, reason, asked_by, approved_by, approver_name, began_at, ended_at, coalesce(ended_by, '') AS ended_by, end_reason,
       coalesce(delivered, false) AS delivered
FROM holds
WHERE reference = ANY ($1)
ORDER BY reference, number`

// holdRow is a time for which a case waits, or waited.
type holdRow struct {
	Reference    casework.Reference
	Number       int
	Cause        casework.HoldCause
	Reason       string
	AskedBy      string
	ApprovedBy   string
	ApproverName string
	BeganAt      time.Time
	EndedAt      zeronull.Timestamptz
	EndedBy      string
	EndReason    string
	Delivered    bool
}

func askHolds(u *unit, refs []casework.Reference) *[]holdRow {
	return each[holdRow](u, "read the holds", holdsSQL, refs)
}

func (r holdRow) put(page *docket.Case) {
	page.Holds = append(page.Holds, docket.Hold{
		Number: r.Number, Cause: r.Cause, Reason: r.Reason, AskedBy: r.AskedBy, ApprovedBy: r.ApprovedBy, ApproverName: r.ApproverName,
		BeganAt: r.BeganAt, EndedAt: timeOf(r.EndedAt), EndedBy: r.EndedBy, EndReason: r.EndReason, Delivered: r.Delivered,
	})
}

// pausable is a case that is to be held or to go on, with its holds, its task and its centre's nation, all behind its lock.
type pausable struct {
	recounting
	holds []holdRow
	tasks *[]taskRow
}

func holdPausable(u *unit, ref casework.Reference) func() (pausable, error) {
	take := holdRecounting(u, ref)
	tasks := lockTask(u, ref)
	holds := askHolds(u, []casework.Reference{ref})
	return func() (pausable, error) {
		r, err := take()
		return pausable{recounting: r, holds: *holds, tasks: tasks}, err
	}
}

// HoldCase stops a case for a cause: its task is suspended, every clock stands still whose rule names the cause, and the
// centre's duty to bring the wait to an end begins if the cause has one. Who agreed to it is an approver of the case's
// body. A no is a *casework.Fault and changes nothing.
func (s *Store) HoldCase(ctx context.Context, in casework.HoldInput, rules ruling.Holding) (casework.Held, error) {
	key := timed(in.Key)
	var approvers *[]docket.Approver
	return runStep(ctx, s, key, in, work[pausable, casework.Held]{
		lock: func(u *unit) func() (pausable, error) {
			take := holdPausable(u, key.Reference)
			approvers = askCaseApprovers(u, key.Reference)
			return take
		},
		do: func(_ context.Context, u *unit, w pausable) (casework.Held, error) {
			if fault := w.mayWait(in.Request); fault != nil {
				return casework.Held{}, fault
			}
			approver, fault := agreed(in.Request, *approvers)
			if fault != nil {
				return casework.Held{}, fault
			}
			return w.hold(u, in.Request, approver, key.At, rules)
		},
	})
}

// ResumeCase ends what a case waits for: its clocks run again by their rules, and if it waits for nothing else its task
// goes on, by deadlines that count on from where they stood. What the centre owed is met if it was delivered, otherwise cancelled. A no is
// a *casework.Fault and changes nothing.
func (s *Store) ResumeCase(ctx context.Context, in casework.ResumeInput, rules ruling.Holding) (casework.Held, error) {
	key := timed(in.Key)
	return runStep(ctx, s, key, in, work[pausable, casework.Held]{
		lock: func(u *unit) func() (pausable, error) { return holdPausable(u, key.Reference) },
		do: func(_ context.Context, u *unit, w pausable) (casework.Held, error) {
			return w.resume(u, in.Request, key.At, rules)
		},
	})
}

const insertHoldSQL = `
INSERT INTO holds (reference, number, cause, reason, asked_by, approved_by, approver_name, began_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`

func (w pausable) hold(u *unit, request casework.HoldRequest, approver docket.Approver, at time.Time, rules ruling.Holding) (casework.Held, error) {
	number := len(w.holds) + 1
	u.write(fmt.Sprintf("hold case %s", w.Reference), insertHoldSQL,
		w.Reference, number, request.Cause, request.Actor.Reason, request.Actor.Subject, approver.ID, approver.Name, at)
	stood, err := w.pauseClocks(u, request, at)
	if err != nil {
		return casework.Held{}, err
	}
	w.HeldFor = append(slices.Clone(w.HeldFor), request.Cause)
	facts, err := w.startDuty(u, request.Cause, at, rules)
	if err != nil {
		return casework.Held{}, err
	}
	times, err := w.stopTask(u, request.Cause, at, rules)
	if err != nil {
		return casework.Held{}, err
	}
	held := w.answer(u, number, times)
	if err := w.publish(u, docket.EventHeld, request.Cause, number, at); err != nil {
		return casework.Held{}, err
	}
	facts = append(holdFacts(request.Cause, request.Actor.Reason, number), append(stood, facts...)...)
	asked := []docket.Fact{fact("cause", request.Cause), fact("number", number)}
	if approver.ID != "" {
		asked = append(asked, fact("approvedBy", approver.ID), fact("approverName", approver.Name))
	}
	return held, w.append(u, w.told(wroteHeld, at, facts), w.asked(wroteHoldAsked, at, request.Actor, asked...))
}

// mayWait says why a case cannot be held by a request.
func (w pausable) mayWait(request casework.HoldRequest) *casework.Fault {
	switch fault := request.Check(); {
	case fault != nil:
		return fault
	case w.Stage.Final():
		return casework.NotOpen(w.Reference, w.Stage)
	case slices.Contains(w.HeldFor, request.Cause):
		return casework.NewFault(casework.Conflict, casework.FaultHeldAlready,
			fmt.Sprintf("Case %s waits already: %s.", w.Reference, request.Cause.Words()))
	}
	return nil
}

const endHoldSQL = `
UPDATE holds
SET ended_at = $3, ended_by = $4, end_reason = $5, delivered = $6
WHERE reference = $1 AND number = $2 AND ended_at IS NULL`

func (w pausable) resume(u *unit, request casework.ResumeRequest, at time.Time, rules ruling.Holding) (casework.Held, error) {
	hold, fault := w.mayGoOn(request)
	if fault != nil {
		return casework.Held{}, fault
	}
	at = latest(at, hold.BeganAt)
	u.write(fmt.Sprintf("end hold %d of case %s", hold.Number, w.Reference), endHoldSQL,
		w.Reference, hold.Number, at, request.Actor.Subject, request.Actor.Reason, request.Delivered)
	moved, err := w.resumeClocks(u, request.Cause, at, rules)
	if err != nil {
		return casework.Held{}, err
	}
	w.endDuty(u, request, at)
	w.due(u)
	w.HeldFor = slices.DeleteFunc(slices.Clone(w.HeldFor), func(c casework.HoldCause) bool { return c == request.Cause })
	times, err := w.resumeTask(u, request.Cause, at, rules)
	if err != nil {
		return casework.Held{}, err
	}
	held := w.answer(u, hold.Number, times)
	if err := w.publish(u, docket.EventResumed, request.Cause, hold.Number, at); err != nil {
		return casework.Held{}, err
	}
	facts := append(holdFacts(request.Cause, request.Actor.Reason, hold.Number), fact("delivered", request.Delivered))
	return held, w.append(u, w.told(wroteResumed, at, append(facts, moved...)),
		w.asked(wroteResumeAsked, at, request.Actor, fact("cause", request.Cause), fact("number", hold.Number)))
}

// mayGoOn finds the hold that a request ends, or says why it ends none.
func (w pausable) mayGoOn(request casework.ResumeRequest) (holdRow, *casework.Fault) {
	if fault := request.Check(); fault != nil {
		return holdRow{}, fault
	}
	if w.Stage.Final() {
		return holdRow{}, casework.NotOpen(w.Reference, w.Stage)
	}
	for _, h := range w.holds {
		if h.Cause == request.Cause && timeOf(h.EndedAt).IsZero() {
			return h, nil
		}
	}
	return holdRow{}, casework.NewFault(casework.Conflict, casework.FaultNotHeld,
		fmt.Sprintf("Case %s does not wait for the cause %q (%s).", w.Reference, request.Cause, request.Cause.Words()))
}

// answer writes the case and says where it stands.
func (w pausable) answer(u *unit, number int, times casework.TaskTimes) casework.Held {
	held := casework.Held{Reference: w.Reference, Causes: w.HeldFor, Number: number, Times: times}
	if len(*w.tasks) > 0 {
		held.TaskState = (*w.tasks)[0].State
	}
	if len(w.HeldFor) == 0 {
		held.Causes = nil
	}
	held.SLAState, held.Plan = w.touch(u), outstanding(w.clocks)
	if outcome := w.clock(casework.ClockOutcome); outcome != nil {
		held.OutcomeDue = outcome.Ends
	}
	return held
}

// holdFacts are what a centre may know of a hold, or of its end: for what the case waits or waited and, where that is for the
// centre, why. The whole of it stands beside, in what the awarding body alone reads.
func holdFacts(cause casework.HoldCause, why string, number int) []docket.Fact {
	facts := []docket.Fact{fact("cause", cause.For(casework.AudienceCentre))}
	if cause.TellsWhy() {
		facts = append(facts, fact("reason", why))
	}
	return append(facts, fact("number", number))
}

// publish tells whoever listens outside of a hold, or of its end. Whose systems they are nobody knows here, so they read
// what a centre reads.
func (w pausable) publish(u *unit, event docket.EventType, cause casework.HoldCause, number int, at time.Time) error {
	return queueEvent(u, event, w.Reference, at, fact("cause", cause.For(casework.AudienceCentre)), fact("number", number))
}

// told is what the centre reads in the case's trail: what happened, why and to which dates, and not who decided it.
func (w pausable) told(what string, at time.Time, facts []docket.Fact) entry {
	return entry{at: at, actor: casework.System(), what: what, centre: true, facts: facts}
}

// asked is what the awarding body alone reads: who asked for it and who approved.
func (w pausable) asked(what string, at time.Time, actor casework.Actor, facts ...docket.Fact) entry {
	return entry{at: at, actor: actor, what: what, facts: facts}
}

const endHoldsSQL = `
UPDATE holds
SET ended_at = $2, ended_by = $3, end_reason = $4, delivered = false
WHERE reference = $1 AND ended_at IS NULL`

// endHolds ends everything that a case waits for, because the case itself ends.
func (c *heldCase) endHolds(u *unit, at time.Time) {
	if len(c.HeldFor) == 0 {
		return
	}
	u.write("end the holds of case "+string(c.Reference), endHoldsSQL, c.Reference, at, casework.System().Subject, "The case is closed.")
	c.HeldFor = nil
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
