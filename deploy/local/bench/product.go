package bench

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/deploy/local/person"
	"github.com/recourse-exams/recourse/deploy/local/stack"
)

// clerks are the performers of clerical checks.
var clerks = []string{"cl-2001", "cl-2002"}

// productSide drives the product as exams officers and clerks do: clerical checks over REST.
type productSide struct {
	stack  *stack.Stack
	pool   *pgxpool.Pool
	people map[string]*person.Person
	asked  string // the consent's date, today

	mu     sync.Mutex
	papers []paper
	// copies tells of each case which candidate's results its paper copies; completions is what a clerk hands in
	// about those, with every mark kept.
	copies      map[string]template
	completions map[template]person.Completion
	completed   int
}

func newProductSide(s *stack.Stack, pool *pgxpool.Pool, papers []paper) (*productSide, error) {
	p := &productSide{
		stack: s, pool: pool, papers: papers, people: map[string]*person.Person{}, asked: calendar.DateOf(time.Now()).String(),
		copies: map[string]template{}, completions: map[template]person.Completion{},
	}
	ids := append([]string(nil), clerks...)
	for _, t := range templates {
		ids = append(ids, t.officer)
	}
	for _, id := range ids {
		one, err := person.With(s.Endpoints.API, id, s.TokenFile(id))
		if err != nil {
			return nil, err
		}
		p.people[id] = one
	}
	return p, nil
}

func (p *productSide) next() (paper, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.papers) == 0 {
		return paper{}, errors.New("the benchmark has run out of papers")
	}
	one := p.papers[0]
	p.papers = p.papers[1:]
	return one, nil
}

// open asks for a clerical check and returns when the case is open. On a machine that is too busy the API answers
// 202 after two seconds; the case is then waited for, and the wait counts.
func (p *productSide) open(ctx context.Context) (string, error) {
	paper, err := p.next()
	if err != nil {
		return "", err
	}
	number := strconv.Itoa(paper.number)
	var opened person.Opened
	var status int
	err = persist(ctx, func() error {
		var err error
		opened, status, err = p.people[paper.template.officer].Ask(ctx, "bench-"+paper.template.centre+"-"+number, person.Enquiry{
			Service: "clerical-check", CandidateNumber: number, Series: "demo", Component: component,
			ConsentGivenOn: p.asked, Reason: "addition-doubted",
		})
		return busy(err)
	})
	if err != nil {
		return "", fmt.Errorf("open an enquiry: %w", err)
	}
	if status != http.StatusCreated {
		if _, err := p.await(ctx, openedSQL, opened.Reference); err != nil {
			return "", err
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.copies[opened.Reference] = paper.template
	return opened.Reference, nil
}

const (
	openedSQL   = `SELECT stage FROM cases WHERE reference = $1`
	assigneeSQL = `SELECT assignee FROM tasks WHERE reference = $1 AND assignee IS NOT NULL`
)

// await asks the register about a case until there is an answer.
func (p *productSide) await(ctx context.Context, sql, reference string) (answer string, err error) {
	for pause := shortest; ; pause = min(2*pause, longest) {
		err := p.pool.QueryRow(ctx, sql, reference).Scan(&answer)
		if !errors.Is(err, pgx.ErrNoRows) {
			return answer, err
		}
		if err := until(ctx, time.Now().Add(pause)); err != nil {
			return "", fmt.Errorf("wait for case %s: %w", reference, err)
		}
	}
}

// The pauses between two looks grow: a hundred waiting requests that look every few milliseconds would keep the
// database busier than the product does.
const (
	shortest = 4 * time.Millisecond
	longest  = 256 * time.Millisecond
)

// complete hands the task in as the clerk who holds it.
func (p *productSide) complete(ctx context.Context, reference string) error {
	assignee, err := p.await(ctx, assigneeSQL, reference)
	if err != nil {
		return err
	}
	if err := p.handIn(ctx, p.people[assignee], reference); err != nil {
		return fmt.Errorf("hand in %s: %w", reference, err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.completed++
	return nil
}

func (p *productSide) handIn(ctx context.Context, clerk *person.Person, reference string) error {
	href := "/v1/tasks/" + reference + "/1"
	completion, err := p.kept(ctx, clerk, reference, href)
	if err != nil {
		return err
	}
	return persist(ctx, func() error {
		_, err := clerk.Complete(ctx, "bench-"+reference, person.Task{Href: href}, completion)
		return busy(err)
	})
}

// busy marks the answers after which the same request may be sent again: a part is away, or the workflow does not
// know yet of the allocation that the register shows.
func busy(err error) error {
	var problem *person.Problem
	if errors.As(err, &problem) && (problem.Status == http.StatusServiceUnavailable || problem.Code == "not-allocated") {
		return fmt.Errorf("%w: %w", errBusy, err)
	}
	return err
}

// kept is the completion of every copy of a candidate's paper, read from the first task.
func (p *productSide) kept(ctx context.Context, clerk *person.Person, reference, href string) (person.Completion, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	of := p.copies[reference]
	if known, ok := p.completions[of]; ok {
		return known, nil
	}
	task, err := clerk.Task(ctx, href)
	if err != nil {
		return person.Completion{}, fmt.Errorf("read the first task: %w", err)
	}
	p.completions[of] = task.Unchanged()
	return p.completions[of], nil
}

const (
	// opened cases want two mails: the acknowledgement and the task's.
	openingSQL = `
SELECT count(*) FROM cases c
WHERE (SELECT count(*) FROM mails m WHERE m.reference = c.reference AND m.state = 'sent' AND m.kind IN ('acknowledgement', 'task')) < 2`
	finishedSQL = `SELECT count(*) FROM mails WHERE kind = 'outcome' AND state = 'sent'`
)

// left counts the cases whose mails are not all sent; the last of a case is the outcome with its letter.
func (p *productSide) left(ctx context.Context, completed bool) (int, error) {
	var opening, finished int
	if err := p.pool.QueryRow(ctx, openingSQL).Scan(&opening); err != nil {
		return 0, fmt.Errorf("count the mails: %w", err)
	}
	if !completed {
		return opening, nil
	}
	if err := p.pool.QueryRow(ctx, finishedSQL).Scan(&finished); err != nil {
		return 0, fmt.Errorf("count the outcome mails: %w", err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return opening + p.completed - finished, nil
}
