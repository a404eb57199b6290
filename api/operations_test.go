package api_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/api/oidctest"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/store/storetest"
)

// centrePerson is somebody at the seed's first centre with the grants.
func centrePerson(subject string, grants ...string) oidctest.Claims {
	return oidctest.Claims{Subject: subject, Centre: storetest.Centre, Roles: grants, AMR: []string{"pwd", "otp"}}
}

// everybody is one person of every role, scope and combination that the rules of access tell apart; holder is who
// holds the task.
func everybody(holder oidctest.Claims) map[string]oidctest.Claims {
	stranger := oidctest.Claims{Subject: "ex-9000", Roles: []string{"examiner"}, AMR: []string{"otp"}}
	return map[string]oidctest.Claims{
		"administrator":   centrePerson("p-1", "centre-administrator/gq"),
		"exams officer":   centrePerson("p-2", "post-results-full-access/gq"),
		"reader":          centrePerson("p-3", "centre-read-only/gq"),
		"both families":   centrePerson("p-4", "centre-read-only/vq", "centre-administrator/gq"),
		"other family":    centrePerson("p-5", "centre-administrator/vq"),
		"unknown family":  centrePerson("p-6", "centre-administrator/xx"),
		"no family":       centrePerson("p-7", "centre-administrator", "post-results-full-access/"),
		"no role":         centrePerson("p-8"),
		"misspelled role": centrePerson("p-9", "Centre-Administrator/gq", "caseworkers", "examiner "),
		"no centre":       {Subject: "p-10", Roles: []string{"centre-administrator/gq"}, AMR: []string{"otp"}},
		"other centre":    bryn,
		"holder":          holder,
		"other examiner":  stranger,
		"clerk":           clerk,
		"caseworker":      caseworker,
		"operator":        {Subject: "op-1", Roles: []string{"operator"}, AMR: []string{"otp"}},
		"finance":         finance,
		"finance reader":  centrePerson("p-11", "finance", "centre-read-only/gq"),
		"moderator":       moderator,
		"panel":           panellist,
		"lead":            {Subject: leader, Roles: []string{"examiner"}, AMR: []string{"otp"}},
	}
}

// leader is the performer of the seed who leads others in tests that say so.
const leader = "ex-1006"

// expectation is what each person is answered; whoever is not named is refused with 403.
type expectation map[int][]string

func (e expectation) of(person string) int {
	for status, people := range e {
		if slices.Contains(people, person) {
			return status
		}
	}
	return 403
}

// accessRow is what an operation answers to whom.
type accessRow struct {
	call call
	want expectation
}

// TestAccess_EveryOperationForEverybody is the table of architecture §8: roles, families, centres and tasks. A new
// operation of the contract needs a row.
func TestAccess_EveryOperationForEverybody(t *testing.T) {
	t.Parallel()
	w := live(t)
	reference := w.open(t, examsOfficer, "4001", storetest.Maths1, "review-of-marking")
	holder := w.performer(t, reference)
	file := casework.FileRef{Key: "k", Version: "v", SHA256: strings.Repeat("ab", 32), Size: 1}
	require.NoError(t, w.store.AddDocument(t.Context(), casework.Reference(reference), "outcome-letter-pdf", file, "application/pdf", storetest.Now))
	saved := w.do(t, call{method: "PUT", path: taskPath(reference) + "/draft", as: holder, body: `{}`, header: map[string]string{"If-None-Match": "*"}})
	require.Equal(t, 200, saved.status)

	own := []string{"administrator", "exams officer", "reader", "both families", "finance reader"}
	body := []string{"caseworker", "operator"}
	readers := slices.Concat(own, body)
	elsewhere := []string{"other family", "other centre", "unknown family"}
	w.leads(t, holder.Subject)
	others := []string{"other examiner", "clerk", "moderator", "panel"}
	perform := expectation{200: {"holder", "lead"}, 404: others}
	rows := map[string]accessRow{
		"getCase":         {call{method: "GET", path: "/v1/cases/" + reference}, expectation{200: readers, 404: elsewhere}},
		"getTimeline":     {call{method: "GET", path: "/v1/cases/" + reference + "/timeline"}, expectation{200: readers, 404: elsewhere}},
		"listAllocations": {call{method: "GET", path: "/v1/cases/" + reference + "/allocations"}, expectation{200: body}},
		"getDocument":     {call{method: "GET", path: "/v1/cases/" + reference + "/documents/1"}, expectation{302: readers, 404: elsewhere}},
		"listCases":       {call{method: "GET", path: "/v1/cases"}, expectation{200: slices.Concat(readers, elsewhere)}},
		"listFeeLines":    {call{method: "GET", path: "/v1/fee-lines"}, expectation{200: slices.Concat(readers, elsewhere, []string{"finance"})}},
		"listInvoices":    {call{method: "GET", path: "/v1/invoices"}, expectation{200: slices.Concat(readers, elsewhere, []string{"finance"})}},
		"listTasks":       {call{method: "GET", path: "/v1/tasks"}, expectation{200: append([]string{"holder", "lead"}, others...)}},
		"getTask":         {call{method: "GET", path: taskPath(reference)}, perform},
		"getDraft":        {call{method: "GET", path: taskPath(reference) + "/draft"}, perform},
		"listServices": {
			call{method: "GET", path: "/v1/services?candidate=4001&component=M1-01&series=demo&centre=" + storetest.Centre}, expectation{200: readers},
		},
		// Whoever may ask is told that the consent is missing, or that the centre has no such candidate.
		"submitEnquiry": {
			ask(strings.Replace(enquiry("4002", storetest.Maths1, "review-of-marking"), `"consentGivenOn":"2026-08-24",`, "", 1), "k"),
			expectation{422: {"administrator", "exams officer", "both families", "other centre"}},
		},
		// Of the performers, the holder is told what is wrong with the draft, the upload, the completion.
		"saveDraft": {
			call{method: "PUT", path: taskPath(reference) + "/draft", body: `{}`, header: map[string]string{"If-Match": `"9"`}},
			expectation{412: {"holder"}, 404: others},
		},
		"createUpload": {call{method: "POST", path: taskPath(reference) + "/uploads", body: goodUpload}, expectation{201: {"holder"}, 404: others}},
		"completeTask": {
			call{method: "POST", path: taskPath(reference) + "/complete", body: `{"items":[],"checklist":[]}`, header: map[string]string{"Idempotency-Key": "k"}},
			expectation{422: {"holder"}, 404: others},
		},
	}
	rows["getWorksheet"] = accessRow{
		call{method: "GET", path: "/v1/cases/" + reference + "/clocks/outcome/worksheet"}, expectation{200: readers, 404: elsewhere},
	}
	// Nobody of a centre, and no performer, counts a case by other rules; the others are told that nobody knows the version.
	rows["recalculateCase"] = accessRow{
		call{
			method: "POST", path: "/v1/cases/" + reference + "/recalculations", header: map[string]string{"Idempotency-Key": "k"},
			body: `{"policy":"cambria-2031.1","reason":"It was wrong."}`,
		},
		expectation{422: body},
	}
	// A quote changes nothing, so that whoever may read a result may have one.
	rows["createQuote"] = accessRow{
		call{method: "POST", path: "/v1/quotes", body: basketOf(quotedRequest("4003", storetest.Maths1, "review-of-marking"), storetest.Centre)},
		expectation{200: readers},
	}
	rows["listEnquiries"] = rows["listCases"]
	maps.Copy(rows, officeRows(reference))
	maps.Copy(rows, peopleRows(reference, holder.Subject))
	for _, item := range document(t).Paths.Map() {
		for _, operation := range item.Operations() {
			if operation.Security == nil {
				require.Contains(t, rows, operation.OperationID, "an operation without a row")
			}
		}
	}
	for name, row := range rows {
		for person, claims := range everybody(holder) {
			c := row.call
			if name == "listEnquiries" {
				c.path = "/v1/enquiries"
			}
			c.as = claims
			got := w.do(t, c)
			require.Equal(t, row.want.of(person), got.status, "%s as %s: %s", name, person, got.body)
			if got.status == 403 {
				require.Contains(t, []string{"role-missing", "family-missing", "another-centre", "not-the-performer"}, problem(t, got).Code, "%s as %s", name, person)
			}
		}
	}
}

// TestAccess_WhatAListHoldsForEverybody opens a case in each scope and counts what each person finds.
func TestAccess_WhatAListHoldsForEverybody(t *testing.T) {
	t.Parallel()
	w := live(t)
	general := w.open(t, examsOfficer, "4001", storetest.Maths1, "review-of-marking")
	vocationalCase := w.open(t, centrePerson("vq-1", "post-results-full-access/vq"), "4002", storetest.Numeracy, "clerical-check")
	welsh := w.open(t, bryn, "5001", storetest.Maths2, "review-of-marking")
	visible := map[string][]string{
		"administrator": {general}, "exams officer": {general}, "reader": {general}, "finance reader": {general},
		"both families": {general, vocationalCase}, "other family": {vocationalCase}, "unknown family": nil, "other centre": {welsh},
		"caseworker": {general, vocationalCase, welsh}, "operator": {general, vocationalCase, welsh},
	}
	people := everybody(w.performer(t, general))
	for person, want := range visible {
		var found []string
		for _, c := range get[api.CaseList](t, w.house, "/v1/cases", people[person]).Items {
			found = append(found, c.Reference)
		}
		require.ElementsMatch(t, want, found, person)
		for _, reference := range []string{general, vocationalCase, welsh} {
			status := w.do(t, call{method: "GET", path: "/v1/cases/" + reference, as: people[person]}).status
			require.Equal(t, slices.Contains(want, reference), status == 200, "%s reads %s: %d", person, reference, status)
		}
	}
	// Finance follows the money of every case and none of the cases.
	visible["finance"], visible["finance reader"] = visible["operator"], visible["operator"]
	for person, want := range visible {
		var found []string
		for _, line := range get[api.FeeLineList](t, w.house, "/v1/fee-lines", people[person]).Items {
			found = append(found, line.Reference)
		}
		slices.Sort(found)
		require.ElementsMatch(t, want, slices.Compact(found), person)
	}
	for _, path := range []string{"/v1/cases", "/v1/fee-lines"} {
		got := w.do(t, call{method: "GET", path: path + "?centre=" + storetest.OtherCentre, as: examsOfficer})
		require.Equal(t, "another-centre", problem(t, got).Code, "a filter never widens a scope")
	}
	only := get[api.CaseList](t, w.house, "/v1/cases?centre="+storetest.OtherCentre, people["caseworker"])
	require.Len(t, only.Items, 1)
	require.Equal(t, welsh, only.Items[0].Reference)
}

// TestAccess_AFeeLinesReferenceIsNoWayAroundTheScope asks for a line by the reference of somebody else's case.
func TestAccess_AFeeLinesReferenceIsNoWayAroundTheScope(t *testing.T) {
	t.Parallel()
	w := live(t)
	general := w.open(t, examsOfficer, "4001", storetest.Maths1, "review-of-marking")
	for person, want := range map[string]int{"reader": 2, "other family": 0, "other centre": 0, "finance": 2, "caseworker": 2} {
		list := get[api.FeeLineList](t, w.house, "/v1/fee-lines?reference="+general, everybody(examiner)[person])
		require.Len(t, list.Items, want, person)
	}
}

// TestAccess_NothingOfATaskReachesTheCentreNorOfTheCentreThePerformer reads everything that each side can read.
func TestAccess_NothingOfATaskReachesTheCentreNorOfTheCentreThePerformer(t *testing.T) {
	t.Parallel()
	w := live(t)
	reference := w.open(t, examsOfficer, "4001", storetest.Maths1, "review-of-marking")
	holder := w.performer(t, reference)
	for _, path := range []string{"/v1/cases/" + reference, "/v1/cases/" + reference + "/timeline", "/v1/cases", "/v1/fee-lines"} {
		shown := w.do(t, call{method: "GET", path: path, as: examsOfficer})
		require.NotContains(t, string(shown.body), holder.Subject, "%s names the performer", path)
	}
	w.do(t, call{method: "PUT", path: taskPath(reference) + "/draft", as: holder, body: `{}`, header: map[string]string{"If-None-Match": "*"}})
	for _, path := range []string{taskPath(reference), taskPath(reference) + "/draft", "/v1/tasks"} {
		shown := strings.ToLower(string(w.do(t, call{method: "GET", path: path, as: holder}).body))
		for _, secret := range []string{"ada", "fenwick", "4001", storetest.Centre, "ashdown", "near-boundary", `"grade`, "boundary\"", "eo-64101"} {
			require.NotContains(t, shown, secret, path)
		}
	}
	w.decide(t, reference, 1)
	for _, path := range []string{"/v1/cases/" + reference, "/v1/cases/" + reference + "/timeline"} {
		require.NotContains(t, string(w.do(t, call{method: "GET", path: path, as: examsOfficer}).body), holder.Subject, "%s after the decision", path)
	}
	all := fmt.Sprint(get[api.Timeline](t, w.house, "/v1/cases/"+reference+"/timeline", caseworker))
	require.Contains(t, all, holder.Subject, "the awarding body sees who decided")
}
