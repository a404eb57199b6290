package store_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/store/storetest"
)

// TestRegister_IsWholeAfterAnyLife lets requests, allocations, decisions, alerts, invoices and the end of windows
// come in any order that people and timers can bring about, repeats each of them, and looks at the register in
// between. A life is told by its number, so that one that fails can be lived again.
func TestRegister_IsWholeAfterAnyLife(t *testing.T) {
	t.Parallel()
	for number := range uint64(4) {
		t.Run(fmt.Sprint(number), func(t *testing.T) {
			t.Parallel()
			l := life{office: setup(t), dice: rand.New(rand.NewPCG(number, 1)), now: storetest.Now}
			l.sql("UPDATE performers SET leader = $1 WHERE id <> $1", boss)
			for turn := range 80 {
				l.turn()
				if turn%20 == 19 {
					l.whole()
				}
			}
			require.Positive(t, l.given, "somebody was given a task")
			require.Positive(t, l.handled, "and did something with it")
		})
	}
}

// life is a register to which anything may happen.
type life struct {
	office
	dice *rand.Rand
	now  time.Time
	runs int
	// given and handled count the tasks that were looked for somebody, and the operations that were done.
	given, handled int
}

// turn lets some time pass and one thing happen.
func (l *life) turn() {
	l.now = l.now.Add(time.Duration(l.dice.IntN(30)) * time.Hour)
	switch pick := l.dice.IntN(14); {
	case pick < 3:
		l.request()
	case pick < 5:
		l.each(casework.StageUnassigned, l.assign)
	case pick < 7:
		l.each(casework.StageAssigned, l.complete)
	case pick < 11:
		l.each(casework.StageAssigned, l.handle)
	case pick < 12:
		l.each(casework.StageDecided, l.tell)
	case pick < 13:
		l.each(casework.StageAppealWindow, l.finish)
	default:
		l.pass()
	}
}

// each takes one case of a stage, if there is one.
func (l *life) each(stage casework.Stage, do func(docket.Case)) {
	l.t.Helper()
	cases, err := l.Cases(l.t.Context(), docket.Filter{Stage: stage})
	require.NoError(l.t, err)
	if len(cases) > 0 {
		do(cases[l.dice.IntN(len(cases))])
	}
}

// twice does a step and its repeat, which must answer the same.
func twice[T any](l *life, do func() (T, error)) T {
	l.t.Helper()
	first, err := do()
	require.NoError(l.t, err)
	again, err := do()
	require.NoError(l.t, err)
	require.Equal(l.t, first, again)
	return first
}

func (l *life) request() {
	request := ask(of(fmt.Sprint(4001+l.dice.IntN(4)), []string{storetest.Maths1, storetest.Maths2, storetest.Geography1, storetest.Geography2, storetest.Numeracy}[l.dice.IntN(5)]))
	if l.dice.IntN(2) == 0 {
		request.Service = casework.ClericalCheck
	}
	request.ReviewedScript = l.dice.IntN(2) == 0
	in := opening(request, l.now)
	twice(l, func() (casework.Opened, error) { return l.OpenCase(l.t.Context(), in, l.book.Assess) })
}

func (l *life) assign(page docket.Case) {
	number := l.count("SELECT count(*) + 1 FROM steps WHERE reference = $1 AND step = 'allocate'", page.Reference)
	twice(l, func() (casework.Allocated, error) {
		return l.Allocate(l.t.Context(), key(page.Reference, casework.StepAllocate, number, l.now), l.book)
	})
	l.given++
}

// held is a case's task with who holds it; the number of a decision is that of its task.
func (l *life) held(ref casework.Reference) (task docket.Task, number int) {
	l.t.Helper()
	var id casework.TaskID
	var holder string
	require.NoError(l.t, l.Pool().QueryRow(l.t.Context(),
		"SELECT id, number, assignee FROM tasks WHERE reference = $1 ORDER BY number DESC LIMIT 1", ref).Scan(&id, &number, &holder))
	task, err := l.Task(l.t.Context(), id, holder)
	require.NoError(l.t, err)
	return task, number
}

// complete hands in any marks; a second look keeps what the first performer corrected.
func (l *life) complete(page docket.Case) {
	task, number := l.held(page.Reference)
	marks := map[string]int{}
	for _, item := range task.Sheet.Items {
		if l.dice.IntN(2) == 0 {
			marks[item.Item] = l.dice.IntN(item.Max + 1)
		}
	}
	for _, first := range task.Sheet.Corrected {
		marks[first.Item] = first.Mark
	}
	in := decision(page.Reference, casework.Allocated{Assignee: task.Assignee, Sheet: task.Sheet}, marks, l.now)
	in.Key.Number = number
	decided := twice(l, func() (casework.Decided, error) { return l.Decide(l.t.Context(), in, l.book, careful) })
	if task.State == casework.TaskSuspended {
		require.Equal(l.t, casework.FaultTaskSuspended, decided.Refusal.Code)
		return
	}
	require.Nil(l.t, decided.Refusal)
}

// handle lets somebody do something with a task, whether or not they may: a no changes nothing.
func (l *life) handle(page docket.Case) {
	task, _ := l.held(page.Reference)
	request := casework.TaskRequest{Task: task.ID, Operation: casework.Operations()[l.dice.IntN(len(casework.Operations()))], Actor: operations}
	switch l.dice.IntN(3) {
	case 0:
		request.Actor = examiner(task.Assignee)
	case 1:
		request.Actor = examiner([]string{first, second, boss}[l.dice.IntN(3)])
	}
	switch request.Operation {
	case casework.OpDecline, casework.OpRelease:
		request.Why = casework.DeclineReasons()[l.dice.IntN(len(casework.DeclineReasons()))]
	case casework.OpDelegate, casework.OpReassign:
		request.To = []string{"", first, second, "cl-2001", "cl-2002"}[l.dice.IntN(5)]
	case casework.OpClaim, casework.OpStart, casework.OpForward, casework.OpSuspend, casework.OpResume:
	}
	in := acting(page.Reference, request, l.now)
	done, err := l.ActOnTask(l.t.Context(), in, l.book)
	if err != nil {
		var no *casework.Fault
		require.ErrorAs(l.t, err, &no)
		require.NotEqual(l.t, casework.Unavailable, no.Kind)
		return
	}
	again, err := l.ActOnTask(l.t.Context(), in, l.book)
	require.NoError(l.t, err)
	require.Equal(l.t, done, again)
	l.handled++
}

func (l *life) tell(page docket.Case) {
	if !page.Outcome.Settled {
		_, err := l.SettleMember(l.t.Context(), key(page.Reference, casework.StepSettle, 1, l.now), l.book)
		fault(l.t, err, casework.Conflict, "award-not-settled")
		return
	}
	twice(l, func() (casework.Settled, error) {
		return l.SettleMember(l.t.Context(), key(page.Reference, casework.StepSettle, 1, l.now), l.book)
	})
}

// finish releases a script that is owed and closes the case if its window is over.
func (l *life) finish(page docket.Case) {
	if page.Request.ReviewedScript {
		if file, err := l.ScriptSource(l.t.Context(), page.Reference); err == nil {
			twice(l, func() (casework.Released, error) {
				return l.ReleaseScript(l.t.Context(), key(page.Reference, casework.StepScript, 1, l.now), file)
			})
		}
	}
	err := l.CloseCase(l.t.Context(), key(page.Reference, casework.StepClose, 1, l.now))
	if l.now.Before(page.AppealUntil) {
		fault(l.t, err, casework.Conflict, "window-open")
		return
	}
	require.NoError(l.t, err)
}

// pass lets every deadline of the past be noticed, and now and then a month be invoiced.
func (l *life) pass() {
	cases, err := l.Cases(l.t.Context(), docket.Filter{})
	require.NoError(l.t, err)
	for _, page := range cases {
		for _, clock := range page.Clocks {
			for _, d := range clock.Plan(casework.ReceiptGrace) {
				if d.Fires().After(l.now) {
					continue
				}
				number := l.count("SELECT coalesce(max(number), 0) + 1 FROM steps WHERE reference = $1 AND step = 'alert'", page.Reference)
				alerted, err := l.RecordAlert(l.t.Context(), casework.AlertInput{Key: key(page.Reference, casework.StepAlert, number, l.now), Deadline: d})
				require.NoError(l.t, err)
				require.Equal(l.t, clock.MetAt.IsZero() || !clock.MetAt.Before(d.At), alerted.Due,
					"%s of %s at %s, met at %s", d.Act, d.Clock, d.At, clock.MetAt)
			}
		}
	}
	l.runs++
	month := september
	month.Month += time.Month(l.runs % 3)
	twice(l, func() ([]docket.Invoice, error) { return l.IssueInvoices(l.t.Context(), storetest.Body, month, l.now) })
}
