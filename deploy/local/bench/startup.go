package bench

import (
	"context"
	"errors"
	"path/filepath"
	"time"

	"github.com/recourse-exams/recourse/deploy/local/stack"
)

// startups measures how long the stack takes until it serves, fresh (with the import of the demonstration data) and
// warm, beside the infrastructure alone: PostgreSQL, Temporal, S3, mail and identity provider.
func startups(ctx context.Context, o Options, say func(string, ...any)) ([]Row, error) {
	var fresh, warm Pair
	measure := func(name, product string, fresh, warm *[]float64) error {
		folder := filepath.Join(o.State, name)
		began := time.Now()
		s, err := begin(ctx, o, folder, product)
		if err != nil {
			return err
		}
		*fresh = append(*fresh, time.Since(began).Seconds())
		if err := s.Stop(); err != nil {
			return err
		}
		began = time.Now()
		s, err = stack.Start(ctx, stack.Options{State: folder, AutoPorts: true, Product: product, Demo: o.demo(product)})
		if err != nil {
			return err
		}
		*warm = append(*warm, time.Since(began).Seconds())
		say("start of the %s: fresh %.2f s, warm %.2f s", name, (*fresh)[len(*fresh)-1], (*warm)[len(*warm)-1])
		return errors.Join(s.Stop(), stack.Forget(folder))
	}
	err := Turns(rounds,
		func() error { return measure("product", o.Product, &fresh.Product, &warm.Product) },
		func() error { return measure("infrastructure", "", &fresh.Bare, &warm.Bare) })
	if err != nil {
		return nil, err
	}
	return []Row{
		{Name: "stack ready, fresh (beside: infrastructure alone)", Unit: "s", Pair: fresh, Most: 4},
		{Name: "stack ready, warm (beside: infrastructure alone)", Unit: "s", Pair: warm, Most: 2},
	}, nil
}
