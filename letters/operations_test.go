package letters_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// forOperations are the mails by which somebody of the awarding body is asked to do something about a request.
func forOperations() []casework.MailInput {
	var mails []casework.MailInput
	for _, kind := range []casework.MailKind{casework.MailWarning, casework.MailBreach, casework.MailNobody, casework.MailNoRecipient} {
		mails = append(mails, casework.MailInput{Reference: reference, Kind: kind, Number: 1, Clock: casework.ClockOutcome, At: received.AddDate(0, 0, 18)})
	}
	for _, act := range []casework.Act{casework.ActEscalateLead, casework.ActEscalateChief, casework.ActEscalateOperations} {
		mails = append(mails, casework.MailInput{
			Reference: reference, Kind: casework.MailEscalation, Number: 1, Clock: casework.ClockCompleteBy, About: string(act), At: received.AddDate(0, 0, 18),
		})
	}
	return append(mails, casework.MailInput{
		Reference: reference, Kind: casework.MailLapsed, Number: 1, Clock: casework.ClockConsentInspection, About: casework.AboutOperations, At: received.AddDate(0, 0, 18),
	})
}

// Whoever is asked to do something at half past seven in the morning finds the page on which it is done, and the runbook.
func TestMailsOfTheAwardingBody_LeadToThePageAndTheRunbook(t *testing.T) {
	t.Parallel()
	for _, in := range forOperations() {
		message, err := reachable(t).Mail(in, heldOf())
		require.NoError(t, err)
		require.Contains(t, message.Text, "\nThe request on the page of operations:\nhttps://enquiries.cambria.example/ops/cases/"+string(reference)+"\n", "%s %s", in.Kind, in.About)
		require.Contains(t, message.HTML, `href="https://enquiries.cambria.example/ops/cases/`+string(reference)+`"`, in.Kind)
		require.Equal(t, in.Kind != casework.MailLapsed, strings.Contains(message.Text, docket.Runbooks), "%s: no page is about a centre that is late", in.Kind)
		require.Equal(t, leads(in), !strings.Contains(message.Text, "Its workflow"), "%s %s: the workflow is for operators", in.Kind, in.About)
	}
}

func leads(in casework.MailInput) bool {
	return in.About == string(casework.ActEscalateLead) || in.About == string(casework.ActEscalateChief)
}

// What to do about a promise depends on who acts next.
func TestAlertMails_SayWhatToDo(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		change func(*docket.Notice)
		says   string
	}{
		"held by somebody":     {func(*docket.Notice) {}, "Ask Piotr Vance when it will be done."},
		"held by nobody known": {func(n *docket.Notice) { n.Task.Holder = "" }, "Ask whoever holds the task when it will be done."},
		"in the pool":          {func(n *docket.Notice) { n.Case.Stage = casework.StageUnassigned }, "Nobody has the task. Extend the roster"},
		"waiting for us":       {func(n *docket.Notice) { n.Case.Holds = heldOf().Case.Holds }, "The request waits for us, and this clock runs on"},
		"waiting for them":     {func(n *docket.Notice) { n.Case.WaitingOn = casework.WaitingCentre }, "Speak to the centre, then resume the request"},
		"decided, a copy owed": {func(n *docket.Notice) { n.Case.Stage = casework.StageDecided }, "the system owes the rest"},
		"in its window, a copy": {func(n *docket.Notice) {
			n.Case.Stage, n.Case.WaitingOn = casework.StageAppealWindow, casework.WaitingCentre
		}, "the system owes the rest"},
	} {
		n := open()
		n.Case.Holds = nil
		row.change(&n)
		for kind, more := range map[casework.MailKind]bool{casework.MailWarning: false, casework.MailBreach: true} {
			text := flat(mailOf(t, kind, n, received).Text)
			require.Contains(t, text, row.says, name)
			require.Equal(t, more, strings.Contains(text, "Then tell the centre when to expect the outcome"), name)
		}
	}
}

func TestEscalationMail_AsksOperationsForAnotherThingThanALead(t *testing.T) {
	t.Parallel()
	escalated := func(act casework.Act) string {
		message, err := printer(t).Mail(casework.MailInput{
			Reference: reference, Kind: casework.MailEscalation, Number: 1, Clock: casework.ClockCompleteBy, About: string(act), At: received,
		}, open())
		require.NoError(t, err)
		return flat(message.Text)
	}
	require.Contains(t, escalated(casework.ActEscalateChief), "Please ask your colleague whether the promised date can still be kept.")
	text := escalated(casework.ActEscalateOperations)
	require.Contains(t, text, "Ask Piotr Vance whether the promised date can still be kept. If not, reassign the task")
	require.NotContains(t, text, "your colleague")
}

// Operations who are told in the place of somebody read who is missing, and nobody is said to have failed who was never told.
func TestEscalationMail_SaysWhoIsNotThere(t *testing.T) {
	t.Parallel()
	const ask = "Ask Piotr Vance whether the promised date can still be kept. If not, reassign the task"
	for act, says := range map[casework.Act]string{
		casework.ActEscalateLead:       "Nobody leads whoever holds the task, and the component has no chief besides them, so you are told in their place. " + ask,
		casework.ActEscalateChief:      "The component has no chief besides whoever holds the task, so you are told in their place. " + ask,
		casework.ActEscalateOperations: "It is for operations now. " + ask,
	} {
		n := open()
		n.Unled = act != casework.ActEscalateOperations
		message, err := reachable(t).Mail(casework.MailInput{
			Reference: reference, Kind: casework.MailEscalation, Number: 1, Clock: casework.ClockCompleteBy, About: string(act), At: received,
		}, n)
		require.NoError(t, err)
		text := flat(message.Text)
		require.Contains(t, text, says, act)
		require.Contains(t, text, "Its workflow", "%s: whoever reads it operates", act)
		require.NotContains(t, text, "your colleague", act)
		require.NotContains(t, text, "brought it about", act)
	}
}

// No sentence of any mail ends twice, and none lacks a word.
func TestMails_EndEachSentenceOnce(t *testing.T) {
	t.Parallel()
	var said []string
	for _, n := range []docket.Notice{heldOf(), resumedOf(), upgraded(), pending()} {
		for _, in := range append(forOperations(), taskMails()...) {
			if message, err := reachable(t).Mail(in, n); err == nil {
				said = append(said, message.Subject+"\n"+message.Text)
			}
		}
		for _, kind := range casework.MailKinds() {
			if message, err := reachable(t).Mail(casework.MailInput{Reference: reference, Kind: kind, Number: 1, Clock: casework.ClockOutcome, At: published}, n); err == nil {
				said = append(said, message.Subject+"\n"+message.Text)
			}
		}
	}
	for _, kind := range docket.FindingKinds() {
		message, err := reachable(t).FindingsMail(found(2, kind))
		require.NoError(t, err)
		said = append(said, message.Subject+"\n"+message.Text)
	}
	require.Greater(t, len(said), 60)
	for _, text := range said {
		require.NotRegexp(t, `\.\.|\. \.|[,:;]\.|“”|<no value>|%!`, text)
	}
}
