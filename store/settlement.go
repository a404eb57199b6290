package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/casework/fee"
	"github.com/recourse-exams/recourse/casework/grading"
	"github.com/recourse-exams/recourse/casework/ruling"
)

// settle ends the award review with its last decision: the award's grade, every unit grade and what became of
// every fee line, for all linked cases at once. The deciding case goes on to its appeal window; the others
// follow when they are told.
func (d deciding) settle(ctx context.Context, tx pgx.Tx, linked *linkedCases, own *caseRow, answer casework.Decided) (casework.Decided, error) {
	at := d.in.Key.At
	award, err := readAward(ctx, tx, linked.review, linked.award)
	if err != nil {
		return answer, err
	}
	settlement, err := d.rules.Settle(own.Policy, award)
	if err != nil {
		return answer, fmt.Errorf("settle the award: %w", err)
	}
	if err := linked.write(ctx, tx, settlement, at); err != nil {
		return answer, err
	}
	for i := range linked.cases {
		if linked.cases[i].Stage != casework.StageDecided {
			continue
		}
		if err := linked.settleCase(ctx, tx, &linked.cases[i], d, settlement); err != nil {
			return answer, err
		}
		if ref := linked.cases[i].Reference; ref != own.Reference {
			answer.Members = append(answer.Members, ref)
		}
	}
	answer.Settled = true
	window, state, err := openWindow(ctx, tx, own, d.rules, at, at)
	answer.Plan, answer.SLAState, answer.Stage = append(answer.Plan, window...), state, own.Stage
	return answer, err
}

const settleAwardReviewSQL = `
UPDATE award_reviews
SET state = 'settled', settled_at = $2, total_before = $3, total_after = $4, grade_before = $5, grade_after = $6
WHERE id = $1`

const changeAwardSQL = `UPDATE awards SET total = $2, grade = $3 WHERE id = $1`

func (l *linkedCases) write(ctx context.Context, tx pgx.Tx, s grading.Settlement, at time.Time) error {
	if _, err := tx.Exec(ctx, settleAwardReviewSQL, l.review, at, s.TotalBefore, s.TotalAfter, s.GradeBefore, s.GradeAfter); err != nil {
		return fmt.Errorf("settle award review %d: %w", l.review, err)
	}
	if _, err := tx.Exec(ctx, changeAwardSQL, l.award, s.TotalAfter, s.GradeAfter); err != nil {
		return fmt.Errorf("change award %d: %w", l.award, err)
	}
	return nil
}

const unitGradesSQL = `UPDATE decisions SET unit_grade_before = $2, unit_grade_after = $3 WHERE reference = $1`

// settleCase writes the settlement into one case of the review: its unit grade, its fees, its trail.
func (l *linkedCases) settleCase(ctx context.Context, tx pgx.Tx, c *caseRow, d deciding, s grading.Settlement) error {
	facts := []docket.Fact{fact("gradeBefore", s.GradeBefore), fact("gradeAfter", s.GradeAfter)}
	if unit, ok := s.Unit(c.Component); ok {
		if _, err := tx.Exec(ctx, unitGradesSQL, c.Reference, unit.Before, unit.After); err != nil {
			return fmt.Errorf("write the unit grades of case %s: %w", c.Reference, err)
		}
		facts = append(facts, fact("unitGradeBefore", unit.Before), fact("unitGradeAfter", unit.After))
	}
	decided, err := decideFees(ctx, tx, l, c, d, s)
	if err != nil {
		return err
	}
	if _, err := c.touch(ctx, tx); err != nil {
		return err
	}
	return appendAudit(ctx, tx, c.Reference, entry{
		at: d.in.Key.At, actor: casework.System(), what: wroteSettled, centre: true, facts: append(facts, decided...),
	})
}

const decideFeeSQL = `UPDATE fee_lines SET state = $2, why = $3, due_at = $4 WHERE id = $1 AND state = 'quoted'`

// decideFees makes every quoted line of a case due or waived, and says so in facts.
func decideFees(ctx context.Context, tx pgx.Tx, l *linkedCases, c *caseRow, d deciding, s grading.Settlement) ([]docket.Fact, error) {
	lines, err := readFees(ctx, tx, []casework.Reference{c.Reference})
	if err != nil {
		return nil, err
	}
	decisions, err := d.rules.FeeDecisions(c.Policy, lines, s, func(ref casework.Reference) string { return l.of(ref).Component })
	if err != nil {
		return nil, fmt.Errorf("decide the fees of case %s: %w", c.Reference, err)
	}
	var facts []docket.Fact
	for _, line := range lines {
		if line.State != fee.Quoted {
			continue
		}
		decision, ok := decisionOf(decisions, line.ID)
		if !ok {
			return nil, fmt.Errorf("the rules left fee line %d of case %s undecided", line.ID, c.Reference)
		}
		var due zeronull.Timestamptz
		if decision.State == fee.Due {
			due = zeronull.Timestamptz(d.in.Key.At)
		}
		if _, err := tx.Exec(ctx, decideFeeSQL, line.ID, decision.State, decision.Why, due); err != nil {
			return nil, fmt.Errorf("decide fee line %d: %w", line.ID, err)
		}
		facts = append(facts, fact(string(line.Code), fmt.Sprintf("%s %s", line.Pence, decision.State)))
	}
	return facts, nil
}

func decisionOf(decisions []fee.Decision, line int64) (fee.Decision, bool) {
	for _, decision := range decisions {
		if decision.LineID == line {
			return decision, true
		}
	}
	return fee.Decision{}, false
}

// openWindow moves a case whose award is settled into its appeal window, which counts from the settlement.
func openWindow(ctx context.Context, tx pgx.Tx, c *caseRow, rules ruling.Rules, settled, at time.Time) (casework.Plan, casework.SLAState, error) {
	clock, err := rules.WindowClock(c.Policy, settled)
	if err != nil {
		return nil, "", fmt.Errorf("compute the appeal window of case %s: %w", c.Reference, err)
	}
	plan, err := startClocks(ctx, tx, c.Reference, clock)
	if err != nil {
		return nil, "", err
	}
	state, err := c.move(ctx, tx, casework.EventSettle, at)
	if err != nil {
		return nil, "", err
	}
	return plan, state, appendAudit(ctx, tx, c.Reference, entry{
		at: at, actor: casework.System(), what: wroteWindow, centre: true, facts: []docket.Fact{fact("until", clock.Due())},
	})
}

const settledAtSQL = `SELECT settled_at FROM award_reviews WHERE id = $1 AND state = 'settled'`

// SettleMember takes the settlement of the award review over into a case that waited for it. A case whose
// review is still open, or that has moved on, is a fault of kind conflict.
func (s *Store) SettleMember(ctx context.Context, key casework.StepKey, rules ruling.Rules) (casework.Settled, error) {
	key = timed(key)
	return runStep(ctx, s, key, key, work[caseRow, casework.Settled]{
		lock: func(ctx context.Context, tx pgx.Tx) (caseRow, error) { return lockCase(ctx, tx, key.Reference) },
		do: func(ctx context.Context, tx pgx.Tx, c caseRow) (casework.Settled, error) {
			if _, ok := casework.Next(c.Stage, casework.EventSettle); !ok {
				return casework.Settled{}, wrongStage(c, casework.EventSettle)
			}
			var settled time.Time
			err := tx.QueryRow(ctx, settledAtSQL, c.AwardReview).Scan(&settled)
			if errors.Is(err, pgx.ErrNoRows) {
				return casework.Settled{}, casework.NewFault(casework.Conflict, casework.FaultNotSettled,
					fmt.Sprintf("A case that is linked to case %s is not decided yet.", c.Reference))
			}
			if err != nil {
				return casework.Settled{}, fmt.Errorf("read the award review: %w", err)
			}
			plan, _, err := openWindow(ctx, tx, &c, rules, settled, key.At)
			return casework.Settled{Stage: c.Stage, Plan: plan}, err
		},
	})
}
