// Package mail sends mails through Amazon SES and finds out what became of them.
//
// SES has no idempotency token, so a repeat would send twice. The package therefore never repeats by itself
// and says precisely how a sending ended: taken, refused for good, certainly not taken, or unknown because
// the answer was lost. The ledger in the register decides what follows.
package mail

import (
	"context"
	"errors"
	"fmt"
	netmail "net/mail"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ses"
	"github.com/aws/aws-sdk-go-v2/service/ses/types"

	"github.com/recourse-exams/recourse/casework/docket"
)

// ledgerTag is the message tag that carries the ledger row's id into SES's delivery events.
const ledgerTag = "ledger"

// Sender sends mails from one address. It is safe for concurrent use.
type Sender struct {
	client           *ses.Client
	from             netmail.Address
	replyTo          *netmail.Address
	configurationSet *string
	events           EventSource
}

// Option changes what New makes.
type Option func(*Sender) error

// WithReplyTo names the address that answers go to, such as "Exams team <exams@cambria.example>".
func WithReplyTo(address string) Option {
	return func(s *Sender) error {
		parsed, err := parseAddress(address)
		if err != nil {
			return fmt.Errorf("reply address of mails: %w", err)
		}
		s.replyTo = &parsed
		return nil
	}
}

// WithConfigurationSet names the SES configuration set that publishes delivery events.
func WithConfigurationSet(name string) Option {
	return func(s *Sender) error {
		s.configurationSet = &name
		return nil
	}
}

// New makes a Sender of mails from an address such as "Cambria Awards <results@cambria.example>".
func New(client *ses.Client, from string, events EventSource, options ...Option) (*Sender, error) {
	parsed, err := parseAddress(from)
	if err != nil {
		return nil, fmt.Errorf("sender address of mails: %w", err)
	}
	sender := &Sender{client: client, from: parsed, events: events}
	for _, option := range options {
		if err := option(sender); err != nil {
			return nil, err
		}
	}
	return sender, nil
}

// Send hands a mail to SES once and returns SES's message id. It returns a *casework.Fault of kind Refused if
// SES will never send this mail, one of kind Unavailable if SES certainly did not take it, and an error that
// is docket.ErrUncertain if the request left this machine and no answer came.
func (s *Sender) Send(ctx context.Context, envelope docket.Envelope) (messageID string, err error) {
	raw, err := s.compose(envelope)
	if err != nil {
		return "", fmt.Errorf("write mail %d: %w", envelope.LedgerID, err)
	}
	var handover handover
	out, err := s.client.SendRawEmail(handover.watch(ctx), &ses.SendRawEmailInput{
		Source:               aws.String(address(s.from)),
		Destinations:         []string{envelope.To.Address},
		RawMessage:           &types.RawMessage{Data: raw},
		ConfigurationSetName: s.configurationSet,
		Tags:                 []types.MessageTag{{Name: aws.String(ledgerTag), Value: aws.String(strconv.FormatInt(envelope.LedgerID, 10))}},
	}, once)
	if err != nil {
		return "", fmt.Errorf("send mail %d: %w", envelope.LedgerID, handover.outcome(err))
	}
	return aws.ToString(out.MessageId), nil
}

// Delivered asks whether a delivery event was seen for the ledger row, and under which message id.
func (s *Sender) Delivered(ctx context.Context, ledgerID int64) (messageID string, delivered bool, err error) {
	return s.events.Delivered(ctx, ledgerID)
}

// Ready reports whether SES answers and lets this account send.
func (s *Sender) Ready(ctx context.Context) error {
	quota, err := s.client.GetSendQuota(ctx, &ses.GetSendQuotaInput{})
	if err != nil {
		return fmt.Errorf("ask SES for the sending quota: %w", err)
	}
	if quota.Max24HourSend == 0 {
		return errors.New("SES lets this account send no mail: its daily quota is 0")
	}
	return nil
}

// once turns the SDK's retries off, because a repeat after a lost answer would send the mail twice.
func once(o *ses.Options) { o.Retryer = aws.NopRetryer{} }
