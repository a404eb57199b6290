package store

import (
	"fmt"

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
	// HeldFor lists the causes for which the case waits, in the order in which they began.
	HeldFor []casework.HoldCause
	// TaskPlan is what has still to be noticed of the deadlines of the task that somebody holds.
	TaskPlan casework.Plan
}

const lockCaseSQL = `
SELECT reference, stage, service, centre, candidate, series, component, reviewed_script, policy, rules, result, award_review, held_for, task_plan
FROM cases
WHERE reference = $1
FOR UPDATE`

// readCaseSQL is the same without the lock, for a look that changes nothing.
const readCaseSQL = `
SELECT reference, stage, service, centre, candidate, series, component, reviewed_script, policy, rules, result, award_review, held_for, task_plan
FROM cases
WHERE reference = $1`

// The stage is compared although the row is held: a mistake in the program that moved a case from another stage than
// it stands in would write no stage at all, which the column refuses.
const moveCaseSQL = `
UPDATE cases
SET stage = CASE stage WHEN $2 THEN $3 END, sla_state = $4, waiting_on = $5, next_action_at = $6, closed_at = coalesce($7, closed_at),
    held_for = $8, task_plan = $9, version = version + 1
WHERE reference = $1`

// wrongStage is the fault of a step that does not fit the case's stage.
func wrongStage(c caseRow, event casework.Event) *casework.Fault {
	return casework.NewFault(casework.Conflict, "wrong-stage", fmt.Sprintf("Case %s is in stage %s, where it cannot %s.", c.Reference, c.Stage, event))
}
