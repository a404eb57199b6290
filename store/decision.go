package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/casework/ruling"
)

// Decide takes a completion, publishes the component's outcome and, if it was the last of the award review,
// settles grade and fees for every linked case. Where the policy asks for another pair of eyes, the completion is kept,
// nothing is published, and the case waits for the performer of a second task. A completion that cannot be taken is
// refused in the answer; then nothing has changed and the step's number is free for the next one.
func (s *Store) Decide(ctx context.Context, in casework.DecideInput, rules ruling.Rules, scrutiny ruling.Scrutiny) (casework.Decided, error) {
	in.Key, in.ReceivedAt = timed(in.Key), instant(in.ReceivedAt)
	d := deciding{in: in, rules: rules, scrutiny: scrutiny}
	return runStep(ctx, s, in.Key, in, work[undecided, casework.Decided]{
		lock: func(u *unit) func() (undecided, error) { return holdUndecided(u, in.Key.Reference) },
		do:   d.do,
		keep: func(answer casework.Decided) bool { return answer.Refusal == nil },
	})
}

// Decided is what the deciding step of the key has recorded; ok is false if it has recorded nothing yet.
func (s *Store) Decided(ctx context.Context, key casework.StepKey) (decided casework.Decided, ok bool, err error) {
	var stored *[]casework.Decided
	err = inSnapshot(ctx, s, func(_ context.Context, u *unit) error {
		stored = askResult[casework.Decided](u, key)
		return nil
	})
	if err != nil {
		return casework.Decided{}, false, fmt.Errorf("step %s %d of case %s: %w", key.Step, key.Number, key.Reference, err)
	}
	if len(*stored) == 0 {
		return casework.Decided{}, false, nil
	}
	return (*stored)[0], true, nil
}

// undecided is a case that may be decided, with the cases that are linked to it, its task and its marks, all held.
type undecided struct {
	linked linkedCases
	own    *heldCase
	tasks  []taskRow
	marks  outcome
	causes []string
	// conflicts are the interests that the task's holder has declared, or the register learned of, since they got it.
	conflicts []string
}

func holdUndecided(u *unit, ref casework.Reference) func() (undecided, error) {
	linked := holdLinkedCases(u, ref)
	belonging := askBelongings(u, ref)
	tasks := lockTask(u, ref)
	marks := holdMarks(u, ref)
	causes := askStanding(u, ref)
	conflicts := askConflicts(u, ref)
	return func() (undecided, error) {
		held := undecided{tasks: *tasks, marks: marks(), causes: *causes, conflicts: *conflicts}
		var err error
		if held.linked, err = linked(); err != nil {
			return held, err
		}
		held.own = held.linked.of(ref)
		belonging.to(held.own)
		return held, nil
	}
}

type deciding struct {
	in       casework.DecideInput
	rules    ruling.Rules
	scrutiny ruling.Scrutiny
}

func (d deciding) do(ctx context.Context, u *unit, held undecided) (casework.Decided, error) {
	own := held.own
	if _, ok := casework.Next(own.Stage, casework.EventDecide); !ok {
		return casework.Decided{Stage: own.Stage, Refusal: d.untimely(own.Stage)}, nil
	}
	if len(held.tasks) == 0 {
		return casework.Decided{}, unknown("task", "task of case "+string(own.Reference))
	}
	task := &held.tasks[0]
	if refusal := task.refuses(d.in); refusal != nil {
		return casework.Decided{Stage: own.Stage, Refusal: refusal}, nil
	}
	if refusal := task.waits(own.Reference, held.causes); refusal != nil {
		return casework.Decided{Stage: own.Stage, Refusal: refusal}, nil
	}
	if len(held.conflicts) > 0 {
		return casework.Decided{Stage: own.Stage, Refusal: casework.ConflictSince(task.ID, task.Assignee, d.in.Actor, held.conflicts)}, nil
	}
	outcome := held.marks
	outcome.apply(d.in.Completion, task.Sheet)
	again, err := d.looksAgain(own, task, outcome)
	if err != nil {
		return casework.Decided{}, err
	}
	var answer casework.Decided
	if again {
		answer, err = d.passOn(u, own, task, outcome)
	} else {
		answer, err = d.decide(ctx, u, &held, task, outcome)
	}
	// Last, because many cases want the row of one performer: it is held for the shortest time.
	freePerformer(u, task.Assignee, d.in.Key.At)
	return answer, err
}

// decide publishes the outcome and settles the award if it was the last.
func (d deciding) decide(ctx context.Context, u *unit, held *undecided, task *taskRow, o outcome) (casework.Decided, error) {
	own := held.own
	o.record(u, own)
	d.finish(u, own, task, o)
	d.record(u, own, task, o)
	answer, err := d.publish(u, own, task, o)
	if err != nil {
		return answer, err
	}
	if err := d.sample(u, own, task, o); err != nil {
		return answer, err
	}
	if held.linked.undecided() {
		return answer, nil
	}
	return d.settle(ctx, u, &held.linked, own, answer)
}

// untimely says why no task is completed in a stage in which nothing can be decided.
func (d deciding) untimely(stage casework.Stage) *casework.Fault {
	if stage == casework.StageUnassigned {
		return casework.NotAllocated(d.in.Completion.Task)
	}
	return casework.AlreadyCompleted(d.in.Completion.Task)
}

const insertDecisionSQL = `
INSERT INTO decisions (reference, task, performer, actor, received_at, published_at, mark_before, mark_after, unchanged_reason, checklist,
                       annotated_key, annotated_version, annotated_sha256, annotated_size)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`

// The items come as one document, because a paper may have dozens.
const insertDecisionItemsSQL = `
INSERT INTO decision_items (reference, item, position, max, mark_before, mark_after, reason)
SELECT $1, i.item, i.position, i.max, i.before, i.after, i.reason
FROM jsonb_to_recordset($2) AS i (item text, position integer, max integer, before integer, after integer, reason text)`

// record writes the decision.
func (d deciding) record(u *unit, own *heldCase, task *taskRow, o outcome) {
	checklist := d.in.Completion.Checklist
	if checklist == nil {
		checklist = []casework.CheckAnswer{}
	}
	file := deref(d.in.Completion.Annotated)
	u.write("record the decision", insertDecisionSQL, own.Reference, task.ID, task.Assignee, d.in.Actor, d.in.ReceivedAt, d.in.Key.At,
		o.before, o.after, d.in.Completion.UnchangedReason, checklist,
		zeronull.Text(file.Key), zeronull.Text(file.Version), zeronull.Text(file.SHA256), zeronull.Int8(file.Size))
	if len(o.items) > 0 {
		u.write("record the items", insertDecisionItemsSQL, own.Reference, o.items)
	}
}

// publish shows the component's outcome to the centre: the promised outcome is met, and a copy of the script is
// owed from now on if one was ordered. The centre never learns who decided.
func (d deciding) publish(u *unit, own *heldCase, task *taskRow, o outcome) (casework.Decided, error) {
	at := d.in.Key.At
	own.meet(u, casework.ClockOutcome, at)
	clocks, err := d.rules.PublicationClocks(own.Policy, at, own.ReviewedScript)
	if err != nil {
		return casework.Decided{}, fmt.Errorf("compute the clocks that publication starts: %w", err)
	}
	plan := own.start(u, clocks...)
	state, err := own.move(u, casework.EventDecide, at)
	if err != nil {
		return casework.Decided{}, err
	}
	answer := casework.Decided{
		Cause: d.in.Key.Cause, Subject: d.in.Actor.Subject, Stage: own.Stage, PublishedAt: at,
		ScriptOrdered: own.ReviewedScript, Plan: plan, SLAState: state,
	}
	published := entry{at: at, actor: casework.System(), what: wroteOutcome, centre: true, facts: []docket.Fact{
		fact("markBefore", o.before), fact("markAfter", o.after), fact("changedItems", o.changed()),
	}}
	return answer, own.append(u, d.done(task), published)
}
