package letters_test

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/casework/fee"
)

var (
	head  = regexp.MustCompile(`(?s)<head>.*?</head>`)
	other = regexp.MustCompile(`(?s)<caption>.*?</caption>|<footer>.*?</footer>`)
	tag   = regexp.MustCompile(`<[^>]*>`)
)

// wordsOf are the words that a reader of the page sees.
func wordsOf(page string) []string {
	return strings.Fields(html.UnescapeString(tag.ReplaceAllString(head.ReplaceAllString(page, " "), " ")))
}

// The page and the PDF are two prints of one letter: nobody may read something else.
func TestLetter_PageAndPDFSayTheSame(t *testing.T) {
	t.Parallel()
	for name, notice := range map[string]docket.Notice{
		"upgraded": upgraded(), "unchanged": unchanged(), "pending": pending(), "downgraded": downgraded(),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			page, err := printer(t).OutcomeHTML(notice)
			require.NoError(t, err)
			pdf, err := printer(t).OutcomePDF(notice)
			require.NoError(t, err)
			var printed strings.Builder
			for _, p := range pagesOf(t, pdf) {
				printed.WriteString(strings.Join(strings.Fields(strings.ReplaceAll(p, "|", " ")), ""))
			}
			for _, word := range wordsOf(other.ReplaceAllString(string(page), " ")) {
				require.Contains(t, printed.String(), word)
			}
		})
	}
}

func TestMail_TextAndHTMLSayTheSame(t *testing.T) {
	t.Parallel()
	for _, kind := range casework.MailKinds() {
		message, err := printer(t).InvoiceMail(invoice(2))
		if kind != casework.MailInvoice && ofNoCase(kind) {
			continue
		}
		if kind != casework.MailInvoice {
			message, err = printer(t).Mail(casework.MailInput{Reference: reference, Kind: kind, Number: 1, Clock: casework.ClockOutcome, At: published}, upgraded())
		}
		require.NoError(t, err)
		// The text puts a colon behind a fact's label, and writes the addresses out.
		text := strings.Fields(strings.ReplaceAll(message.Text, ": ", " "))
		text = slices.DeleteFunc(text, func(word string) bool { return strings.HasPrefix(word, "https://") })
		page := wordsOf(message.HTML)
		for _, words := range [][]string{text, page} {
			for i := range words {
				words[i] = strings.TrimSuffix(words[i], ":")
			}
		}
		require.Equal(t, text, page, kind)
	}
}

func TestLetter_PageCanBeReadByEverybody(t *testing.T) {
	t.Parallel()
	for name, notice := range map[string]docket.Notice{"upgraded": upgraded(), "downgraded": downgraded(), "pending": pending()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			page := outcome(t, notice)
			require.Equal(t, 1, strings.Count(page, "<h1>"))
			require.Equal(t, 1, strings.Count(page, "<main>"))
			require.Contains(t, page, `<html lang="en-GB">`)
			require.Equal(t, strings.Count(page, "<table>"), strings.Count(page, "<caption>"), "a table says what it shows")
			for _, cell := range regexp.MustCompile(`<th[ >][^>]*`).FindAllString(page, -1) {
				require.Contains(t, cell, "scope=", "a head says what it heads")
			}
			for _, row := range regexp.MustCompile(`<tr>.*?</tr>`).FindAllString(page, -1) {
				require.Equal(t, 6, strings.Count(row, "<td")+strings.Count(row, "<th"), row)
			}
			require.Equal(t, len(notice.Case.Outcome.Items), strings.Count(page, `<th scope="row">`)-1, "one row per item and the total")
			require.NotRegexp(t, `https?:|src=|<script|@import|url\(`, page, "the page needs nothing else")
			require.Contains(t, page, "default-src 'none'")
		})
	}
}

func TestLetter_ListsEveryItemWithItsMarks(t *testing.T) {
	t.Parallel()
	page := outcome(t, downgraded())
	require.Contains(t, page, `<th scope="row">1(d)</th><td class="figures">5</td><td class="figures">4</td><td class="figures">3</td><td class="figures">−1</td><td>A levels-based mark scheme had not been applied correctly.</td>`)
	require.Contains(t, page, `<th scope="row">2(b)</th><td class="figures">5</td><td class="figures">4</td><td class="figures">4</td><td class="figures"></td><td></td>`)
	require.Contains(t, page, `<th scope="row">Total</th><td class="figures">200</td><td class="figures">160</td><td class="figures">155</td><td class="figures">−5</td><td></td>`)
}

func TestLetter_GradesOfAUnit(t *testing.T) {
	t.Parallel()
	page := outcome(t, downgraded())
	require.Contains(t, page, "<dt>Unit grade</dt><dd>Merit (was Distinction)</dd>")
	require.Contains(t, page, "<dt>Qualification grade</dt><dd>Distinction (unchanged)</dd>")
	require.Contains(t, page, "The new grade replaces the one on the candidate’s statement of results.", "a unit's grade is a result too")
	require.NotContains(t, outcome(t, upgraded()), "Unit grade", "a linear award has none")
}

func TestLetter_ReviewedScript(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(*docket.Case)
		says   string
	}{
		{"ordered", func(*docket.Case) {}, "A copy will be available to the centre by 10:12 on Friday 27 November 2026, UK time."},
		{"ordered without a clock", func(c *docket.Case) { c.Clocks = nil }, "A copy will be available to the centre shortly."},
		{"not ordered", func(c *docket.Case) { c.Request.ReviewedScript = false }, "No copy was ordered with this request."},
		{"of a clerical check", func(c *docket.Case) { c.Request.Service = casework.ClericalCheck }, "It shows the original marking only: a clerical check adds no annotations."},
	} {
		n := upgraded()
		c.change(&n.Case)
		require.Contains(t, outcome(t, n), c.says, c.name)
	}
}

func TestLetter_SaysWhichServiceDidWhat(t *testing.T) {
	t.Parallel()
	review, check := outcome(t, upgraded()), outcome(t, unchanged())
	require.Contains(t, review, "<h1>Outcome of a review of marking</h1>")
	require.Contains(t, review, "A reviewer who had no part in the first marking")
	require.Contains(t, check, "<h1>Outcome of a clerical check</h1>")
	require.Contains(t, check, "The answers were not marked again.")
	require.Contains(t, check, "Why no mark changed: Every part was marked,")
	require.NotContains(t, check, "reviewer")
	require.NotContains(t, review, "Why no mark changed")
}

func TestLetter_AddressHasNoGaps(t *testing.T) {
	t.Parallel()
	n := upgraded()
	n.Centre.Address = []string{"", " 14  Forest\tLane ", "\u200b", "TN22 9ZZ"}
	require.Contains(t, outcome(t, n), "<address>Exams officer<br>Ashdown School<br>14 Forest Lane<br>TN22 9ZZ</address>")
}

func TestLetter_CandidateWithoutAName(t *testing.T) {
	t.Parallel()
	n := upgraded()
	n.Candidate = ""
	require.Contains(t, outcome(t, n), "<dt>Candidate</dt><dd>0421</dd>")
}

func TestLetter_TimesAreLondons(t *testing.T) {
	t.Parallel()
	for at, says := range map[time.Time]string{
		time.Date(2026, 9, 24, 23, 30, 0, 0, time.UTC):   "00:30 on Friday 25 September 2026",
		time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC):   "01:30 on Sunday 25 October 2026",
		time.Date(2026, 10, 25, 1, 30, 0, 0, time.UTC):   "01:30 on Sunday 25 October 2026",
		time.Date(2026, 12, 31, 23, 59, 59, 0, time.UTC): "23:59 on Thursday 31 December 2026",
	} {
		n := open()
		n.Case.ReceivedAt = at
		message := mailOf(t, casework.MailAcknowledgement, n, at)
		require.Contains(t, strings.Join(strings.Fields(message.Text), " "), says+", UK time")
	}
}

func TestOutcomeMail_SaysWhatIsDue(t *testing.T) {
	t.Parallel()
	due := mailOf(t, casework.MailOutcome, unchanged(), published)
	require.Regexp(t, `Clerical check: +£15\.00, due\n`, due.Text)
	require.Contains(t, due.Text, "Nothing is to be paid now")
	require.NotContains(t, due.Text, "Reviewed script")
	waived := mailOf(t, casework.MailOutcome, upgraded(), published)
	require.NotContains(t, waived.Text, "Nothing is to be paid now")
	n := unchanged()
	n.Case.Fees[0].State = fee.Quoted
	require.Regexp(t, `Clerical check: +£15\.00\n`, mailOf(t, casework.MailOutcome, n, published).Text, "nothing is claimed that is not decided")
}

func TestOutcomeMails_SayThatTheReviewedScriptIsThereOnceItIs(t *testing.T) {
	t.Parallel()
	for kind, n := range map[casework.MailKind]docket.Notice{casework.MailOutcome: upgraded(), casework.MailComponentOutcome: upgraded()} {
		before := strings.Join(strings.Fields(mailOf(t, kind, n, published).Text), " ")
		require.Contains(t, before, "Reviewed script: by 10:12 on Friday 27 November 2026, UK time", kind)

		n.Case.Documents = []docket.Document{{Kind: docket.ReviewedScript, AvailableAt: published.Add(time.Minute)}}
		require.Equal(t, before, strings.Join(strings.Fields(mailOf(t, kind, n, published).Text), " "), "%s: not there yet", kind)
		after := strings.Join(strings.Fields(mailOf(t, kind, n, published.Add(time.Minute)).Text), " ")
		require.Contains(t, after, "Reviewed script: available since 10:13 on Thursday 26 November 2026, UK time", kind)
		require.NotContains(t, after, "Friday 27 November", "%s: what is there is not promised any more", kind)
	}
}

func TestInvoiceMail_NamesItsSum(t *testing.T) {
	t.Parallel()
	message, err := printer(t).InvoiceMail(invoice(20))
	require.NoError(t, err)
	require.Equal(t, "Invoice CA-2026-000117 for post-results services, November 2026", message.Subject)
	require.Contains(t, message.Text, "20 fees,")
	require.Contains(t, message.Text, "£1,240.00")
	require.NotContains(t, message.Text, "Okonkwo", "candidates stand on the invoice, not in the mail")
	single, err := printer(t).InvoiceMail(invoice(1))
	require.NoError(t, err)
	require.Contains(t, single.Text, "1 fee, £62.00 in all")
}

func TestInvoice_ListsEveryFee(t *testing.T) {
	t.Parallel()
	i := invoice(2)
	i.Lines[1].Code, i.Lines[1].Pence = "reviewed-script", 1350
	i.Total = 7550
	page, err := printer(t).InvoiceHTML(i)
	require.NoError(t, err)
	words := wordsOf(string(page))
	require.Equal(t, 2, count(words, string(reference)))
	require.Contains(t, string(page), `<td>Copy of the reviewed script</td><td>26 Nov 2026</td><td class="figures">£13.50</td>`)
	require.Contains(t, string(page), `<td class="figures">£75.50</td>`)
	require.Contains(t, string(page), "exempt from VAT")
}

func count(words []string, word string) int {
	total := 0
	for _, w := range words {
		if w == word {
			total++
		}
	}
	return total
}
