package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// A mail about an invoice has no case to hold.
const lockMailCaseSQL = `SELECT reference FROM cases WHERE reference = (SELECT reference FROM mails WHERE id = $1) FOR UPDATE`

const mailTrailSQL = `
SELECT reference, number, hash
FROM audit_entries
WHERE reference = (SELECT reference FROM mails WHERE id = $1)
ORDER BY number DESC
LIMIT 1`

const mailExistsSQL = `SELECT EXISTS (SELECT FROM mails WHERE id = $1)`

const settleMailSQL = `
UPDATE mails
SET state = $2, message_id = CASE WHEN $3 = '' THEN message_id ELSE $3 END, sent_at = $4, refusal = $5
WHERE id = $1 AND state <> $2 AND state NOT IN ('sent', 'refused')
RETURNING kind, number, clock, about, address, resent`

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

// settledMail is a mail whose fate was not known before.
type settledMail struct {
	Kind    casework.MailKind
	Number  int
	Clock   casework.ClockID
	About   string
	Address string
	Resent  bool
}

func (s *Store) settleMail(ctx context.Context, id int64, fate mailFate) error {
	_, err := inUnit(ctx, s, func(ctx context.Context, u *unit) (struct{}, error) {
		exists := column[bool](u, fmt.Sprintf("look for mail %d", id), mailExistsSQL, id)
		u.write(fmt.Sprintf("lock the case of mail %d", id), lockMailCaseSQL, id)
		trails := each[trailEnd](u, "read the end of the audit trail", mailTrailSQL, id)
		settled := each[settledMail](u, fmt.Sprintf("mark mail %d as %s", id, fate.state), settleMailSQL,
			id, fate.state, fate.messageID, fate.sentAt(), fate.refusal)
		if err := u.send(ctx); err != nil {
			return struct{}{}, err
		}
		if !(*exists)[0] {
			return struct{}{}, unknown("mail", fmt.Sprintf("mail %d", id))
		}
		// What became of the mail may be known already; an invoice's mail belongs to no case's trail.
		if len(*settled) == 0 || len(*trails) == 0 {
			return struct{}{}, nil
		}
		end := (*trails)[0]
		return struct{}{}, end.append(u, end.Reference, fate.entry((*settled)[0]))
	})
	return err
}

func (f mailFate) sentAt() zeronull.Timestamptz {
	if f.state != docket.MailSent {
		return zeronull.Timestamptz{}
	}
	return zeronull.Timestamptz(f.at)
}

// entry is what a case's trail says about the mail.
func (f mailFate) entry(mail settledMail) entry {
	facts := []docket.Fact{fact("kind", mail.Kind), fact("number", mail.Number), fact("to", mail.Address)}
	if mail.Clock != "" {
		facts = append(facts, fact("clock", mail.Clock))
	}
	if mail.Resent {
		facts = append(facts, fact("resent", mail.Resent))
	}
	return entry{
		at: f.at, actor: casework.System(), what: f.what, centre: mail.Kind.ToCentre() && mail.About == "" && f.state == docket.MailSent, facts: facts,
	}
}
