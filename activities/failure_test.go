package activities_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/temporal"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/casework"
)

// across is an error as the other side of Temporal sees it: encoded, stored and decoded.
func across(err error) error {
	failures := temporal.GetDefaultFailureConverter()
	return failures.FailureToError(failures.ErrorToFailure(err))
}

// final expects an error that Temporal will not retry and that carries a fault.
func final(t testing.TB, err error, kind casework.FaultKind, code string) {
	t.Helper()
	var application *temporal.ApplicationError
	require.ErrorAs(t, err, &application)
	require.True(t, application.NonRetryable())
	fault, ok := activities.Fault(across(err))
	require.True(t, ok)
	require.Equal(t, kind, fault.Kind)
	require.Equal(t, code, fault.Code)
}

// again expects an error that Temporal retries.
func again(t testing.TB, err error) {
	t.Helper()
	require.Error(t, err)
	var application *temporal.ApplicationError
	require.ErrorAs(t, across(err), &application, "every error is an application error on the other side")
	require.False(t, application.NonRetryable())
	_, carried := activities.Fault(across(err))
	require.False(t, carried, "an outage is no word of the awarding body")
}

func errorsAs[T error](err error, target *T) bool { return errors.As(err, target) }

func TestFault_CrossesTemporalUnchanged(t *testing.T) {
	t.Parallel()
	want := &casework.Fault{
		Kind: casework.Refused, Code: "window-closed", Detail: "The window has closed.",
		Reasons: []casework.Reason{{
			Code: "too-late", Detail: "It closed on 24 September 2026.", Remedy: "Ask for a result query.", Pointer: "/service",
			Clause: "Window", Source: "cambria-2026.1",
		}},
	}
	sent := activities.Failure(fmt.Errorf("step open 1 of case R-1: %w", want))
	for name, err := range map[string]error{
		"in this process":        sent,
		"on the other side":      across(sent),
		"through two processes":  across(across(sent)),
		"wrapped by its carrier": fmt.Errorf("activity: %w", across(sent)),
	} {
		got, ok := activities.Fault(err)
		require.True(t, ok, name)
		require.Equal(t, want, got, name)
	}
	failure := temporal.GetDefaultFailureConverter().ErrorToFailure(sent)
	info := failure.GetApplicationFailureInfo()
	require.Equal(t, activities.FaultType, info.GetType())
	require.True(t, info.GetNonRetryable())
	require.Equal(t, enums.APPLICATION_ERROR_CATEGORY_BENIGN, info.GetCategory(), "an expected no alarms nobody")
	require.Equal(t, want.Error(), failure.GetMessage())
}

func TestFault_CrossesTemporalWhateverItSays(t *testing.T) {
	t.Parallel()
	kinds := []casework.FaultKind{casework.Invalid, casework.Refused, casework.Conflict, casework.NotFound, casework.Forbidden}
	rapid.Check(t, func(rt *rapid.T) {
		want := casework.NewFault(rapid.SampledFrom(kinds).Draw(rt, "kind"), rapid.String().Draw(rt, "code"), rapid.String().Draw(rt, "detail"))
		for range rapid.IntRange(0, 3).Draw(rt, "reasons") {
			want.Reasons = append(want.Reasons, casework.Reason{Code: rapid.String().Draw(rt, "reason"), Detail: rapid.String().Draw(rt, "why")})
		}
		got, ok := activities.Fault(across(activities.Failure(want)))
		require.True(rt, ok)
		require.Equal(rt, want, got)
	})
}

func TestFailure_OutagesAreRetried(t *testing.T) {
	t.Parallel()
	for name, err := range map[string]error{
		"an error of another part": errors.New("connection reset"),
		"a part that is away":      casework.NewFault(casework.Unavailable, "register-unavailable", "The register cannot be reached."),
		"the same, wrapped":        fmt.Errorf("open: %w", casework.NewFault(casework.Unavailable, "register-unavailable", "The register cannot be reached.")),
	} {
		require.Equal(t, err, activities.Failure(err), name)
		again(t, activities.Failure(err))
	}
	require.NoError(t, activities.Failure(nil))
}

func TestFault_OtherErrorsCarryNone(t *testing.T) {
	t.Parallel()
	for name, err := range map[string]error{
		"nothing":                      nil,
		"an outage":                    errors.New("connection reset"),
		"another application error":    temporal.NewNonRetryableApplicationError("unknown column", "mistake", nil),
		"one that waits for an event":  temporal.NewApplicationError("waiting", "mail-uncertain"),
		"a fault without its details":  across(temporal.NewNonRetryableApplicationError("no", activities.FaultType, nil)),
		"a fault of another program":   across(temporal.NewNonRetryableApplicationError("no", activities.FaultType, nil, 42)),
		"a cancelled workflow":         temporal.NewCanceledError(),
		"a fault that was not carried": casework.NewFault(casework.Conflict, "code", "detail"),
	} {
		fault, ok := activities.Fault(err)
		require.False(t, ok, name)
		require.Nil(t, fault, name)
	}
}
