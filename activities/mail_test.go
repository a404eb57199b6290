package activities_test

import (
	"crypto/sha256"
	"encoding/hex"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/store/storetest"
)

func TestSendMails_EachRecipientOnceHoweverOftenItIsRepeated(t *testing.T) {
	t.Parallel()
	r := mailroom(t)
	in := acknowledgement(r.open())
	for range 3 {
		require.Equal(t, casework.MailResult{Sent: 2}, r.sends(in))
	}
	require.Len(t, r.post.asked, 2)
	first, second := r.post.asked[0], r.post.asked[1]
	require.Equal(t, amira, first.To, "the exams officer comes first")
	require.Equal(t, joan, second.To)
	require.NotEqual(t, first.LedgerID, second.LedgerID, "each mail is known by its own row")
	require.Equal(t, first.Message, second.Message)
	require.Contains(t, first.Text, string(in.Reference))
	require.Empty(t, first.Attachments)

	row := r.rows(in)[amira.Address]
	require.Equal(t, docket.MailSent, row.State)
	require.Equal(t, "ses-1", row.MessageID)
	require.Equal(t, decidedAt, row.SentAt)
	require.Equal(t, 2, count(r.trail(in.Reference), "mail-sent"))
	require.Empty(t, r.doubtful())
}

// An allocation's second round is another mail of the same kind (casework.MailInput.Number).
func TestSendMails_AnotherNumberIsAnotherMail(t *testing.T) {
	t.Parallel()
	r := mailroom(t)
	ref := r.open()
	for number := 1; number <= 2; number++ {
		in := casework.MailInput{Reference: ref, Kind: casework.MailNobody, Number: number, At: decidedAt}
		require.Equal(t, 1, r.sends(in).Sent)
	}
	require.Equal(t, 2, r.post.tookFor(operations.Address))
}

func TestSendMails_GoesToWhomItConcerns(t *testing.T) {
	t.Parallel()
	r := mailroom(t)
	ref := r.settled(map[string]int{"Q1": 11})
	r.store(ref)
	assignee, err := r.Recipients(t.Context(), casework.MailInput{Reference: ref, Kind: casework.MailTask})
	require.NoError(t, err)
	centre := []docket.Recipient{amira, joan}
	for kind, to := range map[casework.MailKind][]docket.Recipient{
		casework.MailAcknowledgement: centre, casework.MailComponentOutcome: centre, casework.MailOutcome: centre,
		casework.MailTask:   assignee,
		casework.MailNobody: {operations}, casework.MailWarning: {operations}, casework.MailBreach: {operations},
	} {
		r.post.asked = nil
		in := casework.MailInput{Reference: ref, Kind: kind, Number: 1, At: decidedAt}
		if kind == casework.MailWarning || kind == casework.MailBreach {
			in.Clock = casework.ClockOutcome
		}
		require.Equal(t, len(to), r.sends(in).Sent, kind)
		var got []docket.Recipient
		for _, envelope := range r.post.asked {
			got = append(got, envelope.To)
		}
		require.Equal(t, to, got, kind)
	}
}

// store prints and stores the outcome letter, as a case does before it mails it.
func (r room) store(ref casework.Reference) {
	r.t.Helper()
	_, err := r.letters(decidedAt).StoreOutcomeLetter(r.t.Context(), casework.CaseInput{Reference: ref, At: decidedAt})
	require.NoError(r.t, err)
}

// The letter that comes with the mail is the letter that the centre finds in its documents, whatever happened
// in between: it is read from the file store, never printed a second time.
func TestSendMails_OutcomeCarriesTheStoredLetter(t *testing.T) {
	t.Parallel()
	r := mailroom(t)
	ref := r.settled(map[string]int{"Q1": 11})
	r.store(ref)
	_, err := r.release(ref, decidedAt.Add(time.Second))
	require.NoError(t, err)

	r.sends(casework.MailInput{Reference: ref, Kind: casework.MailOutcome, Number: 1, At: decidedAt})
	for _, envelope := range r.post.taken {
		require.Len(t, envelope.Attachments, 1)
		letter := envelope.Attachments[0]
		require.Equal(t, "outcome-"+string(ref)+".pdf", letter.Name)
		require.Equal(t, activities.PDF, letter.MediaType)
		sum := sha256.Sum256(letter.Body)
		require.Equal(t, r.document(ref, docket.OutcomeLetterPDF).File.SHA256, hex.EncodeToString(sum[:]))
	}
}

func TestSendMails_ThrottledMailIsGivenBackAndSentLater(t *testing.T) {
	t.Parallel()
	r := mailroom(t)
	in := acknowledgement(r.open())
	r.post.replies[amira.Address] = []reply{throttles, throttles}
	for range 2 {
		_, err := r.SendMails(t.Context(), []casework.MailInput{in})
		require.ErrorContains(t, err, "Throttling")
		var special *temporal.ApplicationError
		require.False(t, errorsAs(err, &special), "an outage backs off as every outage does")
		require.Equal(t, docket.MailNew, r.rows(in)[amira.Address].State)
	}
	require.Equal(t, 1, r.post.tookFor(joan.Address), "one recipient's trouble does not hold back the other's mail")
	require.Empty(t, r.doubtful(), "SES certainly did not take it: nobody need look")

	require.Equal(t, casework.MailResult{Sent: 2}, r.sends(in))
	require.Equal(t, 1, r.post.tookFor(amira.Address))
	require.Equal(t, 1, r.post.tookFor(joan.Address))
	require.False(t, r.rows(in)[amira.Address].Resent, "a mail that was never taken is not a repeat")
}

func TestSendMails_RefusedMailIsFinalAndListed(t *testing.T) {
	t.Parallel()
	r := mailroom(t)
	in := acknowledgement(r.open())
	r.post.replies[amira.Address] = []reply{refuses}
	for range 2 {
		require.Equal(t, casework.MailResult{Sent: 1, Refused: 1}, r.sends(in), "the case goes on")
	}
	require.Len(t, r.post.asked, 2, "a refused mail is not handed in again")
	require.Equal(t, docket.MailRefused, r.rows(in)[amira.Address].State)
	require.Equal(t, []string{amira.Address}, r.doubtful())
	require.Equal(t, 1, count(r.trail(in.Reference), "mail-refused"))
}

func TestSendMails_OfAttemptsAtTheSameMomentOneSends(t *testing.T) {
	t.Parallel()
	r := mailroom(t)
	in := acknowledgement(r.open())
	var attempts sync.WaitGroup
	for range 8 {
		attempts.Go(func() {
			// Whether an attempt sees its work done or waits for another's is a matter of luck; the count is not.
			_, _ = r.SendMails(t.Context(), []casework.MailInput{in})
		})
	}
	attempts.Wait()
	require.Equal(t, casework.MailResult{Sent: 2}, r.sends(in))
	require.Len(t, r.post.asked, 2)
	require.Equal(t, 2, count(r.trail(in.Reference), "mail-sent"))
}

func TestSendMails_UnknownCaseIsFinal(t *testing.T) {
	t.Parallel()
	r := mailroom(t)
	_, err := r.SendMails(t.Context(), []casework.MailInput{acknowledgement("R-7K4F-M2QX-9TBD-H")})
	final(t, err, casework.NotFound, "unknown-case")
	require.Empty(t, r.post.asked)
}

// A mail that cannot be worded is a mistake in the program: it is tried again until repaired code runs.
func TestSendMails_MailThatCannotBeWordedIsNotLost(t *testing.T) {
	t.Parallel()
	r := mailroom(t)
	ref := r.open(of("4002", storetest.Maths1))
	_, err := r.SendMails(t.Context(), []casework.MailInput{{Reference: ref, Kind: casework.MailOutcome, Number: 1, At: decidedAt}})
	require.ErrorContains(t, err, "write the outcome mail of case "+string(ref))
	var application *temporal.ApplicationError
	require.False(t, errorsAs(err, &application))
	require.Empty(t, r.post.asked)
}

func TestSendMails_OutcomeWaitsForItsLetter(t *testing.T) {
	t.Parallel()
	r := mailroom(t)
	ref := r.settled(nil)
	in := casework.MailInput{Reference: ref, Kind: casework.MailOutcome, Number: 1, At: decidedAt}
	_, err := r.SendMails(t.Context(), []casework.MailInput{in})
	require.ErrorContains(t, err, "the outcome letter is not stored yet")
	again(t, err)
	r.store(ref)
	r.shelf.away = 1
	_, err = r.SendMails(t.Context(), []casework.MailInput{in})
	require.ErrorIs(t, err, errShelfAway)
	require.Empty(t, r.rows(in), "nothing is claimed before everything is at hand")
	require.Equal(t, casework.MailResult{Sent: 2}, r.sends(in))
}
