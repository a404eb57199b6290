package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
)

// stopping are the ways in which the work on a task is stopped and let go on.
func stopping(s *story) map[string][2]func() {
	return map[string][2]func(){
		"a hold":   {func() { s.holds("h1", casework.HoldSample) }, func() { s.resumes("r1", casework.HoldSample) }},
		"a person": {func() { s.acts("s1", ordered(casework.OpSuspend, "")) }, func() { s.acts("s2", ordered(casework.OpResume, "")) }},
	}
}

// eachWay tells a story of a task that is stopped, for every way.
func eachWay(t *testing.T, tell func(t *testing.T, s *story, stop, goOn func())) {
	t.Helper()
	for _, way := range []string{"a hold", "a person"} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			s := given(t, casework.ReviewOfMarking).people(performer).practice().standsStill()
			ways := stopping(s)
			tell(t, s, ways[way][0], ways[way][1])
		})
	}
}

// toldAt is when the case noticed each deadline of the task, as time since its start.
func (s *story) toldAt() []time.Duration {
	var at []time.Duration
	for _, alert := range s.alerts {
		at = append(at, alert.Key.At.Sub(s.start).Round(time.Minute))
	}
	return at
}

const oneDay = 24 * time.Hour

// Nobody is reminded of what they may not do. Afterwards the deadlines are as much later.
func TestStop_NothingComesWhileTheTaskIsStopped(t *testing.T) {
	t.Parallel()
	eachWay(t, func(t *testing.T, s *story, stop, goOn func()) {
		t.Helper()
		shown := ""
		s.on(s.start.Add(time.Hour), stop)
		s.on(s.start.Add(15*oneDay), func() { shown = s.details() })
		s.on(s.start.Add(15*oneDay+time.Hour), goOn)
		s.on(s.start.Add(16*oneDay+12*time.Hour), func() { s.completes("u1", performer, completion()) })
		s.run()
		require.Equal(t, []string{"start-by task-reminder "}, s.toldOfTask())
		require.Equal(t, []time.Duration{16 * oneDay}, s.toldAt()[:1])
		require.Contains(t, shown, "| Start by | 2026-09-26 09:15:01 UTC (Sat 26 Sep 10:15 BST in London), stands still |")
		require.NotContains(t, shown, "the task's start-by at")
	})
}

// The scandal of a hold that erased what was missed: the lead was told once, and the next rung is counted on from there.
func TestStop_AMissedDeadlineStaysMissedAndIsToldOnce(t *testing.T) {
	t.Parallel()
	eachWay(t, func(t *testing.T, s *story, stop, goOn func()) {
		t.Helper()
		s.on(s.start.Add(2*oneDay+12*time.Hour), stop)
		s.on(s.start.Add(5*oneDay+12*time.Hour), goOn)
		s.on(s.start.Add(8*oneDay), func() { s.completes("u1", performer, completion()) })
		require.Equal(t, casework.StageClosed, s.run().Stage)
		require.Equal(t, []string{
			"start-by task-reminder ", "start-by task-escalation escalate-lead", "start-by task-escalation escalate-chief",
			"start-by task-escalation escalate-operations",
		}, s.toldOfTask())
		require.Equal(t, []time.Duration{oneDay, 2 * oneDay, 6 * oneDay, 7 * oneDay}, s.toldAt()[:4], "the chief a day after the lead, of days that counted")
	})
}

// A deadline that passes in the very moment in which the task is stopped is told once, whichever comes first.
func TestStop_AtTheInstantOfADeadlineLosesNothing(t *testing.T) {
	t.Parallel()
	eachWay(t, func(t *testing.T, s *story, stop, goOn func()) {
		t.Helper()
		s.broken["RecordAlert"] = 3
		s.on(s.start.Add(2*oneDay), stop)
		s.on(s.start.Add(5*oneDay), goOn)
		s.on(s.start.Add(5*oneDay+time.Hour), func() { s.completes("u1", performer, completion()) })
		s.run()
		require.Equal(t, []string{"start-by task-reminder ", "start-by task-escalation escalate-lead"}, s.toldOfTask())
	})
}

// Whoever is given a stopped task has all the time from when it goes on, and answers for nothing that was missed before.
func TestStop_PassedOnMeanwhileStartsAfresh(t *testing.T) {
	t.Parallel()
	eachWay(t, func(t *testing.T, s *story, stop, goOn func()) {
		t.Helper()
		s.on(s.start.Add(2*oneDay+12*time.Hour), stop)
		s.on(s.start.Add(3*oneDay), func() { s.acts("hand", ordered(casework.OpReassign, second)) })
		s.on(s.start.Add(5*oneDay), goOn)
		s.on(s.start.Add(6*oneDay+time.Hour), func() { s.completes("u1", second, completion()) })
		s.run()
		require.Equal(t, []string{"start-by task-reminder ", "start-by task-escalation escalate-lead", "start-by task-reminder "}, s.toldOfTask())
		require.Equal(t, []time.Duration{oneDay, 2 * oneDay, 6 * oneDay}, s.toldAt()[:3])
	})
}

// Stopped twice, and by two causes that overlap, a task loses each day once.
func TestStop_TwiceAndForTwoCauses(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ReviewOfMarking).people(performer).practice()
	ways := stopping(s)
	s.on(s.start.Add(6*time.Hour), ways["a hold"][0])
	s.on(s.start.Add(oneDay), ways["a person"][0])
	s.on(s.start.Add(2*oneDay), ways["a hold"][1])
	s.on(s.start.Add(3*oneDay+6*time.Hour), ways["a person"][1])
	s.on(s.start.Add(4*oneDay+12*time.Hour), func() { s.holds("h2", casework.HoldOther) })
	s.on(s.start.Add(5*oneDay+12*time.Hour), func() { s.resumes("r2", casework.HoldOther) })
	s.on(s.start.Add(6*oneDay+time.Hour), func() { s.completes("u1", performer, completion()) })
	s.run()
	require.Equal(t, []string{"start-by task-reminder ", "start-by task-escalation escalate-lead"}, s.toldOfTask())
	require.Equal(t, []time.Duration{4 * oneDay, 6 * oneDay}, s.toldAt()[:2])
}
