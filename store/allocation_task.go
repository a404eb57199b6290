package store

import (
	"context"
	"fmt"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/allocation"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/ruling"
)

// staffingSQL reads what the register says about a case's component and its body, and the roster's version: one that
// is read before the roster is never later than what the roster shows.
const staffingSQL = `
SELECT k.held_for, b.ranks, q.subject, c.tier, v.version AS roster
FROM cases k
JOIN components c ON c.id = k.component
JOIN qualifications q ON q.id = c.qualification
JOIN awarding_bodies b ON b.id = q.body
CROSS JOIN roster_version v
WHERE k.reference = $1`

type staffingRow struct {
	HeldFor []casework.HoldCause
	Ranks   []casework.Rank
	Subject string
	Tier    string
	Roster  int64
}

// involvedSQL reads who judged an item of the script, in each way, and who moderated the centre's marks or checked
// that.
const involvedSQL = `
SELECT marker AS person, 'marker' AS part FROM item_marks WHERE result = (SELECT result FROM cases WHERE reference = $1)
UNION
SELECT checker, role FROM item_checks WHERE result = (SELECT result FROM cases WHERE reference = $1)
UNION
SELECT m.moderator, 'moderator'
FROM moderations m
JOIN cases k ON (k.centre, k.component, k.series) = (m.centre, m.component, m.series)
WHERE k.reference = $1
UNION
SELECT m.checker, 'moderation-checker'
FROM moderations m
JOIN cases k ON (k.centre, k.component, k.series) = (m.centre, m.component, m.series)
WHERE k.reference = $1 AND m.checker IS NOT NULL
ORDER BY 1, 2`

// earlierPerformersSQL reads who had a task about the same result before: of another case, or an earlier one of this. Whoever
// had one and passed it on took part, unless they declined it without having started.
const earlierPerformersSQL = `
SELECT t.assignee
FROM tasks t
JOIN cases c ON c.reference = t.reference
WHERE c.result = (SELECT result FROM cases WHERE reference = $1) AND t.assignee IS NOT NULL
  AND (c.reference <> $1 OR t.number < (SELECT max(number) FROM tasks WHERE reference = $1))
UNION
SELECT d.performer
FROM decisions d
JOIN cases c ON c.reference = d.reference
WHERE c.result = (SELECT result FROM cases WHERE reference = $1) AND c.reference <> $1
UNION
SELECT l.performer
FROM task_leavings l
JOIN tasks t ON t.id = l.task
JOIN cases c ON c.reference = t.reference
WHERE c.result = (SELECT result FROM cases WHERE reference = $1) AND c.reference <> $1 AND l.operation <> 'decline'
ORDER BY 1`

func askEarlier(u *unit, ref casework.Reference) *[]string {
	return column[string](u, "read who took part earlier", earlierPerformersSQL, ref)
}

// leaversSQL reads who gave a task of the case back or had it taken. Who delegated a task may be handed it again, and takes no
// further look at it.
const leaversSQL = `
SELECT DISTINCT l.performer
FROM task_leavings l
JOIN tasks t ON t.id = l.task
WHERE t.reference = $1
  AND (l.operation <> 'delegate' OR t.number < (SELECT max(number) FROM tasks WHERE reference = $1))
ORDER BY 1`

// waiting is a case whose task is to be given to somebody, with the paper and what decides who may have it, as far as
// that is not about the person.
type waiting struct {
	*heldCase
	staffing staffingRow
	items    []casework.SheetItem
	involved []allocation.Involvement
	earlier  []string
	leavers  []string
	// tasks holds the case's latest task; it is empty before the first allocation.
	tasks []taskRow
}

// holdWaiting queues the locks of a case and its task, and the questions behind them.
func holdWaiting(u *unit, ref casework.Reference) func() (waiting, error) {
	take := holdCase(u, ref)
	know := askWaiting(u, ref)
	return func() (waiting, error) {
		held, err := take()
		if err != nil {
			return waiting{}, err
		}
		return know(held)
	}
}

// askWaiting queues the questions about a case that is held.
func askWaiting(u *unit, ref casework.Reference) func(*heldCase) (waiting, error) {
	tasks := lockTask(u, ref)
	staffing := each[staffingRow](u, "read what the component asks for", staffingSQL, ref)
	items := each[casework.SheetItem](u, "read the item marks", sheetItemsSQL, ref)
	involved := each[allocation.Involvement](u, "read who judged the work", involvedSQL, ref)
	earlier := askEarlier(u, ref)
	leavers := column[string](u, "read who gave the task back", leaversSQL, ref)
	return func(held *heldCase) (waiting, error) {
		if len(*staffing) == 0 {
			return waiting{}, unknown("component", "component of case "+string(ref))
		}
		return waiting{heldCase: held, staffing: (*staffing)[0], items: *items, involved: *involved, earlier: *earlier, leavers: *leavers, tasks: *tasks}, nil
	}
}

// task is the case's latest task, or the one that is to be made.
func (w waiting) task() taskRow {
	if len(w.tasks) == 0 {
		return taskRow{ID: casework.TaskOf(w.Reference, 1), Number: 1, Kind: casework.TaskReview, State: casework.TaskReady}
	}
	return w.tasks[0]
}

// sheet is the task's sheet as the marks stand now. What a second look starts from it keeps.
func (w waiting) sheet() casework.TaskSheet {
	task := w.task()
	return casework.TaskSheet{
		Task: task.ID, Kind: task.Kind, Service: w.Service, Items: w.items, Corrected: task.Sheet.Corrected, Rules: w.Rules,
	}
}

// asks is the task as the rule of allocation sees it at an instant. The least rank is the rules' or, of a task that
// was sent up, the one that it was sent to, whichever is higher.
func (w waiting) asks(rules ruling.Staffing, at time.Time) (allocation.Task, error) {
	task := w.task()
	least, err := rules.LeastRank(w.Policy, w.Service, task.Kind)
	if err != nil {
		return allocation.Task{}, fmt.Errorf("find the rank for case %s: %w", w.Reference, err)
	}
	if !least.AtLeast(task.LeastRank, w.staffing.Ranks) {
		least = task.LeastRank
	}
	return allocation.Task{
		Reference: w.Reference, Role: w.Service.Performer(), Centre: w.Centre, Candidate: w.Candidate, Component: w.Component,
		Subject: w.staffing.Subject, Tier: w.staffing.Tier, LeastRank: least, Ranks: w.staffing.Ranks, Day: calendar.DateOf(at),
		Involved: w.involved, EarlierStages: w.earlier, GaveBack: w.leavers,
	}, nil
}

// unknownColleague is the fault of giving a task to somebody whom the awarding body does not know.
func unknownColleague(performer string) *casework.Fault {
	detail := fmt.Sprintf("The awarding body has no performer %s.", performer)
	return casework.NewFault(casework.Refused, "unknown-performer", detail,
		casework.Reason{Code: "unknown-performer", Pointer: "/to", Detail: detail, Remedy: "Check the id of the colleague."})
}

// eligibility judges one named performer for the task of a held case, as it stands at an instant. The performer's row
// is locked first, so that the finding is true until the commit. A person of another body is unknown to this one.
func eligibility(ctx context.Context, u *unit, held *heldCase, performer string, at time.Time, rules ruling.Staffing) (allocation.Finding, error) {
	u.write("lock performer "+performer, lockPerformerSQL, performer)
	know := askWaiting(u, held.Reference)
	person := askRostered(u, held.Reference, at, performer)
	if err := u.send(ctx); err != nil {
		return allocation.Finding{}, err
	}
	roster := *person
	if len(roster) == 0 {
		return allocation.Finding{}, unknownColleague(performer)
	}
	w, err := know(held)
	if err != nil {
		return allocation.Finding{}, err
	}
	task, err := w.asks(rules, at)
	if err != nil {
		return allocation.Finding{}, err
	}
	return rules.Choose(task, roster).Findings[0], nil
}
