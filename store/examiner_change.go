package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

const changeExaminerSQL = `
UPDATE performers
SET roles = $2, rank = $3, leader = $4, subjects = $5, tiers = $6, capacity = $7, contract_from = $8, contract_until = $9,
    trained_until = $10, active = $11, version = version + 1
WHERE id = $1`

const dropComponentsSQL = `DELETE FROM performer_components WHERE performer = $1 AND component <> ALL ($2)`

const addComponentsSQL = `
INSERT INTO performer_components (performer, component) SELECT $1, unnest($2::text[]) ON CONFLICT (performer, component) DO NOTHING`

// ChangeExaminer replaces what the change names, if the examiner's version is the change's, and answers with the
// examiner as they are then. Who asked, and every old value, stands in the roster's audit; cases in the pool look
// again. A change to what stands already changes nothing, not even the version. Tasks that the person holds stay with
// them. Faults: unknown-examiner, examiner-changed, examiner-invalid with a reason for each field.
func (s *Store) ChangeExaminer(ctx context.Context, id string, change docket.ExaminerChange, actor casework.Actor, at time.Time) (docket.Examiner, error) {
	changed, err := inTx(ctx, s, func(ctx context.Context, tx pgx.Tx) (docket.Examiner, error) {
		before, err := lockExaminer(ctx, tx, id)
		if err != nil {
			return before, err
		}
		if before.Version != change.Version {
			return before, casework.NewFault(casework.Conflict, "examiner-changed", fmt.Sprintf("Somebody changed examiner %s since you read them.", id))
		}
		after := apply(before, change)
		if err := checkExaminer(ctx, tx, after); err != nil {
			return before, err
		}
		facts := difference(before, after)
		if len(facts) == 0 {
			return before, nil
		}
		if err := writeExaminer(ctx, tx, after); err != nil {
			return before, err
		}
		if err := noteChange(ctx, tx, rosterChange{id, wroteChanged, facts}, at, actor, true); err != nil {
			return before, err
		}
		return readExaminer(ctx, tx, id)
	})
	if err != nil {
		return docket.Examiner{}, fmt.Errorf("change examiner %s: %w", id, err)
	}
	return changed, nil
}

// lockExaminer locks one person of the roster and reads them as they are then.
func lockExaminer(ctx context.Context, tx pgx.Tx, id string) (docket.Examiner, error) {
	known, err := lockExaminers(ctx, tx, []string{id})
	if err != nil {
		return docket.Examiner{}, err
	}
	examiner, ok := known[id]
	if !ok {
		return docket.Examiner{}, unknown("examiner", "examiner "+id)
	}
	return examiner, nil
}

func writeExaminer(ctx context.Context, tx pgx.Tx, e docket.Examiner) error {
	if _, err := tx.Exec(ctx, changeExaminerSQL, e.ID, sorted(e.Roles), e.Rank, zeronull.Text(e.Leader), sorted(e.Subjects), sorted(e.Tiers), e.Capacity,
		dateTo(e.ContractFrom), dateTo(e.ContractUntil), dateTo(e.TrainedUntil), e.Active); err != nil {
		return fmt.Errorf("write performer %s: %w", e.ID, err)
	}
	components := sorted(e.Components)
	if _, err := tx.Exec(ctx, dropComponentsSQL, e.ID, components); err != nil {
		return fmt.Errorf("take components from performer %s: %w", e.ID, err)
	}
	if _, err := tx.Exec(ctx, addComponentsSQL, e.ID, components); err != nil {
		return fmt.Errorf("give components to performer %s: %w", e.ID, err)
	}
	return nil
}

// apply replaces what a change names.
func apply(e docket.Examiner, change docket.ExaminerChange) docket.Examiner {
	replace(&e.Roles, change.Roles)
	replace(&e.Rank, change.Rank)
	replace(&e.Leader, change.Leader)
	replace(&e.Components, change.Components)
	replace(&e.Subjects, change.Subjects)
	replace(&e.Tiers, change.Tiers)
	replace(&e.Capacity, change.Capacity)
	replace(&e.ContractFrom, change.ContractFrom)
	replace(&e.ContractUntil, change.ContractUntil)
	replace(&e.TrainedUntil, change.TrainedUntil)
	replace(&e.Active, change.Active)
	return e
}

func replace[T any](value *T, by *T) {
	if by != nil {
		*value = *by
	}
}
