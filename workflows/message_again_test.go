package workflows_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/sdk/v1"

	"github.com/recourse-exams/recourse/casework"
)

// each tells every saying in every way that it has, in a story of its own.
func each(t *testing.T, tell func(t *testing.T, m saying, w way)) {
	t.Helper()
	for _, m := range sayings() {
		for _, w := range ways {
			if m.bare() {
				continue
			}
			t.Run(m.name()+" "+string(w), func(t *testing.T) {
				t.Parallel()
				tell(t, m, w)
			})
		}
	}
}

// The sayings are all that a case listens to, by its own registration: a message or an operation without a row below
// fails here.
func TestMessage_EveryOneHasItsRow(t *testing.T) {
	t.Parallel()
	s := standing(t, reserved)
	var listens sdk.WorkflowMetadata
	s.on(toldAt, func() {
		value, err := s.env.QueryWorkflow("__temporal_workflow_metadata")
		require.NoError(t, err)
		require.NoError(t, value.Get(&listens))
	})
	s.lives()
	var updates, signals []string
	var operations []casework.Operation
	for _, m := range sayings() {
		signals = append(signals, m.message)
		if !m.bare() {
			updates = append(updates, m.message)
		}
		if r, ok := m.request.(casework.TaskRequest); ok && m.message == casework.MessageTask {
			operations = append(operations, r.Operation)
		}
	}
	require.ElementsMatch(t, registered(listens.GetDefinition().GetUpdateDefinitions()), names(updates, casework.UpdateOpen))
	require.ElementsMatch(t, registered(listens.GetDefinition().GetSignalDefinitions()), names(signals))
	require.ElementsMatch(t, casework.Operations(), operations)
}

func registered(definitions []*sdk.WorkflowInteractionDefinition) []string {
	var all []string
	for _, d := range definitions {
		all = append(all, d.GetName())
	}
	return all
}

// names are words without repetitions, and more.
func names(words []string, more ...string) []string {
	all := append(slices.Clone(words), more...)
	slices.Sort(all)
	return slices.Compact(all)
}

// Told once, a message is one step, one answer and one mail.
func TestMessage_ToldOnceIsDoneOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, m saying, w way) {
		t.Helper()
		s := standing(t, m.in, third, fourth)
		var said *utterance
		s.on(toldAt, func() { said = s.tell(m, w, "m") })
		s.lives()
		require.Empty(t, said.codes())
		require.Len(t, s.tookSteps(m.step), 1)
		if m.mail != "" {
			require.Equal(t, 1, s.news(m.mail))
		}
		require.Empty(t, s.refusals)
	})
}

// The same Update, sent again while the first is under way, is the first: both get its answer. Its key is good for no
// other request, then or later, and what is asked for under another key is judged as what it is: the same once more.
func TestMessage_SameUpdateAgainIsTheSameAnswer(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, m saying, w way) {
		t.Helper()
		if w != byUpdate {
			return
		}
		s := standing(t, m.in, third, fourth)
		s.on(toldAt.Add(-time.Hour), func() { s.broken[m.activity()] = 3 })
		var first, meanwhile, other, later, stale, anew *utterance
		s.on(toldAt, func() { first = s.tell(m, w, "m") })
		s.on(toldAt.Add(time.Second), func() { meanwhile, other = s.tell(m, w, "m"), s.tellUnder(m, w, "other", "key-m") })
		asked := 0
		s.on(day(3), func() { asked = s.asked; later, stale = s.tell(m, w, "m"), s.tellUnder(m, w, "stale", "key-m") })
		s.on(day(4), func() {
			require.Equal(t, asked, s.asked, "a repeat asks the register nothing")
			anew = s.tell(m, w, "anew")
		})
		s.lives()
		for _, repeat := range []*utterance{first, meanwhile, later} {
			require.Empty(t, repeat.codes())
			require.Equal(t, first.update.done, repeat.update.done)
		}
		for _, reused := range []*utterance{other, stale} {
			require.Equal(t, casework.FaultKeyReused, faultCode(t, reused.update.rejected))
		}
		m.requireOnceMore(t, s, anew, m.again)
	})
}

// requireOnceMore: what was asked for once more is refused with a code, or done once more and told once more.
func (m saying) requireOnceMore(t *testing.T, s *story, anew *utterance, code string) {
	t.Helper()
	times := 1
	if code == "" {
		times = 2
		require.Empty(t, anew.codes())
	} else {
		require.Equal(t, []string{code}, anew.codes())
	}
	require.Len(t, s.tookSteps(m.step), times)
	if m.mail != "" {
		require.Equal(t, times, s.news(m.mail))
	}
}

// The same Signal, word for word, is meant again, also while the first is under way: the second is judged after the
// first, and a no is written down.
func TestMessage_SameSignalAgainIsMeantAgain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, m saying, w way) {
		t.Helper()
		if w != bySignal {
			return
		}
		for name, row := range map[string]struct {
			later  time.Duration
			answer string
		}{
			"while it is under way": {time.Second, m.atOnce()},
			"after it was done":     {24 * time.Hour, m.resignalled},
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				s := standing(t, m.in, third, fourth)
				s.on(toldAt.Add(-time.Hour), func() { s.broken[m.activity()] = 3 })
				var said *utterance
				s.on(toldAt, func() { said = s.tell(m, w, "m") })
				s.on(toldAt.Add(row.later), func() { s.tell(m, w, "m") })
				s.lives()
				m.requireOnceMore(t, s, said, row.answer)
				for _, refused := range s.refusals {
					require.Equal(t, m.message, refused.Name)
					require.Equal(t, casework.RoleOperator, refused.Actor.Role)
					require.True(t, refused.Actor.Claimed)
				}
			})
		}
	})
}

// A case that is reset hears its messages again and forgets that it did: the register answers what it answered, and the
// ledger knows every mail.
func TestReset_EveryMessageIsAnsweredAsItWas(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, m saying, w way) {
		t.Helper()
		live := func(s *story) (*story, *utterance) {
			var said *utterance
			s.on(toldAt, func() { said = s.tell(m, w, "m") })
			require.Equal(t, casework.StageClosed, s.run().Stage)
			return s, said
		}
		first, said := live(standing(t, m.in, third, fourth))
		again, resaid := live(standing(t, m.in).after(first))
		require.Empty(t, again.steps, "nothing is recorded twice")
		require.Empty(t, resaid.codes())
		if w == byUpdate {
			require.Equal(t, said.update.done, resaid.update.done)
		}
		sent := func(s *story) (mails []casework.MailInput) {
			for _, mail := range s.mails {
				mails = append(mails, ledgered(mail))
			}
			return mails
		}
		require.ElementsMatch(t, sent(first), sent(again))
	})
}

// Once the case is decided, its task is nobody's to act on; a hold, a nudge and other rules are taken as before.
func TestMessage_AfterTheDecision(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, m saying, w way) {
		t.Helper()
		s := standing(t, decided)
		var said *utterance
		s.on(toldAt, func() { said = s.tell(m, w, "m") })
		s.lives()
		if m.afterwards == "" {
			require.Empty(t, said.codes())
			require.Len(t, s.tookSteps(m.step), 1)
			return
		}
		require.Equal(t, []string{m.afterwards}, said.codes())
		require.Empty(t, s.tookSteps(m.step))
		if w == byUpdate && m.afterwards == casework.FaultAlreadyCompleted {
			require.Error(t, said.update.rejected, "the door knows it")
		}
	})
}

// A refusal at the door leaves nothing behind: no step, no activity, no mail, and no word about it.
func TestMessage_RefusedUpdateLeavesNoTrace(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, m saying, w way) {
		t.Helper()
		if w != byUpdate {
			return
		}
		s := standing(t, m.in)
		asked, shown := 0, ""
		var said *utterance
		m.by.Subject = ""
		m.request = spoiled(m.request)
		s.on(toldAt, func() { asked, shown, said = s.asked, s.details(), s.tell(m, w, "m") })
		s.on(toldAt.Add(time.Hour), func() {
			require.Equal(t, asked, s.asked)
			require.Equal(t, shown, s.details())
		})
		s.lives()
		require.Error(t, said.update.rejected)
		require.NoError(t, said.update.failed)
		require.Empty(t, s.refusals)
	})
}

// spoiled is a request that lacks what it cannot be without.
func spoiled(request any) any {
	switch r := request.(type) {
	case casework.HoldRequest:
		r.Cause = ""
		return r
	case casework.ResumeRequest:
		r.Cause = ""
		return r
	case casework.RecalculateRequest:
		r.Policy = ""
		return r
	}
	return request
}

// Before the opening there is no case to tell anything, and at its end none any more: what comes while it is being closed
// is answered, by Update, or written down, by Signal.
func TestMessage_BeforeTheOpeningAndAtTheEnd(t *testing.T) {
	t.Parallel()
	s := standing(t, reserved)
	s.broken["OpenCase"], s.broken["CloseCase"] = 7, 7
	var early, late []*utterance
	closing := ended.Add(3*time.Hour).AddDate(0, 0, 15).Truncate(24 * time.Hour).Add(casework.ReceiptGrace)
	for _, m := range sayings() {
		if m.bare() {
			continue
		}
		s.on(s.start, func() { early = append(early, s.tell(m, byUpdate, "early "+m.name())) })
		for _, w := range ways {
			s.on(closing.Add(time.Second), func() { late = append(late, s.tell(m, w, "late "+m.name()+string(w))) })
		}
	}
	s.lives()
	for _, said := range early {
		require.Equal(t, casework.FaultNotOpen, faultCode(t, said.update.rejected), said.id)
	}
	for _, said := range late {
		require.Len(t, said.codes(), 1, said.id)
		require.Contains(t, []string{casework.FaultNotOpen, casework.FaultAlreadyCompleted}, said.codes()[0], said.id)
	}
	require.Equal(t, 1, s.did("CloseCase"))
}
