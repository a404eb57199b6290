package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

const windowEndsSQL = `SELECT ends FROM clocks WHERE reference = $1 AND id = $2`

// CloseCase ends a case after its appeal window. Before the window's end it is a fault of kind conflict.
func (s *Store) CloseCase(ctx context.Context, key casework.StepKey) error {
	key = timed(key)
	_, err := runStep(ctx, s, key, key, work[caseRow, struct{}]{
		lock: func(ctx context.Context, tx pgx.Tx) (caseRow, error) { return lockCase(ctx, tx, key.Reference) },
		do: func(ctx context.Context, tx pgx.Tx, c caseRow) (struct{}, error) {
			if _, ok := casework.Next(c.Stage, casework.EventClose); !ok {
				return struct{}{}, wrongStage(c, casework.EventClose)
			}
			var ends time.Time
			if err := tx.QueryRow(ctx, windowEndsSQL, c.Reference, casework.ClockWindow).Scan(&ends); err != nil {
				return struct{}{}, missing(err, "clock", "appeal window of case "+string(c.Reference))
			}
			if key.At.Before(ends) {
				return struct{}{}, casework.NewFault(casework.Conflict, "window-open",
					fmt.Sprintf("The appeal window of case %s is open until %s.", c.Reference, ends.Format(time.RFC3339)))
			}
			if _, err := c.move(ctx, tx, casework.EventClose, key.At); err != nil {
				return struct{}{}, err
			}
			return struct{}{}, appendAudit(ctx, tx, c.Reference, entry{at: key.At, actor: casework.System(), what: wroteClosed, centre: true})
		},
	})
	return err
}

// RecordRefusedSignal writes down a signal that the case could not take: who sent it, what was wrong and, for
// whoever acts for somebody else, why. The centre does not see it.
func (s *Store) RecordRefusedSignal(ctx context.Context, in casework.RefusedInput) error {
	key := timed(in.Key)
	_, err := runStep(ctx, s, key, in, work[caseRow, struct{}]{
		lock: func(ctx context.Context, tx pgx.Tx) (caseRow, error) { return lockCase(ctx, tx, key.Reference) },
		do: func(ctx context.Context, tx pgx.Tx, c caseRow) (struct{}, error) {
			facts := []docket.Fact{fact("signal", in.Name)}
			if in.Fault != nil {
				facts = append(facts, fact("code", in.Fault.Code), fact("detail", in.Fault.Error()))
			}
			return struct{}{}, appendAudit(ctx, tx, c.Reference, entry{at: key.At, actor: in.Actor, what: wroteNoSignal, facts: facts})
		},
	})
	return err
}
