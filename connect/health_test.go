package connect_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/connect"
)

func ask(t *testing.T, page http.Handler) *httptest.ResponseRecorder {
	t.Helper()
	answer := httptest.NewRecorder()
	page.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
	return answer
}

func well(context.Context) error { return nil }

func TestHealthz_SaysThatTheProcessRuns(t *testing.T) {
	t.Parallel()
	answer := ask(t, connect.Healthz())
	require.Equal(t, http.StatusOK, answer.Code)
	require.Equal(t, "ok\n", answer.Body.String())
	require.Equal(t, "text/plain; charset=utf-8", answer.Header().Get("Content-Type"))
}

// parts reads the body of /readyz.
func parts(t *testing.T, answer *httptest.ResponseRecorder) (ready bool, states map[string]string) {
	t.Helper()
	require.Equal(t, "application/json", answer.Header().Get("Content-Type"))
	require.Equal(t, "no-store", answer.Header().Get("Cache-Control"), "an old answer is no answer")
	var body struct {
		Ready bool              `json:"ready"`
		Parts map[string]string `json:"parts"`
	}
	require.NoError(t, json.Unmarshal(answer.Body.Bytes(), &body))
	return body.Ready, body.Parts
}

func TestReadyz_ListsEveryPart(t *testing.T) {
	t.Parallel()
	answer := ask(t, connect.Readyz([]connect.Check{{Name: "database schema", Ready: well}, {Name: "bucket", Ready: well}}))
	require.Equal(t, http.StatusOK, answer.Code)
	ready, states := parts(t, answer)
	require.True(t, ready)
	require.Equal(t, map[string]string{"database schema": "ok", "bucket": "ok"}, states)
}

func TestReadyz_OnePartThatIsAwayIs503AndNamed(t *testing.T) {
	t.Parallel()
	answer := ask(t, connect.Readyz([]connect.Check{
		{Name: "database schema", Ready: well},
		{Name: "bucket", Ready: func(context.Context) error { return errors.New(`bucket "recourse" does not exist`) }},
	}))
	require.Equal(t, http.StatusServiceUnavailable, answer.Code)
	ready, states := parts(t, answer)
	require.False(t, ready)
	require.Equal(t, map[string]string{"database schema": "ok", "bucket": `bucket "recourse" does not exist`}, states)
}

// A part that hangs is cut off, and told apart from one that is well; the parts are asked beside each other.
func TestReadyz_PartsThatHangAreCutOffTogether(t *testing.T) {
	t.Parallel()
	hangs := func(ctx context.Context) error {
		<-ctx.Done()
		return ctx.Err()
	}
	both := make(chan struct{}, 2)
	meets := func(ctx context.Context) error {
		both <- struct{}{}
		return hangs(ctx)
	}
	answer := ask(t, connect.Readyz([]connect.Check{{Name: "Temporal", Ready: meets}, {Name: "SES", Ready: meets}, {Name: "bucket", Ready: well}}))
	require.Len(t, both, 2)
	require.Equal(t, http.StatusServiceUnavailable, answer.Code)
	_, states := parts(t, answer)
	require.Equal(t, map[string]string{"Temporal": "context deadline exceeded", "SES": "context deadline exceeded", "bucket": "ok"}, states)
}

func TestReadyz_WithoutChecksIsReady(t *testing.T) {
	t.Parallel()
	require.Equal(t, http.StatusOK, ask(t, connect.Readyz(nil)).Code)
}
