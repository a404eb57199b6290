package process

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// SignalTree sends sig to the process and to every process below it. PostgreSQL's sessions are processes
// of their own and in groups of their own, so a signal to the first process or to its group would miss them.
func (p *Process) SignalTree(ctx context.Context, sig syscall.Signal) error {
	below, err := descendants(ctx, p.PID())
	if err != nil {
		return fmt.Errorf("find the processes of %s: %w", p.spec.Name, err)
	}
	var failed error
	for _, pid := range append([]int{p.PID()}, below...) {
		if err := syscall.Kill(pid, sig); err != nil && !errors.Is(err, syscall.ESRCH) {
			failed = errors.Join(failed, fmt.Errorf("send %v to process %d of %s: %w", sig, pid, p.spec.Name, err))
		}
	}
	return failed
}

// descendants lists the processes below pid, nearest first.
func descendants(ctx context.Context, pid int) ([]int, error) {
	out, err := exec.CommandContext(ctx, "ps", "-A", "-o", "pid=,ppid=").Output()
	if err != nil {
		return nil, fmt.Errorf("list processes: %w", err)
	}
	children := make(map[int][]int)
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		if len(fields) != 2 {
			continue
		}
		child, errChild := strconv.Atoi(fields[0])
		parent, errParent := strconv.Atoi(fields[1])
		if errChild == nil && errParent == nil {
			children[parent] = append(children[parent], child)
		}
	}
	found := children[pid]
	for i := 0; i < len(found); i++ {
		found = append(found, children[found[i]]...)
	}
	return found, nil
}
