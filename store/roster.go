package store

import (
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
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
    SELECT a.performer, array_agg(a.from_day) AS away_from, array_agg(least(a.until_day, a.ended_on - 1)) AS away_until
    FROM absences a
    WHERE daterange(a.from_day, a.until_day, '[]') @> $3::date AND a.performer IN (SELECT id FROM people)
    GROUP BY a.performer
), interested AS (
    SELECT f.performer, array_agg(f.kind) AS kinds, array_agg(f.centre) AS centres, array_agg(coalesce(f.candidate, '')) AS candidates
    FROM conflicts f
    WHERE f.centre = (SELECT centre FROM asked)
    GROUP BY f.performer
)
SELECT people.id, roles, rank, subjects, tiers, capacity, open_tasks, week_tasks, idle_since, contract_from, contract_until, trained_until, inactive,
       components, away_from, away_until, kinds, centres, candidates
FROM people
LEFT JOIN away ON away.performer = people.id
LEFT JOIN interested ON interested.performer = people.id`

// rosteredSQL is rosterSQL for people by name, whomever the component concerns. The list of names is hidden in a query of
// its own: a planner that sees how long it is plans anew for each, which takes longer than the answer.
const rosteredSQL = `
SELECT p.id, p.roles, p.rank, p.subjects, p.tiers, p.capacity, p.open_tasks, CASE WHEN p.week >= $2 THEN p.week_tasks ELSE 0 END AS week_tasks,
       p.idle_since, p.contract_from, p.contract_until, p.trained_until, NOT p.active AS inactive,
       ARRAY(SELECT own.component FROM performer_components own WHERE own.performer = p.id AND own.component = k.component) AS components,
       away.*, interested.*
FROM cases k
JOIN components c ON c.id = k.component
JOIN qualifications q ON q.id = c.qualification
JOIN performers p ON p.body = q.body
CROSS JOIN LATERAL (
    SELECT array_agg(a.from_day) AS away_from, array_agg(least(a.until_day, a.ended_on - 1)) AS away_until
    FROM absences a
    WHERE a.performer = p.id AND daterange(a.from_day, a.until_day, '[]') @> $3::date
) away
CROSS JOIN LATERAL (
    SELECT array_agg(f.kind) AS kinds, array_agg(f.centre) AS centres, array_agg(coalesce(f.candidate, '')) AS candidates
    FROM conflicts f
    WHERE f.performer = p.id AND f.centre = k.centre
) interested
WHERE k.reference = $1 AND p.id = ANY (ARRAY(SELECT unnest($4::text[])))`

// rosterOf reads performers as the rule of allocation sees them, by the columns' places: there are hundreds for each
// allocation, and to find each column by its name would take as long again.
func rosterOf(rows pgx.Rows) ([]allocation.Performer, error) {
	var roster []allocation.Performer
	var p allocation.Performer
	var awayFrom, awayUntil []time.Time
	var kinds, centres, candidates []string
	columns := []any{
		&p.ID, (*rolesColumn)(&p.Roles), (*string)(&p.Rank), &p.Subjects, &p.Tiers, &p.Capacity, &p.OpenTasks, &p.WeekTasks,
		(*zeronull.Timestamptz)(&p.IdleSince), (*dayColumn)(&p.ContractFrom), (*dayColumn)(&p.ContractUntil), (*dayColumn)(&p.TrainedUntil),
		&p.Inactive, &p.Components, &awayFrom, &awayUntil, &kinds, &centres, &candidates,
	}
	_, err := pgx.ForEachRow(rows, columns, func() error {
		p.Absences, p.Conflicts = nil, nil
		for i := range awayFrom {
			p.Absences = append(p.Absences, allocation.Absence{From: dateFrom(&awayFrom[i]), Until: dateFrom(&awayUntil[i])})
		}
		for i := range kinds {
			p.Conflicts = append(p.Conflicts, allocation.Conflict{Kind: kinds[i], Centre: centres[i], Candidate: candidates[i]})
		}
		roster = append(roster, p)
		return nil
	})
	return roster, err
}

// askRoster queues the question for everybody who could be thought of for a case's task at an instant.
func askRoster(u *unit, ref casework.Reference, at time.Time) *[]allocation.Performer {
	return answers(u, rosterOf, "read the roster for case "+string(ref), rosterSQL, ref, dateTo(week(at)), dateTo(calendar.DateOf(at)))
}

// askRostered queues the question for people by name.
func askRostered(u *unit, ref casework.Reference, at time.Time, performers ...string) *[]allocation.Performer {
	return answers(u, rosterOf, "read performers by name", rosteredSQL, ref, dateTo(week(at)), dateTo(calendar.DateOf(at)), performers)
}

// dayColumn reads a date; null is the zero Date.
type dayColumn calendar.Date

// ScanDate is called by pgx.
func (d *dayColumn) ScanDate(v pgtype.Date) error {
	*d = dayColumn{}
	if v.Valid {
		year, month, day := v.Time.Date()
		*d = dayColumn{Year: year, Month: month, Day: day}
	}
	return nil
}

// rolesColumn reads a list of roles word by word, without reflection.
type rolesColumn []casework.PerformerRole

// SetDimensions is called by pgx before the words are read.
func (r *rolesColumn) SetDimensions(dimensions []pgtype.ArrayDimension) error {
	return (*pgtype.FlatArray[casework.PerformerRole])(r).SetDimensions(dimensions)
}

// ScanIndex is where pgx writes a word.
func (r *rolesColumn) ScanIndex(i int) any { return (*string)(&(*r)[i]) }

// ScanIndexType is what pgx writes there.
func (*rolesColumn) ScanIndexType() any { return new(string) }

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
