package letters_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/docket"
)

// london is an instant in November, when London has the time of UTC.
func london(day, hour int) time.Time {
	return time.Date(2026, time.November, day, hour, 0, 0, 0, time.UTC)
}

// dueOn is a day's digest with a clock of each kind and both deadlines of a task.
func dueOn(reader docket.DigestReader) docket.Digest {
	review := docket.DigestLine{Reference: reference, Service: casework.ReviewOfMarking, Component: "GE2/01", WaitingOn: casework.WaitingReviewer}
	of := func(clock casework.ClockID, kind casework.ClockKind, due time.Time, holder string) docket.DigestLine {
		l := review
		l.Clock, l.Kind, l.Due, l.Assignee = clock, kind, due, holder
		return l
	}
	digest := docket.Digest{Day: calendar.Date{Year: 2026, Month: time.November, Day: 23}, Reader: reader}
	switch reader {
	case docket.DigestLead:
		digest.ID, digest.Title = "ex-1001", "Dr Elen Vaughan"
		digest.Overdue = []docket.DigestLine{of(casework.ClockStartBy, "", london(20, 17), "Tomos Bevan")}
		digest.Soon = []docket.DigestLine{of(casework.ClockCompleteBy, "", london(25, 17), "Tomos Bevan")}
	case docket.DigestCentre:
		digest.ID, digest.Title = "64101", "Venerable Bede College"
		digest.Today = []docket.DigestLine{of(casework.ClockSample, casework.ClockDuty, london(24, 0), ""), of(casework.ClockScript, casework.ClockSLA, london(23, 14), "")}
		digest.Soon = []docket.DigestLine{of(casework.ClockWindow, casework.ClockRight, london(26, 0), "")}
	case docket.DigestOperations:
		digest.Overdue = []docket.DigestLine{of(casework.ClockOutcome, casework.ClockSLA, london(21, 0), "Tomos Bevan")}
		digest.Today = []docket.DigestLine{of(casework.ClockSample, casework.ClockDuty, london(24, 0), "")}
	}
	return digest
}

func TestDigestMail_Golden(t *testing.T) {
	t.Parallel()
	for _, reader := range []docket.DigestReader{docket.DigestLead, docket.DigestCentre, docket.DigestOperations} {
		t.Run(string(reader), func(t *testing.T) {
			t.Parallel()
			message, err := reachable(t).DigestMail(dueOn(reader))
			goldenMail(t, "digest-"+string(reader), message, err)
		})
	}
}

func flat(text string) string { return strings.Join(strings.Fields(text), " ") }

// A clock of days ends with its last day; nobody reads midnight of the day after.
func TestDigestMail_ADayEndsWithItself(t *testing.T) {
	t.Parallel()
	message, err := printer(t).DigestMail(dueOn(docket.DigestCentre))
	require.NoError(t, err)
	require.Contains(t, flat(message.Text), "sample (review of marking, GE2/01), the end of Monday 23 November 2026; your centre has to act")
	require.Contains(t, flat(message.Text), "reviewed script (review of marking, GE2/01), 14:00 on Monday 23 November 2026; the awarding body owes it")
	require.Contains(t, flat(message.Text), "appeal window ends (review of marking, GE2/01), the end of Wednesday 25 November 2026; your centre may act until then")
}

func TestDigestMail_SaysInItsSubjectHowMuchPresses(t *testing.T) {
	t.Parallel()
	line := dueOn(docket.DigestOperations).Today
	for says, digest := range map[string]docket.Digest{
		"1 overdue, 2 due today": {Overdue: line, Today: append(line, line...)},
		"1 overdue":              {Overdue: line, Soon: line},
		"1 due today":            {Today: line},
		"due in the next days":   {Soon: line},
	} {
		digest.Reader, digest.Day = docket.DigestOperations, calendar.Date{Year: 2026, Month: time.November, Day: 23}
		message, err := printer(t).DigestMail(digest)
		require.NoError(t, err)
		require.Equal(t, "Post-results services on Monday 23 November 2026: "+says, message.Subject)
		require.NotContains(t, message.HTML, "<a ", "no link to nowhere")
	}
}

func TestDigestMail_ListsNoMoreThanSomebodyReads(t *testing.T) {
	t.Parallel()
	digest := dueOn(docket.DigestOperations)
	for i := range 120 {
		l := digest.Today[0]
		l.Component = fmt.Sprintf("P%03d", i)
		digest.Soon = append(digest.Soon, l)
	}
	message, err := printer(t).DigestMail(digest)
	require.NoError(t, err)
	require.Contains(t, message.Text, "Due in the three days after: 120")
	require.Contains(t, message.Text, "P049")
	require.NotContains(t, message.Text, "P050")
	require.Contains(t, message.Text, "And 70 more, later than these.")
}
