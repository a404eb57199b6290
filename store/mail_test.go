package store_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

var (
	amira = docket.Recipient{Name: "Amira Holt", Address: "amira.holt@ashdown.example"}
	joan  = docket.Recipient{Name: "Joan Pike", Address: "joan.pike@ashdown.example"}
)

// mails prepares the acknowledgement of a case for the recipients.
func (o office) mails(ref casework.Reference, to ...docket.Recipient) []docket.Mail {
	o.t.Helper()
	rows, err := o.PrepareMails(o.t.Context(), casework.MailInput{Reference: ref, Kind: casework.MailAcknowledgement, Number: 1, At: later}, to, time.Time{})
	require.NoError(o.t, err)
	return rows
}

func (o office) claim(id int64, at time.Time, resend bool) bool {
	o.t.Helper()
	claimed, err := o.ClaimMail(o.t.Context(), id, at, resend)
	require.NoError(o.t, err)
	return claimed
}

func TestPrepareMails_OneRowPerRecipientHoweverOften(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	first := o.mails(ref, amira, joan, amira)
	require.Len(t, first, 2)
	require.Equal(t, docket.Mail{
		ID: first[0].ID, Reference: ref, Kind: casework.MailAcknowledgement, Number: 1, Recipient: amira, State: docket.MailNew,
	}, first[0])
	require.Equal(t, first, o.mails(ref, amira, joan))
	require.Equal(t, first, o.mails(ref), "rows of an earlier attempt stay, whoever is a recipient now")

	second, err := o.PrepareMails(t.Context(), casework.MailInput{Reference: ref, Kind: casework.MailAcknowledgement, Number: 2, At: later}, []docket.Recipient{amira}, time.Time{})
	require.NoError(t, err)
	require.Len(t, second, 1, "another number is another mail")
	warning, err := o.PrepareMails(t.Context(), casework.MailInput{Reference: ref, Kind: casework.MailWarning, Number: 1, Clock: casework.ClockOutcome, At: later}, []docket.Recipient{amira}, time.Time{})
	require.NoError(t, err)
	require.Equal(t, casework.ClockOutcome, warning[0].Clock)
}

// Most mails have one recipient, so the first is claimed where it is prepared; of several who do that at the same moment
// one has it, and what was claimed before stays whose it is.
func TestPrepareMails_ClaimsTheFirstThatIsNewForOne(t *testing.T) {
	t.Parallel()
	o := setup(t)
	in := casework.MailInput{Reference: o.open(), Kind: casework.MailAcknowledgement, Number: 1, At: later}
	var claims sync.Map
	var wait sync.WaitGroup
	for i := range 12 {
		wait.Go(func() {
			mails, err := o.PrepareMails(t.Context(), in, []docket.Recipient{amira, joan}, later)
			if err != nil || len(mails) != 2 {
				t.Errorf("prepare: %v %v", err, mails)
				return
			}
			for _, mail := range mails {
				if mail.Claimed {
					claims.Store(i, mail.Recipient)
				}
			}
		})
	}
	wait.Wait()
	var got []docket.Recipient
	claims.Range(func(_, recipient any) bool {
		got = append(got, recipient.(docket.Recipient))
		return true
	})
	// The second attempt finds the first mail taken and takes the second.
	require.ElementsMatch(t, []docket.Recipient{amira, joan}, got)
	for _, mail := range o.mails(in.Reference) {
		require.Equal(t, docket.MailSending, mail.State)
		require.Equal(t, later, mail.SendingSince)
		require.False(t, mail.Claimed, "only the attempt that took it is told so")
	}
}

// What operations are told in the place of a mail is told once for each mail that had no recipient.
func TestPrepareMails_TellsApartWhatHadNoRecipient(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	seen := map[int64]bool{}
	for _, about := range []casework.MailKind{casework.MailAcknowledgement, casework.MailOutcome, casework.MailAcknowledgement} {
		in := casework.MailInput{Reference: ref, Kind: casework.MailNoRecipient, About: string(about), Number: 1, At: later}
		mails, err := o.PrepareMails(t.Context(), in, []docket.Recipient{amira}, time.Time{})
		require.NoError(t, err)
		require.Len(t, mails, 1)
		require.Equal(t, string(about), mails[0].About)
		seen[mails[0].ID] = true
	}
	require.Len(t, seen, 2)
}

func TestRecipients_ExamsOfficerBeforeRequester(t *testing.T) {
	t.Parallel()
	o := setup(t)
	in := opening(ask(), later)
	in.Enquiry.Actor.Subject = "adm-64101"
	_, err := o.OpenCase(t.Context(), in, o.book.Assess)
	require.NoError(t, err)
	allocated := o.allocate(in.Enquiry.Reference)

	for kind, want := range map[casework.MailKind][]docket.Recipient{
		casework.MailAcknowledgement: {amira, joan}, casework.MailOutcome: {amira, joan}, casework.MailComponentOutcome: {amira, joan},
		casework.MailTask: {{Name: "Viktor Lind", Address: allocated.Assignee + "@cambria.example"}},
		// Operations' address is configuration.
		casework.MailNobody: nil, casework.MailWarning: nil, casework.MailBreach: nil,
	} {
		to, err := o.Recipients(t.Context(), casework.MailInput{Reference: in.Enquiry.Reference, Kind: kind})
		require.NoError(t, err)
		require.Equal(t, want, to, kind)
	}
	notice, err := o.Notice(t.Context(), in.Enquiry.Reference)
	require.NoError(t, err)
	require.Equal(t, []docket.Recipient{amira, joan}, notice.To)
}

func TestRecipients_OfficerWhoAsksGetsOneMail(t *testing.T) {
	t.Parallel()
	o := setup(t)
	to, err := o.Recipients(t.Context(), casework.MailInput{Reference: o.open(), Kind: casework.MailAcknowledgement})
	require.NoError(t, err)
	require.Equal(t, []docket.Recipient{amira}, to)
}

func TestClaimMail_OfManyExactlyOneSends(t *testing.T) {
	t.Parallel()
	o := setup(t)
	id := o.mails(o.open(), amira)[0].ID
	var claims atomic.Int32
	var wait sync.WaitGroup
	for range 20 {
		wait.Go(func() {
			claimed, err := o.ClaimMail(t.Context(), id, later, false)
			if err != nil {
				t.Errorf("claim: %v", err)
			}
			if claimed {
				claims.Add(1)
			}
		})
	}
	wait.Wait()
	require.Equal(t, int32(1), claims.Load())
}

func TestMail_SentOnceIsInTheTrailOnce(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	id := o.mails(ref, amira)[0].ID
	require.True(t, o.claim(id, later, false))
	require.Equal(t, later, o.mails(ref)[0].SendingSince)
	for range 2 {
		require.NoError(t, o.MarkMailSent(t.Context(), id, "ses-1", later.Add(time.Second)))
	}
	mail := o.mails(ref)[0]
	require.Equal(t, docket.MailSent, mail.State)
	require.Equal(t, "ses-1", mail.MessageID)
	require.Equal(t, later.Add(time.Second), mail.SentAt)
	require.False(t, o.claim(id, later, false), "a sent mail is never sent again")
	require.False(t, o.claim(id, later, true))
	require.NoError(t, o.MarkMailUncertain(t.Context(), id, later), "what is known stays known")
	require.Equal(t, docket.MailSent, o.mails(ref)[0].State)

	require.Equal(t, []string{"opened", "mail-sent"}, o.trail(ref))
	entries, err := o.Timeline(t.Context(), ref, true)
	require.NoError(t, err)
	require.Contains(t, entries[1].Facts, docket.Fact{Name: "to", Value: amira.Address})
}

func TestMail_LostAnswerIsRepeatedOnceAtMost(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	id := o.mails(ref, amira)[0].ID
	require.True(t, o.claim(id, later, false))
	require.NoError(t, o.MarkMailUncertain(t.Context(), id, later))
	require.False(t, o.claim(id, later, false), "an uncertain mail is not new")

	again := later.Add(15 * time.Minute)
	require.True(t, o.claim(id, again, true))
	mail := o.mails(ref)[0]
	require.True(t, mail.Resent)
	require.Equal(t, again, mail.SendingSince)
	require.NoError(t, o.MarkMailUncertain(t.Context(), id, again))
	require.False(t, o.claim(id, again.Add(time.Hour), true), "one repeat, never two")

	doubtful, err := o.DoubtfulMails(t.Context())
	require.NoError(t, err)
	require.Len(t, doubtful, 1)
	require.Equal(t, docket.MailUncertain, doubtful[0].State)
	// A delivery event that comes late still settles it.
	require.NoError(t, o.MarkMailSent(t.Context(), id, "ses-2", again.Add(time.Hour)))
	require.Equal(t, docket.MailSent, o.mails(ref)[0].State)
	require.Equal(t, []string{"opened", "mail-uncertain", "mail-uncertain", "mail-sent"}, o.trail(ref))
	doubtful, err = o.DoubtfulMails(t.Context())
	require.NoError(t, err)
	require.Len(t, doubtful, 1, "a repeated mail stays listed: its reader may have two")
}

func TestMail_LeftInSendingByACrashCanBeRepeated(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	id := o.mails(ref, amira)[0].ID
	require.True(t, o.claim(id, later, false))
	doubtful, err := o.DoubtfulMails(t.Context())
	require.NoError(t, err)
	require.Equal(t, docket.MailSending, doubtful[0].State)
	require.True(t, o.claim(id, later.Add(time.Hour), true))
}

func TestReleaseMail_GivesAMailBackThatSESDidNotTake(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	id := o.mails(ref, amira)[0].ID
	require.True(t, o.claim(id, later, false))
	require.NoError(t, o.ReleaseMail(t.Context(), id))
	require.Equal(t, docket.MailNew, o.mails(ref)[0].State)
	require.True(t, o.mails(ref)[0].SendingSince.IsZero())
	require.True(t, o.claim(id, later, false))

	require.NoError(t, o.MarkMailUncertain(t.Context(), id, later))
	require.True(t, o.claim(id, later, true))
	require.NoError(t, o.ReleaseMail(t.Context(), id), "the repeat was not taken")
	require.True(t, o.claim(id, later, false), "so it may still be made")
	require.False(t, o.claim(id, later, true), "and stays the only one")
}

func TestMail_RefusedIsFinalAndListed(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	id := o.mails(ref, amira)[0].ID
	require.True(t, o.claim(id, later, false))
	require.NoError(t, o.MarkMailRefused(t.Context(), id, "address is on the suppression list", later))
	require.Equal(t, docket.MailRefused, o.mails(ref)[0].State)
	require.False(t, o.claim(id, later, true))
	require.Equal(t, []string{"opened", "mail-refused"}, o.trail(ref))
	doubtful, err := o.DoubtfulMails(t.Context())
	require.NoError(t, err)
	require.Len(t, doubtful, 1)
}

func TestMail_CentreSeesOnlyItsOwn(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	o.allocate(ref)
	for _, kind := range casework.MailKinds() {
		if kind == casework.MailInvoice || kind == casework.MailDigest || kind == casework.MailWebhookDead {
			continue // They are about no case.
		}
		rows, err := o.PrepareMails(t.Context(), casework.MailInput{Reference: ref, Kind: kind, Number: 1, At: later}, []docket.Recipient{{Name: "N", Address: string(kind) + "@x.example"}}, time.Time{})
		require.NoError(t, err)
		require.True(t, o.claim(rows[0].ID, later, false))
		require.NoError(t, o.MarkMailSent(t.Context(), rows[0].ID, "m", later))
	}
	entries, err := o.Timeline(t.Context(), ref, true)
	require.NoError(t, err)
	var kinds []string
	for _, entry := range entries {
		if entry.What == "mail-sent" {
			kinds = append(kinds, entry.Facts[0].Value)
		}
	}
	require.Equal(t, []string{"acknowledgement", "component-outcome", "outcome", "duty-chase", "duty-lapsed", "case-held", "case-resumed"}, kinds)
}

func TestMail_UnknownRowIsNotFound(t *testing.T) {
	t.Parallel()
	o := setup(t)
	fault(t, o.MarkMailSent(t.Context(), 404, "m", later), casework.NotFound, "unknown-mail")
	require.False(t, o.claim(404, later, false))
}

func TestRecipients_OfNoCaseAreNobody(t *testing.T) {
	t.Parallel()
	o := setup(t)
	for _, kind := range casework.MailKinds() {
		to, err := o.Recipients(t.Context(), casework.MailInput{Reference: reference("none"), Kind: kind, About: "7"})
		require.NoError(t, err)
		require.Empty(t, to, kind)
	}
}
