package connect_test

import (
	"context"
	"maps"
	"net"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/api/serviceerror"
	"google.golang.org/grpc"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/connect"
)

// operator stands in for Temporal's operator service: it answers which search attributes are registered.
type operator struct {
	operatorservice.UnimplementedOperatorServiceServer
	attributes map[string]enums.IndexedValueType
	fault      error
	asked      string
}

func (o *operator) ListSearchAttributes(_ context.Context, request *operatorservice.ListSearchAttributesRequest) (*operatorservice.ListSearchAttributesResponse, error) {
	o.asked = request.GetNamespace()
	return &operatorservice.ListSearchAttributesResponse{CustomAttributes: o.attributes}, o.fault
}

// ready asks an operator through the product's own client.
func ready(t *testing.T, o *operator) error {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	server := grpc.NewServer()
	operatorservice.RegisterOperatorServiceServer(server, o)
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)

	metrics, err := connect.NewMetrics()
	require.NoError(t, err)
	temporal, err := connect.Temporal(connect.Config{TemporalAddress: listener.Addr().String(), Namespace: "exams"}, metrics.Meter)
	require.NoError(t, err)
	t.Cleanup(temporal.Close)
	return connect.TemporalReady(temporal, "exams")(t.Context())
}

// registered are the search attributes as they must be (architecture §3.11).
func registered() map[string]enums.IndexedValueType {
	all := map[string]enums.IndexedValueType{}
	for _, name := range casework.KeywordAttributes() {
		all[name] = enums.INDEXED_VALUE_TYPE_KEYWORD
	}
	for _, name := range casework.DatetimeAttributes() {
		all[name] = enums.INDEXED_VALUE_TYPE_DATETIME
	}
	return all
}

func TestTemporalReady_WhenEveryAttributeIsRegistered(t *testing.T) {
	t.Parallel()
	o := &operator{attributes: registered()}
	require.NoError(t, ready(t, o))
	require.Equal(t, "exams", o.asked)
}

// Without one of them no case could start, so each is looked at.
func TestTemporalReady_NamesTheAttributeThatIsMissingOrOfAnotherType(t *testing.T) {
	t.Parallel()
	require.Len(t, registered(), 10)
	for name, kind := range registered() {
		says := "search attribute " + name + " is not registered as a keyword in namespace exams"
		if kind == enums.INDEXED_VALUE_TYPE_DATETIME {
			says = "search attribute " + name + " is not registered as a datetime in namespace exams"
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			missing := maps.Clone(registered())
			delete(missing, name)
			require.EqualError(t, ready(t, &operator{attributes: missing}), says)
			missing[name] = enums.INDEXED_VALUE_TYPE_TEXT
			require.EqualError(t, ready(t, &operator{attributes: missing}), says)
		})
	}
}

func TestTemporalReady_SaysThatTheNamespaceCannotBeAsked(t *testing.T) {
	t.Parallel()
	err := ready(t, &operator{fault: serviceerror.ToStatus(serviceerror.NewNamespaceNotFound("exams")).Err()})
	require.ErrorContains(t, err, "ask Temporal for the search attributes of namespace exams")
	var missing *serviceerror.NamespaceNotFound
	require.ErrorAs(t, err, &missing)
}
