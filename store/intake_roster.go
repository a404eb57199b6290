package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/casework/register"
)

func stagedRoster(set register.Set) []staging {
	return []staging{
		stage("in_performers", set.Performers, func(p register.Performer) []any {
			return []any{
				p.ID, p.Body, p.Name, p.Email, sorted(p.Roles), string(p.Rank), p.Leader, sorted(p.Components), sorted(p.Subjects), sorted(p.Tiers),
				p.Capacity, dateTo(p.ContractFrom), dateTo(p.ContractUntil), dateTo(p.TrainedUntil),
			}
		}, "id text", "body text", "name text", "email text", "roles text[]", "rank text", "leader text", "components text[]", "subjects text[]",
			"tiers text[]", "capacity integer", "contract_from date", "contract_until date", "trained_until date"),
		stage("in_conflicts", set.Conflicts, func(c register.Conflict) []any {
			return []any{c.Performer, c.Kind, c.Centre, c.Candidate}
		}, "performer text", "kind text", "centre text", "candidate text"),
		stage("in_absences", set.Absences, func(a register.Absence) []any {
			return []any{a.Performer, dateTo(a.From), dateTo(a.Until), a.Reason}
		}, "performer text", "from_day date", "until_day date", "reason text"),
		stage("in_approvers", set.Approvers, func(a register.Approver) []any {
			return []any{a.Body, a.ID, a.Name, a.Email}
		}, "body text", "id text", "name text", "email text"),
	}
}

// mergeApproversSQL makes the approvers of the set's bodies equal to those in it, and notes who became another.
const mergeApproversSQL = `
WITH gone AS (
    UPDATE approvers AS old SET active = false
    WHERE old.active AND old.body IN (SELECT id FROM in_bodies)
    AND NOT EXISTS (SELECT FROM in_approvers AS new WHERE new.body = old.body AND new.id = old.id)
    RETURNING body, id, name, email, active
), here AS (
    INSERT INTO approvers AS old (body, id, name, email) SELECT body, id, name, email FROM in_approvers
    ON CONFLICT (body, id) DO UPDATE SET name = excluded.name, email = excluded.email, active = true
    WHERE (old.name, old.email, old.active) IS DISTINCT FROM (excluded.name, excluded.email, true)
    RETURNING body, id, name, email, active
)
INSERT INTO approver_changes (body, approver, at, name, email, active)
SELECT body, id, $1, name, email, active FROM (TABLE gone UNION ALL TABLE here) AS changed ORDER BY body, id`

// mergeRoster makes performers equal to the set. Whether somebody is active, and their counters, no folder says.
var mergeRoster = []merge{
	{"performers", `
UPDATE performers AS old SET body = new.body, name = new.name, email = new.email, roles = new.roles, rank = new.rank,
    leader = NULLIF(new.leader, ''), subjects = new.subjects, tiers = new.tiers, capacity = new.capacity,
    contract_from = new.contract_from, contract_until = new.contract_until, trained_until = new.trained_until, version = old.version + 1
FROM in_performers AS new
WHERE new.id = old.id
AND ((old.body, old.name, old.email, old.roles, old.rank, coalesce(old.leader, ''), old.subjects, old.tiers, old.capacity,
      old.contract_from, old.contract_until, old.trained_until)
    IS DISTINCT FROM (new.body, new.name, new.email, new.roles, new.rank, new.leader, new.subjects, new.tiers, new.capacity,
      new.contract_from, new.contract_until, new.trained_until)
    OR ARRAY(SELECT own.component FROM performer_components own WHERE own.performer = old.id ORDER BY own.component COLLATE "C")
        IS DISTINCT FROM new.components)`},
	{"new performers", `
INSERT INTO performers (id, body, name, email, roles, rank, leader, subjects, tiers, capacity, contract_from, contract_until, trained_until)
SELECT id, body, name, email, roles, rank, NULLIF(leader, ''), subjects, tiers, capacity, contract_from, contract_until, trained_until
FROM in_performers
ON CONFLICT (id) DO NOTHING`},
	{"components that performers gave up", `
DELETE FROM performer_components AS old USING in_performers AS new
WHERE new.id = old.performer AND old.component <> ALL (new.components)`},
	{"performers' components", `
INSERT INTO performer_components (performer, component) SELECT id, unnest(components) FROM in_performers
ON CONFLICT DO NOTHING`},
}

// An interest is never taken back by an import, and an absence never ended: performers declare them here too, and a
// folder from before would undo that.
const (
	mergeConflicts = `
INSERT INTO conflicts (performer, kind, centre, candidate)
SELECT performer, kind, centre, NULLIF(candidate, '') FROM in_conflicts ORDER BY performer, kind, centre, candidate
ON CONFLICT DO NOTHING
RETURNING id, performer, kind, centre, coalesce(candidate, '') AS candidate`
	mergeAbsences = `
INSERT INTO absences (performer, from_day, until_day, reason)
SELECT performer, from_day, until_day, reason FROM in_absences ORDER BY performer, from_day, until_day
ON CONFLICT DO NOTHING
RETURNING id, performer, from_day, until_day, reason, ended_on`
)

// importer is the actor of what an import changes in the roster.
var importer = casework.Actor{Subject: "import", Role: casework.RoleSystem}

// importRoster brings performers, conflicts and absences into the register, with a line in the roster's audit for
// whatever changed, and counts the rows that may have made somebody eligible.
func importRoster(ctx context.Context, tx pgx.Tx, set register.Set, at time.Time) (written int64, err error) {
	ids := make([]string, len(set.Performers))
	for i, p := range set.Performers {
		ids[i] = p.ID
	}
	before, err := lockExaminers(ctx, tx, ids)
	if err != nil {
		return 0, err
	}
	if written, err = execute(ctx, tx, mergeRoster); err != nil {
		return 0, err
	}
	changes := rosterDifference(set.Performers, before)
	declared, err := collect[conflictRow](ctx, tx, mergeConflicts)
	if err != nil {
		return 0, fmt.Errorf("import conflicts: %w", err)
	}
	for _, c := range declared {
		changes = append(changes, rosterChange{c.Performer, wroteConflict, c.facts()})
	}
	away, err := collect[absenceRow](ctx, tx, mergeAbsences)
	if err != nil {
		return 0, fmt.Errorf("import absences: %w", err)
	}
	for _, a := range away {
		changes = append(changes, rosterChange{a.Performer, wroteAbsence, a.facts()})
	}
	_, err = tx.CopyFrom(ctx, pgx.Identifier{"roster_changes"}, []string{"performer", "at", "actor", "what", "facts"},
		pgx.CopyFromSlice(len(changes), func(i int) ([]any, error) {
			return []any{changes[i].performer, instant(at), importer, changes[i].what, changes[i].facts}, nil
		}))
	if err != nil {
		return 0, fmt.Errorf("note what the import changed in the roster: %w", err)
	}
	return written, nil
}

// rosterDifference lists what becomes another in each performer's row.
func rosterDifference(performers []register.Performer, before map[string]docket.Examiner) []rosterChange {
	var changes []rosterChange
	for _, p := range performers {
		old, known := before[p.ID]
		if !known {
			old = docket.Examiner{ID: p.ID, Active: true}
		}
		if facts := difference(old, imported(p, old)); len(facts) > 0 {
			changes = append(changes, rosterChange{p.ID, wroteImported, facts})
		}
	}
	return changes
}

// imported is a performer as a folder makes them.
func imported(p register.Performer, old docket.Examiner) docket.Examiner {
	old.Body, old.Name, old.Email, old.Roles, old.Rank, old.Leader = p.Body, p.Name, p.Email, p.Roles, p.Rank, p.Leader
	old.Components, old.Subjects, old.Tiers, old.Capacity = p.Components, p.Subjects, p.Tiers, p.Capacity
	old.ContractFrom, old.ContractUntil, old.TrainedUntil = p.ContractFrom, p.ContractUntil, p.TrainedUntil
	return old
}
