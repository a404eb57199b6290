package ops_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
)

func TestResume_EndsOneOfWhatTheCaseWaitsFor(t *testing.T) {
	t.Parallel()
	h := setup(t)
	b := h.operating()
	require.Equal(t, http.StatusConflict, b.get(here+"/resume").status, "the case waits for nothing")
	h.register.holding(casework.HoldConsent)
	page := b.get(here + "/resume").body
	require.Contains(t, page, `value="consent-inspection" selected`, "the only cause is chosen already")
	require.NotContains(t, page, "waiting-for-payment", "what it does not wait for is not offered")

	form := filled(t, b, here+"/resume", "cause", "consent-inspection", "delivered", "yes", "reason", "The form came.")
	shown := text(b.post(here+"/resume", form).body)
	require.Contains(t, shown, "What the centre owed counts as delivered.")
	require.Contains(t, shown, "The task goes on with whoever held it")
	require.Equal(t, http.StatusSeeOther, b.post(here+"/resume", with(form, "step", "do")).status)
	request, ok := h.cases.sent[0].request.(casework.ResumeRequest)
	require.True(t, ok)
	require.True(t, request.Delivered)
	require.Equal(t, casework.HoldConsent, request.Cause)

	h.register.found.Holds = nil
	h.register.holding(casework.HoldConsent, casework.HoldSample)
	form = filled(t, b, here+"/resume", "cause", "consent-inspection", "delivered", "no", "reason", "Not needed.")
	shown = text(b.post(here+"/resume", form).body)
	require.Contains(t, shown, "is no longer asked")
	require.Contains(t, shown, "The case still waits for something else")
}

// Where the case waits for the awarding body, nobody asks whether a centre did what it was never asked for.
func TestResume_AsksForADeliveryOnlyWhereSomethingWasAsked(t *testing.T) {
	t.Parallel()
	const question = "The centre did what it was asked for"
	h := setup(t)
	b := h.operating()
	h.register.holding(casework.HoldConsent)
	page := b.get(here + "/resume").body
	require.Contains(t, page, question)
	require.Contains(t, page, `value="yes" required`)
	form := filled(t, b, here+"/resume", "cause", "consent-inspection", "reason", "The form came.")
	require.Equal(t, http.StatusUnprocessableEntity, b.post(here+"/resume", form).status)

	h.register.found.Holds = nil
	h.register.holding(casework.HoldOther, casework.HoldConsent)
	page = b.get(here + "/resume").body
	require.Contains(t, page, "Only where the centre was asked for something")
	require.NotContains(t, page, `value="yes" required`)

	h.register.found.Holds = nil
	h.register.holding(casework.HoldOther)
	require.NotContains(t, b.get(here+"/resume").body, question)
	form = filled(t, b, here+"/resume", "cause", "hold", "delivered", "yes", "reason", "The paper is in order.")
	shown := text(b.post(here+"/resume", form).body)
	require.NotContains(t, shown, "counts as delivered")
	require.NotContains(t, shown, "no longer asked")
	require.Equal(t, http.StatusSeeOther, b.post(here+"/resume", with(form, "step", "do")).status)
	request, ok := h.cases.sent[0].request.(casework.ResumeRequest)
	require.True(t, ok)
	require.False(t, request.Delivered)
	require.Nil(t, request.Check())
}
