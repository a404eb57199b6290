package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/casework/ruling"
)

// Decide takes a completion, publishes the component's outcome and, if it was the last of the award review,
// settles grade and fees for every linked case. A completion that cannot be taken is refused in the answer;
// then nothing has changed and the step's number is free for the next one.
func (s *Store) Decide(ctx context.Context, in casework.DecideInput, rules ruling.Rules) (casework.Decided, error) {
	in.Key, in.ReceivedAt = timed(in.Key), instant(in.ReceivedAt)
	d := deciding{in: in, rules: rules}
	return runStep(ctx, s, in.Key, in, work[linkedCases, casework.Decided]{
		lock: func(ctx context.Context, tx pgx.Tx) (linkedCases, error) {
			return lockLinkedCases(ctx, tx, in.Key.Reference)
		},
		do:   d.do,
		keep: func(answer casework.Decided) bool { return answer.Refusal == nil },
	})
}

// Decided is what the deciding step of the key has recorded; ok is false if it has recorded nothing yet.
func (s *Store) Decided(ctx context.Context, key casework.StepKey) (decided casework.Decided, ok bool, err error) {
	stored, err := storedResult[casework.Decided](ctx, s.pool, key)
	if err != nil {
		return casework.Decided{}, false, fmt.Errorf("step %s %d of case %s: %w", key.Step, key.Number, key.Reference, unavailable(err))
	}
	return deref(stored), stored != nil, nil
}

type deciding struct {
	in    casework.DecideInput
	rules ruling.Rules
}

func (d deciding) do(ctx context.Context, tx pgx.Tx, linked linkedCases) (casework.Decided, error) {
	own := linked.of(d.in.Key.Reference)
	if _, ok := casework.Next(own.Stage, casework.EventDecide); !ok {
		return casework.Decided{Stage: own.Stage, Refusal: wrongStage(*own, casework.EventDecide)}, nil
	}
	held, err := lockTask(ctx, tx, own.Reference)
	if err != nil {
		return casework.Decided{}, err
	}
	if refusal := held.refuses(d.in); refusal != nil {
		return casework.Decided{Stage: own.Stage, Refusal: refusal}, nil
	}
	outcome, err := d.changeMarks(ctx, tx, own, held.Sheet)
	if err != nil {
		return casework.Decided{}, err
	}
	if err := d.record(ctx, tx, own, held, outcome); err != nil {
		return casework.Decided{}, err
	}
	answer, err := d.publish(ctx, tx, own, held, outcome)
	if err != nil || linked.undecided() {
		return answer, err
	}
	return d.settle(ctx, tx, &linked, own, answer)
}

const finishTaskSQL = `UPDATE tasks SET state = $2, completed_at = $3 WHERE id = $1`

const deleteDraftSQL = `DELETE FROM drafts WHERE task = $1`

const giveTaskBackSQL = `UPDATE performers SET open_tasks = open_tasks - 1, idle_since = $2 WHERE id = $1`

const insertDecisionSQL = `
INSERT INTO decisions (reference, task, performer, actor, received_at, published_at, mark_before, mark_after, unchanged_reason, checklist,
                       annotated_key, annotated_version, annotated_sha256, annotated_size)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`

// The items come as one document, because a paper may have dozens.
const insertDecisionItemsSQL = `
INSERT INTO decision_items (reference, item, position, max, mark_before, mark_after, reason)
SELECT $1, i.item, i.position, i.max, i.before, i.after, i.reason
FROM jsonb_to_recordset($2) AS i (item text, position integer, max integer, before integer, after integer, reason text)`

// record writes the decision, ends the task and frees its performer for the next.
func (d deciding) record(ctx context.Context, tx pgx.Tx, own *caseRow, held taskRow, o outcome) error {
	checklist := d.in.Completion.Checklist
	if checklist == nil {
		checklist = []casework.CheckAnswer{}
	}
	file := deref(d.in.Completion.Annotated)
	if _, err := tx.Exec(ctx, insertDecisionSQL, own.Reference, held.ID, held.Assignee, d.in.Actor, d.in.ReceivedAt, d.in.Key.At,
		o.before, o.after, d.in.Completion.UnchangedReason, checklist,
		zeronull.Text(file.Key), zeronull.Text(file.Version), zeronull.Text(file.SHA256), zeronull.Int8(file.Size)); err != nil {
		return fmt.Errorf("record the decision: %w", err)
	}
	if len(o.items) > 0 {
		if _, err := tx.Exec(ctx, insertDecisionItemsSQL, own.Reference, o.items); err != nil {
			return fmt.Errorf("record the items: %w", err)
		}
	}
	if _, err := tx.Exec(ctx, finishTaskSQL, held.ID, casework.TaskCompleted, d.in.Key.At); err != nil {
		return fmt.Errorf("complete task %s: %w", held.ID, err)
	}
	if _, err := tx.Exec(ctx, deleteDraftSQL, held.ID); err != nil {
		return fmt.Errorf("delete the draft of task %s: %w", held.ID, err)
	}
	if _, err := tx.Exec(ctx, giveTaskBackSQL, held.Assignee, d.in.Key.At); err != nil {
		return fmt.Errorf("free performer %s: %w", held.Assignee, err)
	}
	return nil
}

// publish shows the component's outcome to the centre: the promised outcome is met, and a copy of the script is
// owed from now on if one was ordered. The centre never learns who decided.
func (d deciding) publish(ctx context.Context, tx pgx.Tx, own *caseRow, held taskRow, o outcome) (casework.Decided, error) {
	at := d.in.Key.At
	if err := meetClock(ctx, tx, own.Reference, casework.ClockOutcome, at); err != nil {
		return casework.Decided{}, err
	}
	clocks, err := d.rules.PublicationClocks(own.Policy, at, own.ReviewedScript)
	if err != nil {
		return casework.Decided{}, fmt.Errorf("compute the clocks that publication starts: %w", err)
	}
	plan, err := startClocks(ctx, tx, own.Reference, clocks...)
	if err != nil {
		return casework.Decided{}, err
	}
	state, err := own.move(ctx, tx, casework.EventDecide, at)
	if err != nil {
		return casework.Decided{}, err
	}
	answer := casework.Decided{
		Cause: d.in.Key.Cause, Subject: d.in.Actor.Subject, Stage: own.Stage, PublishedAt: at,
		ScriptOrdered: own.ReviewedScript, Plan: plan, SLAState: state,
	}
	done := entry{at: at, actor: d.in.Actor, what: wroteTaskDone, facts: []docket.Fact{
		fact("task", held.ID), fact("performer", held.Assignee), fact("received", d.in.ReceivedAt),
	}}
	published := entry{at: at, actor: casework.System(), what: wroteOutcome, centre: true, facts: []docket.Fact{
		fact("markBefore", o.before), fact("markAfter", o.after), fact("changedItems", o.changed()),
	}}
	return answer, appendAudit(ctx, tx, own.Reference, done, published)
}
