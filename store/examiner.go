package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// An absence that was called off is not shown; one that ended early ends on the day before.
const selectExaminersSQL = `
SELECT p.id, p.body, p.name, p.email, p.roles, p.rank, coalesce(p.leader, '') AS leader, p.subjects, p.tiers, p.capacity,
       p.contract_from, p.contract_until, p.trained_until, p.active, p.version, p.open_tasks, p.week_tasks, p.week,
       ARRAY(SELECT own.component FROM performer_components own WHERE own.performer = p.id ORDER BY own.component COLLATE "C") AS components,
       coalesce((SELECT jsonb_agg(jsonb_build_object('id', a.id, 'from', a.from_day, 'until', least(a.until_day, a.ended_on - 1), 'reason', a.reason)
                                  ORDER BY a.from_day, a.id)
                 FROM absences a WHERE a.performer = p.id AND a.from_day <= least(a.until_day, a.ended_on - 1)), '[]') AS absences,
       coalesce((SELECT jsonb_agg(jsonb_build_object('id', f.id, 'kind', f.kind, 'centre', f.centre, 'candidate', coalesce(f.candidate, ''), 'standsAgainst',
                                                      ARRAY(SELECT i.task FROM interests_against i WHERE i.conflict = f.id ORDER BY i.task)) ORDER BY f.id)
                 FROM conflicts f WHERE f.performer = p.id), '[]') AS conflicts
FROM performers p`

const examinersSQL = selectExaminersSQL + `
WHERE ($1 = '' OR $1 = ANY (p.roles))
  AND ($2 = '' OR p.rank = $2)
  AND ($3 = '' OR EXISTS (SELECT FROM performer_components own WHERE own.performer = p.id AND own.component = $3)
      OR p.subjects && ARRAY(SELECT q.subject FROM components c JOIN qualifications q ON q.id = c.qualification WHERE c.id = $3 AND q.body = p.body))
  AND ($4 = '' OR p.leader = $4)
  AND ($5::date IS NULL OR EXISTS (SELECT FROM absences a
      WHERE a.performer = p.id AND $5 BETWEEN a.from_day AND least(a.until_day, a.ended_on - 1)))
  AND p.id > $6
ORDER BY p.id
LIMIT $7`

const examinerSQL = selectExaminersSQL + `
WHERE p.id = ANY ($1)`

type examinerRow struct {
	ID            string
	Body          string
	Name          string
	Email         string
	Roles         []casework.PerformerRole
	Rank          casework.Rank
	Leader        string
	Subjects      []string
	Tiers         []string
	Capacity      int
	ContractFrom  *time.Time
	ContractUntil *time.Time
	TrainedUntil  *time.Time
	Active        bool
	Version       int64
	OpenTasks     int
	WeekTasks     int
	Week          *time.Time
	Components    []string
	Absences      []docket.Absence
	Conflicts     []docket.Conflict
}

func (r examinerRow) examiner() docket.Examiner {
	return docket.Examiner{
		ID: r.ID, Body: r.Body, Name: r.Name, Email: r.Email, Roles: r.Roles, Rank: r.Rank, Leader: r.Leader, Components: r.Components,
		Subjects: r.Subjects, Tiers: r.Tiers, Capacity: r.Capacity, ContractFrom: dateFrom(r.ContractFrom), ContractUntil: dateFrom(r.ContractUntil),
		TrainedUntil: dateFrom(r.TrainedUntil), Active: r.Active, Version: r.Version, OpenTasks: r.OpenTasks, WeekTasks: r.WeekTasks, Week: dateFrom(r.Week),
		Absences: r.Absences, Conflicts: r.Conflicts,
	}
}

// defaultExaminers is how many examiners a page has if nobody says how many.
const defaultExaminers = 50

// Examiners lists a page of the roster, whoever is inactive too, in the order of ids.
func (s *Store) Examiners(ctx context.Context, f docket.ExaminerFilter) ([]docket.Examiner, error) {
	limit := f.Limit
	if limit <= 0 {
		limit = defaultExaminers
	}
	rows, err := collect[examinerRow](ctx, s.pool, examinersSQL, f.Role, f.Rank, f.Component, f.Leader, dateTo(f.AbsentOn), f.AfterID, limit)
	if err != nil {
		return nil, fmt.Errorf("list the examiners: %w", unavailable(err))
	}
	examiners := make([]docket.Examiner, len(rows))
	for i, row := range rows {
		examiners[i] = row.examiner()
	}
	return examiners, nil
}

// Examiner reads one performer. Somebody who is not on the roster is a fault unknown-examiner.
func (s *Store) Examiner(ctx context.Context, id string) (docket.Examiner, error) {
	return readExaminer(ctx, s.pool, id)
}

func readExaminer(ctx context.Context, q queryer, id string) (docket.Examiner, error) {
	row, err := collectOne[examinerRow](ctx, q, examinerSQL, []string{id})
	if err != nil {
		return docket.Examiner{}, missing(err, "examiner", "examiner "+id)
	}
	return row.examiner(), nil
}

const lockExaminersSQL = `SELECT id FROM performers WHERE id = ANY ($1) ORDER BY id FOR UPDATE`

// lockExaminers locks people of the roster and reads them as they are then; who is not there is left out.
func lockExaminers(ctx context.Context, tx pgx.Tx, ids []string) (map[string]docket.Examiner, error) {
	if _, err := tx.Exec(ctx, lockExaminersSQL, ids); err != nil {
		return nil, fmt.Errorf("lock the performers: %w", err)
	}
	rows, err := collect[examinerRow](ctx, tx, examinerSQL, ids)
	if err != nil {
		return nil, fmt.Errorf("read the performers: %w", err)
	}
	known := make(map[string]docket.Examiner, len(rows))
	for _, row := range rows {
		known[row.ID] = row.examiner()
	}
	return known, nil
}

const leadsSQL = `SELECT EXISTS (SELECT FROM performers WHERE id = $2 AND leader = $1)`

// Leads reports whether one performer leads another's team.
func (s *Store) Leads(ctx context.Context, leader, performer string) (bool, error) {
	var leads bool
	if err := s.pool.QueryRow(ctx, leadsSQL, leader, performer).Scan(&leads); err != nil {
		return false, fmt.Errorf("look whether %s leads %s: %w", leader, performer, unavailable(err))
	}
	return leads, nil
}

const tasksHeldSQL = `
SELECT id FROM tasks WHERE assignee = $1 AND state IN ('reserved', 'in-progress', 'suspended') ORDER BY due, id`

// TasksHeldBy lists the tasks that a performer holds, the most urgent first.
func (s *Store) TasksHeldBy(ctx context.Context, id string) ([]casework.TaskID, error) {
	held, err := names[casework.TaskID](ctx, s.pool, tasksHeldSQL, id)
	if err != nil {
		return nil, fmt.Errorf("list the tasks of performer %s: %w", id, unavailable(err))
	}
	return held, nil
}
