package store

import (
	"time"

	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/allocation"
	"github.com/recourse-exams/recourse/casework/calendar"
)

// week is the Monday in London of the week in which an instant lies. A performer's capacity is counted by it.
func week(at time.Time) calendar.Date {
	day := calendar.DateOf(at)
	sinceMonday := (int(day.Weekday()) + 6) % 7
	return day.AddDays(-sinceMonday)
}

// rosterSQL reads whom a case's component or its subject concerns, whatever else stands against them, so that a proof
// names everybody who could be thought of. What belongs to a person comes in the same statement, so that all of it is
// of one moment; of components, absences and conflicts only what can matter to this case on this day. They are found by
// day and by centre, not person by person: most have none. A person's week that is later than the one asked for counts
// as that one: a step that was held up never forgets what was given since.
const rosterSQL = `
WITH asked AS (
    SELECT k.component, k.centre, q.body, q.subject, ARRAY(SELECT own.performer FROM performer_components own WHERE own.component = k.component) AS listed
    FROM cases k
    JOIN components c ON c.id = k.component
    JOIN qualifications q ON q.id = c.qualification
    WHERE k.reference = $1
), people AS (
    SELECT p.id, p.roles, p.rank, p.subjects, p.tiers, p.capacity, p.open_tasks, CASE WHEN p.week >= $2 THEN p.week_tasks ELSE 0 END AS week_tasks,
           p.idle_since, p.contract_from, p.contract_until, p.trained_until, NOT p.active AS inactive,
           CASE WHEN p.id = ANY (asked.listed) THEN ARRAY[asked.component] ELSE '{}' END AS components
    FROM asked
    JOIN performers p ON p.body = asked.body AND (p.subjects @> ARRAY[asked.subject] OR p.id = ANY (asked.listed))
), away AS (
    SELECT a.performer, jsonb_agg(jsonb_build_object('from', a.from_day, 'until', least(a.until_day, a.ended_on - 1))) AS absences
    FROM absences a
    WHERE daterange(a.from_day, a.until_day, '[]') @> $3::date AND a.performer IN (SELECT id FROM people)
    GROUP BY a.performer
), interested AS (
    SELECT f.performer, jsonb_agg(jsonb_build_object('kind', f.kind, 'centre', f.centre, 'candidate', coalesce(f.candidate, ''))) AS conflicts
    FROM conflicts f
    WHERE f.centre = (SELECT centre FROM asked)
    GROUP BY f.performer
)
SELECT people.id, roles, rank, subjects, tiers, capacity, open_tasks, week_tasks, idle_since, contract_from, contract_until, trained_until, inactive,
       components, away.absences, interested.conflicts
FROM people
LEFT JOIN away ON away.performer = people.id
LEFT JOIN interested ON interested.performer = people.id`

// rosteredSQL is rosterSQL for people by name, whomever the component concerns.
const rosteredSQL = `
SELECT p.id, p.roles, p.rank, p.subjects, p.tiers, p.capacity, p.open_tasks, CASE WHEN p.week >= $2 THEN p.week_tasks ELSE 0 END AS week_tasks,
       p.idle_since, p.contract_from, p.contract_until, p.trained_until, NOT p.active AS inactive,
       ARRAY(SELECT own.component FROM performer_components own WHERE own.performer = p.id AND own.component = k.component) AS components,
       (SELECT jsonb_agg(jsonb_build_object('from', a.from_day, 'until', least(a.until_day, a.ended_on - 1)))
        FROM absences a WHERE a.performer = p.id AND daterange(a.from_day, a.until_day, '[]') @> $3::date) AS absences,
       (SELECT jsonb_agg(jsonb_build_object('kind', f.kind, 'centre', f.centre, 'candidate', coalesce(f.candidate, '')))
        FROM conflicts f WHERE f.performer = p.id AND f.centre = k.centre) AS conflicts
FROM cases k
JOIN components c ON c.id = k.component
JOIN qualifications q ON q.id = c.qualification
JOIN performers p ON p.body = q.body
WHERE k.reference = $1 AND p.id = ANY ($4)`

// rosterRow is a performer as the rule of allocation sees them.
type rosterRow struct {
	ID            string
	Roles         []casework.PerformerRole
	Rank          casework.Rank
	Subjects      []string
	Tiers         []string
	Capacity      int
	OpenTasks     int
	WeekTasks     int
	IdleSince     zeronull.Timestamptz
	ContractFrom  *time.Time
	ContractUntil *time.Time
	TrainedUntil  *time.Time
	Inactive      bool
	Components    []string
	Absences      []allocation.Absence
	Conflicts     []allocation.Conflict
}

func (r rosterRow) performer() allocation.Performer {
	return allocation.Performer{
		ID: r.ID, Roles: r.Roles, Rank: r.Rank, Components: r.Components, Subjects: r.Subjects, Tiers: r.Tiers,
		Capacity: r.Capacity, OpenTasks: r.OpenTasks, WeekTasks: r.WeekTasks, IdleSince: timeOf(r.IdleSince),
		ContractFrom: dateFrom(r.ContractFrom), ContractUntil: dateFrom(r.ContractUntil), TrainedUntil: dateFrom(r.TrainedUntil),
		Inactive: r.Inactive, Absences: r.Absences, Conflicts: r.Conflicts,
	}
}

// askRoster queues the question for everybody who could be thought of for a case's task at an instant.
func askRoster(u *unit, ref casework.Reference, at time.Time) func() []allocation.Performer {
	rows := each[rosterRow](u, "read the roster for case "+string(ref), rosterSQL, ref, dateTo(week(at)), dateTo(calendar.DateOf(at)))
	return performersOf(rows)
}

// askRostered queues the question for people by name.
func askRostered(u *unit, ref casework.Reference, at time.Time, performers ...string) func() []allocation.Performer {
	rows := each[rosterRow](u, "read performers by name", rosteredSQL, ref, dateTo(week(at)), dateTo(calendar.DateOf(at)), performers)
	return performersOf(rows)
}

func performersOf(rows *[]rosterRow) func() []allocation.Performer {
	return func() []allocation.Performer {
		roster := make([]allocation.Performer, len(*rows))
		for i, row := range *rows {
			roster[i] = row.performer()
		}
		return roster
	}
}

const lockPerformerSQL = `SELECT id FROM performers WHERE id = $1 FOR UPDATE`

// A week that has begun since counts on; an earlier one begins afresh.
const takeTaskSQL = `
UPDATE performers
SET open_tasks = open_tasks + 1, idle_since = $2, week = greatest(week, $3),
    week_tasks = CASE WHEN week >= $3 THEN week_tasks ELSE 0 END + 1
WHERE id = $1`

// countTask queues that a performer was given a task at an instant: one more that they hold, and one of the week's.
func countTask(u *unit, performer string, at time.Time) {
	u.write("count the task of performer "+performer, takeTaskSQL, performer, at, dateTo(week(at)))
}
