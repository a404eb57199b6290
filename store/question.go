package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

type questionRow struct {
	ID         int64
	Task       casework.TaskID
	AskedBy    string
	AskedAt    time.Time
	Question   string
	Leader     zeronull.Text
	AnsweredBy zeronull.Text
	AnsweredAt zeronull.Timestamptz
	Answer     string
}

func (r questionRow) question() docket.Question {
	return docket.Question{
		ID: r.ID, Task: r.Task, AskedBy: r.AskedBy, AskedAt: r.AskedAt.UTC(), Question: r.Question, Leader: string(r.Leader),
		AnsweredBy: string(r.AnsweredBy), AnsweredAt: timeOf(r.AnsweredAt), Answer: r.Answer,
	}
}

// The same words about the same task while they are unanswered are the same question, so that nobody is asked twice.
const askQuestionSQL = `
WITH same AS (
    SELECT id, task, asked_by, asked_at, question, leader, answered_by, answered_at, answer
    FROM task_questions
    WHERE task = $1 AND asked_by = $2 AND question = $3 AND answered_at IS NULL
), asked AS (
    INSERT INTO task_questions (task, asked_by, asked_at, question, leader)
    SELECT $1, p.id, $4, $3, p.leader
    FROM performers p
    WHERE p.id = $2 AND NOT EXISTS (SELECT FROM same)
    RETURNING id, task, asked_by, asked_at, question, leader, answered_by, answered_at, answer
)
SELECT id, task, asked_by, asked_at, question, leader, answered_by, answered_at, answer FROM same
UNION ALL
SELECT id, task, asked_by, asked_at, question, leader, answered_by, answered_at, answer FROM asked`

// Ask puts a performer's question about a task that they hold to their team leader, or to operations if nobody leads
// them. The task stays theirs. A task of anybody else does not exist, a finished one is a conflict.
func (s *Store) Ask(ctx context.Context, task casework.TaskID, by, question string, at time.Time) (docket.Question, error) {
	if strings.TrimSpace(question) == "" {
		return docket.Question{}, textMissing("/question", "The question has no words.")
	}
	return inTx(ctx, s, func(ctx context.Context, tx pgx.Tx) (docket.Question, error) {
		if err := lockOwnTask(ctx, tx, task, by); err != nil {
			return docket.Question{}, err
		}
		row, err := collectOne[questionRow](ctx, tx, askQuestionSQL, task, by, question, instant(at))
		if err != nil {
			return docket.Question{}, fmt.Errorf("ask about task %s: %w", task, err)
		}
		return row.question(), nil
	})
}

func textMissing(pointer, detail string) *casework.Fault {
	return casework.NewFault(casework.Invalid, casework.FaultTextMissing, detail,
		casework.Reason{Code: casework.FaultTextMissing, Pointer: pointer, Detail: detail, Remedy: "Write it out."})
}

// The leader is the one whom it was sent to or who leads the performer by now.
const lockQuestionSQL = `
SELECT q.id, q.task, q.asked_by, q.asked_at, q.question, coalesce(p.leader, q.leader) AS leader, q.answered_by, q.answered_at, q.answer
FROM task_questions q
JOIN performers p ON p.id = q.asked_by
WHERE q.id = $1
FOR UPDATE OF q`

const answerQuestionSQL = `UPDATE task_questions SET answered_by = $2, answered_at = $3, answer = $4 WHERE id = $1`

// Answer answers a question, once: the same words again are the same answer. Only the performer's leader answers, and
// people who work for operations.
func (s *Store) Answer(ctx context.Context, id int64, by casework.Actor, answer string, at time.Time) (docket.Question, error) {
	if strings.TrimSpace(answer) == "" {
		return docket.Question{}, textMissing("/answer", "The answer has no words.")
	}
	return inTx(ctx, s, func(ctx context.Context, tx pgx.Tx) (docket.Question, error) {
		row, err := collectOne[questionRow](ctx, tx, lockQuestionSQL, id)
		switch {
		case errors.Is(err, pgx.ErrNoRows):
			return docket.Question{}, unknown("question", fmt.Sprintf("question %d", id))
		case err != nil:
			return docket.Question{}, fmt.Errorf("lock question %d: %w", id, err)
		}
		if by.Role != casework.RoleOperator && by.Role != casework.RoleCaseworker && by.Subject != string(row.Leader) {
			return docket.Question{}, casework.NewFault(casework.Forbidden, casework.FaultNotTheLeader, fmt.Sprintf("Question %d is for somebody else to answer.", id))
		}
		if string(row.AnsweredBy) == by.Subject && row.Answer == answer {
			return row.question(), nil
		}
		if row.AnsweredBy != "" {
			return docket.Question{}, casework.NewFault(casework.Conflict, casework.FaultQuestionAnswered, fmt.Sprintf("Question %d is answered already.", id))
		}
		row.AnsweredBy, row.AnsweredAt, row.Answer = zeronull.Text(by.Subject), zeronull.Timestamptz(instant(at)), answer
		if _, err := tx.Exec(ctx, answerQuestionSQL, id, by.Subject, instant(at), answer); err != nil {
			return docket.Question{}, fmt.Errorf("answer question %d: %w", id, err)
		}
		return row.question(), nil
	})
}

const questionsSQL = `
SELECT id, task, asked_by, asked_at, question, leader, answered_by, answered_at, answer
FROM task_questions
WHERE ($1 = '' OR $1 IN (asked_by, leader)) AND ($2 = false OR answered_at IS NULL)
ORDER BY id DESC
LIMIT 500`

// Questions lists what a performer asked or was asked, the latest first; without a performer, what anybody asked, as
// operations see it. At most 500 are listed.
func (s *Store) Questions(ctx context.Context, performer string, open bool) ([]docket.Question, error) {
	rows, err := collect[questionRow](ctx, s.pool, questionsSQL, performer, open)
	if err != nil {
		return nil, fmt.Errorf("list the questions of performer %s: %w", performer, unavailable(err))
	}
	questions := make([]docket.Question, len(rows))
	for i, row := range rows {
		questions[i] = row.question()
	}
	return questions, nil
}

const untoldQuestionsSQL = `
SELECT t.reference, m.kind, q.id::text AS about, m.at
FROM task_questions q
JOIN tasks t ON t.id = q.task
CROSS JOIN LATERAL (VALUES ('question', q.asked_at), ('answer', q.answered_at)) AS m (kind, at)
WHERE m.at IS NOT NULL AND (m.kind = 'answer' OR q.answered_at IS NULL)
  AND NOT EXISTS (SELECT FROM mails x WHERE x.reference = t.reference AND x.kind = m.kind AND x.about = q.id::text
                  AND (x.state IN ('sent', 'refused') OR x.resent))
ORDER BY m.at, q.id
LIMIT 100`

// UntoldQuestions lists the mails that tell of a question or of its answer and whose fate is not settled, the oldest first
// and at most 100: About is the question's id. A question that is answered before anybody was told of it is told no more.
func (s *Store) UntoldQuestions(ctx context.Context) ([]casework.MailInput, error) {
	type untoldRow struct {
		Reference casework.Reference
		Kind      casework.MailKind
		About     string
		At        time.Time
	}
	rows, err := collect[untoldRow](ctx, s.pool, untoldQuestionsSQL)
	if err != nil {
		return nil, fmt.Errorf("list what nobody was told: %w", unavailable(err))
	}
	untold := make([]casework.MailInput, len(rows))
	for i, row := range rows {
		untold[i] = casework.MailInput{Reference: row.Reference, Kind: row.Kind, Number: 1, About: row.About, At: row.At.UTC()}
	}
	return untold, nil
}
