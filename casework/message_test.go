package casework_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
)

func TestEnquiryInput_SurvivesItsWayThroughAPayload(t *testing.T) {
	t.Parallel()
	in := casework.EnquiryInput{
		Reference: "R-7K4F-M2QX-9TBD-Z",
		Request: casework.EnquiryRequest{
			Service: casework.ReviewOfMarking, CentreNumber: "64101", CandidateNumber: "0007", Series: "demo", Component: "M1/02",
			ConsentGivenOn: calendar.Date{Year: 2026, Month: time.August, Day: 21}, ReviewedScript: true, Reason: casework.ReasonNearBoundary,
		},
		Actor:         casework.Actor{Subject: "eo-64101", Role: casework.RolePostResults},
		ReceivedAt:    instant(t, "2026-08-24T10:00:00.123456789Z"),
		RequestSHA256: "00ff",
		ClockOffset:   36 * time.Hour,
	}
	payload, err := json.Marshal(in)
	require.NoError(t, err)
	var back casework.EnquiryInput
	require.NoError(t, json.Unmarshal(payload, &back))
	require.Equal(t, in, back)
	require.Contains(t, string(payload), `"consentGivenOn":"2026-08-21"`)

	in.Request.ConsentGivenOn = calendar.Date{}
	payload, err = json.Marshal(in)
	require.NoError(t, err)
	require.NotContains(t, string(payload), "consentGivenOn", "consent that was not declared is left out")
}

func TestDecided_KeepsItsInstantsThroughAPayload(t *testing.T) {
	t.Parallel()
	decided := casework.Decided{
		Stage: casework.StageDecided, PublishedAt: instant(t, "2026-10-13T23:30:00Z"), SLAState: casework.SLAMet,
		Plan: casework.Plan{{Clock: casework.ClockScript, Act: casework.ActBreach, At: instant(t, "2026-10-14T23:30:00Z")}},
	}
	payload, err := json.Marshal(decided)
	require.NoError(t, err)
	var back casework.Decided
	require.NoError(t, json.Unmarshal(payload, &back))
	require.Equal(t, decided, back)
	require.Empty(t, back.Plan.Without(decided.Plan[0]))
}

func TestWorkflowID_NamesKindAndReference(t *testing.T) {
	t.Parallel()
	require.Equal(t, "enquiry/R-7K4F-M2QX-9TBD-Z", casework.WorkflowID(casework.KindEnquiry, "R-7K4F-M2QX-9TBD-Z"))
}

func TestService_EachThatIsCarriedOutHasAPerformer(t *testing.T) {
	t.Parallel()
	performers := map[casework.Service]casework.PerformerRole{
		casework.ClericalCheck: casework.Clerk, casework.ReviewOfMarking: casework.Reviewer,
	}
	for service, performer := range performers {
		require.Equal(t, performer, service.Performer())
	}
	require.Len(t, casework.EnquiryServices(), len(performers), "a new service needs a row above")
}

func TestService_EachHasANameOfItsOwn(t *testing.T) {
	t.Parallel()
	require.Equal(t, "Clerical check", casework.ClericalCheck.Short())
	require.Equal(t, "Priority review of marking", casework.PriorityReview.Short())
	seen := map[string]casework.Service{}
	for _, service := range casework.Services() {
		name := service.Short()
		require.NotEqual(t, string(service), name, "a name is for people")
		require.Empty(t, seen[name], "%s and %s have one name", seen[name], service)
		seen[name] = service
	}
	require.Equal(t, "tea", casework.Service("tea").Short())
}

func TestFault_SaysEverythingInOneLine(t *testing.T) {
	t.Parallel()
	fault := casework.NewFault(casework.Refused, "window-closed", "This clerical check cannot be opened.",
		casework.Reason{Code: "window-closed", Detail: "Requests were taken until the end of Thursday 24 September 2026."},
		casework.Reason{Code: "consent-missing", Detail: "Consent is not declared."})
	var err error = fault
	require.EqualError(t, err, "This clerical check cannot be opened. Requests were taken until the end of Thursday 24 September 2026. Consent is not declared.")
	require.EqualError(t, casework.NewFault(casework.NotFound, "unknown-case", "There is no such case."), "There is no such case.")
}

func TestSystem_IsNoPerson(t *testing.T) {
	t.Parallel()
	require.Equal(t, casework.Actor{Subject: "recourse", Role: casework.RoleSystem}, casework.System())
}

func TestLists_NameEveryStateOnce(t *testing.T) {
	t.Parallel()
	requireDistinct(t, casework.Stages())
	requireDistinct(t, casework.Events())
	requireDistinct(t, casework.TaskStates())
	requireDistinct(t, casework.MailKinds())
	requireDistinct(t, casework.Services())
}

func requireDistinct[T comparable](t *testing.T, list []T) {
	t.Helper()
	seen := map[T]bool{}
	for _, item := range list {
		require.Falsef(t, seen[item], "%v is listed twice", item)
		seen[item] = true
	}
	require.NotEmpty(t, list)
}
