package letters_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/letters"
)

func approverMail(t *testing.T, n docket.Notice, options ...letters.Option) docket.Message {
	t.Helper()
	message, err := printer(t, options...).Mail(casework.MailInput{
		Reference: reference, Kind: casework.MailHeld, Number: 1, About: casework.AboutApprover, At: received.AddDate(0, 0, 1),
	}, n)
	require.NoError(t, err)
	return message
}

// Issue C, point 4: who is named as having agreed learns of it, with everything that they would have to agree to.
func TestApproverMail_SaysWhoHoldsWhatAndWhy(t *testing.T) {
	t.Parallel()
	message := approverMail(t, heldOf())
	require.Equal(t, "You are named as having agreed: "+string(reference)+" waits", message.Subject)
	text := flat(message.Text)
	for _, want := range []string{
		"Dear Imogen Vale,", "cw-asker holds a request and names you as the colleague who agreed to it.",
		"Service: review of marking", "Centre: 64101", "For what: the consent is being inspected",
		"Reason: The consent on file is dated before the results.", "Waits since: 14:05 on Wednesday 11 November 2026, UK time",
		"Outcome: stands still; before the wait it was due by the end of Monday 30 November 2026, UK time",
		"Acceptance: does not wait: by the end of Tuesday 17 November 2026, UK time",
	} {
		require.Contains(t, text, want)
	}
	require.NotContains(t, text, "target", "a goal is nobody's date")
}

func TestApproverMail_SaysWhatToDoIfTheyDidNotAgree(t *testing.T) {
	t.Parallel()
	message := approverMail(t, heldOf(), letters.WithPublicURL("https://enquiries.cambria.example/"))
	text := flat(message.Text)
	require.Contains(t, text, "choose “Resume” on its page and say that it is no longer asked for.")
	own := heldOf()
	own.Case.Holds[0].Cause = casework.HoldOther
	require.Contains(t, flat(approverMail(t, own).Text), "choose “Resume” on its page and say why it goes on.", "nothing was asked of the centre")
	require.Contains(t, text, "https://enquiries.cambria.example/ops/cases/"+string(reference))
	require.Contains(t, message.HTML, `href="https://enquiries.cambria.example/ops/cases/`+string(reference)+`"`)
	require.NotContains(t, approverMail(t, heldOf()).HTML, "<a ", "no link to nowhere")
}

// They work for the awarding body: what a centre must not read they have to know to agree to it.
func TestApproverMail_CallsMalpracticeByItsNameAndNamesNoCandidate(t *testing.T) {
	t.Parallel()
	n := heldOf()
	n.Case.Holds[0].Cause, n.Case.Holds[0].Reason = casework.HoldMalpractice, "Two scripts have the same answers."
	message := approverMail(t, n)
	require.Contains(t, message.Text, "a suspected malpractice is being investigated")
	require.Contains(t, message.Text, "Two scripts have the same answers.")
	for _, secret := range []string{"Okonkwo", "0421", "Piotr", "near-boundary", "£"} {
		require.NotContains(t, message.Subject+message.Text+message.HTML, secret)
	}
}

func TestApproverMail_OfAHoldThatIsNotThereIsAnError(t *testing.T) {
	t.Parallel()
	n := heldOf()
	n.Case.Holds = nil
	_, err := printer(t).Mail(casework.MailInput{Reference: reference, Kind: casework.MailHeld, Number: 1, About: casework.AboutApprover}, n)
	require.ErrorContains(t, err, "no hold 1")
}
