package casework_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework"
)

const reviewTask casework.TaskID = "R-7K4F-M2QX-9TBD-Z/1"

// The people of the tests: ex-1 holds the task, ex-9 leads ex-1, ex-2 is a colleague.
var (
	holder     = casework.Actor{Subject: "ex-1", Role: casework.RoleExaminer}
	leader     = casework.Actor{Subject: "ex-9", Role: casework.RoleExaminer, Reason: "two are ill"}
	colleague  = casework.Actor{Subject: "ex-2", Role: casework.RoleExaminer}
	operator   = casework.Actor{Subject: "op-1", Role: casework.RoleOperator, Reason: "the examiner telephoned"}
	caseworker = casework.Actor{Subject: "cw-1", Role: casework.RoleCaseworker, Reason: "the centre asked"}
)

// standing is the task in a state, held by ex-1 unless it is in the pool.
func standing(state casework.TaskState) casework.TaskStanding {
	t := casework.TaskStanding{Task: reviewTask, State: state, Holder: "ex-1", Leader: "ex-9"}
	switch state {
	case casework.TaskReady:
		t.Holder, t.Leader = "", ""
	case casework.TaskSuspended:
		t.SuspendedFrom, t.SuspendedBy = casework.TaskInProgress, []string{casework.SuspendedByPerson}
	case casework.TaskReserved, casework.TaskInProgress, casework.TaskCompleted, casework.TaskWithdrawn:
	}
	return t
}

// asking is a request that is whole in itself.
func asking(operation casework.Operation, actor casework.Actor) casework.TaskRequest {
	r := casework.TaskRequest{Task: reviewTask, Operation: operation, Actor: actor}
	switch operation {
	case casework.OpDelegate:
		r.To = "ex-3"
	case casework.OpDecline, casework.OpRelease:
		r.Why = casework.DeclineTime
	case casework.OpClaim, casework.OpStart, casework.OpForward, casework.OpSuspend, casework.OpResume, casework.OpReassign:
	}
	return r
}

func requireCode(t require.TestingT, fault *casework.Fault, code string, why ...any) {
	require.NotNil(t, fault, why...)
	require.Equal(t, code, fault.Code, why...)
	require.NotEmpty(t, fault.Detail)
}

// The life of a task after WS-HumanTask, as it is used here (architecture §5).
func TestOperation_WhoMayDoWhatInWhichState(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		state     casework.TaskState
		operation casework.Operation
		actor     casework.Actor
		after     casework.TaskState
	}{
		{casework.TaskReady, casework.OpClaim, colleague, casework.TaskReserved},
		{casework.TaskReserved, casework.OpStart, holder, casework.TaskInProgress},
		{casework.TaskReserved, casework.OpDecline, holder, casework.TaskReady},
		{casework.TaskInProgress, casework.OpRelease, holder, casework.TaskReady},
		{casework.TaskReserved, casework.OpForward, holder, casework.TaskReady},
		{casework.TaskInProgress, casework.OpForward, holder, casework.TaskReady},
		{casework.TaskReserved, casework.OpDelegate, holder, casework.TaskReserved},
		{casework.TaskInProgress, casework.OpDelegate, holder, casework.TaskReserved},
		{casework.TaskInProgress, casework.OpDelegate, leader, casework.TaskReserved},
		{casework.TaskReserved, casework.OpSuspend, leader, casework.TaskSuspended},
		{casework.TaskInProgress, casework.OpSuspend, caseworker, casework.TaskSuspended},
		{casework.TaskInProgress, casework.OpSuspend, operator, casework.TaskSuspended},
		{casework.TaskSuspended, casework.OpResume, leader, casework.TaskInProgress},
		{casework.TaskSuspended, casework.OpResume, operator, casework.TaskInProgress},
		{casework.TaskReserved, casework.OpReassign, operator, casework.TaskReady},
		{casework.TaskInProgress, casework.OpReassign, caseworker, casework.TaskReady},
		{casework.TaskSuspended, casework.OpReassign, operator, casework.TaskSuspended},
	} {
		t.Run(fmt.Sprintf("%s %s %s", row.actor.Subject, row.operation, row.state), func(t *testing.T) {
			t.Parallel()
			request := asking(row.operation, row.actor)
			require.Nil(t, standing(row.state).Allows(request))
			require.Equal(t, row.after, standing(row.state).After(request))
		})
	}
}

func TestOperation_EveryNoSaysWhy(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		state     casework.TaskState
		operation casework.Operation
		actor     casework.Actor
		code      string
	}{
		{casework.TaskReserved, casework.OpClaim, colleague, casework.FaultTaskTaken},
		{casework.TaskReserved, casework.OpClaim, holder, casework.FaultHoldsAlready},
		{casework.TaskSuspended, casework.OpClaim, colleague, casework.FaultTaskTaken},
		{casework.TaskReady, casework.OpClaim, operator, casework.FaultNotPermitted},
		{casework.TaskReady, casework.OpStart, colleague, casework.FaultNotAllocated},
		{casework.TaskReady, casework.OpSuspend, operator, casework.FaultNotAllocated},
		{casework.TaskReady, casework.OpReassign, operator, casework.FaultInThePool},
		{casework.TaskReserved, casework.OpStart, colleague, casework.FaultNotThePerformer},
		{casework.TaskReserved, casework.OpDecline, leader, casework.FaultNotThePerformer},
		{casework.TaskReserved, casework.OpDelegate, colleague, casework.FaultNotThePerformer},
		{casework.TaskReserved, casework.OpStart, operator, casework.FaultNotThePerformer},
		{casework.TaskReserved, casework.OpSuspend, casework.Actor{Subject: "ex-1", Reason: "I want to"}, casework.FaultNotPermitted},
		{casework.TaskReserved, casework.OpRelease, holder, casework.FaultNotStarted},
		{casework.TaskInProgress, casework.OpDecline, holder, casework.FaultStarted},
		{casework.TaskInProgress, casework.OpStart, holder, casework.FaultStarted},
		{casework.TaskReserved, casework.OpResume, operator, casework.FaultNotSuspended},
		{casework.TaskSuspended, casework.OpSuspend, operator, casework.FaultTaskSuspended},
		{casework.TaskSuspended, casework.OpStart, holder, casework.FaultTaskSuspended},
		{casework.TaskSuspended, casework.OpDelegate, holder, casework.FaultTaskSuspended},
		{casework.TaskCompleted, casework.OpStart, holder, casework.FaultAlreadyCompleted},
		{casework.TaskCompleted, casework.OpClaim, colleague, casework.FaultAlreadyCompleted},
		{casework.TaskCompleted, casework.OpReassign, operator, casework.FaultAlreadyCompleted},
		{casework.TaskWithdrawn, casework.OpStart, holder, casework.FaultTaskWithdrawn},
	} {
		t.Run(fmt.Sprintf("%s %s %s", row.actor.Subject, row.operation, row.state), func(t *testing.T) {
			t.Parallel()
			requireCode(t, standing(row.state).Allows(asking(row.operation, row.actor)), row.code)
		})
	}
}

func TestOperation_AHoldIsEndedAndNotResumed(t *testing.T) {
	t.Parallel()
	held := standing(casework.TaskSuspended)
	held.SuspendedBy = []string{string(casework.HoldSample)}
	requireCode(t, held.Allows(asking(casework.OpResume, operator)), casework.FaultOnHold)
	require.Nil(t, held.Allows(asking(casework.OpSuspend, leader)), "a person may stop it as well")

	both := standing(casework.TaskSuspended)
	both.SuspendedBy = []string{string(casework.HoldSample), casework.SuspendedByPerson}
	require.Nil(t, both.Allows(asking(casework.OpResume, operator)))
	require.Equal(t, casework.TaskSuspended, both.After(asking(casework.OpResume, operator)), "the case still waits")
}

func TestOperation_ReassignByName(t *testing.T) {
	t.Parallel()
	named := asking(casework.OpReassign, operator)
	named.To = "ex-3"
	for _, from := range []casework.TaskState{casework.TaskReady, casework.TaskReserved, casework.TaskInProgress} {
		require.Nil(t, standing(from).Allows(named))
		require.Equal(t, casework.TaskReserved, standing(from).After(named))
	}
	require.Equal(t, casework.TaskSuspended, standing(casework.TaskSuspended).After(named), "the work stays stopped")
	named.To = "ex-1"
	requireCode(t, standing(casework.TaskReserved).Allows(named), casework.FaultHoldsAlready)
}

func TestOperation_TakenFromSomebodyWhoHasItNoMore(t *testing.T) {
	t.Parallel()
	absent := asking(casework.OpReassign, operator)
	absent.From = "ex-2"
	requireCode(t, standing(casework.TaskReserved).Allows(absent), casework.FaultHeldByAnother)
	absent.From = "ex-1"
	require.Nil(t, standing(casework.TaskReserved).Allows(absent))
}

func TestOperation_OnBehalfOfAPerformer(t *testing.T) {
	t.Parallel()
	start := asking(casework.OpStart, operator)
	start.Actor.OnBehalfOf = "ex-1"
	require.Nil(t, standing(casework.TaskReserved).Allows(start))
	require.Equal(t, "ex-1", start.Performer())

	claim := asking(casework.OpClaim, operator)
	claim.Actor.OnBehalfOf = "ex-2"
	require.Nil(t, standing(casework.TaskReady).Allows(claim), "an operator claims for a performer who telephoned")

	self := asking(casework.OpStart, holder)
	self.Actor.OnBehalfOf, self.Actor.Reason = "ex-1", "no second factor at hand"
	requireCode(t, standing(casework.TaskReserved).Allows(self), "actor-is-performer")

	other := start
	other.Actor.OnBehalfOf = "ex-2"
	requireCode(t, standing(casework.TaskReserved).Allows(other), casework.FaultNotThePerformer)

	suspend := asking(casework.OpSuspend, operator)
	suspend.Actor.OnBehalfOf = "ex-2"
	requireCode(t, standing(casework.TaskReserved).Allows(suspend), casework.FaultNotPermitted, "whom one acts for decides what one may do")
}

func TestOperation_LeaderGivesAReason(t *testing.T) {
	t.Parallel()
	silent := leader
	silent.Reason = ""
	requireCode(t, standing(casework.TaskReserved).Allows(asking(casework.OpDelegate, silent)), casework.FaultReasonMissing)
	require.Nil(t, standing(casework.TaskReserved).Allows(asking(casework.OpDelegate, holder)), "a holder need not")
	require.Nil(t, standing(casework.TaskReady).Allows(asking(casework.OpClaim, silent)), "nor does a leader who takes a task themselves")
}

func TestOperation_AnotherTaskOfTheCaseIsNotMeant(t *testing.T) {
	t.Parallel()
	second := standing(casework.TaskReserved)
	second.Task = "R-7K4F-M2QX-9TBD-Z/2"
	requireCode(t, second.Allows(asking(casework.OpStart, holder)), casework.FaultAnotherTask)
}

func TestOperation_FormFaultsHaveTheirCodesAndPlaces(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		code, pointer string
		operation     casework.Operation
		spoil         func(*casework.TaskRequest)
	}{
		{"task-missing", "/task", casework.OpStart, func(r *casework.TaskRequest) { r.Task = "" }},
		{"unknown-operation", "/operation", "finish", func(*casework.TaskRequest) {}},
		{"to-missing", "/to", casework.OpDelegate, func(r *casework.TaskRequest) { r.To = "" }},
		{"cannot-delegate-to-self", "/to", casework.OpDelegate, func(r *casework.TaskRequest) { r.To = "ex-1" }},
		{"to-not-wanted", "/to", casework.OpForward, func(r *casework.TaskRequest) { r.To = "ex-3" }},
		{"why-missing", "/why", casework.OpDecline, func(r *casework.TaskRequest) { r.Why = "" }},
		{"unknown-why", "/why", casework.OpRelease, func(r *casework.TaskRequest) { r.Why = "bored" }},
		{"why-not-wanted", "/why", casework.OpStart, func(r *casework.TaskRequest) { r.Why = casework.DeclineTime }},
		{"actor-missing", "/actor/subject", casework.OpStart, func(r *casework.TaskRequest) { r.Actor.Subject = "" }},
		{"reason-missing", "/reason", casework.OpSuspend, func(*casework.TaskRequest) {}},
		{"reason-missing", "/reason", casework.OpReassign, func(*casework.TaskRequest) {}},
		{"reason-missing", "/reason", casework.OpDecline, func(r *casework.TaskRequest) { r.Why = casework.DeclineOther }},
		{"reason-missing", "/reason", casework.OpStart, func(r *casework.TaskRequest) {
			r.Actor = casework.Actor{Subject: "op-1", OnBehalfOf: "ex-1", Reason: " "}
		}},
	} {
		t.Run(row.code+" "+string(row.operation), func(t *testing.T) {
			t.Parallel()
			request := asking(row.operation, holder)
			row.spoil(&request)
			fault := request.Check()
			requireCode(t, fault, casework.FaultOperationInvalid)
			require.Equal(t, casework.Invalid, fault.Kind)
			requireFault(t, fault.Reasons, row.code, row.pointer)
			require.Equal(t, fault, standing(casework.TaskReserved).Allows(request), "whatever task it is about")
		})
	}
}

func TestOperation_EveryFormFaultIsNamedAtOnce(t *testing.T) {
	t.Parallel()
	fault := casework.TaskRequest{Operation: casework.OpDelegate, Why: "x"}.Check()
	var codes []string
	for _, reason := range fault.Reasons {
		codes = append(codes, reason.Code)
	}
	require.Equal(t, []string{"task-missing", "to-missing", "why-not-wanted", "actor-missing"}, codes)
}

func TestOperation_EachIsForSomebodyAndEachStateThatLastsTakesOne(t *testing.T) {
	t.Parallel()
	for _, operation := range casework.Operations() {
		require.NotEmpty(t, casework.MayAsk(operation), "%s is for somebody", operation)
		require.Subset(t, casework.Parties(), casework.MayAsk(operation))
	}
	require.Empty(t, casework.MayAsk("finish"))
	for _, state := range casework.TaskStates() {
		leads := false
		for _, operation := range casework.Operations() {
			for _, actor := range []casework.Actor{holder, leader, colleague, operator, caseworker} {
				leads = leads || standing(state).Allows(asking(operation, actor)) == nil
			}
		}
		require.Equal(t, !state.Final(), leads, "state %s", state)
	}
}

// Whatever is asked by whomever: a no changes nothing, and a yes leads to a state in which the task has a holder exactly
// if it is reserved or in progress.
func TestOperation_AnyRequestKeepsTheTaskSound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		from := standing(rapid.SampledFrom(casework.TaskStates()).Draw(t, "state"))
		request := asking(rapid.SampledFrom(casework.Operations()).Draw(t, "operation"),
			rapid.SampledFrom([]casework.Actor{holder, leader, colleague, operator, caseworker}).Draw(t, "actor"))
		if request.Operation == casework.OpReassign {
			request.To = rapid.SampledFrom([]string{"", "ex-1", "ex-3"}).Draw(t, "to")
		}
		fault := from.Allows(request)
		if fault != nil {
			require.NotEmpty(t, fault.Code)
			require.Contains(t, []casework.FaultKind{casework.Invalid, casework.Conflict, casework.Forbidden}, fault.Kind)
			return
		}
		require.False(t, from.State.Final())
		require.Contains(t, casework.MayAsk(request.Operation), from.Party(request.Actor))
		after := from.After(request)
		gets := request.To != "" || request.Operation == casework.OpClaim
		if after == casework.TaskReady {
			require.False(t, gets)
			require.True(t, slices.Contains([]casework.Operation{casework.OpRelease, casework.OpDecline, casework.OpForward, casework.OpReassign}, request.Operation))
		}
		if gets {
			require.Contains(t, []casework.TaskState{casework.TaskReserved, casework.TaskSuspended}, after, "nobody has started what they were just given")
		}
	})
}

// "person" is a code of the register's; people read who it was that stopped the work.
func TestTaskIsSuspended_SaysByWhom(t *testing.T) {
	t.Parallel()
	fault := casework.TaskIsSuspended(reviewTask, []string{string(casework.HoldSample), casework.SuspendedByPerson})
	require.Contains(t, fault.Detail, "is suspended (waiting-for-sample, by a person).")
}

func TestOnHold_SaysNoWordOfMalpractice(t *testing.T) {
	t.Parallel()
	causes := []string{string(casework.HoldMalpractice), string(casework.HoldOther), string(casework.HoldSample)}
	for _, fault := range []*casework.Fault{casework.OnHold("R-7K4F-M2QX-9TBD-Z", causes), casework.TaskIsSuspended(reviewTask, causes)} {
		require.NotContains(t, fault.Error(), "malpractice")
		require.Contains(t, fault.Detail, "(hold, waiting-for-sample)", "each once")
	}
}

// Domain §8.3, reading 9: performers do not learn whose script it is, and an exclusion tells.
func TestNotEligible_TellsOperationsWhyAndNobodyElse(t *testing.T) {
	t.Parallel()
	why := []string{"works-at-centre"}
	for _, actor := range []casework.Actor{holder, leader, {Subject: "op-1", Role: casework.RoleOperator, OnBehalfOf: "ex-1", Reason: "telephone"}} {
		require.NotContains(t, casework.NotEligible(reviewTask, "ex-3", actor, why).Error(), "centre")
	}
	for _, actor := range []casework.Actor{operator, caseworker} {
		fault := casework.NotEligible(reviewTask, "ex-3", actor, why)
		require.Equal(t, "works-at-centre", fault.Reasons[0].Code)
		require.Contains(t, fault.Error(), "works-at-centre")
	}
}
