package api

import "net/http"

// problemPath is where the pages of problems are; a problem's type is the path and its code.
const problemPath = "/docs/problems/"

// retrySeconds is what Retry-After says when a worker or a part of the system is expected back soon.
const retrySeconds = 2

// problemEntry explains one problem; its fields are exported for the page templates.
type problemEntry struct {
	Code   string
	Status int
	Title  string
	Remedy string
}

// problems lists every problem that has a page of its own, in the order of that page. Codes are part of the
// contract: add, never rename. It is read only.
var problems = []problemEntry{
	{"malformed-json", http.StatusBadRequest, "The body is not JSON", "Correct the body at the line and column given. One JSON object, nothing after it, no name twice."},
	{"unknown-field", http.StatusBadRequest, "The body has a field that the contract does not know", "Remove the field, or correct its name."},
	{"missing-field", http.StatusBadRequest, "A required field is missing", "Send the field."},
	{"wrong-type", http.StatusBadRequest, "A value has the wrong type", "Send a value of the type that the contract names."},
	{"value-not-allowed", http.StatusBadRequest, "A value is outside what the contract allows", "Send one of the values, or a value within the bounds, that the contract names."},
	{"invalid-request", http.StatusBadRequest, "The request does not fit the contract in several ways", "Correct everything that errors lists."},
	{"unknown-parameter", http.StatusBadRequest, "A query parameter is not known", "Remove the parameter, or correct its name."},
	{"invalid-parameter", http.StatusBadRequest, "A parameter is missing or has a wrong value", "Correct the parameter."},
	{"invalid-reference", http.StatusBadRequest, "That is not a reference", "Compare it with the letter or mail that names the case; the last letter checks the others."},
	{"invalid-cursor", http.StatusBadRequest, "That is not a cursor of this list", "Use next of the page before, unchanged, or start at the first page."},
	{"idempotency-key-missing", http.StatusBadRequest, "The Idempotency-Key is missing", "Send the header with a value of your own, such as a UUID, and the same value when you send the same request again."},
	{"idempotency-key-invalid", http.StatusBadRequest, "The Idempotency-Key is not usable", "Send 1 to 255 visible ASCII characters."},
	{"token-missing", http.StatusUnauthorized, "There is no token", "Sign in and send the access token as Authorization: Bearer."},
	{"token-expired", http.StatusUnauthorized, "The token has expired", "Sign in again, or use your refresh token."},
	{"token-invalid", http.StatusUnauthorized, "The token is not valid", "Use an access token that the awarding body's identity provider issued for this service."},
	{"second-factor-required", http.StatusForbidden, "A second factor is required", "Sign in again with a one-time code or a security key."},
	{"role-missing", http.StatusForbidden, "Your role does not allow this", "Ask your centre's administrator for the role that the detail names."},
	{"family-missing", http.StatusForbidden, "Your role is not held for this qualification family", "Ask your centre's administrator for the role in the family that the detail names."},
	{"another-centre", http.StatusForbidden, "That is not your centre", "Leave the centre number out, or sign in for that centre."},
	{"not-the-performer", http.StatusForbidden, "The task is somebody else's", "Nothing is left to do for you."},
	{"not-permitted", http.StatusForbidden, "You have no say in this", "Ask one of those whom the remedy names."},
	{"not-the-leader", http.StatusForbidden, "This is for who leads the person", "Nothing is left to do for you."},
	{"not-found", http.StatusNotFound, "There is no such thing, or you may not know of it", "Check the address. After a 202, try again in a few seconds."},
	{"no-draft", http.StatusNotFound, "There is no draft", "Save one first."},
	{"unknown-family", http.StatusNotFound, "There is no road map of that family", "Use one of the families that the detail names."},
	{"unknown-rules", http.StatusNotFound, "There is no such set of rules", "Use one of the sets that the detail names."},
	{"unknown-series", http.StatusNotFound, "No rules and no register know the series", "Use one of the series that the detail names."},
	{"unknown-clock", http.StatusNotFound, "The case has no such clock", "Use one of the clocks that the detail names."},
	{"method-not-allowed", http.StatusMethodNotAllowed, "The address does not take this method", "Use one of the methods in Allow."},
	{"not-acceptable", http.StatusNotAcceptable, "The answer has no form that Accept allows", "Send Accept with one of the forms that the detail names, or leave it out."},
	{"asked-twice", http.StatusConflict, "The basket asks for the same thing twice", "Leave one of the two out."},
	{"contained-in-basket", http.StatusConflict, "One request of the basket contains another", "Leave the contained request out."},
	{"already-requested", http.StatusConflict, "This was asked for before", "Follow the earlier case, whose reference the detail names."},
	{"already-completed", http.StatusConflict, "The task is done", "Nothing is left to do. Ask the awarding body if the outcome is wrong."},
	{"not-allocated", http.StatusConflict, "The task is not allocated yet", "Read the task again in a few seconds."},
	{"being-completed", http.StatusConflict, "The task is being completed at this moment", "Read the task again in a few seconds."},
	{"task-taken", http.StatusConflict, "Somebody else takes the task", "Read the pool again and take another task."},
	{"task-suspended", http.StatusConflict, "The work on the task is stopped", "Nothing is lost: go on when the task is resumed."},
	{"on-hold", http.StatusConflict, "The case waits for something", "Nothing is lost: go on when the hold has ended. Operations end it."},
	{"task-withdrawn", http.StatusConflict, "The case needs the task no more", "Nothing is left to do."},
	{"another-task", http.StatusConflict, "The case waits for another of its tasks", "Read the list of tasks again."},
	{"task-not-suspended", http.StatusConflict, "The task is not suspended", "Nothing is left to do: the work on it goes on."},
	{"task-started", http.StatusConflict, "The task was started", "Release it with a reason instead."},
	{"task-not-started", http.StatusConflict, "The task was not started", "Decline it with a reason instead."},
	{"task-in-pool", http.StatusConflict, "Nobody has the task", "Name who is to have it, or nudge the case."},
	{"holds-already", http.StatusConflict, "The performer has the task already", "Name somebody else."},
	{"no-higher-rank", http.StatusConflict, "There is no higher rank", "Ask operations, or release the task with a reason."},
	{"question-answered", http.StatusConflict, "The question has another answer", "Read the question again. Ask again if the answer does not do."},
	{"found-already", http.StatusConflict, "Somebody has looked already", "Read the entry again."},
	{"case-not-open", http.StatusConflict, "The case is not open", "Nothing is left to do in a case that is at its end. One that was asked for a moment ago opens in a few seconds."},
	{"held-already", http.StatusConflict, "The case waits for that already", "Read the case again: the hold stands on it with its reason."},
	{"not-held", http.StatusConflict, "The case does not wait for that", "Read the case again: its holds stand on it."},
	{"batch-changed", http.StatusConflict, "The batch would do something else by now", "Ask with dryRun again, look at the cases, and send that digest."},
	{"webhook-changed", http.StatusConflict, "The webhook has another secret by now", "Read the webhook again and rotate from its present generation."},
	{"webhook-stopped", http.StatusConflict, "The webhook is stopped", "Make a new one."},
	{"delivery-pending", http.StatusConflict, "The delivery is under way", "Wait until it is delivered or dead; the list says when it is tried next."},
	{"difference-changed", http.StatusConflict, "The difference is another by now", "Ask for the difference again, look at it, and send its digest."},
	{"conflict", http.StatusConflict, "Another fact came first", "Read the resource again and decide anew."},
	{"draft-changed", http.StatusPreconditionFailed, "The draft was saved from elsewhere", "Read the draft again, and save your changes on top of it."},
	{"examiner-changed", http.StatusPreconditionFailed, "The examiner was changed from elsewhere", "Read the examiner again, and make your change on top."},
	{"version-required", http.StatusPreconditionRequired, "Say which version you replace", "Send If-Match with the ETag of what you replace; of a draft that is the first, If-None-Match: *."},
	{"body-too-large", http.StatusRequestEntityTooLarge, "The body is too large", "Send at most 1 MiB. Files are uploaded by link, never in a body."},
	{"unsupported-media-type", http.StatusUnsupportedMediaType, "The body is not application/json", "Send Content-Type: application/json."},
	{"idempotency-key-reused", http.StatusUnprocessableEntity, "The Idempotency-Key was used for another request", "Use a new key for a new request. To repeat a request, send exactly the same body."},
	{"unknown-candidate", http.StatusUnprocessableEntity, "The centre has no such candidate", "Check the candidate number and the series."},
	{"unknown-result", http.StatusUnprocessableEntity, "The candidate has no result in the component", "Check the component and the series."},
	{"not-open-yet", http.StatusUnprocessableEntity, "The service is not open yet", "Ask again once candidates have their results."},
	{"window-closed", http.StatusUnprocessableEntity, "The window for this service has closed", "Late requests are not taken. Ask the awarding body if you believe that the date is wrong."},
	{"consent-missing", http.StatusUnprocessableEntity, "The candidate's consent is missing", "Obtain the candidate's written consent and send its date."},
	{"consent-too-early", http.StatusUnprocessableEntity, "The consent is older than the results", "Obtain consent after the candidate has received the result."},
	{"no-script", http.StatusUnprocessableEntity, "There is no script to review or to copy", "Ask the awarding body to find the script, or ask for a clerical check without a copy."},
	{"objective-test", http.StatusUnprocessableEntity, "A machine-marked test cannot be reviewed", "Ask for a clerical check."},
	{"consent-in-future", http.StatusUnprocessableEntity, "The consent is dated after the day of receipt", "Send the day on which the candidate consented."},
	{"unknown-service", http.StatusUnprocessableEntity, "The awarding body does not offer the service", "Ask for one of the services that /v1/services lists."},
	{"no-policy-in-force", http.StatusUnprocessableEntity, "The awarding body has no rules in force", "Tell the awarding body; this is not your mistake."},
	{"no-price", http.StatusUnprocessableEntity, "The tariff has no price for the qualification", "Tell the awarding body; this is not your mistake."},
	{"clerical-check-after-review", http.StatusUnprocessableEntity, "A review contains a clerical check", "Nothing more can be asked for; the review's outcome includes the check."},
	{"unknown-cohort", http.StatusUnprocessableEntity, "The centre has no results in the component", "Check the component and the series."},
	{"nothing-to-follow", http.StatusUnprocessableEntity, "The service follows another, which was not asked for", "Ask for one of the services that the detail names first."},
	{"no-outcome-yet", http.StatusUnprocessableEntity, "What the service follows has no outcome yet", "Ask again when the outcome is published."},
	{"too-late-after-outcome", http.StatusUnprocessableEntity, "The time after the outcome has passed", "The time is not extended. Ask the awarding body if you believe that the date is wrong."},
	{"wrong-level", http.StatusUnprocessableEntity, "The service is for other levels", "Ask for one of the services that /v1/services offers."},
	{"centre-marked", http.StatusUnprocessableEntity, "The centre marked the component", "Ask for a review of moderation, if the marks were changed."},
	{"not-moderated", http.StatusUnprocessableEntity, "The awarding body marked the component", "Ask for a review of marking."},
	{"marks-accepted", http.StatusUnprocessableEntity, "Moderation left the centre's marks as they were", "There is nothing to review."},
	{"no-sample", http.StatusUnprocessableEntity, "The original sample is not held any more", "There is nothing that could be reviewed; ask the awarding body if the sample is with it."},
	{"wrong-series", http.StatusUnprocessableEntity, "The service is for other series", "Ask for one of the services that /v1/services offers."},
	{"result-pending", http.StatusUnprocessableEntity, "The result is not final", "Ask again when the awarding body has published the result."},
	{"no-reviewed-copy", http.StatusUnprocessableEntity, "There is no copy of the reviewed script", "Ask without the copy."},
	{"calendar-ends", http.StatusUnprocessableEntity, "A date lies beyond the bank holidays that are known", "Tell the awarding body; this is not your mistake."},
	{"fee-not-published", http.StatusUnprocessableEntity, "The fee is not published", "Ask the awarding body for its fee."},
	{"recalculation-invalid", http.StatusUnprocessableEntity, "The recalculation cannot be taken", "Ask for the difference first; then send its digest, the version and the reason."},
	{"unknown-policy", http.StatusUnprocessableEntity, "There is no such version of the rules", "Choose a version of the case's set of rules."},
	{"policy-pinned-already", http.StatusUnprocessableEntity, "The case counts by that version already", "Nothing is left to do."},
	{"policy-of-another-set", http.StatusUnprocessableEntity, "The version belongs to another set of rules", "Choose a version of the case's set of rules."},
	{"policy-unfit", http.StatusUnprocessableEntity, "The version cannot take the case over", "Choose another version, or have its rule file corrected."},
	{"hold-invalid", http.StatusUnprocessableEntity, "The case cannot be held by this request", "Correct everything that errors lists. Nothing was done."},
	{"approver-is-asker", http.StatusUnprocessableEntity, "A hold needs the agreement of another person", "Have another approver agree and name them; GET /v1/approvers lists them."},
	{"unknown-approver", http.StatusUnprocessableEntity, "Who is said to have agreed is no approver", "Name one of those whom GET /v1/approvers lists, once they have agreed. Nothing was done."},
	{"nothing-to-wait-for", http.StatusUnprocessableEntity, "The case has nothing to wait for by that cause", "Hold it for another cause, such as hold, and say why. Nothing was done."},
	{"resume-invalid", http.StatusUnprocessableEntity, "The case cannot go on by this request", "Correct everything that errors lists. Nothing was done."},
	{"nudge-invalid", http.StatusUnprocessableEntity, "The nudge cannot be taken as it is", "Correct everything that errors lists. Nothing was done."},
	{"note-invalid", http.StatusUnprocessableEntity, "The note cannot be kept", "Correct everything that errors lists."},
	{"batch-invalid", http.StatusUnprocessableEntity, "The batch cannot be taken as it is", "Correct everything that errors lists. No case was told anything."},
	{"case-unfit", http.StatusUnprocessableEntity, "A case of the batch does not fit", "Leave out the cases that errors names. No case was told anything."},
	{"batch-empty", http.StatusUnprocessableEntity, "No case fits the batch", "Choose another filter."},
	{"batch-too-large", http.StatusUnprocessableEntity, "The batch has too many cases", "Narrow the filter, and make several batches."},
	{"webhook-url-invalid", http.StatusUnprocessableEntity, "Events cannot be sent to that address", "Give an https address on the public internet that takes POST requests, or have its network let in."},
	{"completion-invalid", http.StatusUnprocessableEntity, "The completion cannot be taken", "Correct everything that errors lists and hand it in again. Nothing was recorded."},
	{"correction-discarded", http.StatusUnprocessableEntity, "A second look may not take a correction back", "Give the mark that the first performer gave, or another one than the mark first given."},
	{"operation-invalid", http.StatusUnprocessableEntity, "The operation cannot be taken", "Correct everything that errors lists. Nothing was done."},
	{"examiner-invalid", http.StatusUnprocessableEntity, "The examiner cannot be changed so", "Correct everything that errors lists. Nothing was changed."},
	{"absence-invalid", http.StatusUnprocessableEntity, "The absence cannot be taken", "Correct everything that errors lists. Nothing was changed."},
	{"conflict-invalid", http.StatusUnprocessableEntity, "The interest cannot be taken", "Correct everything that errors lists. Nothing was changed."},
	{"unknown-performer", http.StatusUnprocessableEntity, "Nobody of that id performs tasks", "Check the id of the colleague."},
	{"not-eligible", http.StatusUnprocessableEntity, "The rules exclude the performer", "Take another task, or name somebody else; an exclusion is never overruled."},
	{"mark-out-of-range", http.StatusUnprocessableEntity, "A mark is outside its item's range", "Correct the mark."},
	{"reason-missing", http.StatusUnprocessableEntity, "A reason is missing", "Give the reason that the detail asks for."},
	{"reason-not-accepted", http.StatusUnprocessableEntity, "The reason may not change a mark in this service", "Give one of the accepted reasons."},
	{"unchanged-reason-missing", http.StatusUnprocessableEntity, "An unchanged outcome needs a reason", "Give one of the accepted reasons."},
	{"annotated-script-missing", http.StatusUnprocessableEntity, "The annotated script is missing", "Upload the annotated PDF and name its id."},
	{"annotated-script-not-wanted", http.StatusUnprocessableEntity, "A clerical check has no annotated script", "Leave it out."},
	{"unknown-upload", http.StatusUnprocessableEntity, "There is no such upload for this task", "Ask for an upload of this task, send the file, and name that id."},
	{"upload-missing", http.StatusUnprocessableEntity, "The file was not uploaded", "Send the file to the link first, with exactly the headers given."},
	{"upload-differs", http.StatusUnprocessableEntity, "The uploaded file is not the announced one", "Ask for a new upload with the file's size and SHA-256, and send that file."},
	{"not-a-pdf", http.StatusUnprocessableEntity, "The uploaded file is not a PDF", "Upload the file as a PDF."},
	{"refused", http.StatusUnprocessableEntity, "A rule of the awarding body says no", "Read the reasons in errors."},
	{"rate-limited", http.StatusTooManyRequests, "You ask too often", "Wait for as long as Retry-After says."},
	{"internal", http.StatusInternalServerError, "Something went wrong on our side", "Try again. If it goes on, tell the awarding body the instance."},
	{"acceptance-unknown", http.StatusServiceUnavailable, "It is not known whether the request was taken", "Send the same request again after the time in Retry-After, with the same Idempotency-Key if it had one. It will not be done twice."},
	{"temporarily-unavailable", http.StatusServiceUnavailable, "A part of the system is away", "Send the same request again after the time in Retry-After."},
}

// lookUp finds a problem of the catalogue by its code.
func lookUp(code string) (problemEntry, bool) {
	for _, entry := range problems {
		if entry.Code == code {
			return entry, true
		}
	}
	return problemEntry{}, false
}

// generic is the entry for a code that has no page of its own, such as a new rule's, by its status.
func generic(status int) problemEntry {
	code := "refused"
	switch status {
	case http.StatusNotFound:
		code = "not-found"
	case http.StatusConflict:
		code = "conflict"
	case http.StatusForbidden:
		code = "role-missing"
	case http.StatusServiceUnavailable:
		code = "temporarily-unavailable"
	}
	entry, _ := lookUp(code)
	return entry
}
