package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/api/oidctest"
	"github.com/recourse-exams/recourse/store/storetest"
)

// officeRows are who may do what the people of the awarding body do with cases, and with webhooks. Those who may are told
// what is wrong with the request, so that trying changes nothing.
func officeRows(reference string) map[string]accessRow {
	body := []string{"caseworker", "operator"}
	post := func(path, sent string) call {
		return call{method: http.MethodPost, path: path, body: sent, header: map[string]string{"Idempotency-Key": "k"}}
	}
	read := func(path string) call { return call{method: http.MethodGet, path: path} }
	of := "/v1/cases/" + reference
	webhook := "/v1/webhooks/wh_" + strings.Repeat("0", 32)
	return map[string]accessRow{
		"holdCase":       {post(of+"/holds", `{"cause":"hold","reason":" ","approvedBy":"cw-9"}`), expectation{422: body}},
		"resumeCase":     {post(of+"/holds/hold/end", `{"delivered":false}`), expectation{422: body}},
		"nudgeCase":      {post(of+"/nudges", `{"reason":" "}`), expectation{422: body}},
		"listCaseNotes":  {read(of + "/notes"), expectation{200: body}},
		"addCaseNote":    {post(of+"/notes", `{"kind":"telephone","text":"Called."}`), expectation{422: body}},
		"getOperations":  {read("/v1/operations"), expectation{200: body}},
		"listApprovers":  {read("/v1/approvers"), expectation{200: body}},
		"listBatches":    {read("/v1/batches"), expectation{200: body}},
		"getBatch":       {read("/v1/batches/b_" + strings.Repeat("0", 32)), expectation{404: body}},
		"createBatch":    {post("/v1/batches", `{"action":"nudge","reason":"So.","filter":{"centre":"99999"},"dryRun":true}`), expectation{422: body}},
		"reassignTasks":  {post("/v1/examiners/nobody/reassignments", `{"reason":"Ill.","dryRun":true}`), expectation{404: body}},
		"listWebhooks":   {read("/v1/webhooks"), expectation{200: {"operator"}}},
		"createWebhook":  {post("/v1/webhooks", `{"url":"ftp://x.example","events":["*"]}`), expectation{422: {"operator"}}},
		"rotateWebhook":  {post(webhook+"/rotate", `{"generation":1}`), expectation{404: {"operator"}}},
		"stopWebhook":    {post(webhook+"/stop", ""), expectation{404: {"operator"}}},
		"testWebhook":    {post(webhook+"/test", ""), expectation{404: {"operator"}}},
		"listDeliveries": {read("/v1/webhook-deliveries"), expectation{200: {"operator"}}},
		"replayDelivery": {post("/v1/webhook-deliveries/msg_0/replay", ""), expectation{404: {"operator"}}},
	}
}

// Every write of the office needs a second factor and an Idempotency-Key that can be used.
func TestOffice_EveryWriteNeedsASecondFactorAndAKey(t *testing.T) {
	t.Parallel()
	w := live(t)
	reference := w.open(t, examsOfficer, "4001", storetest.Maths1, "review-of-marking")
	weak := oidctest.Claims{Subject: "op-1", Roles: []string{"operator"}, AMR: []string{"pwd"}}
	for name, row := range officeRows(reference) {
		c := row.call
		c.as = weak
		if c.method == http.MethodGet {
			require.NotEqual(t, 403, w.do(t, c).status, "%s: a read needs none", name)
			continue
		}
		require.Equal(t, "second-factor-required", problem(t, w.do(t, c)).Code, name)
		c.as = operator
		for key, code := range map[string]string{"": "idempotency-key-missing", "two words": "idempotency-key-invalid"} {
			c.header = map[string]string{}
			if key != "" {
				c.header["Idempotency-Key"] = key
			}
			if name == "reassignTasks" {
				c.path = "/v1/examiners/" + w.performer(t, reference).Subject + "/reassignments"
			}
			require.Equal(t, code, problem(t, w.do(t, c)).Code, "%s with the key %q", name, key)
		}
	}
}
