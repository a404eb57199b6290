package store

import (
	"context"
	"fmt"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// CloseCase ends a case after its appeal window. Before the window's end it is a fault of kind conflict.
func (s *Store) CloseCase(ctx context.Context, key casework.StepKey) error {
	key = timed(key)
	_, err := runStep(ctx, s, key, key, work[*heldCase, struct{}]{
		lock: holding(key.Reference),
		do: func(_ context.Context, u *unit, c *heldCase) (struct{}, error) {
			if _, ok := casework.Next(c.Stage, casework.EventClose); !ok {
				return struct{}{}, wrongStage(c.caseRow, casework.EventClose)
			}
			window := c.clock(casework.ClockWindow)
			if window == nil {
				return struct{}{}, unknown("clock", "appeal window of case "+string(c.Reference))
			}
			if key.At.Before(window.Ends) {
				return struct{}{}, casework.NewFault(casework.Conflict, "window-open",
					fmt.Sprintf("The appeal window of case %s is open until %s.", c.Reference, window.Ends.Format(time.RFC3339)))
			}
			c.cancelDuties(u, key.At)
			c.endHolds(u, key.At)
			if _, err := c.move(u, casework.EventClose, key.At); err != nil {
				return struct{}{}, err
			}
			return struct{}{}, c.append(u, entry{at: key.At, actor: casework.System(), what: wroteClosed, centre: true})
		},
	})
	return err
}

// RecordRefusedSignal writes down a signal that the case could not take: who sent it, what was wrong and, for
// whoever acts for somebody else, why. The centre does not see it.
func (s *Store) RecordRefusedSignal(ctx context.Context, in casework.RefusedInput) error {
	key := timed(in.Key)
	_, err := runStep(ctx, s, key, in, work[*heldCase, struct{}]{
		lock: holding(key.Reference),
		do: func(_ context.Context, u *unit, c *heldCase) (struct{}, error) {
			facts := []docket.Fact{fact("signal", in.Name)}
			if in.Fault != nil {
				facts = append(facts, fact("code", in.Fault.Code), fact("detail", in.Fault.Error()))
			}
			return struct{}{}, c.append(u, entry{at: key.At, actor: in.Actor, what: wroteNoSignal, facts: facts})
		},
	})
	return err
}
