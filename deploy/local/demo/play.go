package demo

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"

	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/deploy/local/person"
	"github.com/recourse-exams/recourse/deploy/local/stack"
	"github.com/recourse-exams/recourse/deploy/local/timetravel"
)

// patience is how long something that should take a moment may take on a busy machine.
const patience = time.Minute

// play is a running demonstration.
type play struct {
	stack     *stack.Stack
	options   Options
	requests  []Request
	people    Directory
	say       func(format string, a ...any)
	temporal  client.Client
	register  *pgx.Conn
	traveller *timetravel.Traveller
	closers   []func()
	// began is the stack's instant of the first request, offset how far its clock is ahead of the machine's.
	began  time.Time
	offset time.Duration
	// opened holds the reference of each paper, invoiced what the invoice run said, audit what the check of the
	// audit chains said.
	opened          map[string]string
	invoiced, audit string
}

func newPlay(ctx context.Context, s *stack.Stack, o Options, requests []Request, people Directory, say func(string, ...any)) (*play, error) {
	p := &play{stack: s, options: o, requests: requests, people: people, say: say, opened: map[string]string{}, began: time.Now()}
	var err error
	p.temporal, err = client.DialContext(ctx, client.Options{
		HostPort: s.Endpoints.TemporalAddress, Namespace: stack.Namespace,
		Logger: sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)),
	})
	if err != nil {
		return nil, fmt.Errorf("connect to Temporal: %w", err)
	}
	p.closers = append(p.closers, p.temporal.Close)
	if p.register, err = pgx.Connect(ctx, s.Endpoints.DatabaseURL); err != nil {
		p.end()
		return nil, fmt.Errorf("connect to the register: %w", err)
	}
	p.closers = append(p.closers, func() { _ = p.register.Close(context.WithoutCancel(ctx)) }) // It only read.
	traveller, done, err := timetravel.Connect(ctx, p.temporal, stack.Namespace, s.Endpoints.DatabaseURL, s.Endpoints.EngineURL)
	if err != nil {
		p.end()
		return nil, err
	}
	p.traveller, p.closers = traveller, append(p.closers, done)
	return p, nil
}

func (p *play) end() {
	for _, closing := range slices.Backward(p.closers) {
		closing()
	}
}

func (p *play) as(persona string) (*person.Person, error) {
	return person.With(p.stack.Endpoints.API, persona, p.stack.TokenFile(persona))
}

// now is the instant of the stack's clock.
func (p *play) now() time.Time { return time.Now().Add(p.offset) }

// run acts from the requests to the invoices.
func (p *play) run(ctx context.Context) error {
	if err := p.openAll(ctx); err != nil {
		return err
	}
	last := 0
	for _, on := range p.days() {
		if err := p.forward(ctx, time.Duration(on-last)*day, fmt.Sprintf("day %d", on)); err != nil {
			return err
		}
		last = on
		if err := p.handIn(ctx, on); err != nil {
			return err
		}
	}
	if err := p.forward(ctx, windowDays*day, "the end of every appeal window"); err != nil {
		return err
	}
	if err := p.invoice(ctx, last); err != nil {
		return err
	}
	var err error
	p.audit, err = p.recourse(ctx, "verify")
	return err
}

// openAll submits every request as its centre's exams officer.
func (p *play) openAll(ctx context.Context) error {
	for _, r := range p.requests {
		officer, err := p.as(officers[r.Centre])
		if err != nil {
			return err
		}
		consent := r.ConsentGivenOn
		if consent == "day" {
			consent = calendar.DateOf(p.now()).String()
		}
		opened, status, err := officer.Ask(ctx, key(r), person.Enquiry{
			Service: r.Service, CandidateNumber: r.Candidate, Series: "demo", Component: r.Component,
			ConsentGivenOn: consent, ReviewedScript: r.ReviewedScript, Reason: r.Reason,
		})
		if err != nil {
			return fmt.Errorf("open %s: %w", r.Paper(), err)
		}
		p.opened[r.Paper()] = opened.Reference
		if status != http.StatusCreated {
			p.say("%s was accepted and is not open yet", opened.Reference)
		}
	}
	p.say("%d enquiries are open", len(p.requests))
	return p.start(ctx)
}

// start lets every performer begin at once, so that nobody has to be reminded.
func (p *play) start(ctx context.Context) error {
	if err := p.quiet(ctx); err != nil {
		return err
	}
	for _, r := range p.requests {
		performer, task, err := p.task(ctx, p.opened[r.Paper()])
		if err != nil {
			return err
		}
		if _, err := performer.Act(ctx, key(r)+"-start", task.Href, "start", person.Giving{}); err != nil {
			return fmt.Errorf("%s starts %s: %w", performer.ID, r.Paper(), err)
		}
	}
	p.say("the performers have started")
	return nil
}

// key names a request, or its completion, to the API: characters that are visible and no space.
func key(r Request) string {
	return strings.Join([]string{"demo", r.Centre, r.Candidate, r.Component}, "-")
}

// days lists the days on which somebody hands in, in their order.
func (p *play) days() []int {
	var all []int
	for _, r := range p.requests {
		all = append(all, storyOf(r).day)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// handIn lets the performers complete the tasks of a day.
func (p *play) handIn(ctx context.Context, on int) error {
	for _, r := range p.requests {
		s := storyOf(r)
		if s.day != on {
			continue
		}
		performer, task, err := p.task(ctx, p.opened[r.Paper()])
		if err != nil {
			return err
		}
		completion := task.Unchanged()
		if s.item != "" {
			completion = task.Changed(s.item, s.after)
		}
		if _, err := performer.Complete(ctx, key(r), task, completion); err != nil {
			return fmt.Errorf("%s hands in %s: %w", performer.ID, r.Paper(), err)
		}
	}
	p.say("day %d: the performers have handed in", on)
	return nil
}

// task looks through the performers' lists for the one that holds a case's task, and reads it whole.
func (p *play) task(ctx context.Context, reference string) (*person.Person, person.Task, error) {
	for _, id := range p.people.performers() {
		performer, err := p.as(id)
		if err != nil {
			return nil, person.Task{}, err
		}
		tasks, err := performer.Tasks(ctx)
		if err != nil {
			return nil, person.Task{}, fmt.Errorf("list the tasks of %s: %w", id, err)
		}
		for _, held := range tasks {
			if strings.HasPrefix(held.ID, reference+"/") {
				task, err := performer.Task(ctx, held.Href)
				return performer, task, err
			}
		}
	}
	return nil, person.Task{}, fmt.Errorf("no performer holds the task of %s", reference)
}

// forward moves the clock once nothing is under way, and waits again until what the move caused is done.
func (p *play) forward(ctx context.Context, amount time.Duration, to string) error {
	if err := p.quiet(ctx); err != nil {
		return err
	}
	moved, err := p.traveller.Move(ctx, amount)
	if err != nil {
		return fmt.Errorf("fast-forward to %s: %w", to, err)
	}
	p.offset = moved.Offset
	p.say("fast-forwarded to %s: it is %s", to, london(p.now()).Format("Monday 2 January 2006, 15:04"))
	return p.quiet(ctx)
}

// quiet waits until no activity and no workflow task of any case is under way. One case may wake another, so all
// must be at rest in one look.
func (p *play) quiet(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		busy, err := p.busy(ctx)
		if err != nil || busy == "" {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("case %s does not come to rest: %w", busy, ctx.Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// busy finds a case that is not at rest.
func (p *play) busy(ctx context.Context) (string, error) {
	for _, reference := range p.opened {
		found, err := p.temporal.DescribeWorkflowExecution(ctx, "enquiry/"+reference, "")
		if err != nil {
			return "", fmt.Errorf("look at case %s: %w", reference, err)
		}
		if len(found.GetPendingActivities()) > 0 || found.GetPendingWorkflowTask() != nil {
			return reference, nil
		}
	}
	return "", nil
}

// invoice runs the invoices of the month in which the last fee fell due, once that month is over.
func (p *play) invoice(ctx context.Context, lastDay int) error {
	month := london(p.began.Add(time.Duration(lastDay) * day))
	over := time.Date(month.Year(), month.Month()+1, 1, 9, 0, 0, 0, month.Location())
	if wait := over.Sub(p.now()).Truncate(time.Second) + time.Second; wait > time.Second {
		if err := p.forward(ctx, wait, "the month's end"); err != nil {
			return err
		}
	}
	var err error
	p.invoiced, err = p.recourse(ctx, "invoices", "run", "--month", month.Format("2006-01"))
	if err == nil {
		p.say("invoices of %s: %s", month.Format("January 2006"), strings.Join(strings.Fields(p.invoiced), " "))
	}
	return err
}

// recourse runs one of the product's commands with the stack's environment.
func (p *play) recourse(ctx context.Context, arguments ...string) (string, error) {
	command := exec.CommandContext(ctx, p.options.Product, arguments...)
	command.Env = append(os.Environ(), p.stack.Environment()...)
	out, err := command.Output()
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		return "", fmt.Errorf("recourse %s: %w: %s", strings.Join(arguments, " "), err, failed.Stderr)
	}
	if err != nil {
		return "", fmt.Errorf("recourse %s: %w", strings.Join(arguments, " "), err)
	}
	return string(out), nil
}
