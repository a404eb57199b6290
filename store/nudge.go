package store

import (
	"context"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

const countNudgesSQL = `SELECT count(*) FROM audit_entries WHERE reference = $1 AND what = 'nudged'`

// Nudge notes that somebody asked a case to look again, and says who acts next on it, as the case itself does: of one that
// waits, whoever can end what it waits for. A case at its end is a *casework.Fault.
func (s *Store) Nudge(ctx context.Context, in casework.NudgeInput) (casework.Nudged, error) {
	key := timed(in.Key)
	var earlier *[]int
	return runStep(ctx, s, key, in, work[*heldCase, casework.Nudged]{
		lock: func(u *unit) func() (*heldCase, error) {
			take := holdCase(u, key.Reference)
			earlier = column[int](u, "count the nudges", countNudgesSQL, key.Reference)
			return take
		},
		do: func(_ context.Context, u *unit, c *heldCase) (casework.Nudged, error) {
			if fault := in.Request.Check(); fault != nil {
				return casework.Nudged{}, fault
			}
			if c.Stage.Final() {
				return casework.Nudged{}, casework.NotOpen(c.Reference, c.Stage)
			}
			nudged := casework.Nudged{Reference: c.Reference, Stage: c.Stage, Number: (*earlier)[0] + 1, WaitingOn: casework.WaitingOn(c.Stage, c.HeldFor)}
			return nudged, c.append(u, entry{at: key.At, actor: in.Request.Actor, what: wroteNudged, facts: []docket.Fact{
				fact("number", nudged.Number), fact("waitingOn", nudged.WaitingOn),
			}})
		},
	})
}
