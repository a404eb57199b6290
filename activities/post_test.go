package activities_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// reply is what SES makes of one request: whether it took the mail, and what the caller learns.
type reply struct {
	taken bool
	err   error
}

// The replies that SES may give.
var (
	accepts   = reply{taken: true}
	throttles = reply{err: fmt.Errorf("send mail: %w", casework.NewFault(casework.Unavailable, "mail-unavailable", "Throttling"))}
	refuses   = reply{err: fmt.Errorf("send mail: %w", casework.NewFault(casework.Refused, "mail-refused", "Address is on the suppression list"))}
	// takesSilently has the mail and losesIt has not; the caller cannot tell them apart.
	takesSilently = reply{taken: true, err: fmt.Errorf("send mail: %w", docket.ErrUncertain)}
	losesIt       = reply{err: fmt.Errorf("send mail: %w", docket.ErrUncertain)}
)

// post stands in for SES and its delivery events.
type post struct {
	mu sync.Mutex
	// replies to an address's next requests; an address without any is accepted.
	replies map[string][]reply
	// asked are all requests, taken the mails that SES has, events what was reported delivered.
	asked  []docket.Envelope
	taken  []docket.Envelope
	events map[int64]string
	// eventsAway makes the source of events fail, and after runs when SES has decided, before the caller learns.
	eventsAway error
	after      func()
}

func (p *post) Send(_ context.Context, envelope docket.Envelope) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked = append(p.asked, envelope)
	answer := accepts
	if waiting := p.replies[envelope.To.Address]; len(waiting) > 0 {
		answer, p.replies[envelope.To.Address] = waiting[0], waiting[1:]
	}
	if answer.taken {
		p.taken = append(p.taken, envelope)
	}
	if p.after != nil {
		p.after()
	}
	return fmt.Sprintf("ses-%d", len(p.asked)), answer.err
}

func (p *post) Delivered(_ context.Context, ledgerID int64) (string, bool, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	id, ok := p.events[ledgerID]
	return id, ok, p.eventsAway
}

// tookFor counts the mails that SES took for an address.
func (p *post) tookFor(address string) int {
	n := 0
	for _, envelope := range p.taken {
		if envelope.To.Address == address {
			n++
		}
	}
	return n
}

// deliver reports every mail that SES took as delivered.
func (p *post) deliver() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, envelope := range p.taken {
		p.events[envelope.LedgerID] = "event-of-a-delivery"
	}
}

var (
	amira      = docket.Recipient{Name: "Amira Holt", Address: "amira.holt@ashdown.example"}
	joan       = docket.Recipient{Name: "Joan Pike", Address: "joan.pike@ashdown.example"}
	operations = docket.Recipient{Name: "Operations", Address: "operations@cambria.example"}
)

const eventWait = 15 * time.Minute

// room is a mailroom over a real ledger, with a clock that the test moves.
type room struct {
	office
	*activities.Mailroom
	post *post
	now  *time.Time
}

func mailroom(t testing.TB) room {
	t.Helper()
	o := setup(t)
	now := decidedAt
	r := room{office: o, post: &post{replies: map[string][]reply{}, events: map[int64]string{}}, now: &now}
	r.Mailroom = &activities.Mailroom{
		Documents: o.Store, Ledger: o.Store, Outcomes: o.Store, Writer: o.printer, Shelf: o.shelf, Post: r.post,
		Operations: operations, EventWait: eventWait, Now: func() time.Time { return *r.now },
	}
	return r
}

func (r room) pass(d time.Duration) { *r.now = r.now.Add(d) }

// acknowledgement goes to Amira Holt, the exams officer, and to Joan Pike, who asked.
func acknowledgement(ref casework.Reference) casework.MailInput {
	return casework.MailInput{Reference: ref, Kind: casework.MailAcknowledgement, Number: 1, At: decidedAt}
}

// sends expects an attempt that leaves nothing to do.
func (r room) sends(in casework.MailInput) casework.MailResult {
	r.t.Helper()
	result, err := r.SendMails(r.t.Context(), []casework.MailInput{in})
	require.NoError(r.t, err)
	return result
}

// waits expects an attempt that waits for a delivery event and comes back at the pace of events.
func (r room) waits(in casework.MailInput) {
	r.t.Helper()
	_, err := r.SendMails(r.t.Context(), []casework.MailInput{in})
	var waiting *temporal.ApplicationError
	require.ErrorAs(r.t, err, &waiting)
	require.Equal(r.t, "mail-uncertain", waiting.Type())
	require.False(r.t, waiting.NonRetryable())
	require.Equal(r.t, 5*time.Second, waiting.NextRetryDelay())
}

// rows reads the ledger's rows of a mail, by address.
func (r room) rows(in casework.MailInput) map[string]docket.Mail {
	r.t.Helper()
	mails, err := r.PrepareMails(r.t.Context(), in, nil, time.Time{})
	require.NoError(r.t, err)
	rows := map[string]docket.Mail{}
	for _, mail := range mails {
		rows[mail.Recipient.Address] = mail
	}
	return rows
}

// doubtful lists the addresses of the mails that a person is shown.
func (r room) doubtful() []string {
	r.t.Helper()
	mails, err := r.DoubtfulMails(r.t.Context())
	require.NoError(r.t, err)
	var addresses []string
	for _, mail := range mails {
		addresses = append(addresses, mail.Recipient.Address)
	}
	return addresses
}
