package store

import (
	"context"
	"fmt"
	"time"

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
func (d deciding) settle(ctx context.Context, u *unit, linked *linkedCases, own *heldCase, answer casework.Decided) (casework.Decided, error) {
	at := d.in.Key.At
	award := askAward(u, linked.review, linked.award)
	members := linked.others(own)
	belonging := askBelongings(u, references(members)...)
	lines := askFees(u, references(linked.cases))
	if err := u.send(ctx); err != nil {
		return answer, err
	}
	marks, err := award()
	if err != nil {
		return answer, err
	}
	settlement, err := d.rules.Settle(own.Policy, marks)
	if err != nil {
		return answer, fmt.Errorf("settle the award: %w", err)
	}
	linked.record(u, settlement, at)
	for _, member := range members {
		belonging.to(member)
	}
	for _, c := range linked.cases {
		if c.Stage != casework.StageDecided {
			continue
		}
		if err := linked.settleCase(u, c, linesOf(c.Reference, *lines), d, settlement); err != nil {
			return answer, err
		}
		if c != own {
			answer.Members = append(answer.Members, c.Reference)
		}
	}
	answer.Settled = true
	window, state, err := openWindow(u, own, d.rules, at, at)
	answer.Plan, answer.SLAState, answer.Stage = append(answer.Plan, window...), state, own.Stage
	return answer, err
}

func references(cases []*heldCase) []casework.Reference {
	refs := make([]casework.Reference, len(cases))
	for i, c := range cases {
		refs[i] = c.Reference
	}
	return refs
}

const settleAwardReviewSQL = `
UPDATE award_reviews
SET state = 'settled', settled_at = $2, total_before = $3, total_after = $4, grade_before = $5, grade_after = $6
WHERE id = $1`

const changeAwardSQL = `UPDATE awards SET total = $2, grade = $3 WHERE id = $1`

func (l *linkedCases) record(u *unit, s grading.Settlement, at time.Time) {
	u.write(fmt.Sprintf("settle award review %d", l.review), settleAwardReviewSQL, l.review, at, s.TotalBefore, s.TotalAfter, s.GradeBefore, s.GradeAfter)
	u.write(fmt.Sprintf("change award %d", l.award), changeAwardSQL, l.award, s.TotalAfter, s.GradeAfter)
}

const unitGradesSQL = `UPDATE decisions SET unit_grade_before = $2, unit_grade_after = $3 WHERE reference = $1`

// settleCase writes the settlement into one case of the review: its unit grade, its fees, its trail.
func (l *linkedCases) settleCase(u *unit, c *heldCase, lines []fee.Line, d deciding, s grading.Settlement) error {
	facts := []docket.Fact{fact("gradeBefore", s.GradeBefore), fact("gradeAfter", s.GradeAfter)}
	if unit, ok := s.Unit(c.Component); ok {
		u.write(fmt.Sprintf("write the unit grades of case %s", c.Reference), unitGradesSQL, c.Reference, unit.Before, unit.After)
		facts = append(facts, fact("unitGradeBefore", unit.Before), fact("unitGradeAfter", unit.After))
	}
	decided, err := l.decideFees(u, c, lines, d, s)
	if err != nil {
		return err
	}
	c.touch(u)
	return c.append(u, entry{
		at: d.in.Key.At, actor: casework.System(), what: wroteSettled, centre: true, facts: append(facts, decided...),
	})
}

const decideFeeSQL = `UPDATE fee_lines SET state = $2, why = $3, due_at = $4 WHERE id = $1 AND state = 'quoted'`

// decideFees makes every quoted line of a case due or waived, and says so in facts.
func (l *linkedCases) decideFees(u *unit, c *heldCase, lines []fee.Line, d deciding, s grading.Settlement) ([]docket.Fact, error) {
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
		u.write(fmt.Sprintf("decide fee line %d", line.ID), decideFeeSQL, line.ID, decision.State, decision.Why, due)
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
func openWindow(u *unit, c *heldCase, rules ruling.Rules, settled, at time.Time) (casework.Plan, casework.SLAState, error) {
	clock, err := rules.WindowClock(c.Policy, settled)
	if err != nil {
		return nil, "", fmt.Errorf("compute the appeal window of case %s: %w", c.Reference, err)
	}
	plan := c.start(u, clock)
	state, err := c.move(u, casework.EventSettle, at)
	if err != nil {
		return nil, "", err
	}
	return plan, state, c.append(u, entry{
		at: at, actor: casework.System(), what: wroteWindow, centre: true, facts: []docket.Fact{fact("until", clock.Due())},
	})
}

const settledAtSQL = `
SELECT settled_at
FROM award_reviews
WHERE id = (SELECT award_review FROM cases WHERE reference = $1) AND state = 'settled'`

// member is a case that waits for the settlement of its award review, with the instant of that if it has come.
type member struct {
	*heldCase
	settled []time.Time
}

func holdMember(u *unit, ref casework.Reference) func() (member, error) {
	take := holdCase(u, ref)
	settled := column[time.Time](u, "read the award review", settledAtSQL, ref)
	return func() (member, error) {
		c, err := take()
		return member{heldCase: c, settled: *settled}, err
	}
}

// SettleMember takes the settlement of the award review over into a case that waited for it. A case whose
// review is still open, or that has moved on, is a fault of kind conflict.
func (s *Store) SettleMember(ctx context.Context, key casework.StepKey, rules ruling.Rules) (casework.Settled, error) {
	key = timed(key)
	return runStep(ctx, s, key, key, work[member, casework.Settled]{
		lock: func(u *unit) func() (member, error) { return holdMember(u, key.Reference) },
		do: func(_ context.Context, u *unit, m member) (casework.Settled, error) {
			if _, ok := casework.Next(m.Stage, casework.EventSettle); !ok {
				return casework.Settled{}, wrongStage(m.caseRow, casework.EventSettle)
			}
			if len(m.settled) == 0 {
				return casework.Settled{}, casework.NewFault(casework.Conflict, casework.FaultNotSettled,
					fmt.Sprintf("A case that is linked to case %s is not decided yet.", m.Reference))
			}
			plan, _, err := openWindow(u, m.heldCase, rules, m.settled[0], key.At)
			return casework.Settled{Stage: m.Stage, Plan: plan}, err
		},
	})
}
