package workflows_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/casework"
)

// A way is how a message reaches a case.
type way string

const (
	byUpdate way = "by Update"
	bySignal way = "by Signal"
)

var ways = []way{byUpdate, bySignal}

// A situation is where a case stands on the day before it is told something.
type situation string

const (
	// reserved: the performer has the task, pooled: nobody has, begun: the performer has started it.
	reserved situation = "reserved"
	pooled   situation = "pooled"
	begun    situation = "begun"
	// stopped: an operator has suspended the task, waiting: the case waits for a cause.
	stopped situation = "stopped"
	waiting situation = "waiting"
	// decided: the appeal window is open, linked: a linked case is not decided yet.
	decided situation = "decided"
	linked  situation = "linked"
)

// A saying is a message as somebody may tell it to a case, and what is right then.
type saying struct {
	message, what string
	// in is where the case stands when it is told; by sends the Update, an operator the Signal.
	in      situation
	by      casework.Actor
	request any
	// onBehalf is whom the operator of the Signal stands in for.
	onBehalf string
	step     casework.Step
	// mail is what it has sent, empty for nothing.
	mail casework.MailKind
	// again and resignalled answer who asks for the same once more, by Update under another key and by Signal in the same
	// words, which may stand in for somebody else by then; empty if it is done once more. afterwards answers who asks for
	// it when the case is decided.
	again, resignalled, afterwards string
}

func (m saying) name() string { return strings.TrimSpace(m.message + " " + m.what) }

// activity is the step's.
func (m saying) activity() string {
	return map[casework.Step]string{
		casework.StepDecide: "RecordDecision", casework.StepTask: "ActOnTask", casework.StepHold: "HoldCase", casework.StepResume: "ResumeCase",
		casework.StepNudge: "Nudge", casework.StepRecalculate: "Recalculate", casework.StepAllocate: "AllocateTask", casework.StepSettle: "TakeOverSettlement",
	}[m.step]
}

// bare is true for the Signals without an input, of which the case makes no message.
func (m saying) bare() bool { return m.request == nil }

// atOnce answers the same Signal in the same moment: whoever was told to look for somebody has not found them yet, so
// nothing is taken from who comes next.
func (m saying) atOnce() string {
	r, _ := m.request.(casework.TaskRequest)
	switch {
	case r.Operation == casework.OpRelease, r.Operation == casework.OpDecline, r.Operation == casework.OpForward:
		return casework.FaultNotAllocated
	case r.Operation == casework.OpReassign && r.To == "":
		return casework.FaultInThePool
	}
	return m.resignalled
}

var (
	examiner = casework.Actor{Subject: performer, Role: casework.RoleExaminer}
	operator = casework.Actor{Subject: "op-1", Role: casework.RoleOperator}
)

// sayings are every message that a case listens to, and every operation that there is.
func sayings() []saying {
	done, held, past := casework.FaultAlreadyCompleted, casework.FaultHeldAlready, casework.FaultNotThePerformer
	task := func(in situation, who casework.Actor, r casework.TaskRequest, mail casework.MailKind, again, resignalled string) saying {
		r.Task = casework.TaskOf(reference, 1)
		m := saying{casework.MessageTask, string(r.Operation), in, who, r, "", casework.StepTask, mail, again, resignalled, done}
		if who.Role == casework.RoleExaminer {
			m.onBehalf = who.Subject
		}
		return m
	}
	handed := func(message, what, to string, mail casework.MailKind, again string) saying {
		m := task(reserved, operator, casework.TaskRequest{Operation: casework.OpReassign, To: to}, mail, again, again)
		m.message, m.what = message, what
		return m
	}
	colleague := casework.Actor{Subject: second, Role: casework.RoleExaminer}
	gives := func(operation casework.Operation) casework.TaskRequest {
		return casework.TaskRequest{Operation: operation, Why: casework.DeclineTime}
	}
	return []saying{
		{
			casework.MessageComplete, "", reserved, examiner,
			casework.CompleteRequest{Completion: completion()},
			performer,
			casework.StepDecide, casework.MailOutcome, done, done, done,
		},
		task(pooled, colleague, casework.TaskRequest{Operation: casework.OpClaim}, "", casework.FaultHoldsAlready, casework.FaultHoldsAlready),
		task(reserved, examiner, casework.TaskRequest{Operation: casework.OpStart}, "", casework.FaultStarted, casework.FaultStarted),
		task(begun, examiner, gives(casework.OpRelease), casework.MailTask, past, casework.FaultNotStarted),
		task(reserved, examiner, gives(casework.OpDecline), casework.MailTask, past, ""),
		task(reserved, examiner, casework.TaskRequest{Operation: casework.OpDelegate, To: third}, casework.MailTask, casework.FaultNotThePerformer, casework.FaultOperationInvalid),
		task(reserved, examiner, casework.TaskRequest{Operation: casework.OpForward}, casework.MailTask, past, ""),
		task(reserved, operator, casework.TaskRequest{Operation: casework.OpSuspend}, "", casework.FaultTaskSuspended, casework.FaultTaskSuspended),
		task(stopped, operator, casework.TaskRequest{Operation: casework.OpResume}, "", casework.FaultNotSuspended, casework.FaultNotSuspended),
		handed(casework.MessageTask, "reassign", second, casework.MailTask, casework.FaultHoldsAlready),
		handed(casework.MessageReassign, "to a named one", second, casework.MailTask, casework.FaultHoldsAlready),
		handed(casework.MessageReassign, "to whom the rule finds", "", casework.MailTask, ""),
		{
			casework.MessageHold, "", reserved, operator,
			casework.HoldRequest{Cause: casework.HoldOther, ApprovedBy: "op-2"},
			"",
			casework.StepHold, casework.MailHeld, held, held, "",
		},
		{
			casework.MessageResume, "", waiting, operator,
			casework.ResumeRequest{Cause: casework.HoldOther},
			"",
			casework.StepResume, casework.MailResumed, casework.FaultNotHeld, casework.FaultNotHeld, casework.FaultNotHeld,
		},
		{casework.MessageNudge, "", reserved, operator, casework.NudgeRequest{}, "", casework.StepNudge, casework.MailNudge, "", "", ""},
		{casework.MessageNudge, "in the pool", pooled, operator, casework.NudgeRequest{}, "", casework.StepNudge, "", "", "", ""},
		{
			casework.MessageRecalculate, "", reserved, operator,
			casework.RecalculateRequest{Policy: "cambria-2026.2", Expect: "00ff"},
			"",
			casework.StepRecalculate, "", casework.FaultSamePolicy, casework.FaultSamePolicy, "",
		},
		{message: casework.SignalReallocate, in: pooled, step: casework.StepAllocate},
		{message: casework.SignalAwardSettled, in: linked, step: casework.StepSettle},
	}
}

// When things happen in these stories: the case comes into its situation, is told something, is looked at, and ends.
var prepared, toldAt, lookedAt, ended = day(1), day(2), day(9), day(10)

// standing is a story of a case in a situation, for whose task these can be found after the first performer, and nobody
// if it is in the pool.
func standing(t *testing.T, in situation, next ...string) *story {
	t.Helper()
	s := given(t, casework.ClericalCheck)
	if in == pooled {
		s.people().running()
	} else {
		s.people(slices.Insert(next, 0, performer)...).running()
	}
	if in == linked {
		s.waits()
	}
	s.on(prepared, func() {
		switch in {
		case begun:
			s.acts("given-begun", by(performer, casework.OpStart))
		case stopped:
			s.acts("given-stopped", ordered(casework.OpSuspend, ""))
		case waiting:
			s.holds("given-waiting", casework.HoldOther)
		case decided, linked:
			s.completes("given-decided", performer, completion())
		case reserved, pooled:
		}
	})
	return s.ends()
}

// running lets holds and recalculations answer with the clocks that run, whatever happens to them.
func (s *story) running() *story {
	plan := func() (casework.Plan, casework.SLAState) {
		clocks, sla := slices.Clone(s.opened.Plan), casework.SLAOnTime
		for _, answer := range s.recorded {
			switch published := answer.(type) {
			case casework.Decided:
				clocks, sla = append(clocks, published.Plan...), casework.SLAMet
			case casework.Settled:
				clocks = append(clocks, published.Plan...)
			}
		}
		return clocks, sla
	}
	s.desk.clocks = func([]casework.HoldCause, time.Time) (casework.Plan, casework.SLAState) { return plan() }
	s.recount = func(in casework.RecalculateInput) (casework.Recalculated, error) {
		if slices.ContainsFunc(s.steps, func(k casework.StepKey) bool { return k.Step == casework.StepRecalculate }) {
			return casework.Recalculated{}, activities.Failure(casework.NewFault(casework.Conflict, casework.FaultSamePolicy, "It is counted by them already."))
		}
		answer := s.moved(in, outcomeEnds)
		answer.Plan, answer.SLAState = plan()
		return answer, nil
	}
	return s
}

// ends brings a case to its end, wherever it stands: whatever stops it ends, somebody has the task, and who has it
// completes it. What is too much is refused.
func (s *story) ends() *story {
	s.on(ended, func() { s.acts("end-go-on", ordered(casework.OpResume, "")) })
	s.on(ended.Add(time.Hour), func() { s.resumes("end-hold", casework.HoldOther) })
	s.on(ended.Add(2*time.Hour), func() { s.acts("end-claim", by(fourth, casework.OpClaim)) })
	for i, who := range []string{performer, second, third, fourth} {
		s.on(ended.Add(time.Duration(3+i)*time.Hour), func() { s.completes("end-"+who, who, completion()) })
	}
	return s
}

const fourth = "ex-1004"

// utterance is a saying that was told, under an id that its answer is known by.
type utterance struct {
	s      *story
	id     string
	update *reply[any]
}

// tell tells the case a saying under an id, which stands in its reason; an Update has the Idempotency-Key of that id.
func (s *story) tell(m saying, w way, id string) *utterance { return s.tellUnder(m, w, id, "key-"+id) }

func (s *story) tellUnder(m saying, w way, id, key string) *utterance {
	said := &utterance{s: s, id: id}
	actor := m.by
	actor.Reason = reason(id)
	switch {
	case m.bare():
		s.signal(m.message, nil)
	case w == bySignal:
		actor = casework.Actor{Subject: "op-1", Reason: reason(id), OnBehalfOf: m.onBehalf}
		s.signal(m.message, addressed(m.request, actor, "", time.Time{}))
	default:
		said.update = update[any](s, m.message, id, addressed(m.request, actor, key, s.env.Now()))
	}
	return said
}

func reason(id string) string { return "Told as " + id + "." }

// addressed is a request with its sender, its key and its receipt.
func addressed(request any, actor casework.Actor, key string, at time.Time) any {
	switch r := request.(type) {
	case casework.CompleteRequest:
		r.Actor, r.Key, r.ReceivedAt = actor, key, at
		return r
	case casework.TaskRequest:
		r.Actor, r.Key, r.ReceivedAt = actor, key, at
		return r
	case casework.HoldRequest:
		r.Actor, r.Key, r.ReceivedAt = actor, key, at
		return r
	case casework.ResumeRequest:
		r.Actor, r.Key, r.ReceivedAt = actor, key, at
		return r
	case casework.NudgeRequest:
		r.Actor, r.Key, r.ReceivedAt = actor, key, at
		return r
	case casework.RecalculateRequest:
		r.Actor, r.Key, r.ReceivedAt = actor, key, at
		return r
	}
	return request
}

// codes are the noes that were given under the id: of an Update its answer, of a Signal what was written down.
func (u *utterance) codes() []string {
	if u.update == nil {
		var codes []string
		for _, refused := range u.s.refusals {
			if refused.Actor.Reason == reason(u.id) {
				codes = append(codes, refused.Fault.Code)
			}
		}
		return codes
	}
	for _, err := range []error{u.update.rejected, u.update.failed} {
		if err != nil {
			return []string{faultCode(u.s.t, err)}
		}
	}
	require.NotNil(u.s.t, u.update.done, "%s has no answer", u.id)
	return nil
}

// tookSteps lists the steps of a kind that the case has taken since it was told something, without what prepared and ended it.
func (s *story) tookSteps(step casework.Step) []casework.StepKey {
	return slices.DeleteFunc(slices.Clone(s.steps), func(k casework.StepKey) bool {
		return k.Step != step || k.At.Before(toldAt) || !k.At.Before(lookedAt)
	})
}

// news counts the mails of a kind of the same days.
func (s *story) news(kind casework.MailKind) int {
	n := 0
	for _, mail := range s.mails {
		if mail.Kind == kind && !mail.At.Before(toldAt) && mail.At.Before(lookedAt) {
			n++
		}
	}
	return n
}

// ledgered is what the ledger knows a mail by.
func ledgered(mail casework.MailInput) casework.MailInput {
	mail.At = time.Time{}
	return mail
}

// lives tells the story to its end, and requires that case and register agreed on who has the task, and that no mail was
// asked for twice.
func (s *story) lives() {
	s.t.Helper()
	require.Equal(s.t, casework.StageClosed, s.run().Stage)
	last := s.decided[len(s.decided)-1].Actor
	require.Contains(s.t, []string{last.Subject, last.OnBehalfOf}, s.desk.task.Holder)
	known := map[casework.MailInput]bool{}
	for _, mail := range s.mails {
		require.False(s.t, known[ledgered(mail)], "twice: %+v", mail)
		known[ledgered(mail)] = true
	}
}
