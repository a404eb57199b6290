package activities_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/store/storetest"
)

// lot is what is due when a task was allocated at once: the acknowledgement and the performer's mail.
func lot(ref casework.Reference) []casework.MailInput {
	return []casework.MailInput{acknowledgement(ref), {Reference: ref, Kind: casework.MailTask, Number: 1, At: decidedAt}}
}

func TestSendMails_SendsEveryMailOfTheLotOnce(t *testing.T) {
	t.Parallel()
	r := mailroom(t)
	ref := r.open()
	r.allocate(ref)
	for range 2 {
		result, err := r.SendMails(t.Context(), lot(ref))
		require.NoError(t, err)
		require.Equal(t, casework.MailResult{Sent: 3}, result)
	}
	require.Len(t, r.post.asked, 3)
	require.Equal(t, amira, r.post.asked[0].To)
	require.Equal(t, joan, r.post.asked[1].To)
	require.NotContains(t, r.post.asked[2].Text, storetest.Centre, "a performer is not told the centre")
	require.Equal(t, 3, count(r.trail(ref), "mail-sent"))

	none, err := r.SendMails(t.Context(), nil)
	require.NoError(t, err)
	require.Zero(t, none)
}

// Whatever is wrong with one mail of a lot, the other is sent in the same attempt; the retry meets only the rest.
func TestSendMails_OneMailsTroubleDoesNotHoldBackAnother(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		reply reply
		// first and then are what the first attempt sends and what is sent in the end.
		first, then casework.MailResult
	}{
		"throttled":   {throttles, casework.MailResult{Sent: 2}, casework.MailResult{Sent: 3}},
		"answer lost": {takesSilently, casework.MailResult{Sent: 2}, casework.MailResult{Sent: 3}},
		"refused":     {refuses, casework.MailResult{Sent: 2, Refused: 1}, casework.MailResult{Sent: 2, Refused: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := mailroom(t)
			ref := r.open()
			r.allocate(ref)
			r.post.replies[amira.Address] = []reply{row.reply}
			first, err := r.SendMails(t.Context(), lot(ref))
			require.Equal(t, row.first, first)
			if row.first != row.then {
				again(t, err)
			}
			asked := len(r.post.asked)
			require.Equal(t, 3, asked, "every mail of the lot was tried")
			r.post.deliver()
			then, err := r.SendMails(t.Context(), lot(ref))
			require.NoError(t, err)
			require.Equal(t, row.then, then)
			require.LessOrEqual(t, len(r.post.asked)-asked, 1, "the repeat is about one mail alone")
		})
	}
}

// A mail that can never be sent is the final word, but only once the other is away.
func TestSendMails_AFaultWaitsForTheOtherMail(t *testing.T) {
	t.Parallel()
	r := mailroom(t)
	ref := r.open()
	mails := []casework.MailInput{acknowledgement("R-7K4F-M2QX-9TBD-H"), acknowledgement(ref)}
	r.post.replies[amira.Address] = []reply{throttles}
	_, err := r.SendMails(t.Context(), mails)
	again(t, err)
	_, err = r.SendMails(t.Context(), mails)
	final(t, err, casework.NotFound, "unknown-case")
	require.Equal(t, 1, r.post.tookFor(amira.Address))
	require.Equal(t, 1, r.post.tookFor(joan.Address))
}

// forget takes every contact of the centre out of the register.
func (r room) forget() {
	r.t.Helper()
	_, err := r.Pool().Exec(r.t.Context(), "DELETE FROM contacts")
	require.NoError(r.t, err)
}

func TestSendMails_OperationsAreToldOfAMailWithoutRecipient(t *testing.T) {
	t.Parallel()
	r := mailroom(t)
	ref := r.settled(nil)
	r.store(ref)
	r.forget()
	for _, kind := range []casework.MailKind{casework.MailAcknowledgement, casework.MailOutcome} {
		for range 2 {
			require.Equal(t, casework.MailResult{Sent: 1, Unaddressed: 1}, r.sends(casework.MailInput{Reference: ref, Kind: kind, Number: 1, At: decidedAt}))
		}
	}
	require.Len(t, r.post.taken, 2, "one mail for each that had no recipient")
	for i, kind := range []string{"acknowledgement", "outcome"} {
		require.Equal(t, operations, r.post.taken[i].To)
		require.Contains(t, r.post.taken[i].Subject, string(ref))
		require.Contains(t, r.post.taken[i].Subject, kind)
		require.Empty(t, r.post.taken[i].Attachments, "operations need no result")
	}
	row := r.rows(casework.MailInput{Reference: ref, Kind: casework.MailNoRecipient, About: string(casework.MailOutcome), Number: 1})[operations.Address]
	require.Equal(t, docket.MailSent, row.State)
	require.Equal(t, string(casework.MailOutcome), row.About)
	entries, err := r.Timeline(t.Context(), ref, true)
	require.NoError(t, err)
	for _, entry := range entries {
		require.NotEqual(t, "mail-sent", entry.What, "the centre is not shown what operations were told")
	}
}

func TestDeliverInvoice_OperationsGetTheInvoiceOfACentreWithoutExamsOfficer(t *testing.T) {
	t.Parallel()
	r := mailroom(t)
	in := r.bill()
	r.forget()
	for range 2 {
		result, err := r.invoicing().DeliverInvoice(t.Context(), in)
		require.NoError(t, err)
		require.Equal(t, casework.MailResult{Sent: 1, Unaddressed: 1}, result)
	}
	require.Len(t, r.post.taken, 1)
	require.Equal(t, operations, r.post.taken[0].To)
	require.Contains(t, r.post.taken[0].Subject, firstInvoice)
	require.Len(t, r.post.taken[0].Attachments, 1)
}

// An invoice that was printed is never printed again: what is stored is what is mailed, even if a letter made today
// would look otherwise.
func TestDeliverInvoice_MailsWhatIsStored(t *testing.T) {
	t.Parallel()
	r := mailroom(t)
	in := r.bill()
	earlier := []byte("%PDF-1.7 the invoice as an earlier release printed it")
	file, err := r.shelf.Put(t.Context(), "invoices/earlier.pdf", "application/pdf", earlier)
	require.NoError(t, err)
	require.NoError(t, r.AttachInvoiceDocument(t.Context(), firstInvoice, file))
	puts := len(r.shelf.puts)
	_, err = r.invoicing().DeliverInvoice(t.Context(), in)
	require.NoError(t, err)
	require.Equal(t, earlier, r.post.taken[0].Attachments[0].Body)
	require.Len(t, r.shelf.puts, puts, "nothing new is stored")
}
