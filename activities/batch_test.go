package activities_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// book is a ledger of one batch.
type book struct {
	command casework.BatchCommand
	item    docket.BatchItem
	settled []string
	away    error
}

func (b *book) BatchItem(context.Context, string, int) (casework.BatchCommand, docket.BatchItem, error) {
	return b.command, b.item, nil
}

func (b *book) SettleBatchItem(_ context.Context, _ string, _ int, why string, at time.Time) error {
	if b.away != nil {
		return b.away
	}
	b.settled = append(b.settled, why)
	b.item.State, b.item.At = casework.ItemDone, at
	return nil
}

func (b *book) EndBatch(context.Context, string, time.Time) (casework.BatchResult, error) {
	return casework.BatchResult{Done: len(b.settled)}, b.away
}

func batchOf(action casework.BatchAction) *book {
	return &book{
		command: casework.BatchCommand{
			Action: action, Cause: casework.HoldSample, ApprovedBy: "cw-2", Delivered: true, To: "ex-2",
			Actor: casework.Actor{Subject: "op-1", Role: casework.RoleOperator, Reason: "They were lost."}, ReceivedAt: noon,
		},
		item: docket.BatchItem{
			BatchTarget: casework.BatchTarget{Reference: "R-2345-6789-BCDF-G", Task: "R-2345-6789-BCDF-G/1", Holder: "ex-1"}, State: casework.ItemWaiting,
		},
	}
}

var noon = time.Date(2026, 9, 1, 11, 0, 0, 0, time.UTC)

func teller(b *book, l *line) *activities.Batches {
	return &activities.Batches{Ledger: b, Cases: l, Now: func() time.Time { return noon }}
}

var third = casework.BatchItemInput{Batch: "b_1", Position: 3}

// Each case gets the Update that it knows, under an id of batch and case, which is its key too.
func TestTellCase_SendsWhatTheCaseKnows(t *testing.T) {
	t.Parallel()
	const id = "batch/b_1/R-2345-6789-BCDF-G"
	for action, want := range map[casework.BatchAction]struct {
		name    string
		request any
	}{
		casework.BatchHold:   {"hold", casework.HoldRequest{Cause: casework.HoldSample, ApprovedBy: "cw-2", Actor: batchOf("").command.Actor, Key: id, ReceivedAt: noon}},
		casework.BatchResume: {"resume", casework.ResumeRequest{Cause: casework.HoldSample, Delivered: true, Actor: batchOf("").command.Actor, Key: id, ReceivedAt: noon}},
		casework.BatchNudge:  {"nudge", casework.NudgeRequest{Actor: batchOf("").command.Actor, Key: id, ReceivedAt: noon}},
		casework.BatchReassign: {"reassign", casework.TaskRequest{
			Task: "R-2345-6789-BCDF-G/1", Operation: casework.OpReassign, From: "ex-1", To: "ex-2", Actor: batchOf("").command.Actor, Key: id, ReceivedAt: noon,
		}},
	} {
		t.Run(string(action), func(t *testing.T) {
			t.Parallel()
			ledger, cases := batchOf(action), &line{}
			state, err := teller(ledger, cases).TellCase(t.Context(), third)
			require.NoError(t, err)
			require.Equal(t, casework.ItemDone, state)
			require.Len(t, cases.sent, 1)
			require.Equal(t, "enquiry/R-2345-6789-BCDF-G", cases.sent[0].WorkflowID)
			require.Equal(t, id, cases.sent[0].UpdateID)
			require.Equal(t, want.name, cases.sent[0].UpdateName)
			require.Equal(t, []any{want.request}, cases.sent[0].Args)
			require.Equal(t, []string{""}, ledger.settled)
		})
	}
}

// A case that has answered is not told again, whatever is repeated.
func TestTellCase_ACaseThatHasAnsweredIsLeftAlone(t *testing.T) {
	t.Parallel()
	ledger, cases := batchOf(casework.BatchNudge), &line{}
	for range 3 {
		state, err := teller(ledger, cases).TellCase(t.Context(), third)
		require.NoError(t, err)
		require.Equal(t, casework.ItemDone, state)
	}
	require.Len(t, cases.sent, 1)
}

// A crash between the answer and its record repeats the same Update, which the case knows.
func TestTellCase_ARepeatIsTheSameUpdate(t *testing.T) {
	t.Parallel()
	ledger, cases := batchOf(casework.BatchHold), &line{}
	ledger.away = errors.New("connection reset")
	_, err := teller(ledger, cases).TellCase(t.Context(), third)
	require.ErrorContains(t, err, "connection reset")
	ledger.away = nil
	_, err = teller(ledger, cases).TellCase(t.Context(), third)
	require.NoError(t, err)
	require.Len(t, cases.sent, 2)
	require.Equal(t, cases.sent[0], cases.sent[1])
}

// A no is an answer and is recorded with its sentence; an outage is none and is tried again.
func TestTellCase_RecordsARefusalAndWaitsForAnOutage(t *testing.T) {
	t.Parallel()
	no := casework.NewFault(casework.Conflict, casework.FaultHeldAlready, "It waits already.")
	ledger := batchOf(casework.BatchHold)
	state, err := teller(ledger, &line{accept: activities.Failure(no)}).TellCase(t.Context(), third)
	require.NoError(t, err)
	require.Equal(t, casework.ItemRefused, state)
	require.Equal(t, []string{"It waits already."}, ledger.settled)

	for name, cases := range map[string]*line{
		"the server is away":       {accept: errors.New("connection refused")},
		"accepted without answer":  {answer: context.DeadlineExceeded},
		"the register is away":     {accept: activities.Failure(casework.NewFault(casework.Unavailable, "register-unavailable", "Away."))},
		"the case's step has none": {answer: activities.Failure(casework.NewFault(casework.Unavailable, "register-unavailable", "Away."))},
	} {
		ledger := batchOf(casework.BatchHold)
		_, err := teller(ledger, cases).TellCase(t.Context(), third)
		require.Error(t, err, name)
		_, final := activities.Fault(err)
		require.False(t, final, "%s: it is tried again", name)
		require.Empty(t, ledger.settled, name)
	}
}

func TestTellCase_RefusesWhatNobodyKnows(t *testing.T) {
	t.Parallel()
	ledger, cases := batchOf("sing"), &line{}
	state, err := teller(ledger, cases).TellCase(t.Context(), third)
	require.NoError(t, err)
	require.Equal(t, casework.ItemRefused, state)
	require.Empty(t, cases.sent)
}

func TestCloseBatch_CountsAndWaitsForTheRegister(t *testing.T) {
	t.Parallel()
	ledger := batchOf(casework.BatchNudge)
	ledger.settled = []string{"", ""}
	result, err := teller(ledger, nil).CloseBatch(t.Context(), casework.BatchInput{Batch: "b_1", Cases: 2})
	require.NoError(t, err)
	require.Equal(t, 2, result.Done)
	ledger.away = errors.New("connection reset")
	_, err = teller(ledger, nil).CloseBatch(t.Context(), casework.BatchInput{Batch: "b_1", Cases: 2})
	require.Error(t, err)
}
