package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/docket"
)

// absenceReasons are why a performer may be away.
var absenceReasons = []string{"holiday", "illness", "other"}

// absenceRow is an absence as the register keeps it; it counts until the day before EndedOn.
type absenceRow struct {
	ID        int64
	Performer string
	FromDay   time.Time
	UntilDay  time.Time
	Reason    string
	EndedOn   *time.Time
}

func (a absenceRow) absence() docket.Absence {
	return docket.Absence{ID: a.ID, From: dateFrom(&a.FromDay), Until: dateFrom(&a.UntilDay), Reason: a.Reason}
}

func (a absenceRow) facts() []docket.Fact {
	absence := a.absence()
	return []docket.Fact{fact("from", absence.From), fact("until", absence.Until), fact("reason", absence.Reason)}
}

const sameAbsenceSQL = `
SELECT id, performer, from_day, until_day, reason, ended_on FROM absences WHERE performer = $1 AND from_day = $2 AND until_day = $3`

// One that was ended begins again.
const addAbsenceSQL = `
INSERT INTO absences (performer, from_day, until_day, reason) VALUES ($1, $2, $3, $4)
ON CONFLICT (performer, from_day, until_day) DO UPDATE SET reason = excluded.reason, ended_on = NULL
RETURNING id, performer, from_day, until_day, reason, ended_on`

// AddAbsence notes that a performer gets no tasks in a time. Tasks that they hold stay with them until they are
// reassigned. An absence that stands already is answered as it stands. Faults: unknown-examiner, absence-invalid.
func (s *Store) AddAbsence(ctx context.Context, id string, absence docket.Absence, actor casework.Actor, at time.Time) (docket.Absence, error) {
	added, err := changeBeside(ctx, s, id, actor, at, false, func(ctx context.Context, tx pgx.Tx) (added docket.Absence, change rosterChange, err error) {
		if fault := checkAbsence(absence); fault != nil {
			return added, change, fault
		}
		days := []any{id, dateTo(absence.From), dateTo(absence.Until)}
		same, err := collectOne[absenceRow](ctx, tx, sameAbsenceSQL, days...)
		if err == nil && same.EndedOn == nil {
			return same.absence(), change, nil
		}
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return added, change, fmt.Errorf("look for the same absence: %w", err)
		}
		row, err := collectOne[absenceRow](ctx, tx, addAbsenceSQL, append(days, absence.Reason)...)
		if err != nil {
			return added, change, fmt.Errorf("write the absence: %w", err)
		}
		return row.absence(), rosterChange{id, wroteAbsence, row.facts()}, nil
	})
	if err != nil {
		return docket.Absence{}, fmt.Errorf("add an absence of examiner %s: %w", id, err)
	}
	return added, nil
}

func checkAbsence(a docket.Absence) error {
	var reasons []casework.Reason
	for _, day := range []struct {
		pointer string
		date    calendar.Date
	}{{"/from", a.From}, {"/until", a.Until}} {
		if day.date.IsZero() {
			reasons = append(reasons, casework.Reason{
				Code: "day-missing", Pointer: day.pointer, Detail: "The absence lacks a day.", Remedy: "Give the first and the last day, like 2026-09-24.",
			})
		}
	}
	if len(reasons) == 0 && a.Until.Before(a.From) {
		reasons = append(reasons, casework.Reason{
			Code: "absence-backwards", Pointer: "/until", Detail: fmt.Sprintf("The absence would end on %s, before it begins on %s.", a.Until, a.From),
			Remedy: "Give a last day that is not before the first.",
		})
	}
	if !slices.Contains(absenceReasons, a.Reason) {
		reasons = append(reasons, oneOf("/reason", a.Reason, absenceReasons))
	}
	if len(reasons) == 0 {
		return nil
	}
	return casework.NewFault(casework.Invalid, "absence-invalid", "The absence cannot be taken.", reasons...)
}

const absenceSQL = `SELECT id, performer, from_day, until_day, reason, ended_on FROM absences WHERE id = $1 AND performer = $2`

const endAbsenceSQL = `UPDATE absences SET ended_on = greatest(from_day, $2) WHERE id = $1`

// EndAbsence ends an absence with the London day before at, or calls it off if it has not begun; cases in the pool look
// again. One that is over already is left as it is. Faults: unknown-examiner, unknown-absence.
func (s *Store) EndAbsence(ctx context.Context, id string, absence int64, actor casework.Actor, at time.Time) error {
	_, err := changeBeside(ctx, s, id, actor, at, true, func(ctx context.Context, tx pgx.Tx) (none struct{}, change rosterChange, err error) {
		row, err := collectOne[absenceRow](ctx, tx, absenceSQL, absence, id)
		if err != nil {
			return none, change, missing(err, "absence", fmt.Sprintf("absence %d of examiner %s", absence, id))
		}
		today := calendar.DateOf(at)
		if row.EndedOn != nil || dateFrom(&row.UntilDay).Before(today) {
			return none, change, nil
		}
		if _, err := tx.Exec(ctx, endAbsenceSQL, absence, dateTo(today)); err != nil {
			return none, change, fmt.Errorf("end the absence: %w", err)
		}
		return none, rosterChange{id, wroteAbsenceEnded, row.facts()}, nil
	})
	if err != nil {
		return fmt.Errorf("end absence %d of examiner %s: %w", absence, id, err)
	}
	return nil
}
