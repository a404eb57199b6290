package workflows_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/testsuite"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/workflows"
)

// manyCases is a batch whose cases answer as a test says, and that keeps a diary.
type manyCases struct {
	env *testsuite.TestWorkflowEnvironment
	mu  sync.Mutex
	// answer is what a case answers at its nth attempt, from 1.
	answer   func(position, attempt int) error
	attempts map[int]int
	done     []int
	// busy and most count the cases that are told at once.
	busy, most int
	ended      int
}

func aBatch(t *testing.T) *manyCases {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(log.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	m := &manyCases{env: suite.NewTestWorkflowEnvironment(), attempts: map[int]int{}, answer: func(int, int) error { return nil }}
	m.env.RegisterActivityWithOptions(func(_ context.Context, in casework.BatchItemInput) (casework.BatchItemState, error) {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.attempts[in.Position]++
		if err := m.answer(in.Position, m.attempts[in.Position]); err != nil {
			return "", err
		}
		m.done = append(m.done, in.Position)
		return casework.ItemDone, nil
	}, activity.RegisterOptions{Name: "TellCase"})
	m.env.RegisterActivityWithOptions(func(context.Context, casework.BatchInput) (casework.BatchResult, error) {
		m.ended++
		return casework.BatchResult{Done: len(m.done)}, nil
	}, activity.RegisterOptions{Name: "CloseBatch"})
	m.env.SetOnActivityStartedListener(func(info *activity.Info, _ context.Context, _ converter.EncodedValues) {
		m.mu.Lock()
		defer m.mu.Unlock()
		if info.ActivityType.Name == "TellCase" && info.Attempt == 1 {
			m.busy++
			m.most = max(m.most, m.busy)
		}
	})
	m.env.SetOnActivityCompletedListener(func(info *activity.Info, _ converter.EncodedValue, _ error) {
		m.mu.Lock()
		defer m.mu.Unlock()
		if info.ActivityType.Name == "TellCase" {
			m.busy--
		}
	})
	return m
}

func (m *manyCases) run(t *testing.T, cases int) casework.BatchResult {
	t.Helper()
	m.env.ExecuteWorkflow(workflows.Batch, casework.BatchInput{Batch: "b_1", Cases: cases})
	require.NoError(t, m.env.GetWorkflowError())
	var result casework.BatchResult
	require.NoError(t, m.env.GetWorkflowResult(&result))
	return result
}

func TestBatch_TellsEveryCaseOnceAndAFewAtATime(t *testing.T) {
	t.Parallel()
	m := aBatch(t)
	require.Equal(t, casework.BatchResult{Done: 40}, m.run(t, 40))
	require.Len(t, m.attempts, 40)
	for position, attempts := range m.attempts {
		require.Equal(t, 1, attempts, "case %d", position)
	}
	require.Equal(t, 1, m.ended)
	require.Positive(t, m.most)
	require.LessOrEqual(t, m.most, 4)
}

// Cases in trouble, however many, hold up no other: each of the others is told before the last of these has answered.
func TestBatch_ACaseInTroubleHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	m := aBatch(t)
	const troubled = 12
	m.answer = func(position, attempt int) error {
		if position <= troubled && attempt < 10 {
			return errors.New("no worker answers")
		}
		return nil
	}
	require.Equal(t, casework.BatchResult{Done: 60}, m.run(t, 60))
	for place, position := range m.done {
		require.Equal(t, place >= 60-troubled, position <= troubled, "case %d was done as number %d", position, place+1)
	}
}

// An outage of everything is waited for, and then every case is told.
func TestBatch_WaitsForAnOutage(t *testing.T) {
	t.Parallel()
	m := aBatch(t)
	m.answer = func(_, attempt int) error {
		if attempt < 8 {
			return errors.New("connection refused")
		}
		return nil
	}
	require.Equal(t, casework.BatchResult{Done: 30}, m.run(t, 30))
	require.Equal(t, 1, m.ended)
}

// What no attempt can mend is not waited for, and the batch does not say that it is done.
func TestBatch_WhatCannotBeMendedFailsIt(t *testing.T) {
	t.Parallel()
	m := aBatch(t)
	m.answer = func(position, _ int) error {
		if position == 3 {
			return activities.Failure(casework.NewFault(casework.NotFound, "unknown-batch", "There is no such case in the batch."))
		}
		return nil
	}
	m.env.ExecuteWorkflow(workflows.Batch, casework.BatchInput{Batch: "b_1", Cases: 5})
	require.ErrorContains(t, m.env.GetWorkflowError(), "no such case in the batch")
	require.Len(t, m.done, 4, "the others were told")
	require.Zero(t, m.ended)
}

func TestBatch_OfNothingEnds(t *testing.T) {
	t.Parallel()
	m := aBatch(t)
	require.Zero(t, m.run(t, 0).Done)
	require.Equal(t, 1, m.ended)
}
