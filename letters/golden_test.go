package letters_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/letters"
)

var update = flag.Bool("update", false, "write the golden files")

// golden compares what was written with the file that a person has read.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(got), 0o600))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), got)
}

func TestOutcomeLetter_Golden(t *testing.T) {
	t.Parallel()
	for name, notice := range map[string]func() docket.Notice{
		"upgraded": upgraded, "unchanged": unchanged, "pending": pending, "downgraded": downgraded,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			page, err := printer(t).OutcomeHTML(notice())
			require.NoError(t, err)
			golden(t, name+".html", string(page))
			pdf, err := printer(t).OutcomePDF(notice())
			require.NoError(t, err)
			golden(t, name+".pdf.txt", strings.Join(pagesOf(t, pdf), "\n\f\n"))
		})
	}
}

func TestInvoice_Golden(t *testing.T) {
	t.Parallel()
	page, err := printer(t).InvoiceHTML(invoice(3))
	require.NoError(t, err)
	golden(t, "invoice.html", string(page))
	pdf, err := printer(t).InvoicePDF(invoice(3))
	require.NoError(t, err)
	golden(t, "invoice.pdf.txt", strings.Join(pagesOf(t, pdf), "\n\f\n"))
}

func TestMail_Golden(t *testing.T) {
	t.Parallel()
	p := printer(t, letters.WithWorkflowPages("http://127.0.0.1:8233/namespaces/recourse/workflows/"), letters.WithPublicURL("https://enquiries.cambria.example/"))
	for _, c := range []struct {
		kind   casework.MailKind
		notice docket.Notice
	}{
		{casework.MailAcknowledgement, open()},
		{casework.MailTask, open()},
		{casework.MailNobody, open()},
		{casework.MailWarning, open()},
		{casework.MailBreach, open()},
		{casework.MailComponentOutcome, pending()},
		{casework.MailOutcome, upgraded()},
		{casework.MailHeld, heldOf()},
		{casework.MailResumed, resumedOf()},
	} {
		t.Run(string(c.kind), func(t *testing.T) {
			t.Parallel()
			in := casework.MailInput{Reference: reference, Kind: c.kind, Number: 1, Clock: casework.ClockOutcome, At: received.AddDate(0, 0, 18)}
			message, err := p.Mail(in, c.notice)
			require.NoError(t, err)
			golden(t, string(c.kind)+".mail.txt", "Subject: "+message.Subject+"\n\n"+message.Text)
			golden(t, string(c.kind)+".mail.html", message.HTML)
		})
	}
	duties := []casework.MailInput{
		{Kind: casework.MailChase, Clock: casework.ClockConsentInspection},
		{Kind: casework.MailLapsed, Clock: casework.ClockConsentInspection},
		{Kind: casework.MailLapsed, Clock: casework.ClockConsentInspection, About: casework.AboutOperations},
		{Kind: casework.MailHeld, About: casework.AboutApprover},
	}
	for _, in := range append(taskMails()[1:], duties...) {
		name := strings.ReplaceAll(strings.TrimRight(strings.Join([]string{string(in.Kind), string(in.Clock), in.About}, "."), "."), "..", ".")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in.Reference, in.Number, in.At = reference, 1, received.AddDate(0, 0, 18)
			message, err := p.Mail(in, heldOf())
			require.NoError(t, err)
			golden(t, name+".mail.txt", "Subject: "+message.Subject+"\n\n"+message.Text)
		})
	}
	message, err := p.InvoiceMail(invoice(3))
	require.NoError(t, err)
	golden(t, "invoice.mail.txt", "Subject: "+message.Subject+"\n\n"+message.Text)
	golden(t, "invoice.mail.html", message.HTML)
}
