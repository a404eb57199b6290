package connect

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"
)

// Check is one part that a process needs to do its work.
type Check struct {
	Name string
	// Ready returns nil, or what is wrong in words that an operator can act on.
	Ready func(context.Context) error
}

// checkWait bounds each check, so that a part that hangs is told apart from one that is well.
const checkWait = 2 * time.Second

// readiness is the body of /readyz: the state of every part, "ok" or what is wrong.
type readiness struct {
	Ready bool              `json:"ready"`
	Parts map[string]string `json:"parts"`
}

// Healthz answers that the process runs.
func Healthz() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = w.Write([]byte("ok\n"))
	})
}

// Readyz answers 200 if every part is ready and 503 if one is not, and lists them all.
func Readyz(checks []Check) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := ask(r.Context(), checks)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		if !answer.Ready {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		_ = json.NewEncoder(w).Encode(answer)
	})
}

// ask runs the checks beside each other.
func ask(ctx context.Context, checks []Check) readiness {
	ctx, cancel := context.WithTimeout(ctx, checkWait)
	defer cancel()
	faults := make([]error, len(checks))
	var group sync.WaitGroup
	for i, check := range checks {
		group.Go(func() { faults[i] = check.Ready(ctx) })
	}
	group.Wait()
	answer := readiness{Ready: true, Parts: map[string]string{}}
	for i, check := range checks {
		answer.Parts[check.Name] = "ok"
		if faults[i] != nil {
			answer.Ready = false
			answer.Parts[check.Name] = faults[i].Error()
		}
	}
	return answer
}
