package workflows_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
)

// A pair are two sayings, the first of which finds the case as it needs it.
type pair struct {
	said [2]saying
	by   way
}

// outcome is what became of a pair: the answers, and what the register says then.
type outcome struct {
	codes  [2]string
	steps  []string
	holder string
	state  casework.TaskState
	causes []casework.HoldCause
}

// tell tells one saying of the pair first and the other after a time, while the first is under way or once it is done.
func (p pair) tell(t *testing.T, first int, later time.Duration) outcome {
	t.Helper()
	s := standing(t, p.said[0].in)
	if later < time.Hour {
		s.on(toldAt.Add(-time.Hour), func() { s.broken[p.said[first].activity()] = 3 })
	}
	var told [2]*utterance
	for i, at := range []time.Time{toldAt, toldAt.Add(later)} {
		n := (first + i) % len(told)
		s.on(at, func() { told[n] = s.tell(p.said[n], p.by, fmt.Sprint("m", n)) })
	}
	var o outcome
	s.on(lookedAt, func() {
		o.holder, o.state, o.causes = s.desk.task.Holder, s.desk.task.State, slices.Clone(s.desk.causes)
	})
	s.lives()
	for n, said := range told {
		codes := said.codes()
		require.LessOrEqual(t, len(codes), 1)
		o.codes[n] = fmt.Sprint(codes)
	}
	for _, step := range []casework.Step{casework.StepDecide, casework.StepTask, casework.StepHold, casework.StepResume, casework.StepNudge, casework.StepRecalculate, casework.StepSettle} {
		o.steps = append(o.steps, fmt.Sprint(step, len(s.tookSteps(step))))
	}
	return o
}

// pairs are any two sayings, both by Update and both by Signal as far as there are both ways.
func pairs() []pair {
	var all []pair
	for _, first := range sayings() {
		for _, other := range sayings() {
			for _, w := range ways {
				if w == byUpdate && first.bare() && other.bare() {
					continue
				}
				all = append(all, pair{[2]saying{first, other}, w})
			}
		}
	}
	return all
}

// tooEarly answers what was asked while the first was under way, where nobody is answered so afterwards; empty elsewhere.
// The door does not wait for what becomes of a completion, a claim or the search for a performer, and takes whoever delegates
// a task that they do not hold for the holder's leader, which the step knows better.
func (p pair) tooEarly() string {
	said := [2]string{p.said[0].name(), p.said[1].name()}
	switch {
	case p.by == bySignal:
	case said == [2]string{"complete", "complete"}:
		return casework.FaultBeingCompleted
	case said == [2]string{"reallocate", "task claim"}, said == [2]string{"task claim", "task claim"}:
		return casework.FaultTaskTaken
	case said == [2]string{"task delegate", "task delegate"}:
		return casework.FaultNotThePerformer
	}
	return ""
}

// Two messages at the same moment, of whatever kinds, are as if told one after the other: the case never acts on what the
// other is just changing.
func TestMessage_AtTheSameMomentIsAsOneAfterTheOther(t *testing.T) {
	t.Parallel()
	for _, p := range pairs() {
		t.Run(fmt.Sprintf("%s and %s %s", p.said[0].name(), p.said[1].name(), p.by), func(t *testing.T) {
			t.Parallel()
			together := p.tell(t, 0, time.Second)
			if early := p.tooEarly(); early != "" {
				require.Equal(t, [2]string{"[]", "[" + early + "]"}, together.codes)
				return
			}
			after := p.tell(t, 0, 24*time.Hour)
			if !reflect.DeepEqual(after, together) {
				require.Equal(t, p.tell(t, 1, 24*time.Hour), together, "nor is it the other way round: %+v", after)
			}
		})
	}
}
