package stack

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/recourse-exams/recourse/deploy/local/door"
	"github.com/recourse-exams/recourse/deploy/local/engine"
	"github.com/recourse-exams/recourse/deploy/local/issuer"
	"github.com/recourse-exams/recourse/deploy/local/mailbox"
	"github.com/recourse-exams/recourse/deploy/local/objectstore"
	"github.com/recourse-exams/recourse/deploy/local/process"
)

const (
	childCommand = "child"
	// childVariable carries the child's configuration, which holds secrets: arguments are visible to
	// everybody on the machine, the environment is not.
	childVariable = "RECOURSE_STACK_CHILD"
)

// MaybeChild turns this process into a child of a stack if it was started as one, and then never
// returns. A program that starts stacks, and a test's TestMain, calls it first of all.
func MaybeChild() {
	config, set := os.LookupEnv(childVariable)
	if len(os.Args) != 3 || os.Args[1] != childCommand || !set {
		return
	}
	os.Exit(runChild(os.Args[2], []byte(config)))
}

func runChild(name string, config []byte) int {
	parent := process.InheritedChild()
	ctx, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer cancel()
	go func() {
		<-parent.Orphaned()
		os.Exit(1) // nobody is left to be polite to
	}()
	var err error
	switch name {
	case Temporal:
		err = serve(ctx, config, parent, engine.Run)
	case S3:
		err = serve(ctx, config, parent, objectstore.Run)
	case Mail:
		err = serve(ctx, config, parent, mailbox.Run)
	case OIDC:
		err = serve(ctx, config, parent, issuer.Run)
	case Door:
		err = serve(ctx, config, parent, door.Run)
	default:
		err = fmt.Errorf("there is no child %q", name)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "ended:", err)
		parent.Fail(err)
		return 1
	}
	return 0
}

func serve[C any](ctx context.Context, config []byte, parent *process.Child,
	run func(context.Context, C, func() error) error,
) error {
	var c C
	if err := json.Unmarshal(config, &c); err != nil {
		return fmt.Errorf("read the child's configuration: %w", err)
	}
	return run(ctx, c, parent.Ready)
}
