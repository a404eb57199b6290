package activities_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/store/storetest"
)

// texts sends a mail and returns what each address was sent.
func (r room) texts(in casework.MailInput) map[string]string {
	r.t.Helper()
	r.post.asked = nil
	sent := r.sends(in)
	require.Len(r.t, r.post.asked, sent.Sent)
	texts := map[string]string{}
	for _, envelope := range r.post.asked {
		texts[envelope.To.Address] = envelope.Text
	}
	return texts
}

// Issue C, point 5: the accountable person and operations; the former reads neither centre nor candidate.
func TestSendMails_AnAlertGoesToOperationsAndToWhoeverHoldsTheTask(t *testing.T) {
	t.Parallel()
	r := mailroom(t)
	ref := r.open()
	holder := r.allocate(ref).Assignee + "@cambria.example"
	for _, kind := range []casework.MailKind{casework.MailWarning, casework.MailBreach} {
		in := casework.MailInput{Reference: ref, Kind: kind, Number: 1, Clock: casework.ClockOutcome, At: decidedAt}
		texts := r.texts(in)
		require.Len(t, texts, 2, kind)
		require.Contains(t, texts[operations.Address], "64101")
		require.NotEmpty(t, texts[holder])
		require.NotContains(t, texts[holder], "64101")
		require.Empty(t, func() []docket.Envelope { r.post.asked = nil; r.sends(in); return r.post.asked }(), "each at most once")
	}
	require.Empty(t, r.doubtful())
}

func TestSendMails_AnAlertOfATaskInThePoolGoesToOperationsAlone(t *testing.T) {
	t.Parallel()
	r := mailroom(t)
	texts := r.texts(casework.MailInput{Reference: r.open(), Kind: casework.MailBreach, Number: 1, Clock: casework.ClockOutcome, At: decidedAt})
	require.Len(t, texts, 1)
	require.Contains(t, texts, operations.Address)
}

func TestSendMails_NobodyIsRemindedOfATaskThatIsDone(t *testing.T) {
	t.Parallel()
	r := mailroom(t)
	ref := r.settled(nil)
	for _, kind := range []casework.MailKind{casework.MailReminder, casework.MailNudge} {
		require.Empty(t, r.texts(casework.MailInput{Reference: ref, Kind: kind, Number: 1, Clock: casework.ClockCompleteBy, At: decidedAt}), kind)
	}
}

func TestSendMails_AnEscalationThatNobodyIsThereForGoesToOperations(t *testing.T) {
	t.Parallel()
	r := mailroom(t)
	ref := r.open()
	r.allocate(ref)
	_, err := r.Pool().Exec(t.Context(), "UPDATE performers SET leader = NULL, rank = 'senior'")
	require.NoError(t, err)
	for act, says := range map[casework.Act]string{
		casework.ActEscalateLead: "Nobody leads whoever holds the task", casework.ActEscalateChief: "The component has no chief besides",
		casework.ActEscalateOperations: "It is for operations now",
	} {
		texts := r.texts(casework.MailInput{
			Reference: ref, Kind: casework.MailEscalation, Number: 1, Clock: casework.ClockStartBy, About: string(act), At: decidedAt,
		})
		require.Len(t, texts, 1, act)
		require.Contains(t, strings.Join(strings.Fields(texts[operations.Address]), " "), says, act)
	}
}

func TestSendMails_ADutyThatRanOutIsToldToCentreAndOperations(t *testing.T) {
	t.Parallel()
	r := mailroom(t)
	ref := r.open()
	r.held(ref, casework.HoldConsent, casework.Actor{Subject: "cw-1", Role: casework.RoleCaseworker, Reason: "The consent is older than the results."})

	late := decidedAt.Add(20 * 24 * time.Hour)
	r.pass(20 * 24 * time.Hour)
	texts := r.texts(casework.MailInput{Reference: ref, Kind: casework.MailLapsed, Number: 1, Clock: casework.ClockConsentInspection, At: late})
	require.Len(t, texts, 3)
	require.Contains(t, texts[amira.Address], "Your request is not closed")
	require.Contains(t, texts[joan.Address], "Your request is not closed")
	require.Contains(t, texts[operations.Address], "Speak to the centre.")
}

// held stops a case, with the agreement of the seed's approver unless the system does it by itself.
func (r room) held(ref casework.Reference, cause casework.HoldCause, by casework.Actor) casework.MailInput {
	r.t.Helper()
	request := casework.HoldRequest{Cause: cause, ApprovedBy: storetest.Approver, Actor: by}
	if by.Role == casework.RoleSystem {
		request.ApprovedBy = ""
	}
	held, err := r.HoldCase(r.t.Context(), casework.HoldInput{Key: key(ref, casework.StepHold, decidedAt), Request: request}, r.book)
	require.NoError(r.t, err)
	return casework.MailInput{Reference: ref, Kind: casework.MailHeld, Number: held.Number, At: decidedAt}
}

// Issue C, point 4: who is named as having agreed to a hold learns of it, and the centre does not learn who that is.
func TestSendMails_AHoldIsToldToCentreAndApproverOnce(t *testing.T) {
	t.Parallel()
	r := mailroom(t)
	in := r.held(r.open(), casework.HoldConsent, casework.Actor{Subject: "cw-1", Role: casework.RoleCaseworker, Reason: "The consent is older than the results."})
	told := r.texts(in)
	require.Len(t, told, 3)
	for _, centre := range []string{amira.Address, joan.Address} {
		require.Contains(t, told[centre], "The consent is older than the results.")
		require.NotContains(t, told[centre], "cw-")
		require.NotContains(t, told[centre], "Imogen")
	}
	approver := told["imogen.vale@cambria.example"]
	require.Contains(t, approver, "cw-1 holds a request and names you")
	require.Contains(t, approver, "The consent is older than the results.")
	r.post.asked = nil
	r.sends(in)
	require.Empty(t, r.post.asked, "each at most once")
	require.Empty(t, r.doubtful())
}

// A pending result holds its case by itself: nobody agreed, so nobody is told that they did.
func TestSendMails_AHoldOfTheSystemHasNoApprover(t *testing.T) {
	t.Parallel()
	r := mailroom(t)
	system := casework.System()
	system.Reason = "The result is pending."
	told := r.texts(r.held(r.open(), casework.HoldMalpractice, system))
	require.Len(t, told, 2)
	require.Contains(t, told, amira.Address)
	require.Contains(t, told, joan.Address)
}
