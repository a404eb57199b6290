package worker_test

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/testsuite"
	sdk "go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/connect"
	"github.com/recourse-exams/recourse/worker"
	"github.com/recourse-exams/recourse/workflows"
)

// names writes down under which name each workflow is registered.
type names map[string]string

func (n names) RegisterWorkflow(any) {}
func (n names) RegisterWorkflowWithOptions(run any, options workflow.RegisterOptions) {
	n[options.Name] = nameOf(run)
}
func (n names) RegisterDynamicWorkflow(any, workflow.DynamicRegisterOptions) {}

// nameOf is the last part of a function's name.
func nameOf(function any) string {
	name := runtime.FuncForPC(reflect.ValueOf(function).Pointer()).Name()
	return name[strings.LastIndex(name, ".")+1:]
}

// Histories of running cases carry these names: a change of one loses every open case.
func TestRegisterWorkflows_UnderTheNamesInHistories(t *testing.T) {
	t.Parallel()
	registered := names{}
	worker.RegisterWorkflows(registered)
	require.Equal(t, names{"Enquiry": nameOf(workflows.Enquiry), "InvoiceRun": nameOf(workflows.InvoiceRun), "Batch": nameOf(workflows.Batch)}, registered)
}

// stubs are the functions by which workflow code calls activities.
var stubs = []any{
	activities.ActOnTask, activities.AllocateTask, activities.CloseBatch, activities.CloseCase, activities.DeliverInvoice, activities.HoldCase,
	activities.IssueInvoices, activities.Nudge, activities.OpenCase, activities.Recalculate, activities.RecordAlert, activities.RecordDecision,
	activities.RecordRefusal, activities.ReleaseScript, activities.ResumeCase, activities.SendMails, activities.StoreOutcomeLetter,
	activities.TakeOverSettlement, activities.TellCase, activities.TellMembers,
}

// methods lists the activities' names in the order of the alphabet.
func methods(t *testing.T) []string {
	t.Helper()
	var found []string
	for _, group := range worker.Activities() {
		for i := range reflect.TypeOf(group).NumMethod() {
			found = append(found, reflect.TypeOf(group).Method(i).Name)
		}
	}
	slices.Sort(found)
	return found
}

func TestActivities_EachHasANameOfItsOwnAndAStub(t *testing.T) {
	t.Parallel()
	found := methods(t)
	require.Equal(t, slices.Compact(slices.Clone(found)), found, "two activities of one name would answer for each other")
	var called []string
	for _, stub := range stubs {
		called = append(called, nameOf(stub))
	}
	require.Equal(t, called, found, "an activity without a stub cannot be called, a stub without an activity waits for ever")
}

// The table above is complete: it names every function of the package that takes a workflow's context.
func TestActivities_EveryStubIsLookedAt(t *testing.T) {
	t.Parallel()
	sources, err := fs.Glob(os.DirFS("../activities"), "*.go")
	require.NoError(t, err)
	var found []string
	for _, name := range sources {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), "../activities/"+name, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		for _, declaration := range file.Decls {
			if function, ok := declaration.(*ast.FuncDecl); ok && isStub(function) {
				found = append(found, function.Name.Name)
			}
		}
	}
	slices.Sort(found)
	require.Equal(t, methods(t), found)
}

func isStub(function *ast.FuncDecl) bool {
	if function.Recv != nil || !function.Name.IsExported() || len(function.Type.Params.List) == 0 {
		return false
	}
	first, ok := function.Type.Params.List[0].Type.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	from, ok := first.X.(*ast.Ident)
	return ok && from.Name == "workflow" && first.Sel.Name == "Context"
}

// Each stub runs the activity of its own name, and the activity takes what the stub sends and answers what the stub
// reads.
func TestActivities_EachStubCallsItsOwn(t *testing.T) {
	t.Parallel()
	for _, stub := range stubs {
		t.Run(nameOf(stub), func(t *testing.T) {
			t.Parallel()
			var suite testsuite.WorkflowTestSuite
			env := suite.NewTestWorkflowEnvironment()
			env.SetWorkerOptions(sdk.Options{DeadlockDetectionTimeout: patience})
			for _, group := range worker.Activities() {
				env.RegisterActivity(group)
			}
			answers(env)
			var mu sync.Mutex
			var ran []string
			started := func(info *activity.Info, _ converter.EncodedValues) {
				mu.Lock()
				defer mu.Unlock()
				ran = append(ran, info.ActivityType.Name)
			}
			env.SetOnActivityStartedListener(func(info *activity.Info, _ context.Context, args converter.EncodedValues) { started(info, args) })
			env.SetOnLocalActivityStartedListener(func(info *activity.Info, _ context.Context, _ []any) { started(info, nil) })
			env.ExecuteWorkflow(func(ctx workflow.Context) error { return call(ctx, stub) })
			require.NoError(t, env.GetWorkflowError())
			require.Equal(t, []string{nameOf(stub)}, ran)
		})
	}
}

// answers lets every activity answer with its zero value.
func answers(env *testsuite.TestWorkflowEnvironment) {
	for _, group := range worker.Activities() {
		for i := range reflect.TypeOf(group).NumMethod() {
			method := reflect.TypeOf(group).Method(i)
			env.OnActivity(method.Name, mock.Anything, mock.Anything).Return(reflect.Zero(method.Type.Out(0)).Interface(), nil).Maybe()
		}
	}
}

// call calls a stub with the zero value of its input and returns its error.
func call(ctx workflow.Context, stub any) error {
	function := reflect.ValueOf(stub)
	out := function.Call([]reflect.Value{reflect.ValueOf(ctx), reflect.Zero(function.Type().In(1))})
	err, _ := out[len(out)-1].Interface().(error)
	return err
}

// Both real workers take every registration; they panic at a name that comes twice.
func TestNewCrew_TakesEveryRegistration(t *testing.T) {
	t.Parallel()
	temporal, err := client.NewLazyClient(client.Options{})
	require.NoError(t, err)
	defer temporal.Close()
	for i, w := range worker.NewCrew(temporal, connect.Config{TaskQueue: "recourse"}) {
		require.Panics(t, func() { w.RegisterActivity(worker.Activities()[0]) }, "a second registration is noticed")
		if i == 0 {
			require.Panics(t, func() { worker.RegisterWorkflows(w) }, "the first takes the cases themselves")
		}
	}
}
