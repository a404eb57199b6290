package activities_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/casework"
)

// messenger stands in for Temporal's signals: it writes down who was told and fails for those it cannot reach.
type messenger struct {
	told        []casework.Reference
	unreachable map[casework.Reference]error
}

func (m *messenger) AwardSettled(_ context.Context, member casework.Reference) error {
	if err := m.unreachable[member]; err != nil {
		return err
	}
	m.told = append(m.told, member)
	return nil
}

var members = []casework.Reference{"R-2222-2222-2222-A", "R-3333-3333-3333-B", "R-4444-4444-4444-C"}

func TestTellMembers_TellsEveryMember(t *testing.T) {
	t.Parallel()
	m := &messenger{}
	_, err := (&activities.Settlement{Messenger: m}).TellMembers(t.Context(), casework.SettledNotice{From: "R-5555-5555-5555-D", Members: members})
	require.NoError(t, err)
	require.Equal(t, members, m.told)
}

// One case that cannot be reached does not keep the others from their letters; the retry reaches the rest.
func TestTellMembers_OneOutOfReachDoesNotHoldBackTheOthers(t *testing.T) {
	t.Parallel()
	away := errors.New("the frontend is busy")
	m := &messenger{unreachable: map[casework.Reference]error{members[0]: away}}
	settlement := &activities.Settlement{Messenger: m}
	notice := casework.SettledNotice{From: "R-5555-5555-5555-D", Members: members}
	_, err := settlement.TellMembers(t.Context(), notice)
	require.ErrorIs(t, err, away)
	again(t, err)
	require.Equal(t, members[1:], m.told)

	m.unreachable = nil
	_, err = settlement.TellMembers(t.Context(), notice)
	require.NoError(t, err)
	require.Contains(t, m.told, members[0])
}
