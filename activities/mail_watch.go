package activities

import (
	"context"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// PostMessage sends a message that is worded already, under the promise of every other mail: to each recipient once,
// however often it is asked for with the same input. It is for who sends mails outside a case's workflow; an error says
// that something is left to do, and asking again meets only that.
func PostMessage(ctx context.Context, room *Mailroom, in casework.MailInput, to []docket.Recipient, message docket.Message) (casework.MailResult, error) {
	return room.notBefore(in.At).deliverAll(ctx, in, to, message, nil)
}
