package watcher_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/rulebook"
	"github.com/recourse-exams/recourse/store"
	"github.com/recourse-exams/recourse/store/storetest"
	"github.com/recourse-exams/recourse/watcher"
)

// awayRegister cannot be asked.
type awayRegister struct{ err error }

func (r awayRegister) FindConflicted(context.Context, time.Time) (int, error) { return 0, r.err }

func TestConflicted_SaysThatTheRegisterCannotBeAsked(t *testing.T) {
	t.Parallel()
	away := errors.New("the register is away")
	require.ErrorIs(t, watcher.Conflicted(awayRegister{away}, at)(t.Context()), away)
	require.NoError(t, watcher.Conflicted(awayRegister{}, at)(t.Context()))
}

// heldIn opens a review of marking in a register and says who holds its task.
func heldIn(t *testing.T, register *store.Store) (casework.Reference, string) {
	t.Helper()
	book, err := rulebook.Load()
	require.NoError(t, err)
	opened, err := register.OpenCase(t.Context(), casework.OpenInput{At: storetest.Now, Enquiry: casework.EnquiryInput{
		Reference: caseOf(1), Actor: casework.Actor{Subject: storetest.ExamsOfficer, Role: casework.RolePostResults}, ReceivedAt: storetest.Now,
		RequestSHA256: strings.Repeat("0", 64),
		Request: casework.EnquiryRequest{
			Service: casework.ReviewOfMarking, CentreNumber: storetest.Centre, CandidateNumber: "4001", Series: storetest.Series,
			Component: storetest.Maths1, ConsentGivenOn: calendar.Date{Year: 2026, Month: time.August, Day: 24}, Reason: casework.ReasonNearBoundary,
		},
	}}, book.Assess)
	require.NoError(t, err)
	require.Nil(t, opened.Refusal)
	given, err := register.Allocate(t.Context(), casework.StepKey{Reference: caseOf(1), Step: casework.StepAllocate, Number: 1, Cause: "test", At: storetest.Now}, book)
	require.NoError(t, err)
	return opened.Reference, given.Assignee
}

// From the declaration to the mail and the page of operations, by two watchers: told once, and closed by itself.
func TestConflicted_IsToldOnceAndClosedByItself(t *testing.T) {
	t.Parallel()
	register, box := storetest.Seeded(t), &letterbox{}
	ref, holder := heldIn(t, register)
	told := watcher.Telling(register, words{}, box, at)["findings"]
	look := func() docket.Desk {
		t.Helper()
		for range 2 {
			require.NoError(t, watcher.Conflicted(register, at)(t.Context()))
			require.NoError(t, told(t.Context()))
		}
		desk, err := register.Desk(t.Context(), now)
		require.NoError(t, err)
		return desk
	}
	require.Empty(t, look().Findings)
	require.Empty(t, box.sent)

	conflict, err := register.DeclareConflict(t.Context(), holder, docket.Conflict{Kind: "works-at", Centre: storetest.Centre}, casework.System(), now)
	require.NoError(t, err)
	require.Equal(t, []casework.TaskID{casework.TaskOf(ref, 1)}, conflict.StandsAgainst)
	found := look().Findings
	require.Len(t, found, 1)
	require.Equal(t, docket.FindingConflicted, found[0].Kind)
	require.Equal(t, holder, found[0].About)
	require.Len(t, box.sent, 1)
	require.Contains(t, box.sent[0], string(ref))

	require.NoError(t, register.TakeBackConflict(t.Context(), holder, conflict.ID, casework.System(), now))
	require.Empty(t, look().Findings)
	require.Len(t, box.sent, 1)
}
