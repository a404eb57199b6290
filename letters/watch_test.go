package letters_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/letters"
)

func reachable(t *testing.T) *letters.Printer {
	t.Helper()
	return printer(t, letters.WithWorkflowPages("http://127.0.0.1:8233/namespaces/recourse/workflows/"), letters.WithPublicURL("https://enquiries.cambria.example/"))
}

// goldenMail compares a mail with the files that a person has read.
func goldenMail(t *testing.T, name string, message docket.Message, err error) {
	t.Helper()
	require.NoError(t, err)
	golden(t, name+".mail.txt", "Subject: "+message.Subject+"\n\n"+message.Text)
	golden(t, name+".mail.html", message.HTML)
	for l := range strings.SplitSeq(message.Text, "\n") {
		require.True(t, len([]rune(l)) <= 76 || strings.HasPrefix(l, "http"), "%s: %s", name, l)
		require.Equal(t, strings.TrimRight(l, " "), l)
	}
}

func found(n int, kind docket.FindingKind) []docket.Finding {
	at := time.Date(2026, 12, 1, 0, 0, 31, 0, time.UTC)
	all := make([]docket.Finding, n)
	for i := range all {
		all[i] = docket.Finding{
			ID: int64(i + 1), Reference: reference, Kind: kind, About: "outcome", FoundAt: at.Add(time.Duration(i) * time.Minute),
			Detail: "The outcome clock ended at 2026-12-01 00:00:00 UTC and no worker has recorded it.",
		}
	}
	return all
}

func TestFindingsMail_Golden(t *testing.T) {
	t.Parallel()
	message, err := reachable(t).FindingsMail(found(1, docket.FindingUnrecorded))
	goldenMail(t, "clock-unrecorded", message, err)
	stuck := found(2, docket.FindingWorkflow)
	stuck[0].Detail = "The workflow task fails again and again: WorkflowTaskFailedCauseNonDeterministicError."
	stuck[1].Kind, stuck[1].Reference, stuck[1].Detail = docket.FindingActivity, linked, "The activity SendMails has failed 5 times."
	message, err = reachable(t).FindingsMail(stuck)
	goldenMail(t, "case-stuck", message, err)
}

// An outage finds every case at once: the mail lists the first and counts the others.
func TestFindingsMail_ListsNoMoreThanSomebodyReads(t *testing.T) {
	t.Parallel()
	message, err := reachable(t).FindingsMail(found(523, docket.FindingUnrecorded))
	require.NoError(t, err)
	require.Equal(t, "523 deadlines passed that no worker recorded", message.Subject)
	require.Equal(t, 20, strings.Count(message.Text, "Found at"))
	require.Contains(t, message.Text, "And 503 more, which the page of operations lists.")
	require.NotContains(t, mustFindings(t, 20).Text, "more, which")
}

func mustFindings(t *testing.T, n int) docket.Message {
	t.Helper()
	message, err := printer(t).FindingsMail(found(n, docket.FindingUnrecorded))
	require.NoError(t, err)
	return message
}

func TestFindingsMail_LeadsNowhereWithoutAddresses(t *testing.T) {
	t.Parallel()
	message := mustFindings(t, 2)
	require.Equal(t, 1, strings.Count(message.HTML, "<a "), "the runbook alone, once for all of a kind")
	require.Contains(t, message.Text, docket.FindingUnrecorded.Advice().Runbook)
}

func TestFindingsMail_IsAboutSomething(t *testing.T) {
	t.Parallel()
	_, err := printer(t).FindingsMail(nil)
	require.ErrorContains(t, err, "there is none")
}

// Whatever an error message holds, it stays one sentence of the mail.
func TestFindingsMail_ADetailCannotBecomeStructure(t *testing.T) {
	t.Parallel()
	one := found(1, docket.FindingActivity)
	one[0].Detail = "x\x03\x02heading\x1fFake\x03\n\n<b>{{.}}"
	message, err := printer(t).FindingsMail(one)
	require.NoError(t, err)
	require.NotContains(t, message.HTML, "<b>")
	require.NotContains(t, message.HTML, "Fake</h")
}

func dead() (docket.Webhook, docket.Delivery) {
	made := time.Date(2026, 11, 2, 9, 15, 0, 0, time.UTC)
	return docket.Webhook{ID: "wh_5f0c", URL: "https://mis.school.example:8443/events?token=s3cret"}, docket.Delivery{
		ID: "msg_17_5f0c", Webhook: "wh_5f0c", Event: docket.EventClockBreached, Reference: reference, MadeAt: made, FirstAt: made.Add(time.Second),
		Attempts: 14, LastStatus: 503, LastError: "the receiver answered 503 Service Unavailable",
	}
}

func TestWebhookMail_Golden(t *testing.T) {
	t.Parallel()
	message, err := reachable(t).WebhookMail(dead())
	goldenMail(t, "webhook-dead", message, err)
}

// An address may hold a token: only its host is told.
func TestWebhookMail_KeepsTheAddressToItself(t *testing.T) {
	t.Parallel()
	message, err := printer(t).WebhookMail(dead())
	require.NoError(t, err)
	require.Contains(t, message.Subject, "mis.school.example:8443")
	require.NotContains(t, message.Subject+message.Text+message.HTML, "s3cret")

	hook, delivery := dead()
	hook.URL, delivery.Reference = "://", ""
	message, err = printer(t).WebhookMail(hook, delivery)
	require.NoError(t, err)
	require.NotContains(t, message.Text, "Request", "a test is about no case")
}

func TestFindings_EachKindHasItsMailAndItsEvent(t *testing.T) {
	t.Parallel()
	for _, kind := range docket.FindingKinds() {
		if kind == docket.FindingUnrecorded {
			require.Equal(t, casework.MailUnrecorded, kind.Mail())
			require.Equal(t, docket.EventClockUnrecorded, kind.Event())
			continue
		}
		require.Equal(t, casework.MailStuck, kind.Mail(), kind)
		require.Equal(t, docket.EventStuck, kind.Event(), kind)
	}
}
