package letters_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/letters"
)

func mailOf(t *testing.T, kind casework.MailKind, n docket.Notice, at time.Time) docket.Message {
	t.Helper()
	message, err := printer(t).Mail(casework.MailInput{Reference: reference, Kind: kind, Number: 1, Clock: casework.ClockOutcome, At: at}, n)
	require.NoError(t, err)
	return message
}

// domain §8.3, reading 9: neither centre, candidate, grade, boundary nor why the review was asked.
func TestTaskMail_SaysNothingAboutWhoOrWhy(t *testing.T) {
	t.Parallel()
	n := downgraded()
	n.Case.Stage = casework.StageAssigned
	n.Case.Linked = []docket.Linked{{Reference: linked, Component: "CM1/02"}}
	message := mailOf(t, casework.MailTask, n, received)
	for _, secret := range []string{
		n.Centre.Number, "Venerable Bede", "LL61", "england", "Anastasia", "0421", "Distinction", "Merit", "near-boundary",
		"Geography, Environment", "160", "155", string(linked), "Amira", "£",
	} {
		require.NotContains(t, message.Subject+message.Text+message.HTML, secret)
	}
	require.Contains(t, message.Text, "by the end of Monday 30 November 2026, UK time")
}

// Whoever gets a mail finds the case or the task behind it, where that has an address; only the reference is in it.
func TestMails_LeadToWhatTheyAreAbout(t *testing.T) {
	t.Parallel()
	reached := printer(t, letters.WithPublicURL("https://enquiries.cambria.example/"))
	for kind, path := range map[casework.MailKind]string{
		casework.MailAcknowledgement: "/v1/cases/" + string(reference), casework.MailOutcome: "/v1/cases/" + string(reference),
		casework.MailTask: "/v1/tasks/" + string(reference) + "/1",
	} {
		in := casework.MailInput{Reference: reference, Kind: kind, Number: 1, At: published}
		message, err := reached.Mail(in, upgraded())
		require.NoError(t, err)
		require.Contains(t, message.Text, "https://enquiries.cambria.example"+path, kind)
		require.Contains(t, message.HTML, `<a href="https://enquiries.cambria.example`+path+`"`, kind)
		message = mailOf(t, kind, upgraded(), published)
		require.NotContains(t, message.HTML, "<a ", "no link to nowhere")
		require.NotContains(t, message.Text, "/v1/", kind)
	}
}

func TestMails_CallTheSeriesByItsTitle(t *testing.T) {
	t.Parallel()
	n := open()
	n.Case.Request.Series = "2026-06"
	require.Contains(t, mailOf(t, casework.MailAcknowledgement, n, received).Text, "2026-06", "which is all that is known")
	n.Case.SeriesTitle = "June 2026 (Summer)"
	text := mailOf(t, casework.MailAcknowledgement, n, received).Text
	require.Contains(t, text, "June 2026 (Summer)")
	require.NotContains(t, text, "2026-06")
}

func TestAlertMails_SayNoNameMarkOrGrade(t *testing.T) {
	t.Parallel()
	for _, kind := range []casework.MailKind{casework.MailNobody, casework.MailWarning, casework.MailBreach, casework.MailNoRecipient} {
		message := mailOf(t, kind, upgraded(), received)
		for _, secret := range []string{"Okonkwo", "0421", "Amira", "57", "61 out", "near-boundary"} {
			require.NotContains(t, message.Subject+message.Text+message.HTML, secret, kind)
		}
		require.Contains(t, message.Text, string(reference))
		require.Contains(t, message.Text, "64101", "operations need the centre's number")
	}
}

func TestNobodyEligibleMail_SaysThatAChangeOfTheRosterTriesAgain(t *testing.T) {
	t.Parallel()
	message := mailOf(t, casework.MailNobody, open(), received)
	require.Contains(t, strings.Join(strings.Fields(message.Text), " "), "raise the capacity of somebody eligible who is full. The request then looks again by itself")
}

func TestNoRecipientMails_NameWhatCouldNotBeSent(t *testing.T) {
	t.Parallel()
	message, err := printer(t).Mail(casework.MailInput{
		Reference: reference, Kind: casework.MailNoRecipient, About: string(casework.MailOutcome), At: published,
	}, upgraded())
	require.NoError(t, err)
	require.Equal(t, "No recipient for the outcome mail of "+string(reference), message.Subject)
	require.Contains(t, strings.Join(strings.Fields(message.Text), " "), "the register knows no contact for it")

	message, err = printer(t).UnaddressedInvoiceMail(invoice(2))
	require.NoError(t, err)
	require.Contains(t, message.Subject, invoice(2).Number)
	require.Contains(t, strings.Join(strings.Fields(message.Text), " "), "no exams officer of centre "+invoice(2).Centre.Number)
}

func TestOutcomeMails_KeepTheResultOutOfTheSubject(t *testing.T) {
	t.Parallel()
	for kind, n := range map[casework.MailKind]docket.Notice{casework.MailOutcome: upgraded(), casework.MailComponentOutcome: pending()} {
		message := mailOf(t, kind, n, published)
		require.NotRegexp(t, `61|grade|mark|Okonkwo`, message.Subject)
		require.Contains(t, message.Text, "goes up from 57 to 61")
	}
}

func TestWarning_SaysHowLongIsLeft(t *testing.T) {
	t.Parallel()
	ends := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	for left, says := range map[time.Duration]string{
		63 * time.Hour:                "2 days 15 hours",
		24 * time.Hour:                "1 day",
		4 * time.Hour:                 "4 hours",
		time.Hour + time.Minute:       "1 hour 1 minute",
		25*time.Hour + 59*time.Second: "1 day 1 hour",
		24*time.Hour + 5*time.Minute:  "1 day 5 minutes",
		30 * time.Second:              "0 minutes",
	} {
		require.Contains(t, mailOf(t, casework.MailWarning, open(), ends.Add(-left)).Text, "runs out in "+says+".")
	}
}

func TestBreach_HasItsTrueInstantAndWhenItWasFound(t *testing.T) {
	t.Parallel()
	ends := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	at := mailOf(t, casework.MailBreach, open(), ends.Add(59*time.Second))
	require.Regexp(t, `Breached at: +00:00 on Tuesday 1 December 2026, UK time\n`, at.Text)
	require.Regexp(t, `Found: +at once\n`, at.Text)
	late := mailOf(t, casework.MailBreach, open(), ends.Add(26*time.Hour))
	require.Regexp(t, `Breached at: +00:00 on Tuesday 1 December 2026, UK time\n`, late.Text)
	require.Regexp(t, `Found: +1 day 2 hours later, at 02:00 on Wednesday 2 December 2026,\n +UK time\n`, late.Text)
}

func TestBreach_OfAnHoursClockInSummer(t *testing.T) {
	t.Parallel()
	n := upgraded()
	ends := time.Date(2026, 8, 28, 9, 12, 0, 0, time.UTC)
	n.Case.Clocks = []docket.Clock{{Clock: deadline.Clock{ID: casework.ClockScript, StartedAt: ends.Add(-24 * time.Hour), Ends: ends}}}
	message, err := printer(t).Mail(casework.MailInput{Reference: reference, Kind: casework.MailBreach, Clock: casework.ClockScript, At: ends}, n)
	require.NoError(t, err)
	require.Contains(t, message.Text, "The reviewed script clock of R-7K4F-M2QX-9TBD-H ran out at 10:12 on Friday\n28 August 2026, UK time.")
	require.NotContains(t, message.Text, "Its workflow", "without the Web UI's address there is no link")
}

func TestAcknowledgement_NamesTheAwardItShares(t *testing.T) {
	t.Parallel()
	n := open()
	require.NotContains(t, mailOf(t, casework.MailAcknowledgement, n, received).Text, "shares one award")
	n.Case.Linked = []docket.Linked{{Reference: linked, Component: "CM1/02", Stage: casework.StageAssigned}}
	require.Contains(t, mailOf(t, casework.MailAcknowledgement, n, received).Text, "shares one award with R-2XWD-8CNH-4RPV-K (CM1/02):")
}

// ofNoCase tells the mails that are about no single case; each is worded by a method of its own.
func ofNoCase(kind casework.MailKind) bool {
	switch kind {
	case casework.MailInvoice, casework.MailDigest, casework.MailUnrecorded, casework.MailStuck, casework.MailWebhookDead:
		return true
	default:
		return false
	}
}

func TestMail_EveryKindOfACaseIsWorded(t *testing.T) {
	t.Parallel()
	for _, kind := range casework.MailKinds() {
		if ofNoCase(kind) {
			continue
		}
		message := mailOf(t, kind, upgraded(), published)
		require.NotEmpty(t, message.Subject, kind)
		require.NotContains(t, message.Subject, "\n", kind)
		for l := range strings.SplitSeq(message.Text, "\n") {
			require.True(t, len([]rune(l)) <= 76 || strings.HasPrefix(l, "https://"), "%s: %s", kind, l)
			require.Equal(t, strings.TrimRight(l, " "), l)
		}
		require.Contains(t, message.HTML, `<html lang="en-GB">`)
	}
}

func TestMail_RefusesWhatItCannotSay(t *testing.T) {
	t.Parallel()
	p := printer(t)
	for name, c := range map[string]struct {
		in   casework.MailInput
		says string
	}{
		"an invoice":                 {casework.MailInput{Kind: casework.MailInvoice}, "no such mail"},
		"an unknown kind":            {casework.MailInput{Kind: "greeting"}, "no such mail"},
		"a clock that is not there":  {casework.MailInput{Kind: casework.MailBreach, Clock: casework.ClockScript}, `no clock "script"`},
		"an outcome that is not out": {casework.MailInput{Kind: casework.MailOutcome}, "no outcome is published"},
	} {
		_, err := p.Mail(c.in, open())
		require.ErrorContains(t, err, c.says, name)
	}
}

// Whatever the register holds as a name, it stays a name: no tag, no heading, no other block.
func TestMail_ValuesCannotBecomeStructure(t *testing.T) {
	t.Parallel()
	p := printer(t, letters.WithWorkflowPages("http://ui.example"))
	structure := regexp.MustCompile(`<[a-z/!]+`)
	input := func(kind casework.MailKind) casework.MailInput {
		return casework.MailInput{Reference: reference, Kind: kind, Clock: casework.ClockOutcome, At: published}
	}
	kinds := []casework.MailKind{casework.MailAcknowledgement, casework.MailTask, casework.MailNobody, casework.MailNoRecipient, casework.MailBreach, casework.MailOutcome}
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(kinds).Draw(t, "kind")
		plain, err := p.Mail(input(kind), upgraded())
		require.NoError(t, err)
		nasty := rapid.StringOfN(rapid.RuneFrom([]rune("a<>&\"'/{}\x00\x02\x03\x1f\n\r\t\u2028\u202e|#=-")), 1, 40, -1)
		n := upgraded()
		mean := func(label string) string {
			return "x\x03\x02heading\x1fFake\x03\n\n<b>{{.}}" + nasty.Draw(t, label)
		}
		n.BodyName, n.Candidate, n.Centre.Name = mean("body")+"(fictional)", mean("candidate"), mean("centre")
		n.Case.Qualification, n.Case.ComponentTitle, n.Case.WaitingOn = mean("qualification"), mean("component"), mean("waiting")
		n.Case.Outcome.GradeAfter = mean("grade")
		message, err := p.Mail(input(kind), n)
		require.NoError(t, err)
		require.Equal(t, structure.FindAllString(plain.HTML, -1), structure.FindAllString(message.HTML, -1))
		require.NotContains(t, message.Subject+message.Text+message.HTML, "\x02")
		require.NotContains(t, message.Subject, "\n")
	})
}
