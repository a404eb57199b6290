package watcher

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/casework/calendar"
)

// Round is one round for a test of how they run.
type Round struct {
	Name        string
	Every, Most time.Duration
	Look        func(ctx context.Context) error
	// Rest waits for what the look left behind; nil if it leaves nothing.
	Rest func()
}

// RunRounds runs rounds with a test's own pauses.
func RunRounds(ctx context.Context, noter noter, now func() time.Time, after func(time.Duration) <-chan time.Time, all ...Round) {
	r := rounds{noter: noter, now: now, after: after, rest: func() {
		for _, one := range all {
			if one.Rest != nil {
				one.Rest()
			}
		}
	}}
	for _, one := range all {
		r.all = append(r.all, round{name: one.Name, every: one.Every, most: one.Most, look: one.Look})
	}
	r.run(ctx)
}

// Unrecorded and Stuck are the two looks at what is overdue.
func Unrecorded(register overdueRegister, clock clock, machine func() time.Time) (unrecorded, stuck func(context.Context) error) {
	o := overdue{register: register, clock: clock, steady: &steady{machine: machine}, unrecordedAfter: 30 * time.Second, stuckAfter: 2 * time.Minute}
	return o.unrecorded, o.stuck
}

// Conflicted is the look at tasks whose holders may not complete them.
func Conflicted(register holderRegister, now func() time.Time) func(context.Context) error {
	return holders{register: register, now: now}.conflicted
}

// Workflows is the look at failing workflows and activities.
func Workflows(register failureRegister, temporal workflowLister, now func() time.Time) func(context.Context) error {
	return failures{register: register, temporal: temporal, now: now}.workflows
}

// Absent is the look at cases without a workflow.
func Absent(register absentRegister, roll roll, now func() time.Time) func(context.Context) error {
	return absent{register: register, roll: roll, now: now}.call
}

// Signals are the looks at what cases are to be asked for.
func Signals(register signalRegister, temporal asker, now func() time.Time) (roster, malpractice func(context.Context) error) {
	s := signals{register: register, temporal: temporal, now: now}
	return s.roster, s.malpractice
}

// Deliveries is the look at what is to be sent to webhooks; rest returns when what it left behind has ended.
func Deliveries(register deliveryRegister, sender sender, now, machine func() time.Time) (look func(context.Context) error, rest func()) {
	d := deliveries{register: register, sender: sender, lanes: &lanes{}, now: now, machine: machine}
	return d.send, d.lanes.rest
}

// Retention is the look at what ended long ago.
func Retention(register sweptRegister, now func() time.Time, keepDays int, registry prometheus.Registerer) (func(context.Context) error, error) {
	r, err := newRetention(register, now, keepDays, registry)
	return r.sweep, err
}

// Batches is the look at batches without a workflow.
func Batches(register batchRegister, temporal activities.Starts, queue string, now func() time.Time) func(context.Context) error {
	return batches{register: register, temporal: temporal, queue: queue, now: now}.start
}

// Telling are the looks at what nobody was told, each by its name.
func Telling(register tellingRegister, writer writer, post post, now func() time.Time) map[string]func(context.Context) error {
	works, err := workingDays()
	if err != nil {
		panic(err)
	}
	t := telling{register: register, writer: writer, post: post, now: now, digestAt: calendar.TimeOfDay{Hour: 7}, works: works}
	return map[string]func(context.Context) error{"findings": t.findings, "given-up": t.given, "questions": t.questions, "digests": t.digests}
}

// WorkingDays tells whether digests are sent on a day.
func WorkingDays() (func(calendar.Date) bool, error) { return workingDays() }

// Serve shows pages beside the rounds.
var Serve = serve
