package rulebook

import (
	"fmt"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/fee"
	"github.com/recourse-exams/recourse/casework/grading"
	"github.com/recourse-exams/recourse/casework/offer"
)

// Assess decides whether a request may be taken, by the policy that was in force when it was received.
func (b *Book) Assess(facts offer.Facts, ask offer.Ask) offer.Verdict {
	p, ok := b.InForce(facts.Body, ask.ReceivedAt)
	if !ok {
		return offer.WithoutPolicy(facts, ask)
	}
	return offer.Judge(p, facts, ask)
}

// Settle says what an award review did to marks and grades.
func (b *Book) Settle(version string, award grading.Award) (grading.Settlement, error) {
	if _, err := b.Policy(version); err != nil {
		return grading.Settlement{}, fmt.Errorf("settle an award: %w", err)
	}
	return grading.Settle(award), nil
}

// FeeDecisions says for each quoted line of an award review whether it is due or waived, and why. component
// names the component of a line's case.
func (b *Book) FeeDecisions(version string, lines []fee.Line, settlement grading.Settlement, component func(casework.Reference) string) ([]fee.Decision, error) {
	p, err := b.Policy(version)
	if err != nil {
		return nil, fmt.Errorf("decide fees: %w", err)
	}
	return fee.Decide(lines, settlement, p.Waiver, component), nil
}

// PublicationClocks are the clocks that start when a component's outcome is published: the delivery of the
// reviewed script if one was ordered.
func (b *Book) PublicationClocks(version string, published time.Time, scriptOrdered bool) ([]deadline.Clock, error) {
	p, err := b.Policy(version)
	if err != nil {
		return nil, fmt.Errorf("start the clocks of a publication: %w", err)
	}
	if !scriptOrdered {
		return nil, nil
	}
	return []deadline.Clock{deadline.Start(p.ReviewedScript.Delivery, published)}, nil
}

// WindowClock is the centre's right to appeal, which starts when the award is settled.
func (b *Book) WindowClock(version string, settled time.Time) (deadline.Clock, error) {
	p, err := b.Policy(version)
	if err != nil {
		return deadline.Clock{}, fmt.Errorf("start the appeal window: %w", err)
	}
	return deadline.Start(p.AppealWindow, settled), nil
}

// ReasonText spells out the code of a reason or a check in the words of a policy version. An unknown version or
// code is returned as it is: a letter with a bare code is better than none.
func (b *Book) ReasonText(version, code string) string {
	p, err := b.Policy(version)
	if err != nil {
		return code
	}
	if text, ok := p.Text(code); ok {
		return text
	}
	return code
}
