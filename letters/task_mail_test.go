package letters_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// taskMails are the mails to performers, and to those who lead them.
func taskMails() []casework.MailInput {
	mail := func(kind casework.MailKind, clock casework.ClockID, about string) casework.MailInput {
		return casework.MailInput{Reference: reference, Kind: kind, Number: 1, Clock: clock, About: about, At: received.AddDate(0, 0, 18)}
	}
	return []casework.MailInput{
		mail(casework.MailTask, "", ""), mail(casework.MailNudge, "", ""), mail(casework.MailQuestion, "", "7"), mail(casework.MailAnswer, "", "7"),
		mail(casework.MailReminder, casework.ClockStartBy, ""), mail(casework.MailReminder, casework.ClockCompleteBy, ""),
		mail(casework.MailEscalation, casework.ClockStartBy, string(casework.ActEscalateLead)),
		mail(casework.MailEscalation, casework.ClockCompleteBy, string(casework.ActEscalateChief)),
		mail(casework.MailWarning, casework.ClockOutcome, casework.AboutHolder), mail(casework.MailBreach, casework.ClockOutcome, casework.AboutHolder),
	}
}

// domain §8.3, reading 9: neither centre, candidate, grade, boundary nor why the review was asked.
func TestTaskMails_SayNothingAboutWhoOrWhy(t *testing.T) {
	t.Parallel()
	n := downgraded()
	n.Case.Linked = []docket.Linked{{Reference: linked, Component: "CM1/02"}}
	for _, in := range taskMails() {
		message, err := printer(t).Mail(in, n)
		require.NoError(t, err, in.Kind)
		for _, secret := range []string{
			"64101", "Venerable Bede", "LL61", "england", "Anastasia", "0421", "Distinction", "Merit", "near-boundary", "160", "155",
			string(linked), "Amira", "£", "Geography, Environment",
		} {
			require.NotContains(t, message.Subject+message.Text+message.HTML, secret, "%s %s", in.Kind, in.About)
		}
	}
}

func TestTaskMails_OnlyWhoeverLeadsIsToldWhoHoldsTheTask(t *testing.T) {
	t.Parallel()
	for _, in := range taskMails() {
		message, err := printer(t).Mail(in, open())
		require.NoError(t, err)
		if in.Kind == casework.MailEscalation {
			require.Contains(t, message.Text, "Piotr Vance")
		} else {
			require.NotContains(t, message.Text, "Piotr Vance", in.Kind)
		}
	}
}

func TestReminderMail_SaysWhichOfTheDeadlinesIsNear(t *testing.T) {
	t.Parallel()
	says := func(clock casework.ClockID, n docket.Notice) string {
		message, err := printer(t).Mail(casework.MailInput{Reference: reference, Kind: casework.MailReminder, Number: 1, Clock: clock, At: received}, n)
		require.NoError(t, err)
		return message.Subject
	}
	require.Equal(t, "Please begin by 17:00 on Thursday 12 November 2026: "+string(reference), says(casework.ClockStartBy, open()))
	require.Equal(t, "Please complete by 17:00 on Tuesday 17 November 2026: "+string(reference), says(casework.ClockCompleteBy, open()))
	begun := open()
	begun.Task.StartBy = time.Time{}
	require.Equal(t, "Please complete by 17:00 on Tuesday 17 November 2026: "+string(reference), says(casework.ClockStartBy, begun), "it was begun meanwhile")
	begun.Task.CompleteBy = time.Time{}
	require.Equal(t, "Please complete by the end of Monday 30 November 2026: "+string(reference), says(casework.ClockCompleteBy, begun))
}

// What stands still will be another date when the task goes on, so nobody is told it; what was missed before stays.
func TestTaskMails_OfAStoppedTaskNameNoDateThatStandsStill(t *testing.T) {
	t.Parallel()
	n := open()
	n.Task.Stopped = true
	for _, kind := range []casework.MailKind{casework.MailTask, casework.MailQuestion, casework.MailAnswer} {
		text := mailOf(t, kind, n, received).Text
		require.NotContains(t, text, "17 November", kind)
		require.NotContains(t, text, "12 November", kind)
		require.Contains(t, mailOf(t, kind, open(), received).Text, "17 November", kind)
	}
	message, err := printer(t).Mail(casework.MailInput{
		Reference: reference, Kind: casework.MailEscalation, Number: 1, Clock: casework.ClockStartBy, About: string(casework.ActEscalateLead), At: received,
	}, n)
	require.NoError(t, err)
	require.Contains(t, flat(message.Text), "should have been begun by 17:00 on Thursday 12 November 2026")
}

func TestTaskMail_OfASecondLookSaysThatACorrectionStays(t *testing.T) {
	t.Parallel()
	n := open()
	n.Task.ID, n.Task.Kind = casework.TaskOf(reference, 2), casework.TaskSecondLook
	text := flat(mailOf(t, casework.MailTask, n, received).Text)
	require.Contains(t, text, "A second look at a review of marking is assigned to you.")
	require.Contains(t, text, "it does not go back to what it was before")
}

func TestHolderAlerts_AreAnotherTextThanThatOfOperations(t *testing.T) {
	t.Parallel()
	for _, kind := range []casework.MailKind{casework.MailWarning, casework.MailBreach} {
		operations := mailOf(t, kind, open(), received)
		holder, err := printer(t).Mail(casework.MailInput{
			Reference: reference, Kind: kind, Number: 1, Clock: casework.ClockOutcome, About: casework.AboutHolder, At: received,
		}, open())
		require.NoError(t, err)
		require.Contains(t, operations.Text, "64101")
		require.NotEqual(t, operations.Subject, holder.Subject)
		require.Contains(t, holder.Text, "Dear colleague")
	}
}

// A clock of the awarding body may run on while the task is stopped. Whoever holds it could only be refused.
func TestHolderAlerts_OfAStoppedTaskAskForNothing(t *testing.T) {
	t.Parallel()
	for _, kind := range []casework.MailKind{casework.MailWarning, casework.MailBreach} {
		for _, stopped := range []bool{true, false} {
			n := open()
			n.Task.Stopped = stopped
			message, err := printer(t).Mail(casework.MailInput{
				Reference: reference, Kind: kind, Number: 1, Clock: casework.ClockOutcome, About: casework.AboutHolder, At: received,
			}, n)
			require.NoError(t, err)
			text := flat(message.Text)
			require.Equal(t, stopped, strings.Contains(text, "you have nothing to do until it goes on"), kind)
			require.Equal(t, !stopped, strings.Contains(text, "Please complete it as soon") || strings.Contains(text, "tell your team leader today"), kind)
		}
	}
}
