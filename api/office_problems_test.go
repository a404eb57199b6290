package api_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// office makes the problems that people of the awarding body meet when they act on cases, and with webhooks.
func (s *scene) office(t *testing.T) map[string]answer {
	t.Helper()
	of := func(what, body string) call { return act(s.open, what, "k", body) }
	hold := of("holds", consentAsked)
	webhook := made(t, s.world, "scene").Webhook
	path := "/v1/webhooks/" + webhook.ID
	tested := s.do(t, hook(path+"/test", "t", ""))
	pending := "/v1/webhook-deliveries/" + read[api.Delivery](t, tested).ID
	answers := map[string]answer{
		"held-already":        s.when(t, hold, s.says(casework.Conflict, casework.FaultHeldAlready)),
		"not-held":            s.do(t, of("holds/consent-inspection/end", `{"delivered":true}`)),
		"hold-invalid":        s.do(t, of("holds", `{"cause":"hold","reason":" ","approvedBy":"cw-approver"}`)),
		"approver-is-asker":   s.do(t, of("holds", `{"cause":"hold","reason":"So.","approvedBy":"op-1"}`)),
		"unknown-approver":    s.do(t, of("holds", `{"cause":"hold","reason":"So.","approvedBy":"cw-left"}`)),
		"nothing-to-wait-for": s.do(t, of("holds", `{"cause":"waiting-for-sample","reason":"So.","approvedBy":"cw-approver"}`)),
		"resume-invalid":      s.do(t, of("holds/hold/end", `{"delivered":false}`)),
		"nudge-invalid":       s.do(t, of("nudges", `{"reason":" "}`)),
		"note-invalid":        s.do(t, of("notes", `{"kind":"letter","text":"Wrote."}`)),
		"batch-invalid":       s.do(t, batch("k", `{"action":"nudge","reason":"So."}`)),
		"batch-empty":         s.do(t, batch("k", `{"action":"nudge","reason":"So.","filter":{"centre":"99999"},"dryRun":true}`)),
		"batch-changed":       s.do(t, batch("k", agreed(nudgeAll, "00"))),
		"case-unfit":          s.do(t, batch("k", fmt.Sprintf(`{"action":"nudge","reason":"So.","references":[%q],"dryRun":true}`, someReference()))),
		"webhook-url-invalid": s.do(t, hook("/v1/webhooks", "k", `{"url":"http://x.example","events":["*"]}`)),
		"webhook-changed":     s.do(t, hook(path+"/rotate", "k", `{"generation":7}`)),
		"delivery-pending":    s.do(t, hook(pending+"/replay", "k", "")),
	}
	require.Equal(t, 200, s.do(t, hook(path+"/stop", "k", "")).status)
	answers["webhook-stopped"] = s.do(t, hook(path+"/rotate", "k", `{"generation":1}`))
	answers["batch-too-large"] = s.when(t, batch("k", strings.Replace(nudgeAll, "{", `{"dryRun":true,`, 1)), func() { s.crowded = true })
	return answers
}

// crowd is a register in which a filter may pick more cases than a batch may have.
type crowd struct {
	kept

	scene *scene
}

// kept is api.Batches under a name that its own method does not hide.
type kept = interface{ api.Batches }

// BatchCandidates implements api.Batches.
func (c crowd) BatchCandidates(ctx context.Context, selection docket.BatchSelection) ([]docket.BatchCandidate, error) {
	if c.scene.crowded {
		return make([]docket.BatchCandidate, selection.Limit), nil
	}
	return c.kept.BatchCandidates(ctx, selection)
}
