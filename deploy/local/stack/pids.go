package stack

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"syscall"
)

func (s state) pidFile(name string) string { return s.path("pids", name) }

// notePID keeps the number of a process where other programs find it.
func (s state) notePID(name string, pid int) error {
	if err := os.WriteFile(s.pidFile(name), []byte(strconv.Itoa(pid)+"\n"), 0o600); err != nil {
		return fmt.Errorf("note the process of %s: %w", name, err)
	}
	return nil
}

// PID is the number of one of the stack's processes, such as Worker; 0 if it does not run.
func (v *View) PID(name string) (int, error) {
	text, err := os.ReadFile(v.state.pidFile(name))
	if errors.Is(err, fs.ErrNotExist) || !v.Running {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read the process of %s: %w", name, err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0, fmt.Errorf("read the process of %s: %w", name, err)
	}
	if err := syscall.Kill(pid, 0); errors.Is(err, syscall.ESRCH) {
		return 0, nil
	}
	return pid, nil
}
