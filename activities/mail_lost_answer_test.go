package activities_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// architecture §6: where SES's answer is lost, a delivery event within the wait makes the mail sent.
func TestSendMails_LostAnswerIsFoundByTheDeliveryEvent(t *testing.T) {
	t.Parallel()
	r := mailroom(t)
	in := acknowledgement(r.open())
	r.post.replies[amira.Address] = []reply{takesSilently}
	r.waits(in)
	require.Equal(t, docket.MailUncertain, r.rows(in)[amira.Address].State)
	require.Equal(t, docket.MailSent, r.rows(in)[joan.Address].State, "the other recipient has the mail already")
	require.Equal(t, []string{amira.Address}, r.doubtful())
	r.pass(eventWait - time.Microsecond)
	r.waits(in)

	r.post.deliver()
	require.Equal(t, casework.MailResult{Sent: 2}, r.sends(in))
	row := r.rows(in)[amira.Address]
	require.Equal(t, docket.MailSent, row.State)
	require.Equal(t, "event-of-a-delivery", row.MessageID)
	require.False(t, row.Resent)
	require.Equal(t, 1, r.post.tookFor(amira.Address))
	require.Empty(t, r.doubtful())
}

// architecture §6: otherwise one resend, marked and listed.
func TestSendMails_WithoutAnEventTheMailIsRepeatedOnceAndMarked(t *testing.T) {
	t.Parallel()
	r := mailroom(t)
	in := acknowledgement(r.open())
	r.post.replies[amira.Address] = []reply{losesIt}
	r.waits(in)
	r.pass(eventWait)
	require.Equal(t, casework.MailResult{Sent: 2}, r.sends(in))
	require.Equal(t, 1, r.post.tookFor(amira.Address))
	row := r.rows(in)[amira.Address]
	require.Equal(t, docket.MailSent, row.State)
	require.True(t, row.Resent)
	require.Equal(t, []string{amira.Address}, r.doubtful(), "a person is shown that it may have come twice")
}

func TestSendMails_SecondLostAnswerEndsTheRepeats(t *testing.T) {
	t.Parallel()
	r := mailroom(t)
	in := acknowledgement(r.open())
	r.post.replies[amira.Address] = []reply{losesIt, losesIt, losesIt}
	r.waits(in)
	r.pass(eventWait)
	r.waits(in)
	r.pass(eventWait - time.Microsecond)
	r.waits(in)
	r.pass(time.Microsecond)
	for range 3 {
		require.Equal(t, casework.MailResult{Sent: 1, Uncertain: 1}, r.sends(in), "the case goes on without knowing")
		r.pass(24 * time.Hour)
	}
	require.Len(t, r.post.asked, 3, "two for the one whose answers were lost")
	require.Equal(t, docket.MailUncertain, r.rows(in)[amira.Address].State)
	require.Equal(t, []string{amira.Address}, r.doubtful())
}

// The repeat itself may be throttled: then it was not made, and it is still the only one.
func TestSendMails_ThrottledRepeatStaysTheOnlyRepeat(t *testing.T) {
	t.Parallel()
	r := mailroom(t)
	in := acknowledgement(r.open())
	r.post.replies[amira.Address] = []reply{losesIt, throttles, losesIt, losesIt}
	r.waits(in)
	r.pass(eventWait)
	_, err := r.SendMails(t.Context(), []casework.MailInput{in})
	require.ErrorContains(t, err, "Throttling")
	r.waits(in)
	r.pass(eventWait)
	require.Equal(t, casework.MailResult{Sent: 1, Uncertain: 1}, r.sends(in))
	require.Len(t, r.post.asked, 4, "three for the one: lost, throttled, lost")
	require.True(t, r.rows(in)[amira.Address].Resent)
}

// A worker that is killed after SES took the mail leaves the row in sending; the next attempt asks for the event
// before it does anything.
func TestSendMails_CrashAfterTheHandOverIsResolved(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		reply reply
		event bool
		took  int
	}{
		"SES had taken it and says so":       {accepts, true, 1},
		"SES had taken it and never says so": {accepts, false, 2},
		"SES had not taken it":               {losesIt, false, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := mailroom(t)
			in := acknowledgement(r.open())
			r.post.replies[amira.Address] = []reply{row.reply}
			crashing, crash := context.WithCancel(t.Context())
			r.post.after = crash
			_, err := r.SendMails(crashing, []casework.MailInput{in})
			require.ErrorIs(t, err, context.Canceled)
			require.Equal(t, docket.MailSending, r.rows(in)[amira.Address].State, "nobody lived to record the answer")
			require.Contains(t, r.doubtful(), amira.Address)

			r.post.after = nil
			if row.event {
				r.post.deliver()
				require.Equal(t, casework.MailResult{Sent: 2}, r.sends(in))
			} else {
				r.waits(in)
				require.Equal(t, docket.MailUncertain, r.rows(in)[amira.Address].State)
				r.pass(eventWait)
				require.Equal(t, casework.MailResult{Sent: 2}, r.sends(in))
			}
			require.Equal(t, row.took, r.post.tookFor(amira.Address))
			require.Equal(t, row.took == 2 || !row.event, r.rows(in)[amira.Address].Resent)
			require.Equal(t, 1, r.post.tookFor(joan.Address))
		})
	}
}

// While nobody can say whether the mail was delivered, it is not repeated, however long that lasts.
func TestSendMails_NoRepeatWhileEventsCannotBeAsked(t *testing.T) {
	t.Parallel()
	r := mailroom(t)
	in := acknowledgement(r.open())
	r.post.replies[amira.Address] = []reply{takesSilently}
	r.waits(in)
	r.post.eventsAway = errors.New("the source of events is away")
	r.pass(2 * eventWait)
	_, err := r.SendMails(t.Context(), []casework.MailInput{in})
	require.ErrorIs(t, err, r.post.eventsAway)
	require.Equal(t, 1, r.post.tookFor(amira.Address))

	r.post.eventsAway = nil
	r.post.deliver()
	require.Equal(t, casework.MailResult{Sent: 2}, r.sends(in))
	require.Equal(t, 1, r.post.tookFor(amira.Address))
}

// Two cases' mails wait each for their own event.
func TestSendMails_EventOfAnotherMailSaysNothing(t *testing.T) {
	t.Parallel()
	r := mailroom(t)
	in := acknowledgement(r.open())
	r.post.replies[amira.Address] = []reply{takesSilently}
	r.post.events[r.rows(in)[joan.Address].ID+1000] = "another"
	r.waits(in)
	r.waits(in)
	require.Equal(t, docket.MailUncertain, r.rows(in)[amira.Address].State)
}

// Whatever SES does and however time passes: no duplicate whenever SES answers, at most one repeat otherwise, and
// every mail that may have come twice, or not at all, is marked (architecture §6).
func TestSendMails_KeepsItsPromiseWhateverSESDoes(t *testing.T) {
	t.Parallel()
	r := mailroom(t)
	ref := r.open()
	number := 0
	rapid.Check(t, func(rt *rapid.T) {
		number++
		in := casework.MailInput{Reference: ref, Kind: casework.MailNobody, Number: number, At: decidedAt}
		r.post.asked, r.post.taken = nil, nil
		r.post.replies[operations.Address] = rapid.SliceOfN(rapid.SampledFrom([]reply{accepts, throttles, refuses, takesSilently, losesIt}), 0, 5).Draw(rt, "replies")
		var result casework.MailResult
		err := errors.New("not tried yet")
		for attempt := 0; err != nil; attempt++ {
			require.Less(rt, attempt, 40, "the attempts come to an end")
			result, err = r.SendMails(t.Context(), []casework.MailInput{in})
			r.pass(rapid.SampledFrom([]time.Duration{time.Second, eventWait / 2, eventWait}).Draw(rt, "pass"))
			if rapid.Bool().Draw(rt, "events come") {
				r.post.deliver()
			}
		}
		row := r.rows(in)[operations.Address]
		taken := len(r.post.taken)
		require.LessOrEqual(rt, taken, 2)
		require.True(rt, taken < 2 || row.Resent, "a duplicate is marked")
		switch row.State {
		case docket.MailSent:
			require.GreaterOrEqual(rt, taken, 1)
			require.Equal(rt, casework.MailResult{Sent: 1}, result)
		case docket.MailUncertain:
			require.True(rt, row.Resent)
			require.Equal(rt, casework.MailResult{Uncertain: 1}, result)
		case docket.MailRefused:
			require.Equal(rt, casework.MailResult{Refused: 1}, result)
		default:
			require.Fail(rt, "the mail is left in the middle", string(row.State))
		}
		require.Equal(rt, row.Resent || row.State != docket.MailSent, r.listed(row.ID), "listed if and only if doubtful")
	})
}

func (r room) listed(id int64) bool {
	r.t.Helper()
	mails, err := r.DoubtfulMails(r.t.Context())
	require.NoError(r.t, err)
	for _, mail := range mails {
		if mail.ID == id {
			return true
		}
	}
	return false
}
