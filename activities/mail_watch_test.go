package activities_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

var digestInput = casework.MailInput{Kind: casework.MailDigest, Number: 1, About: "2026-11-23/centre/64101", At: decidedAt}

// A digest is about no case and goes out under the promise of every other mail.
func TestPostMessage_EachRecipientOnceHoweverOftenItIsRepeated(t *testing.T) {
	t.Parallel()
	r := mailroom(t)
	message := docket.Message{Subject: "Due today", Text: "Two.", HTML: "<p>Two.</p>"}
	r.post.replies[joan.Address] = []reply{throttles}
	_, err := activities.PostMessage(t.Context(), r.Mailroom, digestInput, []docket.Recipient{amira, joan}, message)
	require.ErrorContains(t, err, "Throttling", "one is left to do")
	for range 2 {
		sent, err := activities.PostMessage(t.Context(), r.Mailroom, digestInput, []docket.Recipient{amira, joan}, message)
		require.NoError(t, err)
		require.Equal(t, casework.MailResult{Sent: 2}, sent)
	}
	require.Equal(t, 1, r.post.tookFor(amira.Address))
	require.Equal(t, 1, r.post.tookFor(joan.Address))
	require.Equal(t, message, r.post.taken[0].Message)
	require.Empty(t, r.post.taken[0].Attachments)

	another := digestInput
	another.About = "2026-11-24/centre/64101"
	_, err = activities.PostMessage(t.Context(), r.Mailroom, another, []docket.Recipient{amira}, message)
	require.NoError(t, err)
	require.Equal(t, 2, r.post.tookFor(amira.Address), "tomorrow's is another mail")
}

// Where SES's answer is lost the delivery event decides, outside a workflow too.
func TestPostMessage_ALostAnswerIsNoSecondMail(t *testing.T) {
	t.Parallel()
	r := mailroom(t)
	r.post.replies[amira.Address] = []reply{takesSilently}
	_, err := activities.PostMessage(t.Context(), r.Mailroom, digestInput, []docket.Recipient{amira}, docket.Message{Subject: "Due today"})
	require.Error(t, err, "nobody knows yet")
	r.post.events[r.post.taken[0].LedgerID] = "ses-1"
	sent, err := activities.PostMessage(t.Context(), r.Mailroom, digestInput, []docket.Recipient{amira}, docket.Message{Subject: "Due today"})
	require.NoError(t, err)
	require.Equal(t, 1, sent.Sent)
	require.Equal(t, 1, r.post.tookFor(amira.Address))
}
