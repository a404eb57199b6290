package watcher

import (
	"errors"
	"sync"
)

// lanes are pieces of work that go on beside the looks, of each name one at once.
type lanes struct {
	group sync.WaitGroup

	mu     sync.Mutex
	busy   map[string]bool
	failed error
}

// open starts a piece of work unless the one before it of its name is still under way.
func (l *lanes) open(name string, work func() error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.busy[name] {
		return
	}
	if l.busy == nil {
		l.busy = map[string]bool{}
	}
	l.busy[name] = true
	l.group.Go(func() {
		err := work()
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.busy, name)
		l.failed = errors.Join(l.failed, err)
	})
}

// trouble is what was wrong with the work that has ended since it was asked for last.
func (l *lanes) trouble() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	failed := l.failed
	l.failed = nil
	return failed
}

// rest returns when all work has ended. Nothing is opened meanwhile.
func (l *lanes) rest() { l.group.Wait() }
