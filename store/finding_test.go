package store_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/store/storetest"
)

// openFindings lists what is not mended, of one kind or, if it is empty, of all.
func (o office) openFindings(kind docket.FindingKind) []docket.Finding {
	o.t.Helper()
	found, err := o.OpenFindings(o.t.Context(), kind, 0)
	require.NoError(o.t, err)
	return found
}

func TestRecordFinding_OnceWhileItLasts(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.hook("wh_all", docket.EveryEvent)
	ref := o.open()
	finding := docket.Finding{Reference: ref, Kind: docket.FindingActivity, About: "SendMails", Detail: "It has failed 5 times.", FoundAt: storetest.Now}
	for i := range 3 {
		finding.FoundAt = storetest.Now.Add(time.Duration(i) * time.Minute)
		news, err := o.RecordFinding(t.Context(), finding)
		require.NoError(t, err)
		require.Equal(t, i == 0, news)
	}
	require.Len(t, o.openFindings(""), 1)
	require.Equal(t, storetest.Now, o.openFindings(docket.FindingActivity)[0].FoundAt)
	require.Empty(t, o.openFindings(docket.FindingWorkflow))
	require.Len(t, o.queued("wh_all"), 1)

	mended := storetest.Now.Add(time.Hour)
	for range 2 {
		require.NoError(t, o.ClearFinding(t.Context(), ref, docket.FindingActivity, "SendMails", mended))
	}
	require.Empty(t, o.openFindings(""))
	finding.FoundAt = mended.Add(time.Hour)
	news, err := o.RecordFinding(t.Context(), finding)
	require.NoError(t, err)
	require.True(t, news, "it happens again")
	require.Len(t, o.queued("wh_all"), 2, "and is told again")
}

func TestRecordFinding_OfManyAtOnceOneIsNews(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.hook("wh_all", docket.EveryEvent)
	ref := o.open()
	var news atomic.Int64
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			made, err := o.RecordFinding(t.Context(), docket.Finding{Reference: ref, Kind: docket.FindingWorkflow, Detail: "It fails.", FoundAt: storetest.Now})
			if err == nil && made {
				news.Add(1)
			}
		})
	}
	group.Wait()
	require.Equal(t, int64(1), news.Load())
	require.Len(t, o.queued("wh_all"), 1)
}

// The workflow of something that the register does not know is another's.
func TestRecordFinding_NeedsACase(t *testing.T) {
	t.Parallel()
	o := setup(t)
	news, err := o.RecordFinding(t.Context(), docket.Finding{Reference: reference("nobody"), Kind: docket.FindingWorkflow, Detail: "It fails.", FoundAt: storetest.Now})
	require.NoError(t, err)
	require.False(t, news)
}

// A look clears what it did not find again, never what was found while it looked.
func TestClearOtherFindings_KeepsWhatIsStillThereAndWhatIsNew(t *testing.T) {
	t.Parallel()
	o := setup(t)
	still, mended, fresh := o.open(), o.open(of("4002", storetest.Maths1)), o.open(of("4003", storetest.Maths1))
	looked := storetest.Now.Add(time.Minute)
	for ref, at := range map[casework.Reference]time.Time{still: storetest.Now, mended: storetest.Now, fresh: looked.Add(time.Second)} {
		_, err := o.RecordFinding(t.Context(), docket.Finding{Reference: ref, Kind: docket.FindingWorkflow, Detail: "It fails.", FoundAt: at})
		require.NoError(t, err)
	}
	o.found(mended, "SendMails", storetest.Now)
	require.NoError(t, o.ClearOtherFindings(t.Context(), docket.FindingWorkflow, []casework.Reference{still}, looked))
	var left []casework.Reference
	for _, f := range o.openFindings(docket.FindingWorkflow) {
		left = append(left, f.Reference)
	}
	require.ElementsMatch(t, []casework.Reference{still, fresh}, left)
	require.Len(t, o.openFindings(docket.FindingActivity), 1, "another kind is another look's")
	require.NoError(t, o.ClearOtherFindings(t.Context(), docket.FindingWorkflow, nil, looked))
	require.Len(t, o.openFindings(docket.FindingWorkflow), 1)
}

// lots are the findings that mails are due about.
func (o office) lots(at time.Time) [][]docket.Finding {
	o.t.Helper()
	lots, err := o.UntoldFindings(o.t.Context(), at, 45*time.Second)
	require.NoError(o.t, err)
	return lots
}

// What was found in one look is one mail; what a mail tells of never changes, however often it is tried.
func TestUntoldFindings_ALotStaysWhatItIs(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	o.found(ref, "A", storetest.Now)
	o.found(ref, "B", storetest.Now)
	lots := o.lots(storetest.Now)
	require.Len(t, lots, 1)
	require.Len(t, lots[0], 2)
	require.Equal(t, lots[0][0].ID, lots[0][1].Lot)

	o.found(ref, "C", storetest.Now.Add(time.Second))
	require.NoError(t, o.ClearFinding(t.Context(), ref, docket.FindingActivity, "A", storetest.Now.Add(time.Second)))
	lots = o.lots(storetest.Now.Add(2 * time.Second))
	require.Len(t, lots, 2, "the first mail has not gone out")
	require.Equal(t, []string{"A", "B"}, []string{lots[0][0].About, lots[0][1].About})
	require.Equal(t, "C", lots[1][0].About)
	for _, lot := range lots {
		require.NoError(t, o.MarkTold(t.Context(), lot[0].Lot, storetest.Now.Add(3*time.Second)))
	}
	require.Empty(t, o.lots(storetest.Now.Add(4*time.Second)))
}

// The first is told at once, the next ones together three quarters of a minute later: within a minute all the same.
func TestUntoldFindings_AnOutageIsAFewMails(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	mails := 0
	var told int
	for second := range 120 {
		at := storetest.Now.Add(time.Duration(second) * time.Second)
		if second < 100 {
			o.found(ref, fmt.Sprintf("Activity%03d", second), at)
		}
		for _, lot := range o.lots(at) {
			mails++
			told += len(lot)
			for _, f := range lot {
				require.LessOrEqual(t, at.Sub(f.FoundAt), time.Minute, f.About)
			}
			require.NoError(t, o.MarkTold(t.Context(), lot[0].Lot, at))
		}
	}
	require.Equal(t, 3, mails)
	require.Equal(t, 91, told, "the last ones still wait")
	require.Len(t, o.lots(storetest.Now.Add(3 * time.Minute))[0], 9)
}

func TestUntoldFindings_WhatWasMendedBeforeItsMailIsNotTold(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	o.found(ref, "A", storetest.Now)
	require.NoError(t, o.ClearFinding(t.Context(), ref, docket.FindingActivity, "A", storetest.Now))
	require.Empty(t, o.lots(storetest.Now))
}

func TestUntoldFindings_UnrecordedClocksHaveAMailOfTheirOwn(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	o.found(ref, "A", storetest.Now)
	_, err := o.RecordFinding(t.Context(), docket.Finding{Reference: ref, Kind: docket.FindingUnrecorded, About: "outcome", Detail: "It ended.", FoundAt: storetest.Now})
	require.NoError(t, err)
	lots := o.lots(storetest.Now)
	require.Len(t, lots, 2)
	require.NotEqual(t, lots[0][0].Kind.Mail(), lots[1][0].Kind.Mail())
}
