package letters_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/letters"
)

func TestMail_TextBreaksBetweenWords(t *testing.T) {
	t.Parallel()
	p := printer(t)
	words := rapid.SliceOfN(rapid.StringOfN(rapid.RuneFrom([]rune("abŵé–")), 1, 90, -1), 1, 25)
	rapid.Check(t, func(t *rapid.T) {
		n := open()
		title := words.Draw(t, "title")
		n.Case.Qualification = strings.Join(title, " ")
		message, err := p.Mail(casework.MailInput{Reference: reference, Kind: casework.MailAcknowledgement, At: received}, n)
		require.NoError(t, err)
		_, rest, found := strings.Cut(message.Text, "Qualification:")
		require.True(t, found)
		value, _, found := strings.Cut(rest, "\nComponent:")
		require.True(t, found)
		require.Equal(t, title, strings.Fields(value), "no word is lost or broken")
		for i, l := range strings.Split("Qualification:"+value, "\n") {
			require.Equal(t, strings.TrimRight(l, " "), l)
			if i > 0 {
				require.True(t, strings.HasPrefix(l, strings.Repeat(" ", 30)), "a value stays in its column")
			}
			if utf8.RuneCountInString(l) > 76 {
				require.Len(t, strings.Fields(strings.TrimPrefix(l, "Qualification:")), 1, "only a long word makes a long line")
			}
		}
	})
}

func TestLetter_LongWordmarkIsSetSmaller(t *testing.T) {
	t.Parallel()
	short, err := printer(t).OutcomePDF(upgraded())
	require.NoError(t, err)
	long, err := printer(t).OutcomePDF(downgraded())
	require.NoError(t, err)
	require.Equal(t, "Cambria Awards", piecesOf(t, short)[0][0].text)
	first := piecesOf(t, long)[0][:3]
	require.Equal(t, "The Cambria and Borders Awarding Organisation for", first[0].text)
	require.Equal(t, "General and Vocational Qualifications", first[1].text)
	require.Equal(t, "Post-results services", first[2].text)
	require.InDelta(t, 15.6, first[0].y-first[1].y, 0.1, "5.5 mm from line to line")
}

func TestLetter_FiguresEndBelowEachOther(t *testing.T) {
	t.Parallel()
	pdf, err := printer(t).InvoicePDF(invoice(3))
	require.NoError(t, err)
	var amounts []piece
	for _, p := range piecesOf(t, pdf)[0] {
		if p.text == "£62.00" || p.text == "£186.00" {
			amounts = append(amounts, p)
		}
	}
	require.Len(t, amounts, 4)
	for _, a := range amounts[1:3] {
		require.InDelta(t, amounts[0].x, a.x, 0.01)
	}
	require.Less(t, amounts[3].x, amounts[0].x, "a longer figure begins further left")
}

func TestLetter_AWordLongerThanItsColumnIsBroken(t *testing.T) {
	t.Parallel()
	n := downgraded()
	word := strings.Repeat("Donaudampfschifffahrt", 12)
	n.Candidate = word
	pdf, err := printer(t).OutcomePDF(n)
	require.NoError(t, err)
	page := pagesOf(t, pdf)[0]
	require.NotContains(t, page, word)
	require.Contains(t, strings.ReplaceAll(page, "\n", ""), word, "and no letter of it is lost")
}

func BenchmarkOutcomePDF(b *testing.B) {
	p, err := letters.New()
	require.NoError(b, err)
	notice := upgraded()
	for b.Loop() {
		_, err := p.OutcomePDF(notice)
		require.NoError(b, err)
	}
}

func BenchmarkOutcomeMail(b *testing.B) {
	p, err := letters.New()
	require.NoError(b, err)
	notice := upgraded()
	for b.Loop() {
		_, err := p.Mail(casework.MailInput{Reference: reference, Kind: casework.MailOutcome, At: published}, notice)
		require.NoError(b, err)
	}
}
