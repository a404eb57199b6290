package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/store/storetest"
)

func TestDesk_CountsWhatOperationsLookAtFirst(t *testing.T) {
	t.Parallel()
	o := setup(t)
	empty, err := o.Desk(t.Context(), storetest.Now)
	require.NoError(t, err)
	require.Equal(t, docket.Desk{At: storetest.Now, Findings: []docket.Finding{}}, empty)

	breached, held := o.try(ask()), o.open(of("4002", storetest.Maths1))
	pooled := o.untaken(of("4003", storetest.Maths1))
	window := o.settled(nil, of(storetest.Cohort(t, o.Store, 1)[0], storetest.Maths1), withoutScript)
	o.hold(held, casework.HoldConsent, days(1))
	o.hook("wh_1", docket.EveryEvent)
	o.found(pooled, "SendMails", storetest.Now)
	require.NoError(t, o.Watched(t.Context(), "unrecorded", storetest.Now))
	require.NoError(t, o.Watched(t.Context(), "stuck", storetest.Now.Add(-time.Hour)))
	require.Equal(t, casework.WaitingCentre, o.page(window).WaitingOn)

	_, breach := instants(t, breached)
	desk, err := o.Desk(t.Context(), breach.At.Add(-time.Hour))
	require.NoError(t, err)
	require.Equal(t, int64(4), desk.Open)
	require.Equal(t, int64(2), desk.DueIn24h, "the held case's clock stands still, the last one's was met")
	require.Equal(t, int64(1), desk.InPool)
	require.Equal(t, int64(1), desk.Held)
	require.Equal(t, int64(2), desk.AtCentre, "the window, and the consent that the centre was asked for")
	require.Equal(t, int64(1), desk.FindingCount)
	require.Equal(t, "SendMails", desk.Findings[0].About)
	require.Equal(t, storetest.Now, desk.WatchedAt)
	require.Zero(t, desk.Breached)

	o.alert(breached.Reference, 1, breach, breach.At)
	require.NoError(t, o.MarkDead(t.Context(), o.claimOne(breach.At.Add(-time.Minute)), 500, "no", breach.At))
	desk, err = o.Desk(t.Context(), breach.At)
	require.NoError(t, err)
	require.Equal(t, int64(1), desk.Breached)
	require.Zero(t, desk.DueIn24h, "what has ended is not due any more")
	require.Equal(t, int64(1), desk.DeadWebhooks)
}

// A mail whose fate nobody knows, and one that SES refused, are for a person to look at. One that is on its way, and one that
// was repeated after a lost answer and then sent, alarm nobody; the list of mails keeps showing them.
func TestDesk_ADoubtfulMailIsOneWithoutAnEnd(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	id := o.mails(ref, amira)[0].ID
	doubtful := func(count int, why string) {
		t.Helper()
		desk, err := o.Desk(t.Context(), later)
		require.NoError(t, err)
		require.Equal(t, int64(count), desk.DoubtfulMails, why)
		require.Equal(t, count, o.figures(later)["mails-doubtful/"], why)
	}
	doubtful(0, "new")
	require.True(t, o.claim(id, later, false))
	doubtful(0, "on its way")
	require.NoError(t, o.MarkMailUncertain(t.Context(), id, later))
	doubtful(1, "the answer was lost")
	require.True(t, o.claim(id, later.Add(time.Hour), true))
	doubtful(0, "it is repeated")
	require.NoError(t, o.MarkMailUncertain(t.Context(), id, later.Add(time.Hour)))
	doubtful(1, "and lost again")
	require.NoError(t, o.MarkMailSent(t.Context(), id, "ses-2", later.Add(2*time.Hour)))
	doubtful(0, "sent in the end")
	listed, err := o.DoubtfulMails(t.Context())
	require.NoError(t, err)
	require.Len(t, listed, 1, "its reader may have two")

	other := o.open(of("4002", storetest.Maths1))
	id = o.mails(other, amira)[0].ID
	require.True(t, o.claim(id, later, false))
	require.NoError(t, o.MarkMailRefused(t.Context(), id, "address is on the suppression list", later))
	doubtful(1, "refused for good")
}

// figures are what the metrics show, by name and label, in whole numbers.
func (o office) figures(at time.Time) map[string]int {
	o.t.Helper()
	all, err := o.Figures(o.t.Context(), at)
	require.NoError(o.t, err)
	found := map[string]int{}
	for _, f := range all {
		found[f.Name+"/"+f.Label] = int(f.Value)
	}
	return found
}

func TestFigures_CountWhatAlertsStandOn(t *testing.T) {
	t.Parallel()
	o := setup(t)
	for name, value := range o.figures(storetest.Now) {
		require.Zero(t, value, name)
	}
	breached := o.try(ask())
	_, breach := instants(t, breached)
	pooled := o.untaken(of("4003", storetest.Maths1))
	held := o.open(of("4002", storetest.Maths1))
	allocated := o.allocate(breached.Reference)
	o.hold(held, casework.HoldConsent, days(1))
	o.hook("wh_1", docket.EveryEvent)
	o.found(pooled, "SendMails", storetest.Now)
	require.NoError(t, o.Watched(t.Context(), "stuck", storetest.Now))

	at := breach.At.Add(-30 * time.Hour)
	figures := o.figures(at)
	require.Zero(t, figures["due/24h"])
	require.Equal(t, 2, figures["due/72h"])
	require.Equal(t, 1, figures["findings/activity-failing"])
	require.Equal(t, 1, figures["pool/"])
	require.InDelta(t, at.Sub(storetest.Now).Seconds(), figures["pool-oldest/"], 5)
	require.Equal(t, 1, figures["holds/consent-inspection"])
	require.Equal(t, 1, figures["webhooks-pending/"])
	require.InDelta(t, at.Sub(storetest.Now).Seconds(), figures["rounds/stuck"], 1, "seconds ago")
	require.Equal(t, 1, o.figures(allocated.Times.CompleteBy)["overdue/complete-by"])

	o.alert(breached.Reference, 1, breach, breach.At)
	require.NoError(t, o.MarkDead(t.Context(), o.claimOne(storetest.Now), 500, "no", breach.At))
	require.NotZero(t, o.unrecorded(breach.At.Add(time.Minute)))
	figures = o.figures(breach.At.Add(time.Minute))
	require.Equal(t, 1, figures["breaches/outcome"])
	require.Equal(t, 1, figures["webhooks-dead/"])
	require.Equal(t, figures["findings/clock-unrecorded"], figures["unrecorded/"])
}
