package stack

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// ErrRunning means that another stack uses the state folder.
var ErrRunning = errors.New("a stack is already running in this state folder")

// lock takes an advisory lock that the kernel gives back when this process ends, however it ends. The
// lock's file is left in place: removing it would let two processes lock two files of the same name.
func lock(file string) (*os.File, error) {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the lock file: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, ErrRunning
		}
		return nil, fmt.Errorf("lock %s: %w", file, err)
	}
	return f, nil
}
