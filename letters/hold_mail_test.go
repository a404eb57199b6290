package letters_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/casework/policy"
	"github.com/recourse-exams/recourse/letters"
)

// heldOf is the case waiting for the consent to be shown, with what the centre owes and a clock that runs on.
func heldOf() docket.Notice {
	n := open()
	c := &n.Case
	asked := c.Holds[0].BeganAt
	c.Clocks[0].Pauses = []deadline.Pause{{Cause: casework.HoldConsent, Why: c.Holds[0].Reason, ApprovedBy: "cw-approver", From: asked}}
	c.Clocks = append(c.Clocks,
		docket.Clock{Clock: deadline.Clock{
			ID: casework.ClockConsentInspection, Kind: casework.ClockDuty, StartedAt: asked,
			Ends: time.Date(2026, 11, 19, 0, 0, 0, 0, time.UTC), OriginalEnds: time.Date(2026, 11, 19, 0, 0, 0, 0, time.UTC),
		}},
		docket.Clock{Clock: deadline.Clock{
			ID: casework.ClockAcceptance, Kind: casework.ClockSLA, StartedAt: received,
			Ends: time.Date(2026, 11, 18, 0, 0, 0, 0, time.UTC), OriginalEnds: time.Date(2026, 11, 18, 0, 0, 0, 0, time.UTC),
		}},
		docket.Clock{Clock: deadline.Clock{ID: casework.TargetOf(casework.ClockOutcome, 1), Kind: casework.ClockTarget, StartedAt: received}},
	)
	return n
}

// resumedOf is the same case once the centre has shown the consent, six days later.
func resumedOf() docket.Notice {
	n := heldOf()
	c := &n.Case
	back := c.Holds[0].BeganAt.AddDate(0, 0, 6)
	c.Holds[0].EndedAt, c.Holds[0].EndedBy, c.Holds[0].Delivered = back, "cw-ender", true
	c.Clocks[0].Pauses[0].Until = back
	c.Clocks[0].Ends = c.Clocks[0].OriginalEnds.AddDate(0, 0, 6)
	c.Clocks[1].MetAt = back
	return n
}

func heldMail(t *testing.T, kind casework.MailKind, n docket.Notice) docket.Message {
	t.Helper()
	message, err := printer(t).Mail(casework.MailInput{
		Reference: reference, Kind: kind, Number: 1, Clock: casework.ClockConsentInspection, At: received.AddDate(0, 0, 1),
	}, n)
	require.NoError(t, err)
	return message
}

func TestHeldMail_TellsTheCentreWhyAndWhatBecomesOfEachDate(t *testing.T) {
	t.Parallel()
	text := flat(heldMail(t, casework.MailHeld, heldOf()).Text)
	require.Contains(t, text, "waits until we have seen the candidate’s written consent.")
	require.Contains(t, text, "Reason: The consent on file is dated before the results.")
	require.Contains(t, text, "Please send it: by the end of Wednesday 18 November 2026, UK time")
	require.Contains(t, text, "Outcome: stands still; before the wait it was due by the end of Monday 30 November 2026, UK time")
	require.Contains(t, text, "Acceptance: does not wait: by the end of Tuesday 17 November 2026, UK time")
	require.NotContains(t, text, "target", "a goal is nobody's date")
}

func TestHeldMails_NeverSayWhoDecided(t *testing.T) {
	t.Parallel()
	for kind, n := range map[casework.MailKind]docket.Notice{
		casework.MailHeld: heldOf(), casework.MailResumed: resumedOf(), casework.MailChase: heldOf(), casework.MailLapsed: heldOf(),
	} {
		message := heldMail(t, kind, n)
		for _, secret := range []string{"cw-asker", "cw-approver", "cw-ender", "Imogen", "Piotr", "ex-"} {
			require.NotContains(t, message.Subject+message.Text+message.HTML, secret, kind)
		}
	}
}

// That malpractice is suspected a centre reads in no mail, neither while its request waits for it nor after.
func TestCentreMails_SayThatTheResultIsPending(t *testing.T) {
	t.Parallel()
	for when, n := range map[string]docket.Notice{"held": heldOf(), "resumed": resumedOf(), "decided": upgraded()} {
		hold := &n.Case.Holds[0]
		hold.Cause, hold.Reason, hold.EndReason = casework.HoldMalpractice, "Suspected copying: seat 14.", "Suspicion: no case for seat 14."
		n.Case.Clocks[0].PausedBy = []casework.HoldCause{casework.HoldMalpractice}
		for i := range n.Case.Clocks[0].Pauses {
			n.Case.Clocks[0].Pauses[i].Cause, n.Case.Clocks[0].Pauses[i].Why = casework.HoldMalpractice, hold.Reason
		}
		for _, kind := range casework.MailKinds() {
			if !kind.ToCentre() || ofNoCase(kind) {
				continue
			}
			for _, id := range []casework.ClockID{casework.ClockOutcome, casework.ClockConsentInspection} {
				message, err := printer(t).Mail(casework.MailInput{Reference: reference, Kind: kind, Number: 1, Clock: id, At: published}, n)
				if err != nil {
					require.ErrorContains(t, err, "no", "%s has nothing to say when %s", kind, when)
					continue
				}
				require.NotRegexp(t, `(?i)malpractice|suspect|suspicion|seat 14`, message.Subject+message.Text+message.HTML, "%s, %s", kind, when)
			}
		}
	}
	n := heldOf()
	n.Case.Holds[0].Cause = casework.HoldMalpractice
	n.Case.Clocks[0].PausedBy, n.Case.Clocks[0].Pauses[0].Cause = []casework.HoldCause{casework.HoldMalpractice}, casework.HoldMalpractice
	text := flat(heldMail(t, casework.MailHeld, n).Text)
	require.Contains(t, text, "waits while the result is pending.")
	require.NotContains(t, text, "Reason:")
	require.Contains(t, text, "Outcome: stands still; before the wait it was due")
}

func TestResumedMail_GivesTheNewDatesBesideThoseFirstPromised(t *testing.T) {
	t.Parallel()
	text := flat(heldMail(t, casework.MailResumed, resumedOf()).Text)
	require.Contains(t, text, "Your request for a review of marking goes on.")
	require.Contains(t, text, "Outcome: by the end of Sunday 6 December 2026, UK time (first promised: by the end of Monday 30 November 2026, UK time)")
	require.Contains(t, text, "Acceptance: by the end of Tuesday 17 November 2026, UK time, as before")
	require.Contains(t, text, "Thank you for what you sent.")
}

// A hold for a reason of the body's own asks nothing of the centre: it is thanked for nothing, and promised no reason that
// the mail does not hold.
func TestResumedMail_NeitherThanksForNothingNorPromisesAReason(t *testing.T) {
	t.Parallel()
	for _, why := range []string{"", "The scripts were found."} {
		n := resumedOf()
		n.Case.Holds[0].Cause, n.Case.Holds[0].EndReason = casework.HoldOther, why
		text := flat(heldMail(t, casework.MailResumed, n).Text)
		require.Contains(t, text, "It waited: for the reason that we wrote to you when it began")
		require.NotContains(t, text, "Thank you")
		require.NotContains(t, text, "give below")
		require.Equal(t, why != "", strings.Contains(text, "Why it ended: "+why))
	}
}

func TestResumedMail_SaysForWhatElseTheRequestWaits(t *testing.T) {
	t.Parallel()
	n := resumedOf()
	n.Case.Holds = append(n.Case.Holds, docket.Hold{Number: 2, Cause: casework.HoldMalpractice, Reason: "Under investigation.", BeganAt: received})
	n.Case.Clocks[0].PausedBy = append(n.Case.Clocks[0].PausedBy, casework.HoldMalpractice)
	n.Case.Clocks[0].Pauses = append(n.Case.Clocks[0].Pauses, deadline.Pause{Cause: casework.HoldMalpractice, From: received})
	message := heldMail(t, casework.MailResumed, n)
	require.Contains(t, message.Subject, "still waits")
	text := flat(message.Text)
	require.Contains(t, text, "It still waits while the result is pending.")
	require.Contains(t, text, "Outcome: still stands still")
}

func TestHeldMail_EveryCauseHasItsOwnWords(t *testing.T) {
	t.Parallel()
	said := map[string]casework.HoldCause{}
	for _, cause := range casework.HoldCauses() {
		n := heldOf()
		n.Case.Holds[0].Cause = cause
		text := heldMail(t, casework.MailHeld, n).Text
		lead := strings.Split(text, "\n\n")[1]
		require.NotContains(t, said, lead, "%s and %s", cause, said[lead])
		said[lead] = cause
		require.Equal(t, cause == casework.HoldConsent, strings.Contains(text, "We need"), "the duty of %s", cause)
	}
}

func TestDutyMails_NameWhatIsOwedAndUntilWhen(t *testing.T) {
	t.Parallel()
	chase := flat(heldMail(t, casework.MailChase, heldOf()).Text)
	require.Contains(t, chase, "We still wait for the candidate’s written consent, which we asked for by the end of Wednesday 18 November 2026, UK time.")
	lapsed := flat(heldMail(t, casework.MailLapsed, heldOf()).Text)
	require.Contains(t, lapsed, "We asked for the candidate’s written consent by the end of Wednesday 18 November 2026, UK time, and it has not reached us.")
	require.Contains(t, lapsed, "Your request is not closed", "a duty that ran out decides nothing")
}

func TestDutyMail_OfAnHoursClockSaysTheVeryInstant(t *testing.T) {
	t.Parallel()
	n := heldOf()
	n.Case.Clocks[1].ID, n.Case.Clocks[1].Span = casework.ClockEvidence, policy.Span{Amount: 24, Unit: policy.Hours}
	n.Case.Clocks[1].Ends = time.Date(2026, 6, 10, 9, 12, 0, 0, calendar.London())
	message, err := printer(t).Mail(casework.MailInput{Reference: reference, Kind: casework.MailChase, Number: 1, Clock: casework.ClockEvidence, At: received}, n)
	require.NoError(t, err)
	require.Contains(t, flat(message.Text), "the candidates’ work, which we asked for by 09:12 on Wednesday 10 June 2026, UK time")
}

func TestLapsedMail_OfOperationsNamesNobody(t *testing.T) {
	t.Parallel()
	p := printer(t, letters.WithWorkflowPages("http://ui.example"))
	message, err := p.Mail(casework.MailInput{
		Reference: reference, Kind: casework.MailLapsed, Number: 1, Clock: casework.ClockConsentInspection, About: casework.AboutOperations, At: received,
	}, heldOf())
	require.NoError(t, err)
	require.Equal(t, "The centre is late: the consent inspection of "+string(reference), message.Subject)
	require.Contains(t, message.Text, "64101")
	require.NotContains(t, message.Text, "Okonkwo")
	require.Contains(t, message.HTML, "http://ui.example/")
}

func TestHeldMail_OfAHoldThatIsNotThereIsAnError(t *testing.T) {
	t.Parallel()
	n := heldOf()
	n.Case.Holds = nil
	_, err := printer(t).Mail(casework.MailInput{Reference: reference, Kind: casework.MailHeld, Number: 1}, n)
	require.ErrorContains(t, err, "no hold 1")
	_, err = printer(t).Mail(casework.MailInput{Reference: reference, Kind: casework.MailChase, Clock: casework.ClockSample}, n)
	require.ErrorContains(t, err, `no clock "sample"`)
}
