package worker

import (
	"context"
	"errors"
	"fmt"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// caseReader reads where a case stands.
type caseReader interface {
	Case(ctx context.Context, reference casework.Reference, scope docket.Scope) (docket.Case, error)
}

// messenger passes signals between cases.
type messenger struct {
	temporal client.Client
	cases    caseReader
}

// AwardSettled signals an enquiry that its award review is settled. A case that has gone on or ended needs no word;
// one that still waits for it and has no workflow is an error that stays until somebody brings the workflow back.
func (m messenger) AwardSettled(ctx context.Context, member casework.Reference) error {
	err := m.temporal.SignalWorkflow(ctx, casework.WorkflowID(casework.KindEnquiry, member), "", casework.SignalAwardSettled, nil)
	var gone *serviceerror.NotFound
	if errors.As(err, &gone) {
		return m.needsNoWord(ctx, member, err)
	}
	if err != nil {
		return fmt.Errorf("tell case %s that its award is settled: %w", member, err)
	}
	return nil
}

// needsNoWord reads whether a case without a workflow waits for the settlement all the same.
func (m messenger) needsNoWord(ctx context.Context, member casework.Reference, gone error) error {
	found, err := m.cases.Case(ctx, member, docket.Scope{})
	if err != nil {
		return fmt.Errorf("read whether case %s waits for its award: %w", member, err)
	}
	if found.Stage == casework.StageDecided {
		return fmt.Errorf("case %s waits for its award and no workflow runs that could hear of it: %w", member, gone)
	}
	return nil
}
