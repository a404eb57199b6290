package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

const prepareMailSQL = `
INSERT INTO mails (reference, invoice, kind, number, clock, about, name, address, state, prepared_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'new', $9)
ON CONFLICT (reference, invoice, kind, number, clock, about, address) DO NOTHING`

// Of several who try at the same moment the later ones wait, and find that the mail is not new any more.
const claimFirstSQL = `
UPDATE mails
SET state = 'sending', sending_since = $7
WHERE state = 'new' AND id = (
    SELECT id
    FROM mails
    WHERE (reference = $1 OR invoice = $2 OR $1::text IS NULL AND $2::text IS NULL AND reference IS NULL AND invoice IS NULL) AND kind = $3 AND number = $4 AND clock = $5 AND about = $6 AND state = 'new'
    ORDER BY id
    LIMIT 1)
RETURNING id`

const mailsSQL = `
SELECT id, reference, invoice, kind, number, clock, about, name, address, state, sending_since, resent, message_id, sent_at
FROM mails
WHERE (reference = $1 OR invoice = $2 OR $1::text IS NULL AND $2::text IS NULL AND reference IS NULL AND invoice IS NULL) AND kind = $3 AND number = $4 AND clock = $5 AND about = $6
ORDER BY id`

type mailRow struct {
	ID           int64
	Reference    zeronull.Text
	Invoice      zeronull.Text
	Kind         casework.MailKind
	Number       int
	Clock        casework.ClockID
	About        string
	Name         string
	Address      string
	State        docket.MailState
	SendingSince zeronull.Timestamptz
	Resent       bool
	MessageID    string
	SentAt       zeronull.Timestamptz
}

func (r mailRow) mail() docket.Mail {
	return docket.Mail{
		ID: r.ID, Reference: casework.Reference(r.Reference), Invoice: string(r.Invoice), Kind: r.Kind, Number: r.Number, Clock: r.Clock, About: r.About,
		Recipient: docket.Recipient{Name: r.Name, Address: r.Address}, State: r.State, SendingSince: timeOf(r.SendingSince),
		Resent: r.Resent, MessageID: r.MessageID, SentAt: timeOf(r.SentAt),
	}
}

// PrepareMails makes the ledger's rows for a mail of a case, or of an invoice, that are missing, claims the first
// that is new for an attempt at sending it at an instant, and returns every row of that mail: those of an earlier
// attempt too, whoever is a recipient now. The zero instant claims none.
func (s *Store) PrepareMails(ctx context.Context, in casework.MailInput, to []docket.Recipient, at time.Time) ([]docket.Mail, error) {
	var rows *[]mailRow
	claimed := new([]int64)
	err := again(ctx, func() error {
		return s.once(ctx, beginSQL, func(_ context.Context, u *unit) error {
			mail := []any{zeronull.Text(in.Reference), zeronull.Text(in.Invoice), in.Kind, in.Number, in.Clock, in.About}
			for _, r := range onceEach(to) {
				u.write("prepare the mail to "+r.Address, prepareMailSQL, slices.Concat(mail, []any{r.Name, r.Address, instant(in.At)})...)
			}
			if !at.IsZero() {
				claimed = column[int64](u, "claim the first mail", claimFirstSQL, append(slices.Clone(mail), instant(at))...)
			}
			rows = each[mailRow](u, "read the mail ledger", mailsSQL, mail...)
			return nil
		})
	})
	if err != nil {
		return nil, fmt.Errorf("prepare the %s mail of %s%s: %w", in.Kind, in.Reference, in.Invoice, err)
	}
	mails := make([]docket.Mail, len(*rows))
	for i, row := range *rows {
		mails[i] = row.mail()
		mails[i].Claimed = slices.Contains(*claimed, row.ID)
	}
	return mails, nil
}

func readMails(ctx context.Context, q queryer, sql string, args ...any) ([]docket.Mail, error) {
	rows, err := collect[mailRow](ctx, q, sql, args...)
	if err != nil {
		return nil, fmt.Errorf("read the mail ledger: %w", unavailable(err))
	}
	mails := make([]docket.Mail, len(rows))
	for i, row := range rows {
		mails[i] = row.mail()
	}
	return mails, nil
}

const claimMailSQL = `
UPDATE mails
SET state = 'sending', sending_since = $2, resent = resent OR $3
WHERE id = $1 AND CASE WHEN $3 THEN state IN ('sending', 'uncertain') AND NOT resent ELSE state = 'new' END`

// ClaimMail takes a mail for one attempt at sending it: a new one, or with resend one whose answer was lost and
// that was never repeated. Of several who try at the same moment exactly one gets it.
func (s *Store) ClaimMail(ctx context.Context, id int64, at time.Time, resend bool) (claimed bool, err error) {
	tag, err := s.pool.Exec(ctx, claimMailSQL, id, instant(at), resend)
	if err != nil {
		return false, fmt.Errorf("claim mail %d: %w", id, unavailable(err))
	}
	return tag.RowsAffected() == 1, nil
}

const releaseMailSQL = `UPDATE mails SET state = 'new', sending_since = NULL WHERE id = $1 AND state = 'sending'`

// ReleaseMail gives a claimed mail back, because SES certainly did not take it. A repeat that was not taken
// stays the only repeat.
func (s *Store) ReleaseMail(ctx context.Context, id int64) error {
	if _, err := s.pool.Exec(ctx, releaseMailSQL, id); err != nil {
		return fmt.Errorf("release mail %d: %w", id, unavailable(err))
	}
	return nil
}

const doubtfulMailsSQL = `
SELECT id, reference, invoice, kind, number, clock, about, name, address, state, sending_since, resent, message_id, sent_at
FROM mails
WHERE state IN ('sending', 'uncertain', 'refused') OR resent
ORDER BY id DESC`

// DoubtfulMails lists, newest first, the mails that a person may have to look at: handed to SES without an
// answer so far, the answer lost, repeated after that, or refused by SES.
func (s *Store) DoubtfulMails(ctx context.Context) ([]docket.Mail, error) {
	return readMails(ctx, s.pool, doubtfulMailsSQL)
}
