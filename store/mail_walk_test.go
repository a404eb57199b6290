package store_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// fate is what the ledger should say of one mail, kept beside it by rules that are written down a second time.
type fate struct {
	state  docket.MailState
	resent bool
	told   []string // what the case's trail says of it
}

func (f *fate) final() bool { return f.state == docket.MailSent || f.state == docket.MailRefused }

// doubtful says whether a person may have to look at the mail (architecture §6).
func (f *fate) doubtful() bool {
	return f.resent || slices.Contains([]docket.MailState{docket.MailSending, docket.MailUncertain, docket.MailRefused}, f.state)
}

// settle notes an answer of SES; a final state stays, and the same answer twice is told once.
func (f *fate) settle(to docket.MailState, what string) {
	if f.final() || f.state == to {
		return
	}
	f.state = to
	f.told = append(f.told, what)
}

// TestMailLedger_AnyOrderOfEventsLeavesATrueRow lets workers claim, give back, repeat and settle three mails in any
// order, also late and twice, and compares the ledger and the list of doubtful mails with the rules at each turn.
func TestMailLedger_AnyOrderOfEventsLeavesATrueRow(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			o, dice := setup(t), rand.New(rand.NewPCG(seed, 2))
			ref := o.open()
			rows := o.mails(ref, amira, joan, docket.Recipient{Name: "Third", Address: "third@ashdown.example"})
			fates := map[int64]*fate{}
			for _, row := range rows {
				fates[row.ID] = &fate{state: docket.MailNew}
			}
			at := later
			for range 60 {
				at = at.Add(time.Minute)
				id := rows[dice.IntN(len(rows))].ID
				o.happen(dice, id, fates[id], at)
				o.compare(ref, fates)
			}
		})
	}
}

// happen lets one thing happen to a mail, in the register and in the rules.
func (o office) happen(dice *rand.Rand, id int64, f *fate, at time.Time) {
	o.t.Helper()
	handed := f.state != docket.MailNew
	switch dice.IntN(12) {
	case 0, 1, 2:
		may := f.state == docket.MailNew
		require.Equal(o.t, may, o.claim(id, at, false), "claim of a mail that is %s", f.state)
		if may {
			f.state = docket.MailSending
		}
	case 3, 4:
		may := (f.state == docket.MailSending || f.state == docket.MailUncertain) && !f.resent
		require.Equal(o.t, may, o.claim(id, at, true), "repeat of a mail that is %s", f.state)
		if may {
			f.state, f.resent = docket.MailSending, true
		}
	case 5, 6, 7:
		require.NoError(o.t, o.ReleaseMail(o.t.Context(), id))
		if f.state == docket.MailSending {
			f.state = docket.MailNew
		}
	case 8, 9:
		if handed {
			require.NoError(o.t, o.MarkMailUncertain(o.t.Context(), id, at))
			f.settle(docket.MailUncertain, "mail-uncertain")
		}
	case 10:
		if handed {
			require.NoError(o.t, o.MarkMailSent(o.t.Context(), id, fmt.Sprint("ses-", at.Unix()), at))
			f.settle(docket.MailSent, "mail-sent")
		}
	default:
		if handed {
			require.NoError(o.t, o.MarkMailRefused(o.t.Context(), id, "no such address", at))
			f.settle(docket.MailRefused, "mail-refused")
		}
	}
}

// compare reads the ledger, the list of doubtful mails and the case's trail.
func (o office) compare(ref casework.Reference, fates map[int64]*fate) {
	o.t.Helper()
	var doubtful, told []string
	listed, err := o.DoubtfulMails(o.t.Context())
	require.NoError(o.t, err)
	require.True(o.t, slices.IsSortedFunc(listed, func(a, b docket.Mail) int { return int(b.ID - a.ID) }), "newest first")
	for _, mail := range listed {
		doubtful = append(doubtful, fmt.Sprint(mail.ID))
	}
	var want []string
	for _, row := range o.mails(ref) {
		f := fates[row.ID]
		require.Equal(o.t, f.state, row.State)
		require.Equal(o.t, f.resent, row.Resent)
		require.Equal(o.t, row.State == docket.MailSent, !row.SentAt.IsZero())
		require.Equal(o.t, row.State == docket.MailSent, row.MessageID != "")
		if f.doubtful() {
			want = append(want, fmt.Sprint(row.ID))
		}
		told = append(told, f.told...)
	}
	require.ElementsMatch(o.t, want, doubtful)
	require.ElementsMatch(o.t, append([]string{"opened"}, told...), o.trail(ref))
}

// TestTimeline_CentreNeverReadsOfAMailThatFailed: it is the awarding body's to put right.
func TestTimeline_CentreNeverReadsOfAMailThatFailed(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	rows := o.mails(ref, amira, joan)
	for _, row := range rows {
		require.True(t, o.claim(row.ID, later, false))
	}
	require.NoError(t, o.MarkMailRefused(t.Context(), rows[0].ID, "no such address", later))
	require.NoError(t, o.MarkMailUncertain(t.Context(), rows[1].ID, later))
	entries, err := o.Timeline(t.Context(), ref, true)
	require.NoError(t, err)
	require.Len(t, entries, 1, "opened")
	require.NoError(t, o.MarkMailSent(t.Context(), rows[1].ID, "ses-1", later), "a delivery was seen")
	entries, err = o.Timeline(t.Context(), ref, true)
	require.NoError(t, err)
	require.Equal(t, "mail-sent", entries[1].What)
	require.NoError(t, o.VerifyAudit(t.Context(), ref))
}
