package watcher_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/watcher"
)

// untold is the register's part.
type untold struct {
	lots      [][]docket.Finding
	told      []int64
	dead      []docket.Delivery
	about     []string
	questions []casework.MailInput
	out       calendar.Date
	digests   []docket.Digest
	asked     int
	away      error
}

func (u *untold) UntoldFindings(_ context.Context, _ time.Time, quiet time.Duration) ([][]docket.Finding, error) {
	if quiet >= time.Minute {
		return nil, errors.New("an alert comes within a minute")
	}
	return u.lots, u.away
}

func (u *untold) MarkTold(_ context.Context, lot int64, _ time.Time) error {
	u.told = append(u.told, lot)
	return nil
}

func (u *untold) UntoldDead(context.Context) ([]docket.Delivery, []string, error) {
	return u.dead, u.about, u.away
}

func (u *untold) Webhook(_ context.Context, id string) (docket.Webhook, error) {
	return docket.Webhook{ID: id}, nil
}

func (u *untold) UntoldQuestions(context.Context) ([]casework.MailInput, error) {
	return u.questions, u.away
}
func (u *untold) DigestsDay(context.Context) (calendar.Date, error) { return u.out, u.away }

func (u *untold) Digests(context.Context, time.Time) ([]docket.Digest, error) {
	u.asked++
	return u.digests, nil
}

func (u *untold) MarkDigests(_ context.Context, day calendar.Date, _ time.Time) error {
	u.out = day
	return nil
}

// words is a writer of mails so short that a test knows it again.
type words struct{}

func (words) FindingsMail(findings []docket.Finding) (docket.Message, error) {
	return docket.Message{Subject: fmt.Sprint(len(findings), " findings")}, nil
}

func (words) WebhookMail(hook docket.Webhook, delivery docket.Delivery) (docket.Message, error) {
	return docket.Message{Subject: hook.ID + " " + delivery.ID}, nil
}

func (words) DigestMail(digest docket.Digest) (docket.Message, error) {
	return docket.Message{Subject: "digest of " + string(digest.Reader)}, nil
}

// letterbox is the post: what was handed over, and whose mails SES does not take now.
type letterbox struct {
	sent []string
	wait map[string]bool
}

func (l *letterbox) Message(_ context.Context, in casework.MailInput, to []docket.Recipient, message docket.Message) error {
	said := fmt.Sprintf("%s %s %d %s to %d: %s", in.Kind, in.Reference, in.Number, in.About, len(to), message.Subject)
	if l.wait[in.About] {
		return errors.New("SES is away")
	}
	l.sent = append(l.sent, said)
	return nil
}

func (l *letterbox) Mails(_ context.Context, mails []casework.MailInput) error {
	for _, in := range mails {
		if l.wait[in.About] {
			return errors.New("SES is away")
		}
		l.sent = append(l.sent, string(in.Kind)+" "+in.About)
	}
	return nil
}

func TestFindings_EachLotIsToldAndOneThatWaitsHoldsBackNone(t *testing.T) {
	t.Parallel()
	lot := func(id int64, kind docket.FindingKind) []docket.Finding {
		return []docket.Finding{{ID: id, Lot: id, Reference: caseOf(byte(id)), Kind: kind, FoundAt: now}, {ID: id + 1, Lot: id, Kind: kind}}
	}
	register := &untold{lots: [][]docket.Finding{lot(1, docket.FindingWorkflow), lot(3, docket.FindingUnrecorded)}}
	box := &letterbox{wait: map[string]bool{"finding 1": true}}
	tell := watcher.Telling(register, words{}, box, at)["findings"]
	require.ErrorContains(t, tell(t.Context()), "tell operations of case "+string(caseOf(1)))
	require.Equal(t, []string{"clock-unrecorded " + string(caseOf(3)) + " 1 finding 3 to 0: 2 findings"}, box.sent)
	require.Equal(t, []int64{3}, register.told, "what has not gone out is not told")
	box.wait = nil
	require.NoError(t, tell(t.Context()))
	require.Contains(t, box.sent, "case-stuck "+string(caseOf(1))+" 1 finding 1 to 0: 2 findings")
}

func TestGivenUp_OperationsAreToldOfAReceiverAndADay(t *testing.T) {
	t.Parallel()
	register := &untold{dead: []docket.Delivery{{ID: "msg_1", Webhook: "wh_1"}, {ID: "msg_2", Webhook: "wh_2"}}, about: []string{"wh_1/2026-11-23", "wh_2/2026-11-23"}}
	box := &letterbox{wait: map[string]bool{"wh_1/2026-11-23": true}}
	tell := watcher.Telling(register, words{}, box, at)["given-up"]
	require.ErrorContains(t, tell(t.Context()), "tell operations of webhook wh_1")
	require.Equal(t, []string{"webhook-dead  1 wh_2/2026-11-23 to 0: wh_2 msg_2"}, box.sent)
}

func TestQuestions_OneThatWaitsHoldsBackNone(t *testing.T) {
	t.Parallel()
	register := &untold{questions: []casework.MailInput{{Kind: casework.MailQuestion, About: "1"}, {Kind: casework.MailAnswer, About: "2"}}}
	box := &letterbox{wait: map[string]bool{"1": true}}
	require.ErrorContains(t, watcher.Telling(register, words{}, box, at)["questions"](t.Context()), "send the question mail")
	require.Equal(t, []string{"answer 2"}, box.sent)
}

func TestTelling_SaysThatTheRegisterIsAway(t *testing.T) {
	t.Parallel()
	register := &untold{away: errors.New("the register is away")}
	for name, tell := range watcher.Telling(register, words{}, &letterbox{}, at) {
		require.ErrorIs(t, tell(t.Context()), register.away, name)
	}
}

// Monday 23 November 2026 at nine is after seven on a working day.
func TestDigests_OnceOnAWorkingDayFromSevenOn(t *testing.T) {
	t.Parallel()
	monday := calendar.Date{Year: 2026, Month: time.November, Day: 23}
	for name, c := range map[string]struct {
		at    time.Time
		out   calendar.Date
		sends bool
	}{
		"at seven":                          {time.Date(2026, 11, 23, 7, 0, 0, 0, time.UTC), monday.AddDays(-3), true},
		"a moment before":                   {time.Date(2026, 11, 23, 6, 59, 59, 0, time.UTC), monday.AddDays(-3), false},
		"late, after an outage":             {time.Date(2026, 11, 23, 18, 0, 0, 0, time.UTC), monday.AddDays(-3), true},
		"never before":                      {now, calendar.Date{}, true},
		"they are out":                      {now, monday, false},
		"on a Saturday":                     {time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC), monday.AddDays(-3), false},
		"on Christmas Day":                  {time.Date(2026, 12, 25, 9, 0, 0, 0, time.UTC), monday, false},
		"in summer seven is six in UTC":     {time.Date(2026, 7, 6, 6, 0, 0, 0, time.UTC), calendar.Date{}, true},
		"and not five to six":               {time.Date(2026, 7, 6, 5, 55, 0, 0, time.UTC), calendar.Date{}, false},
		"in a year without known holidays":  {time.Date(2150, 11, 23, 9, 0, 0, 0, time.UTC), monday, true},
		"but not on its Saturdays (2150)":   {time.Date(2150, 11, 21, 9, 0, 0, 0, time.UTC), monday, false},
		"half past midnight belongs to BST": {time.Date(2026, 7, 5, 23, 30, 0, 0, time.UTC), calendar.Date{}, false},
	} {
		register := &untold{out: c.out}
		tell := watcher.Telling(register, words{}, &letterbox{}, func() time.Time { return c.at })["digests"]
		require.NoError(t, tell(t.Context()), name)
		require.Equal(t, c.sends, register.asked == 1, name)
		if c.sends {
			require.Equal(t, calendar.DateOf(c.at), register.out, name)
			require.NoError(t, tell(t.Context()), name)
			require.Equal(t, 1, register.asked, "%s: once a day", name)
		}
	}
}

// One reader's trouble holds back no other, and the day is not done before every digest has gone out.
func TestDigests_AreOutWhenEveryOneIs(t *testing.T) {
	t.Parallel()
	monday := calendar.Date{Year: 2026, Month: time.November, Day: 23}
	register := &untold{digests: []docket.Digest{
		{Day: monday, Reader: docket.DigestOperations},
		{Day: monday, Reader: docket.DigestLead, ID: "ex-1001", To: make([]docket.Recipient, 1)},
		{Day: monday, Reader: docket.DigestCentre, ID: "64101", To: make([]docket.Recipient, 2)},
	}}
	box := &letterbox{wait: map[string]bool{"2026-11-23/lead/ex-1001": true}}
	tell := watcher.Telling(register, words{}, box, at)["digests"]
	require.ErrorContains(t, tell(t.Context()), "send the digest 2026-11-23/lead/ex-1001: SES is away")
	require.Equal(t, []string{
		"digest  1 2026-11-23/operations to 0: digest of operations", "digest  1 2026-11-23/centre/64101 to 2: digest of centre",
	}, box.sent)
	require.True(t, register.out.IsZero())
	box.wait = nil
	require.NoError(t, tell(t.Context()))
	require.Equal(t, monday, register.out)
}
