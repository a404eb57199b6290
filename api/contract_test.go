package api_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/casework/fee"
	"github.com/recourse-exams/recourse/casework/keydate"
	"github.com/recourse-exams/recourse/casework/policy"
)

func document(t *testing.T) *openapi3.T {
	t.Helper()
	loaded, err := openapi3.NewLoader().LoadFromData(api.Contract())
	require.NoError(t, err)
	require.NoError(t, loaded.Validate(t.Context()))
	return loaded
}

func TestContract_EnumsAreTheDomains(t *testing.T) {
	t.Parallel()
	schemas := document(t).Components.Schemas
	requireEnum(t, schemas["Stage"], casework.Stages())
	requireEnum(t, schemas["Service"], casework.Services())
	requireEnum(t, schemas["EnquiryService"], casework.EnquiryServices())
	for _, id := range withGoals(casework.ClockIDs()) {
		require.Regexp(t, schemas["ClockID"].Value.Pattern, string(id))
	}
	requireEnum(t, schemas["ClockState"], docket.ClockStates())
	requireEnum(t, schemas["HoldCause"], casework.HoldCauses())
	requireEnum(t, schemas["CaseNoteKind"], docket.CaseNoteKinds())
	note := schemas["CaseNoteContent"].Value.Properties
	require.EqualValues(t, docket.MostNoteText, *note["text"].Value.MaxLength)
	require.EqualValues(t, docket.MostNoteContact, *note["contact"].Value.MaxLength)
	requireEnum(t, schemas["ToldCause"], append(casework.HoldCauses(), casework.HoldPending))
	requireEnum(t, schemas["HeldFor"], append(casework.HoldCauses(), casework.HoldPending, casework.HoldCause(api.HeldForAny)))
	requireEnum(t, schemas["BatchAction"], casework.BatchActions())
	requireEnum(t, schemas["BatchItem"].Value.Properties["state"], casework.BatchItemStates())
	requireEnum(t, schemas["EventType"], append(docket.EventTypes(), docket.EveryEvent))
	requireEnum(t, schemas["DeliveryState"], []docket.DeliveryState{docket.DeliveryPending, docket.DeliveryDelivered, docket.DeliveryDead})
	requireEnum(t, schemas["Finding"].Value.Properties["kind"], docket.FindingKinds())
	requireEnum(t, schemas["ClockKind"], casework.ClockKinds())
	requireEnum(t, schemas["Clock"].Value.Properties["unit"], policy.Units())
	requireEnum(t, schemas["Waiver"].Value.Properties["strategy"], fee.Strategies())
	requireEnum(t, schemas["WaiverRule"].Value.Properties["strategy"], fee.Strategies())
	requireEnum(t, schemas["TariffRow"].Value.Properties["for"], policy.FeeFors())
	requireEnum(t, schemas["WaiverRule"].Value.Properties["for"], policy.FeeFors())
	requireEnum(t, schemas["KeyDate"].Value.Properties["how"], keydate.Hows())
	requireEnum(t, schemas["ConsentNeeded"].Value.Properties["need"], policy.ConsentNeeds())
	requireEnum(t, schemas["ServiceOffer"].Value.Properties["about"], policy.Scopes())
	requireEnum(t, schemas["ServiceOffer"].Value.Properties["requesters"].Value.Items, policy.Requesters())
	requireEnum(t, schemas["ServiceCharging"].Value.Properties["inAdvance"].Value.Items, policy.Requesters())
	requireEnum(t, schemas["Worksheet"].Value.Properties["calendar"], calendar.Divisions())
	requireEnum(t, schemas["TaskState"], casework.TaskStates())
	requireEnum(t, schemas["TaskKind"], casework.TaskKinds())
	requireEnum(t, schemas["TaskOperation"], casework.Operations())
	requireEnum(t, schemas["TaskOperationRequest"].Value.Properties["why"], casework.DeclineReasons())
	requireEnum(t, schemas["PerformerRole"], casework.PerformerRoles())
	requireEnum(t, schemas["FeeState"], fee.States())
	requireEnum(t, schemas["SLAState"], []casework.SLAState{casework.SLAOnTime, casework.SLAWarned, casework.SLABreached, casework.SLAMet, casework.SLAPaused})
	requireEnum(t, schemas["EnquiryReason"], []casework.EnquiryReason{
		casework.ReasonUnexpected, casework.ReasonNearBoundary, casework.ReasonPlace, casework.ReasonAddition, casework.ReasonOther,
	})
}

// withGoals adds to each clock the goals that may stand beside it.
func withGoals(clocks []casework.ClockID) []casework.ClockID {
	all := slices.Clone(clocks)
	for _, id := range clocks {
		all = append(all, casework.TargetOf(id, 1), casework.TargetOf(id, 2))
	}
	return all
}

func requireEnum[T ~string](t *testing.T, schema *openapi3.SchemaRef, values []T) {
	t.Helper()
	var want []any
	for _, value := range values {
		want = append(want, string(value))
	}
	require.ElementsMatch(t, want, schema.Value.Enum)
}

// TestContract_WhatClientsSendUsesOnlyKeywordsThatAreChecked keeps the contract from promising a check that the
// service does not make.
func TestContract_WhatClientsSendUsesOnlyKeywordsThatAreChecked(t *testing.T) {
	t.Parallel()
	for path, item := range document(t).Paths.Map() {
		for method, operation := range item.Operations() {
			where := method + " " + path
			for _, parameter := range operation.Parameters {
				requireChecked(t, where+" "+parameter.Value.Name, parameter.Value.Schema.Value)
			}
			if operation.RequestBody != nil {
				requireChecked(t, where, operation.RequestBody.Value.Content["application/json"].Schema.Value)
			}
		}
	}
}

func requireChecked(t *testing.T, where string, schema *openapi3.Schema) {
	t.Helper()
	require.Empty(t, schema.AllOf, where)
	require.Empty(t, schema.OneOf, where)
	require.Empty(t, schema.AnyOf, where)
	require.Nil(t, schema.Not, where)
	require.Nil(t, schema.MultipleOf, where)
	require.False(t, schema.UniqueItems, where)
	require.Contains(t, []string{"", "date", "int32", "int64"}, schema.Format, where)
	require.Contains(t, []string{"object", "array", "string", "integer", "boolean"}, schema.Type.Slice()[0], where)
	require.True(t, len(schema.Enum) == 0 || schema.Type.Is("string"), where)
	if schema.Type.Is("object") {
		require.Equal(t, new(false), schema.AdditionalProperties.Has, "%s: unknown fields are refused", where)
	}
	for name, property := range schema.Properties {
		requireChecked(t, where+"/"+name, property.Value)
	}
	if schema.Items != nil {
		requireChecked(t, where+"[]", schema.Items.Value)
	}
}

func TestContract_EveryWriteIsRefusedWithoutATokenAndEveryAnswerIsDescribed(t *testing.T) {
	t.Parallel()
	h := setup(t)
	for path, item := range document(t).Paths.Map() {
		for method, operation := range item.Operations() {
			if operation.Security != nil {
				continue // for everybody
			}
			address := addresses(string(someReference())).Replace(path)
			require.Equal(t, 401, h.do(t, call{method: method, path: address}).status, "%s %s", method, path)
		}
	}
}

func TestHealth_TheProcessIsWellWhateverElseIsNot(t *testing.T) {
	t.Parallel()
	broken := true
	h := setup(t, func(c *api.Config) {
		c.Parts = []api.Part{
			{Name: "database", Check: func(context.Context) error { return nil }},
			{Name: "bucket", Check: func(context.Context) error {
				if broken {
					return errors.New("dial 10.1.2.3: refused")
				}
				return nil
			}},
		}
	})
	require.Equal(t, 200, h.do(t, call{method: "GET", path: "/healthz"}).status)
	got := h.do(t, call{method: "GET", path: "/readyz"})
	require.Equal(t, 503, got.status)
	health := read[api.Health](t, got)
	require.False(t, health.Ready)
	require.True(t, health.Parts[0].Ready)
	require.False(t, health.Parts[1].Ready)
	require.NotContains(t, string(got.body), "10.1.2.3")
	require.Contains(t, h.log.String(), "10.1.2.3")

	broken = false
	require.Equal(t, 200, h.do(t, call{method: "GET", path: "/readyz"}).status)
}

func TestHealth_APartThatHangsDoesNotHoldTheAnswer(t *testing.T) {
	t.Parallel()
	h := setup(t, func(c *api.Config) {
		c.Timeout = 50 * time.Millisecond
		c.Parts = []api.Part{{Name: "slow", Check: func(ctx context.Context) error {
			<-ctx.Done()
			return ctx.Err()
		}}}
	})
	require.Equal(t, 503, h.do(t, call{method: "GET", path: "/readyz"}).status)
}

func TestDocs_EveryOperationAndProblemHasAPlaceToReadAboutIt(t *testing.T) {
	t.Parallel()
	h := setup(t)
	contract := h.do(t, call{method: "GET", path: "/openapi.yaml"})
	require.Equal(t, string(api.Contract()), string(contract.body))
	page := string(h.do(t, call{method: "GET", path: "/docs"}).body)
	loaded := document(t)
	for path, item := range loaded.Paths.Map() {
		for _, operation := range item.Operations() {
			require.Contains(t, page, `id="`+operation.OperationID+`"`, path)
		}
	}
	for name := range loaded.Components.Schemas {
		require.Contains(t, page, `id="`+name+`"`)
	}
	for _, at := range []string{page, string(h.do(t, call{method: "GET", path: "/docs/problems"}).body)} {
		require.NotContains(t, at, "http://", "nothing is loaded from elsewhere")
		require.NotContains(t, at, "<script")
	}
	for _, code := range []string{"window-closed", "idempotency-key-reused", "token-expired", "already-requested", "internal"} {
		got := h.do(t, call{method: "GET", path: "/docs/problems/" + code})
		require.Equal(t, 200, got.status, code)
		require.Contains(t, string(got.body), code)
	}
	require.Equal(t, 404, h.do(t, call{method: "GET", path: "/docs/problems/nothing"}).status)
}

func TestProblem_ATypeIsAlwaysAPageThatCanBeRead(t *testing.T) {
	t.Parallel()
	h := setup(t)
	for _, kind := range []casework.FaultKind{
		casework.Invalid, casework.Refused, casework.Conflict, casework.NotFound, casework.Forbidden, casework.Unavailable, "new",
	} {
		h.dispatcher.open = func(casework.EnquiryInput) (casework.Opened, error) {
			return casework.Opened{}, casework.NewFault(kind, "a-new-rule", "A rule that this contract has not seen.")
		}
		p := problem(t, h.do(t, ask(goodEnquiry, "key-1")))
		require.Equal(t, "a-new-rule", p.Code)
		require.Equal(t, 200, h.do(t, call{method: "GET", path: p.Type}).status, "%s: %s", kind, p.Type)
	}
}

func TestMetrics_CountRequestsByRouteAndStatus(t *testing.T) {
	t.Parallel()
	h := setup(t)
	reference := h.openCase(t)
	h.do(t, call{method: "GET", path: "/v1/cases/" + reference, as: examsOfficer})
	h.do(t, call{method: "GET", path: "/v1/cases/" + reference, as: otherCentre})
	h.do(t, call{method: "GET", path: "/nowhere/" + reference})
	families, err := h.registry.Gather()
	require.NoError(t, err)
	var series []string
	for _, family := range families {
		for _, metric := range family.GetMetric() {
			var labels []string
			for _, label := range metric.GetLabel() {
				labels = append(labels, label.GetValue())
			}
			series = append(series, strings.Join(labels, " "))
		}
	}
	slices.Sort(series)
	require.Equal(t, []string{"GET /v1/cases/{reference} 200", "GET /v1/cases/{reference} 404", "POST /v1/enquiries 201", "none 404"}, series)
}

func TestNew_NeedsAKeyThatCannotBeGuessed(t *testing.T) {
	t.Parallel()
	_, err := api.New(api.Config{ReferenceKey: []byte("short")})
	require.ErrorContains(t, err, "32 bytes")
}

// TestReference_TwoRequestsNeverShareOne: whatever the parts are, moving a character from one to the next makes
// another reference.
func TestReference_TwoRequestsNeverShareOne(t *testing.T) {
	t.Parallel()
	h := setup(t, func(c *api.Config) { c.RequestsPerSecond, c.Burst = 1e6, 1e6 })
	h.dispatcher.open = func(casework.EnquiryInput) (casework.Opened, error) { return casework.Opened{}, api.ErrPending }
	seen := map[string]string{}
	rapid.Check(t, func(rt *rapid.T) {
		subject := rapid.StringMatching(`[a-z]{1,6}`).Draw(rt, "subject")
		key := rapid.StringMatching(`[a-z]{1,6}`).Draw(rt, "key")
		c := ask(goodEnquiry, key)
		c.as.Subject = subject
		got := h.do(t, c)
		if got.status != 202 {
			rt.Fatalf("answered %d: %s", got.status, got.body)
		}
		name := fmt.Sprintf("%s/%s", subject, key)
		reference := read[api.EnquiryPending](t, got).Reference
		if other, taken := seen[reference]; taken && other != name {
			rt.Fatalf("%s and %s have the same reference %s", other, name, reference)
		}
		seen[reference] = name
	})
}
