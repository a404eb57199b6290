package worker_test

import (
	"errors"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	sdk "go.temporal.io/sdk/worker"

	"github.com/recourse-exams/recourse/worker"
)

// hand is a worker that notes what it is told; it waits for the others before it stops.
type hand struct {
	sdk.Worker
	name    string
	start   error
	diary   *diary
	stopped *sync.WaitGroup
}

type diary struct {
	mu      sync.Mutex
	entries []string
}

func (d *diary) write(entry string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.entries = append(d.entries, entry)
}

func (h hand) Start() error {
	h.diary.write("start " + h.name)
	return h.start
}

func (h hand) Stop() {
	h.diary.write("stop " + h.name)
	h.stopped.Done()
	h.stopped.Wait()
}

func TestCrew_StopsAllAtTheSameMoment(t *testing.T) {
	t.Parallel()
	var d diary
	var stopped sync.WaitGroup
	stopped.Add(2) // Each waits for the other: one after the other they would never end.
	crew := worker.Crew(hand{name: "cases", diary: &d, stopped: &stopped}, hand{name: "errands", diary: &d, stopped: &stopped})
	require.NoError(t, crew.Start())
	require.Equal(t, []string{"start cases", "start errands"}, d.entries)
	crew.Stop()
	require.ElementsMatch(t, []string{"stop cases", "stop errands"}, d.entries[2:])
}

func TestCrew_OneThatCannotStartLeavesNoneAtWork(t *testing.T) {
	t.Parallel()
	var d diary
	var stopped sync.WaitGroup
	stopped.Add(1)
	away := errors.New("connection refused")
	crew := worker.Crew(hand{name: "cases", diary: &d, stopped: &stopped}, hand{name: "errands", start: away, diary: &d, stopped: &stopped})
	require.ErrorIs(t, crew.Start(), away)
	require.Equal(t, []string{"start cases", "start errands", "stop cases"}, d.entries)
}
