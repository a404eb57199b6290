package activities_test

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/store/storetest"
)

var (
	september = calendar.Date{Year: 2026, Month: time.September, Day: 1}
	// runAt is when the invoices of September are issued (domain §8.2: the first working day of October at 06:00).
	runAt = time.Date(2026, time.October, 1, 5, 0, 0, 0, time.UTC)
)

const firstInvoice = "CAMBRIA-000001"

func (r room) invoicing() *activities.Invoicing {
	return &activities.Invoicing{Accounts: r.Store, Printer: r.printer, Files: r.shelf, Mailroom: r.Mailroom}
}

func (r room) issue(month calendar.Date) []string {
	r.t.Helper()
	result, err := r.invoicing().IssueInvoices(r.t.Context(), casework.InvoiceIssue{Body: storetest.Body, Month: month, At: runAt})
	require.NoError(r.t, err)
	return result.Numbers
}

func (r room) bill() casework.InvoiceDelivery {
	r.t.Helper()
	r.settled(nil, of("4002", storetest.Maths1))
	require.Equal(r.t, []string{firstInvoice}, r.issue(september))
	return casework.InvoiceDelivery{Number: firstInvoice, At: runAt}
}

func TestIssueInvoices_RepeatReturnsTheSameNumbers(t *testing.T) {
	t.Parallel()
	r := mailroom(t)
	require.Empty(t, r.issue(calendar.Date{Year: 2026, Month: time.August, Day: 1}), "nothing was due in August: no zero invoices")
	r.bill()
	require.Equal(t, []string{firstInvoice}, r.issue(september))
	require.NoError(t, r.VerifyLedger(t.Context()))

	_, err := r.invoicing().IssueInvoices(t.Context(), casework.InvoiceIssue{Body: "nobody", Month: september, At: runAt})
	final(t, err, casework.NotFound, "unknown-body")
}

func TestDeliverInvoice_RepeatStoresOnceAndMailsOnce(t *testing.T) {
	t.Parallel()
	r := mailroom(t)
	in := r.bill()
	for range 2 {
		result, err := r.invoicing().DeliverInvoice(t.Context(), in)
		require.NoError(t, err)
		require.Equal(t, casework.MailResult{Sent: 1}, result)
	}
	require.Len(t, r.post.asked, 1)
	envelope := r.post.asked[0]
	require.Equal(t, amira, envelope.To, "an invoice goes to the exams officer")
	require.Contains(t, envelope.Subject, firstInvoice)
	require.Len(t, envelope.Attachments, 1)
	require.Equal(t, "invoice-"+firstInvoice+".pdf", envelope.Attachments[0].Name)

	invoice, err := r.Invoice(t.Context(), firstInvoice)
	require.NoError(t, err)
	sum := sha256.Sum256(envelope.Attachments[0].Body)
	require.Equal(t, hex.EncodeToString(sum[:]), invoice.Document.SHA256, "what is mailed is what is stored")
	require.Equal(t, "invoices/"+firstInvoice+"-"+invoice.Document.SHA256+".pdf", invoice.Document.Key)
}

func TestDeliverInvoice_MailKeepsThePromiseOfEveryMail(t *testing.T) {
	t.Parallel()
	r := mailroom(t)
	in := r.bill()
	r.post.replies[amira.Address] = []reply{takesSilently}
	_, err := r.invoicing().DeliverInvoice(t.Context(), in)
	again(t, err)
	r.post.deliver()
	result, err := r.invoicing().DeliverInvoice(t.Context(), in)
	require.NoError(t, err)
	require.Equal(t, casework.MailResult{Sent: 1}, result)
	require.Equal(t, 1, r.post.tookFor(amira.Address))

	mails, err := r.PrepareMails(t.Context(), casework.MailInput{Invoice: firstInvoice, Kind: casework.MailInvoice, Number: 1, At: runAt}, nil, time.Time{})
	require.NoError(t, err)
	require.Len(t, mails, 1)
	require.Equal(t, docket.MailSent, mails[0].State)
}

func TestDeliverInvoice_NothingIsMailedBeforeItIsStored(t *testing.T) {
	t.Parallel()
	r := mailroom(t)
	in := r.bill()
	r.shelf.away = 1
	_, err := r.invoicing().DeliverInvoice(t.Context(), in)
	require.ErrorIs(t, err, errShelfAway)
	again(t, err)
	require.Empty(t, r.post.asked)

	_, err = r.invoicing().DeliverInvoice(t.Context(), casework.InvoiceDelivery{Number: "CAMBRIA-999999", At: runAt})
	final(t, err, casework.NotFound, "unknown-invoice")
}
