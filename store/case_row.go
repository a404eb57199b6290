package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/recourse-exams/recourse/casework"
)

// caseRow is a case as a step finds and locks it.
type caseRow struct {
	Reference      casework.Reference
	Stage          casework.Stage
	Service        casework.Service
	Centre         string
	Candidate      string
	Series         string
	Component      string
	ReviewedScript bool
	Policy         string
	Rules          casework.CompletionRules
	Result         zeronull.Int8
	AwardReview    zeronull.Int8
}

const lockCaseSQL = `
SELECT reference, stage, service, centre, candidate, series, component, reviewed_script, policy, rules, result, award_review
FROM cases
WHERE reference = $1
FOR UPDATE`

// lockCase takes a case's row for a step that concerns this case alone.
func lockCase(ctx context.Context, tx pgx.Tx, ref casework.Reference) (caseRow, error) {
	row, err := collectOne[caseRow](ctx, tx, lockCaseSQL, ref)
	return row, missing(err, "case", "case "+string(ref))
}

const moveCaseSQL = `
UPDATE cases
SET stage = $3, sla_state = $4, waiting_on = $5, next_action_at = $6, closed_at = coalesce($7, closed_at), version = version + 1
WHERE reference = $1 AND stage = $2`

// move brings a case by an event to its next stage and its clocks' state up to date.
func (c *caseRow) move(ctx context.Context, tx pgx.Tx, event casework.Event, at time.Time) (casework.SLAState, error) {
	to, ok := casework.Next(c.Stage, event)
	if !ok {
		return "", wrongStage(*c, event)
	}
	return c.write(ctx, tx, to, at)
}

// touch counts a change that leaves the case in its stage and brings its clocks' state up to date.
func (c *caseRow) touch(ctx context.Context, tx pgx.Tx) (casework.SLAState, error) {
	return c.write(ctx, tx, c.Stage, time.Time{})
}

func (c *caseRow) write(ctx context.Context, tx pgx.Tx, to casework.Stage, at time.Time) (casework.SLAState, error) {
	clocks, err := readClocks(ctx, tx, []casework.Reference{c.Reference})
	if err != nil {
		return "", err
	}
	var closed zeronull.Timestamptz
	next := zeronull.Timestamptz(nextAction(clocks))
	if to.Final() {
		closed, next = zeronull.Timestamptz(at), zeronull.Timestamptz{}
	}
	state := slaState(clocks)
	tag, err := tx.Exec(ctx, moveCaseSQL, c.Reference, c.Stage, to, state, to.WaitingOn(), next, closed)
	if err != nil {
		return "", fmt.Errorf("write case %s: %w", c.Reference, err)
	}
	if tag.RowsAffected() != 1 {
		return "", fmt.Errorf("write case %s: it is not in stage %s any more", c.Reference, c.Stage)
	}
	c.Stage = to
	return state, nil
}

// wrongStage is the fault of a step that does not fit the case's stage.
func wrongStage(c caseRow, event casework.Event) *casework.Fault {
	return casework.NewFault(casework.Conflict, "wrong-stage", fmt.Sprintf("Case %s is in stage %s, where it cannot %s.", c.Reference, c.Stage, event))
}
