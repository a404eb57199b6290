package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/recourse-exams/recourse/deploy/local/process"
	"github.com/recourse-exams/recourse/deploy/local/stack"
)

// bareSide drives the bare workflow through its two processes.
type bareSide struct {
	url      string
	pool     *pgxpool.Pool
	spawner  *process.Spawner
	children []*process.Process
	alike    bool

	mu    sync.Mutex
	count int
	begun int
}

// startBare starts the processes; the returned function ends them.
func startBare(ctx context.Context, s *stack.Stack, folder string, pool *pgxpool.Pool) (*bareSide, func() error, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, fmt.Errorf("find a free port: %w", err)
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		return nil, nil, fmt.Errorf("free the port: %w", err)
	}
	config, err := json.Marshal(childConfig{
		TemporalAddress: s.Endpoints.TemporalAddress, Namespace: stack.Namespace, DatabaseURL: s.Endpoints.DatabaseURL, Listen: address,
	})
	if err != nil {
		return nil, nil, fmt.Errorf("write the configuration of the bare workflow: %w", err)
	}
	self, err := os.Executable()
	if err != nil {
		return nil, nil, fmt.Errorf("find this program: %w", err)
	}
	b := &bareSide{url: "http://" + address, pool: pool, spawner: process.NewSpawner()}
	for _, role := range []string{roleWorker, roleStarter} {
		child, err := b.spawner.Start(process.Spec{
			Name: "bare " + role, Path: self, Args: []string{"bare", role}, Notify: true,
			Env: append(os.Environ(), childVariable+"="+string(config)), LogFile: filepath.Join(folder, "bare-"+role+".log"),
		})
		if err == nil {
			b.children = append(b.children, child)
			err = child.WaitReady(ctx)
		}
		if err != nil {
			return nil, nil, errors.Join(err, b.stop())
		}
	}
	return b, b.stop, nil
}

func (b *bareSide) stop() error {
	var failed error
	for _, child := range b.children {
		failed = errors.Join(failed, child.Stop(syscall.SIGTERM, 5*time.Second))
	}
	b.spawner.Close()
	return failed
}

func (b *bareSide) post(ctx context.Context, path string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, b.url+path, http.NoBody)
	if err != nil {
		return fmt.Errorf("ask the bare workflow: %w", err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("ask the bare workflow: %w", err)
	}
	body, err := io.ReadAll(answer.Body)
	if err := errors.Join(err, answer.Body.Close()); err != nil {
		return fmt.Errorf("read the bare workflow's answer: %w", err)
	}
	if answer.StatusCode == http.StatusServiceUnavailable {
		return fmt.Errorf("%w: %s", errBusy, body)
	}
	if answer.StatusCode != http.StatusCreated {
		return fmt.Errorf("the bare workflow answered %d: %s", answer.StatusCode, body)
	}
	return nil
}

func (b *bareSide) open(ctx context.Context) (string, error) {
	b.mu.Lock()
	b.count++
	id, alike := fmt.Sprint("lean-", b.count), ""
	if b.alike {
		id, alike = fmt.Sprint("alike-", b.count), "?alike=yes"
	}
	b.mu.Unlock()
	if err := persist(ctx, func() error { return b.post(ctx, "/open/"+id+alike) }); err != nil {
		return "", err
	}
	b.mu.Lock()
	b.begun++
	b.mu.Unlock()
	return id, nil
}

func (b *bareSide) complete(ctx context.Context, id string) error {
	return b.post(ctx, "/complete/"+id)
}

const (
	allocatedBareSQL = `SELECT count(*) FROM bare_steps WHERE step = 'allocate'`
	unfinishedSQL    = `
SELECT count(*) FROM bare_steps d
WHERE d.step = 'decide' AND d.id LIKE 'alike-%'
  AND (SELECT count(*) FROM bare_steps e WHERE e.id = d.id AND e.step LIKE 'errand%') < $1`
)

// left counts what has not been allocated, and with completed also what waits for its errands.
func (b *bareSide) left(ctx context.Context, completed bool) (int, error) {
	var allocated, unfinished int
	if err := b.pool.QueryRow(ctx, allocatedBareSQL).Scan(&allocated); err != nil {
		return 0, fmt.Errorf("count the bare workflow's steps: %w", err)
	}
	if completed {
		if err := b.pool.QueryRow(ctx, unfinishedSQL, errandsAtOpening+errandsAfter).Scan(&unfinished); err != nil {
			return 0, fmt.Errorf("count the bare workflow's errands: %w", err)
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.begun - allocated + unfinished, nil
}
