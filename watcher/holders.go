package watcher

import (
	"context"
	"time"
)

// holderRegister finds the tasks that are held by somebody who may not complete them.
type holderRegister interface {
	FindConflicted(ctx context.Context, at time.Time) (news int, err error)
}

// holders looks after who holds a task: a conflict that is declared meanwhile, by whichever way, is found here.
type holders struct {
	register holderRegister
	now      func() time.Time
}

// conflicted looks for tasks whose holders may not complete them because of a conflict. There is no grace: no worker is
// about to mend it.
func (h holders) conflicted(ctx context.Context) error {
	_, err := h.register.FindConflicted(ctx, h.now())
	return err
}
