package bench

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

const (
	bareQueue    = "bare"
	bareType     = "Bare"
	bareOpen     = "open"
	bareComplete = "complete"
	// The steps of a bare workflow, as rows of its table.
	stepOpen     = "open"
	stepAllocate = "allocate"
	stepDecide   = "decide"
	stepErrand   = "errand"
	// errandsAtOpening and errandsAfter are the ordinary activities of a clerical check beside its decision: two
	// mails, then the letter and the mail that carries it.
	errandsAtOpening = 2
	errandsAfter     = 2
)

// bareInput starts a bare workflow.
type bareInput struct {
	ID string `json:"id"`
	// Alike adds what a clerical check does beside its three steps, with trivial work in it: four ordinary
	// activities, two upserts of search attributes, a second timer.
	Alike bool `json:"alike"`
}

// bare has the primitives of a case and nothing else: update-with-start, two local activities, a timer, an update,
// an activity. Every activity inserts one row.
func bare(ctx workflow.Context, in bareInput) error {
	b := &bareCase{in: in}
	if err := b.register(ctx); err != nil {
		return err
	}
	local := workflow.WithLocalActivityOptions(ctx, workflow.LocalActivityOptions{StartToCloseTimeout: 3 * time.Second, ScheduleToCloseTimeout: 8 * time.Second})
	ordinary := workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: 15 * time.Second})
	var table *bareTable
	if err := workflow.ExecuteLocalActivity(local, table.Insert, bareRow{in.ID, stepOpen}).Get(ctx, nil); err != nil {
		return err
	}
	b.opened = true
	if err := workflow.ExecuteLocalActivity(local, table.Insert, bareRow{in.ID, stepAllocate}).Get(ctx, nil); err != nil {
		return err
	}
	if err := b.beside(ctx, ordinary, errandsAtOpening); err != nil {
		return err
	}
	timerCtx, cancel := workflow.WithCancel(ctx)
	timer := workflow.NewTimer(timerCtx, 17*24*time.Hour)
	if err := workflow.Await(ctx, func() bool { return b.completing || timer.IsReady() }); err != nil {
		return err
	}
	cancel()
	if err := workflow.ExecuteActivity(ordinary, table.Insert, bareRow{in.ID, stepDecide}).Get(ctx, nil); err != nil {
		return err
	}
	b.decided = true
	if err := b.beside(ctx, ordinary, errandsAfter); err != nil {
		return err
	}
	if in.Alike {
		// An appeal window: the case stays open and idle.
		if err := workflow.Sleep(ctx, 14*24*time.Hour); err != nil {
			return err
		}
	}
	return workflow.Await(ctx, func() bool { return workflow.AllHandlersFinished(ctx) })
}

// bareCase is the state of one bare workflow.
type bareCase struct {
	in                          bareInput
	opened, completing, decided bool
}

func (b *bareCase) register(ctx workflow.Context) error {
	opened := func(ctx workflow.Context) error { return workflow.Await(ctx, func() bool { return b.opened }) }
	if err := workflow.SetUpdateHandler(ctx, bareOpen, opened); err != nil {
		return fmt.Errorf("register update %s: %w", bareOpen, err)
	}
	completed := func(ctx workflow.Context) error {
		b.completing = true
		return workflow.Await(ctx, func() bool { return b.decided })
	}
	if err := workflow.SetUpdateHandler(ctx, bareComplete, completed); err != nil {
		return fmt.Errorf("register update %s: %w", bareComplete, err)
	}
	return nil
}

var bareStage = temporal.NewSearchAttributeKeyKeyword("Stage")

// beside starts errands that nobody waits for, as a case's mails and letters.
func (b *bareCase) beside(ctx, ordinary workflow.Context, errands int) error {
	if !b.in.Alike {
		return nil
	}
	for n := range errands {
		var table *bareTable
		workflow.ExecuteActivity(ordinary, table.Insert, bareRow{b.in.ID, fmt.Sprintf("%s-%t-%d", stepErrand, b.decided, n)})
	}
	return workflow.UpsertTypedSearchAttributes(ctx, bareStage.ValueSet(strconv.FormatBool(b.decided)))
}

// bareTable is where the bare workflow's activities write.
type bareTable struct{ pool *pgxpool.Pool }

// bareRow is one row: a step of a bare workflow.
type bareRow struct {
	ID   string `json:"id"`
	Step string `json:"step"`
}

const createBareSQL = `CREATE TABLE IF NOT EXISTS bare_steps (id text NOT NULL, step text NOT NULL, PRIMARY KEY (id, step))`

const insertBareSQL = `INSERT INTO bare_steps (id, step) VALUES ($1, $2) ON CONFLICT DO NOTHING`

// Insert writes one row.
func (t *bareTable) Insert(ctx context.Context, row bareRow) error {
	if _, err := t.pool.Exec(ctx, insertBareSQL, row.ID, row.Step); err != nil {
		return fmt.Errorf("write step %s of %s: %w", row.Step, row.ID, err)
	}
	return nil
}
