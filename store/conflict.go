package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// conflictKinds are the interests that a performer may declare.
var conflictKinds = []string{"works-at", "worked-at", "related-to", "other"}

type conflictRow struct {
	ID        int64
	Performer string
	Kind      string
	Centre    string
	Candidate string
}

func (c conflictRow) facts() []docket.Fact {
	return []docket.Fact{fact("kind", c.Kind), fact("centre", c.Centre), fact("candidate", c.Candidate)}
}

const sameConflictSQL = `
SELECT id, performer, kind, centre, coalesce(candidate, '') AS candidate
FROM conflicts
WHERE performer = $1 AND kind = $2 AND centre = $3 AND candidate IS NOT DISTINCT FROM $4`

const addConflictSQL = `
INSERT INTO conflicts (performer, kind, centre, candidate) VALUES ($1, $2, $3, $4)
RETURNING id, performer, kind, centre, coalesce(candidate, '') AS candidate`

// DeclareConflict notes an interest of a performer, which stands against them from the next allocation on, and answers
// which tasks that they hold it stands against: these stay with them until they are reassigned, and they cannot complete
// them. An interest that stands already is answered as it stands. Faults: unknown-examiner, conflict-invalid.
func (s *Store) DeclareConflict(ctx context.Context, id string, conflict docket.Conflict, actor casework.Actor, at time.Time) (docket.Conflict, error) {
	declared, err := changeBeside(ctx, s, id, actor, at, false, func(ctx context.Context, tx pgx.Tx) (declared docket.Conflict, change rosterChange, err error) {
		if err := checkConflict(ctx, tx, conflict); err != nil {
			return declared, change, err
		}
		with := []any{id, conflict.Kind, conflict.Centre, zeronull.Text(conflict.Candidate)}
		same, err := collectOne[conflictRow](ctx, tx, sameConflictSQL, with...)
		if err == nil {
			declared, err = same.declared(ctx, tx)
			return declared, change, err
		}
		if !errors.Is(err, pgx.ErrNoRows) {
			return declared, change, fmt.Errorf("look for the same conflict: %w", err)
		}
		row, err := collectOne[conflictRow](ctx, tx, addConflictSQL, with...)
		if err != nil {
			return declared, change, fmt.Errorf("write the conflict: %w", err)
		}
		declared, err = row.declared(ctx, tx)
		return declared, rosterChange{id, wroteConflict, row.facts()}, err
	})
	if err != nil {
		return docket.Conflict{}, fmt.Errorf("declare a conflict of examiner %s: %w", id, err)
	}
	return declared, nil
}

const standsAgainstSQL = `SELECT task FROM interests_against WHERE conflict = $1 ORDER BY 1`

// declared is the interest with the tasks that it stands against. The performer's row is locked, so that they are not being
// given another one at this moment.
func (c conflictRow) declared(ctx context.Context, tx pgx.Tx) (docket.Conflict, error) {
	against, err := names[casework.TaskID](ctx, tx, standsAgainstSQL, c.ID)
	if err != nil {
		return docket.Conflict{}, fmt.Errorf("look for tasks that the conflict stands against: %w", err)
	}
	return docket.Conflict{ID: c.ID, Kind: c.Kind, Centre: c.Centre, Candidate: c.Candidate, StandsAgainst: against}, nil
}

const conflictWorldSQL = `
SELECT EXISTS (SELECT FROM centres WHERE number = $1) AS centre,
       EXISTS (SELECT FROM candidates WHERE centre = $1 AND number = $2) AS candidate`

// checkConflict says everything that an interest names wrongly, as one fault.
func checkConflict(ctx context.Context, tx pgx.Tx, c docket.Conflict) error {
	known, err := collectOne[struct{ Centre, Candidate bool }](ctx, tx, conflictWorldSQL, c.Centre, c.Candidate)
	if err != nil {
		return fmt.Errorf("look for centre and candidate: %w", err)
	}
	var reasons []casework.Reason
	if !slices.Contains(conflictKinds, c.Kind) {
		reasons = append(reasons, oneOf("/kind", c.Kind, conflictKinds))
	}
	switch {
	case !known.Centre:
		reasons = append(reasons, casework.Reason{
			Code: "centre-unknown", Pointer: "/centre", Detail: fmt.Sprintf("The register has no centre %q.", c.Centre), Remedy: "Give the number of the centre.",
		})
	case c.Candidate != "" && !known.Candidate:
		reasons = append(reasons, casework.Reason{
			Code: "candidate-unknown", Pointer: "/candidate", Detail: fmt.Sprintf("Centre %s has no candidate %q.", c.Centre, c.Candidate),
			Remedy: "Give the candidate's number in the centre, or leave it out for the whole centre.",
		})
	case c.Candidate == "" && c.Kind == "related-to":
		reasons = append(reasons, casework.Reason{
			Code: "candidate-missing", Pointer: "/candidate", Detail: "The declaration does not say to whom the person is related.",
			Remedy: "Give the candidate's number in the centre.",
		})
	}
	if len(reasons) == 0 {
		return nil
	}
	return casework.NewFault(casework.Invalid, "conflict-invalid", "The conflict cannot be taken.", reasons...)
}

const takeBackConflictSQL = `
DELETE FROM conflicts WHERE id = $1 AND performer = $2
RETURNING id, performer, kind, centre, coalesce(candidate, '') AS candidate`

// TakeBackConflict removes an entry that was made in error; cases in the pool look again. What it said stays in the
// roster's audit. Faults: unknown-examiner, unknown-conflict.
func (s *Store) TakeBackConflict(ctx context.Context, id string, conflict int64, actor casework.Actor, at time.Time) error {
	_, err := changeBeside(ctx, s, id, actor, at, true, func(ctx context.Context, tx pgx.Tx) (none struct{}, change rosterChange, err error) {
		row, err := collectOne[conflictRow](ctx, tx, takeBackConflictSQL, conflict, id)
		if err != nil {
			return none, change, missing(err, "conflict", fmt.Sprintf("conflict %d of examiner %s", conflict, id))
		}
		return none, rosterChange{id, wroteConflictUndue, row.facts()}, nil
	})
	if err != nil {
		return fmt.Errorf("take conflict %d of examiner %s back: %w", conflict, id, err)
	}
	return nil
}

// conflictsOfHolderSQL reads by which interests whoever holds a case's task may not complete it.
const conflictsOfHolderSQL = `SELECT DISTINCT code FROM interests_against WHERE reference = $1 ORDER BY 1`

// askConflicts queues the question for the interests of whoever holds a case's task.
func askConflicts(u *unit, ref casework.Reference) *[]string {
	return column[string](u, "read the holder's interests", conflictsOfHolderSQL, ref)
}
