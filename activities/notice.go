package activities

import (
	"context"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// Reasons spells out the codes of reasons in the words of a policy version.
type Reasons interface {
	ReasonText(version, code string) string
}

// SpelledOut is Documents whose notices spell out every reason in the words of the rules that the case is
// pinned to, because centres read reasons and not codes.
type SpelledOut struct {
	Documents
	Reasons Reasons
}

// Notice reads everything that a case's letters and mails say.
func (s SpelledOut) Notice(ctx context.Context, ref casework.Reference) (docket.Notice, error) {
	notice, err := s.Documents.Notice(ctx, ref)
	if err != nil || notice.Case.Outcome == nil {
		return notice, err
	}
	for _, code := range codes(*notice.Case.Outcome) {
		if text := s.Reasons.ReasonText(notice.Case.Policy, code); text != "" {
			notice.ReasonTexts = append(notice.ReasonTexts, docket.Fact{Name: code, Value: text})
		}
	}
	return notice, nil
}

// codes lists the reason codes of an outcome, each once, in the order of its items.
func codes(outcome docket.Outcome) []string {
	var found []string
	seen := map[string]bool{"": true}
	for _, item := range outcome.Items {
		if !seen[item.Reason] {
			seen[item.Reason] = true
			found = append(found, item.Reason)
		}
	}
	if !seen[outcome.Reason] {
		found = append(found, outcome.Reason)
	}
	return found
}
