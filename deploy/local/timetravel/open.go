package timetravel

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"go.temporal.io/api/workflowservice/v1"
)

// run is one open workflow.
type run struct {
	workflowID string
	runID      string
	started    time.Time // wall time
}

// schedulePrefix begins the ids of the engine's own workflows behind schedules. They follow the wall
// clock: a schedule is fired by hand where its time should come.
const schedulePrefix = "temporal-sys-scheduler:"

// openRuns lists the open workflows from the engine's own table. Visibility would be the public way, but
// it follows the truth with a delay, and a case that is missed here stays behind for ever. The states
// are the server's WORKFLOW_EXECUTION_STATE_CREATED and _RUNNING; the server's version is pinned.
func (t *Traveller) openRuns(ctx context.Context) ([]run, error) {
	described, err := t.Client.WorkflowService().DescribeNamespace(ctx,
		&workflowservice.DescribeNamespaceRequest{Namespace: t.Namespace})
	if err != nil {
		return nil, fmt.Errorf("describe namespace %s: %w", t.Namespace, err)
	}
	namespace, err := uuid.Parse(described.GetNamespaceInfo().GetId())
	if err != nil {
		return nil, fmt.Errorf("read the id of namespace %s: %w", t.Namespace, err)
	}
	rows, err := t.Engine.Query(ctx, `select workflow_id, run_id, start_time from current_executions
		where namespace_id = $1 and state in (1, 2) order by workflow_id`, namespace[:])
	if err != nil {
		return nil, fmt.Errorf("list the open workflows: %w", err)
	}
	runs, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (run, error) {
		var r run
		var id []byte
		var started *time.Time
		if err := row.Scan(&r.workflowID, &id, &started); err != nil {
			return run{}, err
		}
		parsed, err := uuid.FromBytes(id)
		if err != nil {
			return run{}, err
		}
		r.runID = parsed.String()
		if started != nil {
			r.started = *started
		}
		return r, nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the open workflows: %w", err)
	}
	kept := runs[:0]
	for _, r := range runs {
		if !strings.HasPrefix(r.workflowID, schedulePrefix) {
			kept = append(kept, r)
		}
	}
	return kept, nil
}
