package watcher

import (
	"context"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/watcher/rollcall"
)

// absentRegister keeps the findings about cases without a workflow.
type absentRegister interface {
	RecordFinding(ctx context.Context, finding docket.Finding) (news bool, err error)
	ClearOtherFindings(ctx context.Context, kind docket.FindingKind, still []casework.Reference, at time.Time) error
}

// roll calls every open case.
type roll interface {
	Call(ctx context.Context) (open int, absent []rollcall.Absent, err error)
}

// absent looks for open cases that no workflow works on.
type absent struct {
	register absentRegister
	roll     roll
	now      func() time.Time
}

func (a absent) call(ctx context.Context) error {
	at := a.now()
	_, missing, err := a.roll.Call(ctx)
	if err != nil {
		return err
	}
	still := make([]casework.Reference, 0, len(missing))
	for _, m := range missing {
		still = append(still, m.Reference)
		_, err := a.register.RecordFinding(ctx, docket.Finding{
			Reference: m.Reference, Kind: docket.FindingNoWorkflow, FoundAt: at,
			Detail: "The case is open and no workflow works on it (the last one: " + m.Workflow + ").",
		})
		if err != nil {
			return err
		}
	}
	return a.register.ClearOtherFindings(ctx, docket.FindingNoWorkflow, still, at)
}
