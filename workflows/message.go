package workflows

import (
	"errors"
	"fmt"
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/casework"
)

// message is something that people tell a running case: by Update, or by the Signal of the same name (architecture
// §3.8). An Update is judged first, so that a no leaves no trace, and its sender gets the answer. A Signal is an
// operator's, whom no token vouches for; its step judges it, and a no is written down, because nobody waits for the answer.
type message[In, Out any] struct {
	name, description string
	// from finds what every message has.
	from func(*In) sender
	// now says why the case takes no such message as it stands; nil if it does. It is asked again when it is the
	// message's turn, so it knows the case and no rules.
	now func(*In) *casework.Fault
	// deny says what else is wrong with an Update; nil if nothing is. It is not replayed, so it may ask rules that change.
	deny func(*In) *casework.Fault
	// onBehalf is the performer whom the operator of a Signal stands in for, empty for nobody.
	onBehalf func(*In) string
	// step is how the message is recorded.
	step casework.Step
	// do records the message and takes the answer over, while no other step of the case is under way. Its error is a
	// *casework.Fault if the answer is no.
	do func(workflow.Context, *In, casework.StepKey) (Out, error)
}

// sender is what every message has: who sends it, the Idempotency-Key of an Update, and when it was received.
type sender struct {
	actor      *casework.Actor
	key        *string
	receivedAt *time.Time
}

// listen lets a case take a message both ways.
func (m message[In, Out]) listen(ctx workflow.Context, e *enquiry) error {
	update := func(ctx workflow.Context, in In) (Out, error) { return m.update(ctx, e, in) }
	err := workflow.SetUpdateHandlerWithOptions(ctx, m.name, update, workflow.UpdateHandlerOptions{
		Description: m.description,
		Validator:   func(in In) error { return m.validate(e, in) },
	})
	if err != nil {
		return fmt.Errorf("register update %s: %w", m.name, err)
	}
	workflow.Go(ctx, func(ctx workflow.Context) { m.hear(ctx, e) })
	return nil
}

// validate refuses an Update before it leaves a trace in history. It is not replayed.
func (m message[In, Out]) validate(e *enquiry, in In) error {
	// The same body is the same Update, which the server answers without asking here.
	if key := *m.from(&in).key; key != "" && e.keys[key] {
		return activities.Failure(casework.NewFault(casework.Invalid, casework.FaultKeyReused,
			"The Idempotency-Key was used before for another request about this case."))
	}
	fault := m.now(&in)
	if fault == nil {
		fault = m.deny(&in)
	}
	if fault != nil {
		return activities.Failure(fault)
	}
	return nil
}

// update takes an Update that was not refused and answers its sender.
func (m message[In, Out]) update(ctx workflow.Context, e *enquiry, in In) (Out, error) {
	// An Update has a context of its own, which a cancellation of the case would cancel too.
	ctx, _ = workflow.NewDisconnectedContext(ctx)
	from := m.from(&in)
	*from.receivedAt = receipt(*from.receivedAt, e.agenda.now(ctx))
	e.keys[*from.key] = true
	out, err := m.take(ctx, e, &in, workflow.GetCurrentUpdateInfo(ctx).ID)
	var fault *casework.Fault
	if !errors.As(err, &fault) {
		e.fail(err)
	}
	return out, activities.Failure(err)
}

// hear takes Signals, once there is a case into which a no can be written.
func (m message[In, Out]) hear(ctx workflow.Context, e *enquiry) {
	if workflow.Await(ctx, func() bool { return e.opened != nil }) != nil {
		return
	}
	channel := workflow.GetSignalChannel(ctx, m.name)
	for {
		var signalled activities.Signalled[In]
		if !channel.Receive(ctx, &signalled) {
			return
		}
		e.errand(ctx, func(ctx workflow.Context) error { return m.signalled(ctx, e, signalled) })
	}
}

// signalled takes a Signal, whoever the payload says that its sender is.
func (m message[In, Out]) signalled(ctx workflow.Context, e *enquiry, signalled activities.Signalled[In]) error {
	in, fault := signalled.Message, signalled.Fault
	from := m.from(&in)
	from.actor.Role, from.actor.Claimed = casework.RoleOperator, true
	*from.receivedAt = e.agenda.now(ctx)
	cause := m.name + "-signal-" + signalled.Digest
	if fault == nil {
		if _, err := m.take(ctx, e, &in, cause); !errors.As(err, &fault) {
			return err
		}
	}
	return e.refuse(ctx, m.name, cause, *from.actor, fault)
}

// take waits for the message's turn and lets its step answer.
func (m message[In, Out]) take(ctx workflow.Context, e *enquiry, in *In, cause string) (none Out, err error) {
	e.underWay[m.name]++
	defer func() { e.underWay[m.name]-- }()
	if err := e.turn.Lock(ctx); err != nil {
		return none, err
	}
	defer e.turn.Unlock()
	if actor := m.from(in).actor; actor.Claimed {
		actor.OnBehalfOf = m.onBehalf(in)
	}
	if fault := m.now(in); fault != nil {
		return none, fault
	}
	out, err := m.do(ctx, in, e.heardKey(ctx, m.step, cause))
	if fault, no := activities.Fault(err); no {
		return none, fault
	}
	return out, err
}

// heardKey is the key of a message's step. The step is known by the message, and by how often the case has heard it: a
// Signal may be sent again, word for word.
func (e *enquiry) heardKey(ctx workflow.Context, step casework.Step, cause string) casework.StepKey {
	e.heard[cause]++
	key := e.key(ctx, step, e.heard[cause], cause)
	key.About = cause
	return key
}

// refuse writes down why a signal was not taken, because nobody got the answer.
func (e *enquiry) refuse(ctx workflow.Context, signal, cause string, by casework.Actor, fault *casework.Fault) error {
	about := cause + "/" + fault.Code
	e.refusals[about]++
	e.lastRefusal = fault.Error()
	key := e.key(ctx, casework.StepRefusal, e.refusals[about], cause)
	key.About = about
	if err := activities.RecordRefusal(ctx, casework.RefusedInput{Key: key, Actor: by, Name: signal, Fault: fault}); err != nil {
		return err
	}
	return e.show(ctx)
}

// notOpen says that a case has not begun, or is at its end.
func (e *enquiry) notOpen() *casework.Fault {
	if e.opened == nil || e.stage.Final() {
		return casework.NotOpen(e.in.Reference, e.stage)
	}
	return nil
}

// nobody is whom an operator stands in for who acts in their own name.
func nobody[In any](*In) string { return "" }
