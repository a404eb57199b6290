package workflows_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/converter"

	"github.com/recourse-exams/recourse/casework"
)

// ran notes where each activity of a story ran.
func (s *story) ran() map[string]string {
	queues := map[string]string{}
	s.env.SetOnActivityStartedListener(func(info *activity.Info, _ context.Context, _ converter.EncodedValues) {
		s.mu.Lock()
		defer s.mu.Unlock()
		queues[info.ActivityType.Name] = info.TaskQueue
	})
	return queues
}

// What waits for SES or S3 has a queue of its own, so that it can never hold up a step.
func TestErrands_HaveAQueueOfTheirOwn(t *testing.T) {
	t.Parallel()
	s := given(t, casework.ReviewOfMarking)
	queues := s.ran()
	s.on(day(3), func() { s.completes("u1", performer, completion()) })
	s.run()
	errands := casework.ErrandQueue(queues["RecordDecision"])
	require.NotEmpty(t, queues["RecordDecision"])
	for _, name := range []string{"SendMails", "StoreOutcomeLetter", "ReleaseScript"} {
		require.Equal(t, errands, queues[name], name)
	}
}

// The acknowledgement and what the first allocation has sent are due at the same moment: one activity. That there is
// still nobody is no news.
func TestErrands_MailsThatAreDueTogetherGoTogether(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		nobody bool
		lots   int
		kinds  []string
	}{
		"a performer at once":   {false, 2, []string{"acknowledgement", "outcome", "task"}},
		"nobody for two rounds": {true, 3, []string{"acknowledgement", "nobody-eligible", "outcome", "task"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := given(t, casework.ClericalCheck)
			reserved := s.allocated
			s.allocated = func(round int) casework.Allocated {
				if row.nobody && round < 3 {
					return casework.Allocated{Stage: casework.StageUnassigned, Sheet: s.sheet()}
				}
				return reserved(round)
			}
			if row.nobody {
				for n := 1; n <= 2; n++ {
					s.on(day(n), func() { s.env.SignalWorkflow(casework.SignalReallocate, nil) })
				}
			}
			s.on(day(3), func() { s.completes("u1", performer, completion()) })
			s.run()
			require.Equal(t, row.lots, s.did("SendMails"))
			require.Equal(t, row.kinds, s.mailed())
		})
	}
}
