package workflows

import (
	"fmt"

	"go.temporal.io/sdk/workflow"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/casework"
)

// pool is the task while nobody holds it.
type pool struct {
	// about is what put the task there, empty for the opening; rounds counts how often the case has looked for somebody
	// since. A case that is reset and told otherwise is never answered with who was found for another reason.
	about  string
	rounds int
	// asked is true if the case is to look for somebody; cause is what asked for it last.
	asked bool
	cause string
}

// enter puts the task into the pool. What a message put there is known by the message's step: the same Signal may be sent
// again, word for word, and means the next performer then.
func (p *pool) enter(key casework.StepKey) {
	*p = pool{about: key.Cause, asked: true, cause: key.Cause}
	if key.Number > 1 {
		p.about = fmt.Sprintf("%s/%d", key.Cause, key.Number)
	}
}

// ask makes the case look for somebody again.
func (p *pool) ask(cause string) { p.asked, p.cause = true, cause }

// allocate finds a performer for as long as nobody holds the task. Where nobody is eligible and free the case waits until
// it is told to look again: the roster has changed, somebody has room, an operator asks, or what the case waited for has
// ended. It ends as well when somebody claims the task.
func (e *enquiry) allocate(ctx workflow.Context) error {
	for e.stage == casework.StageUnassigned {
		mayLook := func() bool { return e.pool.asked && e.task.state != casework.TaskSuspended && !e.turn.IsLocked() }
		err := e.until(ctx, func() bool { return e.stage != casework.StageUnassigned || mayLook() })
		if err != nil {
			return err
		}
		if e.stage == casework.StageUnassigned {
			if err := e.offer(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// offer looks for a performer once. The request is acknowledged with the first answer, in one errand with what that
// answer has sent; that there is nobody operations are told at once, and not again with every look.
func (e *enquiry) offer(ctx workflow.Context) error {
	e.underWay[casework.SignalReallocate]++
	defer func() { e.underWay[casework.SignalReallocate]-- }()
	if err := e.turn.Lock(ctx); err != nil {
		return err
	}
	defer e.turn.Unlock()
	e.pool.asked = false
	e.pool.rounds++
	key := e.key(ctx, casework.StepAllocate, e.pool.rounds, e.pool.cause)
	key.About = e.pool.about
	found, err := activities.AllocateTask(ctx, key)
	if err != nil {
		return err
	}
	e.task, e.stage = task{Allocated: found, state: casework.TaskReady}, found.Stage
	e.plan(found.Times)
	mail := e.mail(ctx, casework.MailNobody, key.Number, "")
	mail.About = key.About
	if e.stage == casework.StageAssigned {
		e.task.state, mail.Kind = casework.TaskReserved, casework.MailTask
	}
	if err := e.show(ctx); err != nil {
		return err
	}
	if mail.Kind == casework.MailTask || key.Number == 1 {
		e.errand(ctx, send(append(e.unsent, mail)...))
		e.unsent = nil
	}
	return nil
}
