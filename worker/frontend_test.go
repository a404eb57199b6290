package worker_test

import (
	"context"
	"net"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/api/workflowservice/v1"
	"google.golang.org/grpc"
)

// frontend stands in for Temporal's frontend: it greets workers and lets them wait for tasks that never come.
type frontend struct {
	workflowservice.UnimplementedWorkflowServiceServer
	operatorservice.UnimplementedOperatorServiceServer
	// polled is closed when the first worker asks for a task.
	polled chan struct{}
	once   sync.Once
	// paces are the task queues at which activities were asked for, with the pace that Temporal is to keep.
	mu    sync.Mutex
	paces map[string]float64
}

// serve opens a frontend at the address.
func serve(t *testing.T, address string) *frontend {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", address)
	require.NoError(t, err)
	f := &frontend{polled: make(chan struct{}), paces: map[string]float64{}}
	server := grpc.NewServer()
	workflowservice.RegisterWorkflowServiceServer(server, f)
	operatorservice.RegisterOperatorServiceServer(server, f)
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	return f
}

func (f *frontend) GetSystemInfo(context.Context, *workflowservice.GetSystemInfoRequest) (*workflowservice.GetSystemInfoResponse, error) {
	return &workflowservice.GetSystemInfoResponse{Capabilities: &workflowservice.GetSystemInfoResponse_Capabilities{}}, nil
}

func (f *frontend) DescribeNamespace(context.Context, *workflowservice.DescribeNamespaceRequest) (*workflowservice.DescribeNamespaceResponse, error) {
	return &workflowservice.DescribeNamespaceResponse{}, nil
}

func (f *frontend) PollWorkflowTaskQueue(ctx context.Context, _ *workflowservice.PollWorkflowTaskQueueRequest) (*workflowservice.PollWorkflowTaskQueueResponse, error) {
	return &workflowservice.PollWorkflowTaskQueueResponse{}, f.wait(ctx)
}

func (f *frontend) PollActivityTaskQueue(ctx context.Context, request *workflowservice.PollActivityTaskQueueRequest) (*workflowservice.PollActivityTaskQueueResponse, error) {
	f.mu.Lock()
	f.paces[request.GetTaskQueue().GetName()] = request.GetTaskQueueMetadata().GetMaxTasksPerSecond().GetValue()
	f.mu.Unlock()
	return &workflowservice.PollActivityTaskQueueResponse{}, f.wait(ctx)
}

func (f *frontend) ShutdownWorker(context.Context, *workflowservice.ShutdownWorkerRequest) (*workflowservice.ShutdownWorkerResponse, error) {
	return &workflowservice.ShutdownWorkerResponse{}, nil
}

// pace is the pace of a task queue's activities; ok is false as long as nobody asks for any.
func (f *frontend) pace(queue string) (perSecond float64, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	perSecond, ok = f.paces[queue]
	return perSecond, ok
}

func (f *frontend) wait(ctx context.Context) error {
	f.once.Do(func() { close(f.polled) })
	<-ctx.Done()
	return ctx.Err()
}
