package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

const mailCaseSQL = `SELECT reference FROM mails WHERE id = $1`

const settleMailSQL = `
UPDATE mails
SET state = $2, message_id = CASE WHEN $3 = '' THEN message_id ELSE $3 END, sent_at = $4, refusal = $5
WHERE id = $1 AND state <> $2 AND state NOT IN ('sent', 'refused')
RETURNING kind, number, clock, address, resent`

// mailFate is what became of a mail, with the code under which the case's audit trail says so.
type mailFate struct {
	state     docket.MailState
	what      string
	messageID string
	refusal   string
	at        time.Time
}

// MarkMailSent records that SES accepted a mail, or that its delivery was seen. The case's trail says so once.
func (s *Store) MarkMailSent(ctx context.Context, id int64, messageID string, at time.Time) error {
	return s.settleMail(ctx, id, mailFate{state: docket.MailSent, what: wroteMail, messageID: messageID, at: instant(at)})
}

// MarkMailUncertain records that SES was asked to send a mail and gave no answer.
func (s *Store) MarkMailUncertain(ctx context.Context, id int64, at time.Time) error {
	return s.settleMail(ctx, id, mailFate{state: docket.MailUncertain, what: wroteUncertain, at: instant(at)})
}

// MarkMailRefused records that SES will never send a mail, and why.
func (s *Store) MarkMailRefused(ctx context.Context, id int64, why string, at time.Time) error {
	return s.settleMail(ctx, id, mailFate{state: docket.MailRefused, what: wroteMailRefused, refusal: why, at: instant(at)})
}

func (s *Store) settleMail(ctx context.Context, id int64, fate mailFate) error {
	return s.InTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
		var ref zeronull.Text
		if err := tx.QueryRow(ctx, mailCaseSQL, id).Scan(&ref); err != nil {
			return missing(err, "mail", fmt.Sprintf("mail %d", id))
		}
		if ref != "" {
			if _, err := lockCase(ctx, tx, casework.Reference(ref)); err != nil {
				return err
			}
		}
		return fate.write(ctx, tx, id, casework.Reference(ref))
	})
}

func (f mailFate) write(ctx context.Context, tx pgx.Tx, id int64, ref casework.Reference) error {
	var sentAt zeronull.Timestamptz
	if f.state == docket.MailSent {
		sentAt = zeronull.Timestamptz(f.at)
	}
	var mail struct {
		kind    casework.MailKind
		number  int
		clock   casework.ClockID
		address string
		resent  bool
	}
	err := tx.QueryRow(ctx, settleMailSQL, id, f.state, f.messageID, sentAt, f.refusal).
		Scan(&mail.kind, &mail.number, &mail.clock, &mail.address, &mail.resent)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil // What became of the mail is known already.
	}
	if err != nil {
		return fmt.Errorf("mark mail %d as %s: %w", id, f.state, err)
	}
	if ref == "" {
		return nil // An invoice's mail belongs to no case's trail.
	}
	facts := []docket.Fact{fact("kind", mail.kind), fact("number", mail.number), fact("to", mail.address)}
	if mail.clock != "" {
		facts = append(facts, fact("clock", mail.clock))
	}
	if mail.resent {
		facts = append(facts, fact("resent", mail.resent))
	}
	return appendAudit(ctx, tx, ref, entry{
		at: f.at, actor: casework.System(), what: f.what, centre: toCentre(mail.kind) && f.state == docket.MailSent, facts: facts,
	})
}

// toCentre reports whether a mail goes to the centre; a performer's address and operations' alerts are not for it.
func toCentre(kind casework.MailKind) bool {
	switch kind {
	case casework.MailAcknowledgement, casework.MailComponentOutcome, casework.MailOutcome, casework.MailInvoice:
		return true
	case casework.MailTask, casework.MailNobody, casework.MailWarning, casework.MailBreach:
	}
	return false
}
