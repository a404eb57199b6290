package bench

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"

	"github.com/recourse-exams/recourse/deploy/local/stack"
	"github.com/recourse-exams/recourse/deploy/local/timetravel"
)

const (
	// together is how many clocks run out at one instant: clocks in days all end at midnight.
	together = 60
	// ahead is how long before that instant the clock is set, so that nothing is left of the move.
	ahead = 6 * time.Second
	// loadRate is how many openings a second go on meanwhile, for loadLength.
	loadRate   = 5
	loadLength = 20 * time.Second
	// breaking is how many papers that takes, at rest and under load.
	breaking = warmUp + 2*together + loadRate*int(loadLength/time.Second)
	// noticeWait bounds the wait until every breach is recorded and told.
	noticeWait = 2 * time.Minute
)

// notice is what became of the breaches of one instant: how long after it they were recorded, and told by mail.
type notice struct{ recorded, told []time.Duration }

// deadlines measures how late breaches of one instant are recorded and told: at rest, and under load.
func deadlines(ctx context.Context, product *productSide, say func(string, ...any)) ([]Row, error) {
	// The clock moves by more than the demonstration series' windows last.
	if _, err := product.pool.Exec(ctx, `UPDATE key_dates SET last_day = last_day + 3650`); err != nil {
		return nil, fmt.Errorf("prepare the register: %w", err)
	}
	if _, err := throughput(ctx, product, 2, warmUp, time.Minute); err != nil {
		return nil, fmt.Errorf("warm up: %w", err)
	}
	atRest, err := breaches(ctx, product, nil)
	if err != nil {
		return nil, err
	}
	say("%d breaches of one instant at rest: %s", together, atRest)
	loaded, err := breaches(ctx, product, func(ctx context.Context) error {
		_, err := OpenLoop(ctx, loadRate, loadLength, func(ctx context.Context) error {
			_, err := product.open(ctx)
			return err
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	say("%d breaches of one instant, %d openings/s: %s", together, loadRate, loaded)
	row := func(what string, p float64, of func(notice) []time.Duration, most float64) Row {
		value := func(n notice) []float64 { return []float64{Percentile(of(n), p).Seconds()} }
		return Row{
			Name: fmt.Sprintf("%d breaches at once, %d openings/s (beside: at rest), %s p%.0f", together, loadRate, what, p), Unit: "s",
			Pair: Pair{Product: value(loaded), Bare: value(atRest)}, Most: most,
		}
	}
	recorded := func(n notice) []time.Duration { return n.recorded }
	told := func(n notice) []time.Duration { return n.told }
	return []Row{row("recorded", 50, recorded, 0), row("recorded", 100, recorded, 5), row("mailed", 50, told, 0), row("mailed", 100, told, 60)}, nil
}

func (n notice) String() string {
	return fmt.Sprintf("recorded after %.2f s (p50), %.2f s (last); mailed after %.2f s, %.2f s",
		Percentile(n.recorded, 50).Seconds(), Percentile(n.recorded, 100).Seconds(), Percentile(n.told, 50).Seconds(), Percentile(n.told, 100).Seconds())
}

// breaches opens cases whose clocks run out at one instant, sets the clock before it, runs the load over it, and waits
// until every breach is recorded and told.
func breaches(ctx context.Context, product *productSide, load func(context.Context) error) (notice, error) {
	var references []string
	for range together {
		reference, err := product.open(ctx)
		if err != nil {
			return notice{}, err
		}
		references = append(references, reference)
	}
	if err := drain(ctx, product, false); err != nil {
		return notice{}, err
	}
	var ends time.Time
	var offset int64
	const endsSQL = `SELECT min(c.ends), coalesce((SELECT max(offset_ms) FROM clock_offset), 0) FROM clocks c WHERE c.id = 'outcome' AND c.reference = ANY ($1)`
	if err := product.pool.QueryRow(ctx, endsSQL, references).Scan(&ends, &offset); err != nil {
		return notice{}, fmt.Errorf("read when the clocks end: %w", err)
	}
	now := time.Now().Add(time.Duration(offset) * time.Millisecond)
	if err := travel(ctx, product.stack, ends.Add(-ahead).Sub(now).Truncate(time.Millisecond)); err != nil {
		return notice{}, err
	}
	if load != nil {
		if err := load(ctx); err != nil {
			return notice{}, err
		}
	}
	return noticed(ctx, product.pool, references)
}

func travel(ctx context.Context, s *stack.Stack, amount time.Duration) error {
	temporal, err := client.DialContext(ctx, client.Options{
		HostPort: s.Endpoints.TemporalAddress, Namespace: stack.Namespace,
		Logger: sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)),
	})
	if err != nil {
		return fmt.Errorf("connect to Temporal: %w", err)
	}
	defer temporal.Close()
	traveller, done, err := timetravel.Connect(ctx, temporal, stack.Namespace, s.Endpoints.DatabaseURL, s.Endpoints.EngineURL)
	if err != nil {
		return err
	}
	defer done()
	_, err = traveller.Move(ctx, amount)
	return err
}

// A breach is told when the last of its mails is sent.
const noticedSQL = `
SELECT a.detected_at - a.at AS recorded, max(m.sent_at) - a.at AS told
FROM clock_alerts a JOIN mails m ON m.reference = a.reference AND m.kind = 'sla-breach' AND m.clock = a.clock
WHERE a.act = 'breach' AND a.clock = 'outcome' AND a.reference = ANY ($1)
GROUP BY a.reference, a.detected_at, a.at
HAVING bool_and(m.state = 'sent')`

func noticed(ctx context.Context, pool *pgxpool.Pool, references []string) (notice, error) {
	ctx, cancel := context.WithTimeout(ctx, noticeWait)
	defer cancel()
	for {
		rows, err := pool.Query(ctx, noticedSQL, references)
		if err != nil {
			return notice{}, fmt.Errorf("read the breaches: %w", err)
		}
		var n notice
		var recorded, told time.Duration
		_, err = pgx.ForEachRow(rows, []any{&recorded, &told}, func() error {
			n.recorded, n.told = append(n.recorded, recorded), append(n.told, told)
			return nil
		})
		if err != nil {
			return notice{}, fmt.Errorf("read the breaches: %w", err)
		}
		if len(n.recorded) == len(references) {
			return n, nil
		}
		if err := until(ctx, time.Now().Add(look)); err != nil {
			return notice{}, fmt.Errorf("%d of %d breaches are recorded and told: %w", len(n.recorded), len(references), err)
		}
	}
}
