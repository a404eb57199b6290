// Package bench measures the built product on a stack of its own, beside a bare workflow with the same primitives
// in the same process layout, by turns in the same run: figures of one machine and one hour mean little without
// something to hold them against.
package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/recourse-exams/recourse/deploy/local/stack"
)

// The parts of a benchmark.
const (
	Opening    = "opening"
	Throughput = "throughput"
	Startup    = "startup"
	Deadlines  = "deadlines"
)

const (
	// rounds is how often each side is measured: twice, by turns.
	rounds = 2
	// clients is how many people work at once when throughput is measured.
	clients = 16
	// mostPerSecond bounds the cases of one throughput round.
	mostPerSecond = 80
	// warmUp cases go before each part and are not counted.
	warmUp = 20
	// mostSeconds keeps the number of papers within what candidate numbers leave room for.
	mostSeconds = 20
)

// rates are the requests per second at which opening is measured (architecture §10).
var rates = []int{10, 33}

// Options say what is measured.
type Options struct {
	// State is the folder of the benchmark's stacks; what is in it is forgotten first.
	State string
	// Product is the path of the recourse program, Data the folder that is imported.
	Product, Data string
	// Length is how long each round of a part takes, in whole seconds.
	Length time.Duration
	// Only is one of the parts; empty measures all.
	Only string
	// Out gets the table, Progress the steps as they happen.
	Out, Progress io.Writer
}

func (o Options) wants(part string) bool { return o.Only == "" || o.Only == part }

// Run measures and prints one table. It stops by itself.
func Run(ctx context.Context, o Options) error {
	if o.Length < time.Second || o.Length > mostSeconds*time.Second {
		return fmt.Errorf("measure for 1 to %d seconds, not %s", mostSeconds, o.Length)
	}
	began := time.Now()
	say := func(format string, a ...any) {
		fmt.Fprintf(o.Progress, "%6.1fs  %s\n", time.Since(began).Seconds(), fmt.Sprintf(format, a...))
	}
	machine := thisMachine()
	var rows []Row
	if o.wants(Startup) {
		more, err := startups(ctx, o, say)
		if err != nil {
			return err
		}
		rows = append(rows, more...)
	}
	if o.wants(Opening) || o.wants(Throughput) {
		more, err := onStack(ctx, o, "load", o.papers(), func(p *productSide) ([]Row, error) { return loads(ctx, o, p, say) })
		if err != nil {
			return err
		}
		rows = append(rows, more...)
	}
	if o.wants(Deadlines) {
		more, err := onStack(ctx, o, "deadlines", breaking, func(p *productSide) ([]Row, error) { return deadlines(ctx, p, say) })
		if err != nil {
			return err
		}
		rows = append(rows, more...)
	}
	machine.ended()
	return Print(o.Out, rows, fmt.Sprintf("%s. %d rounds by turns (product, bare, product, bare), medians; %.0f s a round; %.0f s in all.",
		machine, rounds, o.Length.Seconds(), time.Since(began).Seconds()))
}

// loads measures opening and throughput on one stack.
func loads(ctx context.Context, o Options, product *productSide, say func(string, ...any)) (rows []Row, err error) {
	say("a fresh stack with %d copied papers is ready", len(product.papers))
	lean, stop, err := startBare(ctx, product.stack, o.State, product.pool)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, stop()) }()
	for _, side := range []subject{product, lean} {
		if _, err := throughput(ctx, side, 2, warmUp, o.Length); err != nil {
			return nil, fmt.Errorf("warm up: %w", err)
		}
	}
	if o.wants(Opening) {
		for _, rate := range rates {
			more, err := opening(ctx, o, product, lean, rate, say)
			if err != nil {
				return nil, err
			}
			rows = append(rows, more...)
		}
	}
	if o.wants(Throughput) {
		more, err := throughputs(ctx, o, product, lean, say)
		if err != nil {
			return nil, err
		}
		rows = append(rows, more...)
	}
	return rows, nil
}

// papers is how many papers the product may use up.
func (o Options) papers() int {
	wanted := warmUp
	for _, rate := range rates {
		wanted += rate * int(o.Length.Seconds()) * rounds
	}
	return wanted + mostPerSecond*int(o.Length.Seconds())*2*rounds
}

// opening measures how long the answer to an opened case takes at a steady rate.
func opening(ctx context.Context, o Options, product, bare subject, rate int, say func(string, ...any)) ([]Row, error) {
	var p50, p99 Pair
	measure := func(name string, s subject, p50, p99 *[]float64) error {
		took, err := OpenLoop(ctx, rate, o.Length, func(ctx context.Context) error {
			_, err := s.open(ctx)
			return err
		})
		if err != nil {
			return fmt.Errorf("open at %d requests a second: %w", rate, err)
		}
		*p50 = append(*p50, milliseconds(Percentile(took, 50)))
		*p99 = append(*p99, milliseconds(Percentile(took, 99)))
		say("opening at %d/s, %s: p50 %.1f ms, p99 %.1f ms", rate, name, (*p50)[len(*p50)-1], (*p99)[len(*p99)-1])
		return drain(ctx, s, false)
	}
	err := Turns(rounds,
		func() error { return measure("product", product, &p50.Product, &p99.Product) },
		func() error { return measure("bare workflow", bare, &p50.Bare, &p99.Bare) })
	if err != nil {
		return nil, err
	}
	name := fmt.Sprintf("open a case, %d requests/s, ", rate)
	budgets := map[int][2]float64{10: {30, 80}, 33: {0, 200}}[rate]
	return []Row{
		{Name: name + "p50", Unit: "ms", Pair: p50, Most: budgets[0]},
		{Name: name + "p99", Unit: "ms", Pair: p99, Most: budgets[1]},
	}, nil
}

// throughputs measures whole cases: against the bare workflow, and against one that also does, with trivial work in
// it, as many activities, upserts and timers as a clerical check with its mails and its letter.
func throughputs(ctx context.Context, o Options, product *productSide, bare *bareSide, say func(string, ...any)) ([]Row, error) {
	rows := []Row{
		{Name: "whole cases, beside the bare workflow", Unit: "cases/s", LeastRatio: 0.85},
		{Name: "whole cases, beside a bare one with as many steps", Unit: "cases/s"},
	}
	for n := range rows {
		measure := func(name string, s subject, values *[]float64) error {
			rate, err := throughput(ctx, s, clients, mostPerSecond*int(o.Length.Seconds()), o.Length)
			if err != nil {
				return fmt.Errorf("whole cases: %w", err)
			}
			*values = append(*values, rate)
			say("whole cases, %s: %.1f a second", name, rate)
			return nil
		}
		bare.alike = n == 1
		err := Turns(rounds,
			func() error { return measure("product", product, &rows[n].Pair.Product) },
			func() error { return measure("bare workflow", bare, &rows[n].Pair.Bare) })
		if err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// begin starts a fresh stack in a folder; without a product it is the infrastructure alone.
func begin(ctx context.Context, o Options, folder, product string) (*stack.Stack, error) {
	if err := stack.Forget(folder); err != nil && !errors.Is(err, stack.ErrNoState) {
		return nil, err
	}
	return stack.Start(ctx, stack.Options{State: folder, AutoPorts: true, Product: product, Demo: o.demo(product)})
}

// onStack measures the product on a fresh stack of that name, with papers that nobody has asked about yet.
func onStack(ctx context.Context, o Options, name string, papers int, measure func(*productSide) ([]Row, error)) (rows []Row, err error) {
	s, err := begin(ctx, o, filepath.Join(o.State, name), o.Product)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Stop()) }()
	pool, err := pgxpool.New(ctx, s.Endpoints.DatabaseURL)
	if err != nil {
		return nil, fmt.Errorf("connect to the register: %w", err)
	}
	defer pool.Close()
	copies, err := seed(ctx, pool, papers)
	if err != nil {
		return nil, err
	}
	product, err := newProductSide(s, pool, copies)
	if err != nil {
		return nil, err
	}
	return measure(product)
}

// demo is the folder that a stack imports: the infrastructure alone has nothing to import into.
func (o Options) demo(product string) string {
	if product == "" {
		return ""
	}
	return o.Data
}
