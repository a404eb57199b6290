package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"google.golang.org/protobuf/types/known/durationpb"
)

// retention is how long closed cases stay in the engine (architecture §3.15).
const retention = 90 * 24 * time.Hour

// look is the pause between two looks at something that the server is about to know.
const look = 25 * time.Millisecond

// SearchAttributes are the attributes by which operators filter cases (architecture §3.11).
func SearchAttributes() map[string]enumspb.IndexedValueType {
	attributes := make(map[string]enumspb.IndexedValueType)
	for _, name := range []string{
		"CaseKind", "Service", "Stage", "CentreNumber", "Series", "Assignee", "SlaState", "WaitingOn",
	} {
		attributes[name] = enumspb.INDEXED_VALUE_TYPE_KEYWORD
	}
	for _, name := range []string{"SlaDueAt", "NextActionAt"} {
		attributes[name] = enumspb.INDEXED_VALUE_TYPE_DATETIME
	}
	return attributes
}

// prepareNamespace registers the namespace and its search attributes where they are missing, and
// returns when the server's own caches know them, so that a worker may start.
func prepareNamespace(ctx context.Context, c client.Client, namespace string) error {
	_, err := c.WorkflowService().RegisterNamespace(ctx, &workflowservice.RegisterNamespaceRequest{
		Namespace:                        namespace,
		Description:                      "Post-results services",
		WorkflowExecutionRetentionPeriod: durationpb.New(retention),
	})
	var exists *serviceerror.NamespaceAlreadyExists
	if err != nil && !errors.As(err, &exists) {
		return fmt.Errorf("register namespace %s: %w", namespace, err)
	}
	have, err := attributesKnown(ctx, c, namespace)
	if err != nil {
		return err
	}
	missing := SearchAttributes()
	maps.DeleteFunc(missing, func(name string, _ enumspb.IndexedValueType) bool { return have[name] })
	if len(missing) == 0 {
		return nil
	}
	_, err = c.OperatorService().AddSearchAttributes(ctx, &operatorservice.AddSearchAttributesRequest{
		Namespace: namespace, SearchAttributes: missing,
	})
	if err != nil {
		return fmt.Errorf("add the search attributes %v: %w", slices.Sorted(maps.Keys(missing)), err)
	}
	return attributesUsable(ctx, c, namespace)
}

// attributesKnown lists the registered attributes, waiting until the namespace itself is known.
func attributesKnown(ctx context.Context, c client.Client, namespace string) (map[string]bool, error) {
	for {
		answer, err := c.OperatorService().ListSearchAttributes(ctx,
			&operatorservice.ListSearchAttributesRequest{Namespace: namespace})
		if err == nil {
			have := make(map[string]bool)
			for name := range answer.GetCustomAttributes() {
				have[name] = true
			}
			return have, nil
		}
		var unknown *serviceerror.NamespaceNotFound
		if !errors.As(err, &unknown) {
			return nil, fmt.Errorf("list the search attributes: %w", err)
		}
		if err := sleep(ctx, look); err != nil {
			return nil, fmt.Errorf("wait for namespace %s: %w", namespace, err)
		}
	}
}

// attributesUsable waits until a query may name every attribute.
func attributesUsable(ctx context.Context, c client.Client, namespace string) error {
	for _, name := range slices.Sorted(maps.Keys(SearchAttributes())) {
		for {
			_, err := c.CountWorkflow(ctx, &workflowservice.CountWorkflowExecutionsRequest{
				Namespace: namespace, Query: name + " IS NULL",
			})
			if err == nil {
				break
			}
			if waited := sleep(ctx, look); waited != nil {
				return fmt.Errorf("wait for search attribute %s: %w", name, errors.Join(waited, err))
			}
		}
	}
	return nil
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
