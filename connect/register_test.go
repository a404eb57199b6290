package connect_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/connect"
)

func TestOpen_OpensTheRegisterThatTheConfigurationNames(t *testing.T) {
	settings(t, map[string]string{"RECOURSE_DATABASE_URL": database, "RECOURSE_TASK_QUEUE": "reviews"})
	config, opened, err := connect.Open(t.Context(), func(_ context.Context, url string) (string, error) { return "register at " + url, nil })
	require.NoError(t, err)
	require.Equal(t, "reviews", config.TaskQueue)
	require.Equal(t, "register at "+database, opened)
}

func TestOpen_GivesNothingHalfOpened(t *testing.T) {
	away := errors.New("the database does not answer")
	settings(t, map[string]string{"RECOURSE_DATABASE_URL": database})
	config, opened, err := connect.Open(t.Context(), func(context.Context, string) (string, error) { return "half", away })
	require.ErrorIs(t, err, away)
	require.Empty(t, opened)
	require.Equal(t, connect.Config{}, config)

	settings(t, nil)
	_, _, err = connect.Open(t.Context(), func(context.Context, string) (string, error) {
		require.Fail(t, "nothing says where the register is")
		return "", nil
	})
	require.ErrorContains(t, err, "RECOURSE_DATABASE_URL")
}
