package stack

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
	"time"
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
	return held(f, syscall.LOCK_EX)
}

// holds says whether a process has taken the lock. Looks share it, so that none is taken for a stack.
func holds(file string) (bool, error) {
	f, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("open the lock file: %w", err)
	}
	shared, err := held(f, syscall.LOCK_SH)
	if errors.Is(err, ErrRunning) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	return false, shared.Close()
}

// looks and lookTime are how often a lock is tried for, and how long a look may keep it from a stack that starts.
const (
	looks    = 20
	lookTime = 5 * time.Millisecond
)

// lockPatiently takes a lock that others may hold for a moment to look at.
func lockPatiently(file string) (*os.File, error) {
	for tried := 1; ; tried++ {
		f, err := lock(file)
		if !errors.Is(err, ErrRunning) || tried == looks {
			return f, err
		}
		time.Sleep(lookTime)
	}
}

// held locks an open file or closes it.
func held(f *os.File, how int) (*os.File, error) {
	if err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, ErrRunning
		}
		return nil, fmt.Errorf("lock %s: %w", f.Name(), err)
	}
	return f, nil
}
