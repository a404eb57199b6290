package ops_test

import (
	"errors"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

const here = "/ops/cases/" + string(reference)

// filled opens an action's form as the browser and fills it in.
func filled(t *testing.T, b *browser, path string, pairs ...string) url.Values {
	t.Helper()
	page := b.get(path)
	require.Equal(t, http.StatusOK, page.status, page.body)
	form := url.Values{"token": {hidden(t, page.body, "token")}, "key": {hidden(t, page.body, "key")}}
	if strings.HasSuffix(path, "/reassign") {
		form.Set("task", hidden(t, page.body, "task"))
		form.Set("from", hidden(t, page.body, "from"))
	}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form
}

func with(form url.Values, name, value string) url.Values {
	changed := maps.Clone(form)
	changed.Set(name, value)
	return changed
}

func TestHold_SaysWhatWillHappenBeforeItDoes(t *testing.T) {
	t.Parallel()
	for _, root := range []string{"/ops", "/ops/panel"} {
		h := setup(t)
		h.register.found.Clocks[1].BreachedAt = time.Time{}
		h.register.found.Clocks[1].Ends = now.Add(72 * time.Hour)
		b := h.operating()
		path := root + "/cases/" + string(reference)
		form := filled(t, b, path+"/hold", "cause", "consent-inspection", "approvedBy", "cw-3001", "reason", "Please show us the consent form.")

		shown := b.post(path+"/hold", form)
		require.Equal(t, http.StatusOK, shown.status)
		read := text(shown.body)
		for _, want := range []string{
			"The case waits: the consent is being inspected.", "Its task is suspended", "The outcome clock stands still and its end moves by the days of the hold.",
			"A clock of the centre's own starts", "The centre is sent a mail with the cause, your reason",
			"Imogen Vale (cw-3001) is sent a mail that they are named as having agreed", "Imogen Vale (cw-3001) as who agreed; the centre sees neither.",
		} {
			require.Contains(t, read, want)
		}
		require.NotContains(t, read, "acknowledgement clock", "a clock that is met is not touched")
		require.Empty(t, h.cases.sent, "nothing is done before it is confirmed")

		done := b.post(path+"/hold", with(form, "step", "do"))
		require.Equal(t, http.StatusSeeOther, done.status)
		require.Equal(t, path+"?said=hold", done.header.Get("Location"))
		require.Contains(t, text(b.get(done.header.Get("Location")).body), "The case waits. The centre is being told.")
		require.Len(t, h.cases.sent, 1)
		got := h.cases.sent[0]
		require.Equal(t, reference, got.reference)
		request, ok := got.request.(casework.HoldRequest)
		require.True(t, ok)
		require.NotEmpty(t, request.Key)
		request.Key = ""
		require.Equal(t, casework.HoldRequest{
			Cause: casework.HoldConsent, ApprovedBy: "cw-3001", ReceivedAt: now,
			Actor: casework.Actor{Subject: "ops-5001", Role: casework.RoleOperator, Reason: "Please show us the consent form."},
		}, request)
	}
}

// Issue C, point 4: who agrees is somebody that can be asked, and never who asks.
func TestHold_OffersTheApproversWithoutOneself(t *testing.T) {
	t.Parallel()
	for _, root := range []string{"/ops", "/ops/panel"} {
		h := setup(t)
		b := h.operating()
		path := root + "/cases/" + string(reference) + "/hold"
		page := b.get(path).body
		require.Contains(t, page, `<option value="cw-3001">Imogen Vale (cw-3001)</option><option value="cw-3002">Rhys Calder (cw-3002)</option></select>`)
		require.NotContains(t, page, `<option value="ops-5001"`)

		form := filled(t, b, path, "cause", "hold", "approvedBy", "nobody-at-all", "reason", "Because.")
		refused := b.post(path, form)
		require.Equal(t, http.StatusUnprocessableEntity, refused.status)
		require.Contains(t, text(refused.body), "This is no approver of the case's awarding body")

		h.register.approvers = h.register.approvers[1:2]
		require.Contains(t, text(b.get(path).body), "Nobody else may agree to it, so the case cannot be held.")
		require.Empty(t, h.cases.sent)
	}
}

// A form that was sent once is sent again as it was: whether somebody still is an approver the case knows.
func TestHold_SentAgainAfterTheApproverLeftIsTheSameRequest(t *testing.T) {
	t.Parallel()
	h := setup(t)
	b := h.operating()
	form := filled(t, b, here+"/hold", "cause", "hold", "approvedBy", "cw-3002", "reason", "Because.", "step", "do")
	h.cases.answer = errors.New("the connection broke")
	require.Equal(t, http.StatusServiceUnavailable, b.post(here+"/hold", form).status)
	h.register.approvers, h.cases.answer = nil, nil
	require.Equal(t, http.StatusSeeOther, b.post(here+"/hold", form).status)
	require.Len(t, h.cases.sent, 2)
	require.Equal(t, h.cases.sent[0].id, h.cases.sent[1].id)
	require.Equal(t, h.cases.sent[0].request, h.cases.sent[1].request)
}

func TestHold_OfASuspicionSaysThatTheCentreReadsNothingOfIt(t *testing.T) {
	t.Parallel()
	h := setup(t)
	b := h.operating()
	shown := text(b.post(here+"/hold", filled(t, b, here+"/hold", "cause", "malpractice", "approvedBy", "cw-3001", "reason", "Two scripts agree.")).body)
	require.Contains(t, shown, "The centre is sent a mail that the result is pending, with what becomes of each date. It reads neither the cause nor your reason.")
	require.NotContains(t, shown, "mail with the cause")
}

func TestCasePage_NamesWhoAgreedToAHold(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.register.holding(casework.HoldOther)
	h.register.found.Holds = append(h.register.found.Holds, docket.Hold{Number: 2, Cause: casework.HoldMalpractice, Reason: "The result is pending.", AskedBy: "recourse", BeganAt: now})
	b := h.operating()
	for _, root := range []string{"/ops", "/ops/panel"} {
		page := text(b.get(root + "/cases/" + string(reference)).body)
		require.Contains(t, page, "asked by ops-5001, agreed by Imogen Vale (cw-3001)")
		require.Regexp(t, `asked by recourse(?:[^,]|$)`, page, "the system needs nobody's agreement")
	}
}

func TestHold_OtherClocksRunOn(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.register.found.Clocks[1].BreachedAt = time.Time{}
	h.register.found.Clocks[1].Ends = now.Add(72 * time.Hour)
	b := h.operating()
	shown := b.post(here+"/hold", filled(t, b, here+"/hold", "cause", "waiting-for-payment", "approvedBy", "cw-3001", "reason", "Pay first."))
	require.Contains(t, text(shown.body), "The outcome clock runs on, until Sun 30 Aug 2026, 09:59: its rule does not name this cause.")
}

func TestReassign_TakesTheTaskFromWhoHeldItThen(t *testing.T) {
	t.Parallel()
	h := setup(t)
	b := h.operating()
	form := filled(t, b, here+"/reassign", "reason", "She is ill.")
	shown := text(b.post(here+"/reassign", form).body)
	require.Contains(t, shown, "is taken from ex-1001")
	require.Contains(t, shown, "The rule finds somebody else: never anybody with a conflict")

	named := with(form, "to", "ex-1002")
	require.Contains(t, text(b.post(here+"/reassign", named).body), "It is given to ex-1002, if no conflict")
	done := b.post(here+"/reassign", with(named, "step", "do"))
	require.Equal(t, http.StatusSeeOther, done.status)
	request, ok := h.cases.sent[0].request.(casework.TaskRequest)
	require.True(t, ok)
	require.Equal(t, casework.OpReassign, request.Operation)
	require.Equal(t, casework.TaskOf(reference, 1), request.Task)
	require.Equal(t, "ex-1001", request.From, "somebody else may have it by now")
	require.Equal(t, "ex-1002", request.To)

	h.register.inside.Tasks[0].State, h.register.inside.Tasks[0].Assignee = casework.TaskReady, ""
	require.Equal(t, http.StatusConflict, b.get(here+"/reassign").status)
	h.register.inside.Tasks = nil
	require.Equal(t, http.StatusConflict, b.get(here+"/reassign").status)
}

func TestNudge_SaysWhomItReaches(t *testing.T) {
	t.Parallel()
	for stage, want := range map[casework.Stage]string{
		casework.StageUnassigned:   "The task is offered again at once",
		casework.StageAssigned:     "is sent a reminder",
		casework.StageAppealWindow: "nobody is reminded",
	} {
		h := setup(t)
		h.register.found.Stage = stage
		b := h.operating()
		form := filled(t, b, here+"/nudge", "reason", "It is late.")
		require.Contains(t, text(b.post(here+"/nudge", form).body), want)
		require.Equal(t, http.StatusSeeOther, b.post(here+"/nudge", with(form, "step", "do")).status)
		require.IsType(t, casework.NudgeRequest{}, h.cases.sent[0].request)
	}
}

// Nobody works on a case that waits, so nobody is reminded of it.
func TestNudge_OfACaseThatWaitsSaysForWhom(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		change func(*register)
		want   string
	}{
		"for the centre": {func(r *register) {
			r.holding(casework.HoldConsent)
			r.found.WaitingOn = casework.WaitingCentre
		}, "The case waits for the centre, which its own deadline reminds"},
		"for us": {func(r *register) {
			r.holding(casework.HoldMalpractice)
			r.found.WaitingOn = casework.WaitingBody
		}, "The case waits for us: it goes on when somebody resumes it"},
		"for a person": {func(r *register) {
			r.inside.Tasks[0].State, r.inside.Tasks[0].SuspendedBy = casework.TaskSuspended, []string{casework.SuspendedByPerson}
		}, "The task is suspended, so nobody is reminded"},
	} {
		h := setup(t)
		row.change(h.register)
		b := h.operating()
		require.Contains(t, text(b.post(here+"/nudge", filled(t, b, here+"/nudge", "reason", "It is late.")).body), row.want, name)
	}
}

func TestActions_OfAClosedCaseAreNotOffered(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.register.found.Stage = casework.StageClosed
	b := h.operating()
	page := b.get(here).body
	for _, action := range []string{"hold", "resume", "reassign", "nudge"} {
		require.NotContains(t, page, here+"/"+action)
		refused := b.get(here + "/" + action)
		require.Equal(t, http.StatusConflict, refused.status)
		require.Contains(t, text(refused.body), "The case is closed.")
	}
	require.Equal(t, http.StatusNotFound, b.get(here+"/terminate").status)
}

func TestActions_SayWhichFieldIsWrong(t *testing.T) {
	t.Parallel()
	h := setup(t)
	b := h.operating()
	for name, row := range map[string]struct {
		action, field, value string
		want                 string
	}{
		"no reason":             {"hold", "reason", " ", "Say why, in a sentence."},
		"too long a reason":     {"hold", "reason", strings.Repeat("x", 1001), "at most 1000 characters"},
		"no cause":              {"hold", "cause", "", "Choose a cause."},
		"an unknown cause":      {"hold", "cause", "boredom", "Choose a cause."},
		"nobody agreed":         {"hold", "approvedBy", "", "Choose the approver who agreed."},
		"who asks agrees":       {"hold", "approvedBy", "ops-5001", "Somebody else has to agree"},
		"to who has it already": {"reassign", "to", "ex-1001", "This person holds the task already."},
	} {
		form := filled(t, b, here+"/"+row.action, "reason", "Because.", "cause", "hold", "approvedBy", "cw-3001")
		for _, step := range []string{"show", "do"} {
			page := b.post(here+"/"+row.action, with(with(form, row.field, row.value), "step", step))
			require.Equal(t, http.StatusUnprocessableEntity, page.status, name)
			require.Contains(t, text(page.body), row.want, name)
		}
	}
	h.register.holding(casework.HoldConsent)
	page := b.post(here+"/resume", filled(t, b, here+"/resume", "reason", "Because.", "cause", "consent-inspection"))
	require.Contains(t, text(page.body), "Choose one of the two.")
	require.Empty(t, h.cases.sent)
}

// Whatever was filled in is there again after "change it", and nothing was done.
func TestActions_NothingFilledInIsLost(t *testing.T) {
	t.Parallel()
	h := setup(t)
	b := h.operating()
	form := filled(t, b, here+"/hold", "cause", "malpractice", "approvedBy", "cw-3001", "reason", "The & team <asks>.")
	shown := b.post(here+"/hold", form).body
	again := url.Values{"step": {"change"}}
	for _, name := range []string{"token", "key", "reason", "cause", "approvedBy"} {
		again.Set(name, strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(hidden(t, shown, name)))
	}
	page := b.post(here+"/hold", again).body
	require.Contains(t, page, `value="malpractice" selected`)
	require.Contains(t, page, `value="cw-3001" selected`)
	require.Contains(t, page, "The &amp; team &lt;asks&gt;.</textarea>")
	require.Equal(t, form.Get("key"), hidden(t, page, "key"))
	require.Empty(t, h.cases.sent)
}

// A form that is sent twice is one Update; the same key for something else is another, which the case refuses.
func TestActions_AFormSentTwiceIsOneRequest(t *testing.T) {
	t.Parallel()
	h := setup(t)
	b := h.operating()
	form := filled(t, b, here+"/nudge", "reason", "It is late.", "step", "do")
	another := filled(t, b, here+"/nudge", "reason", "It is late.", "step", "do")
	h.cases.answer = errors.New("the connection broke")
	unknown := b.post(here+"/nudge", form)
	require.Equal(t, http.StatusServiceUnavailable, unknown.status)
	require.Contains(t, text(unknown.body), "Nobody knows whether the case took it. Send it again")
	require.Equal(t, form.Get("key"), hidden(t, unknown.body, "key"))
	h.cases.answer = nil
	// The first did arrive, and closed the case: the second is still answered as the first would have been.
	h.register.found.Stage = casework.StageClosed
	require.Equal(t, http.StatusSeeOther, b.post(here+"/nudge", form).status)
	require.Equal(t, http.StatusSeeOther, b.post(here+"/nudge", with(form, "reason", "Something else.")).status)
	require.Equal(t, http.StatusSeeOther, b.post(here+"/nudge", another).status)

	require.Len(t, h.cases.sent, 4)
	ids, keys := map[string]int{}, map[string]int{}
	for _, s := range h.cases.sent {
		request, ok := s.request.(casework.NudgeRequest)
		require.True(t, ok)
		ids[s.id]++
		keys[request.Key]++
	}
	require.Len(t, ids, 3)
	require.Equal(t, 2, ids[h.cases.sent[0].id])
	require.Len(t, keys, 2, "the key is the form's")
}

func TestActions_TheCasesNoIsShownAndNothingIsLost(t *testing.T) {
	t.Parallel()
	h := setup(t)
	b := h.operating()
	h.cases.answer = casework.NewFault(casework.Conflict, "holds-already", "The case waits for this already.", casework.Reason{Detail: "Since yesterday.", Remedy: "Resume it first."})
	page := b.post(here+"/hold", filled(t, b, here+"/hold", "cause", "hold", "approvedBy", "cw-3001", "reason", "Because.", "step", "do"))
	require.Equal(t, http.StatusConflict, page.status)
	require.Contains(t, text(page.body), "The case did not take it; nothing was changed. The case waits for this already. Since yesterday. Resume it first.")
	require.Contains(t, page.body, "Because.</textarea>")

	h.cases.answer = errPending
	pending := b.post(here+"/nudge", filled(t, b, here+"/nudge", "reason", "It is late.", "step", "do"))
	require.Equal(t, here+"?said=pending", pending.header.Get("Location"))
	require.Contains(t, text(b.get(pending.header.Get("Location")).body), "safely accepted")
}

// Only a form of this page, made for this session, does anything.
func TestActions_NoOtherPageActsInOnesName(t *testing.T) {
	t.Parallel()
	h := setup(t)
	b := h.operating()
	form := filled(t, b, here+"/nudge", "reason", "It is late.", "step", "do")
	for name, forged := range map[string]url.Values{
		"without a token":          with(form, "token", ""),
		"with a guessed token":     with(form, "token", "guessed"),
		"without a key":            with(form, "key", ""),
		"with somebody else's own": with(form, "token", filled(t, h.operating(), here+"/nudge").Get("token")),
	} {
		require.Equal(t, http.StatusForbidden, b.post(here+"/nudge", forged).status, name)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.server.URL+here+"/nudge", strings.NewReader(form.Encode()))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Sec-Fetch-Site", "cross-site")
	require.Equal(t, http.StatusForbidden, b.do(request).status, "the browser itself says that it is another site's")
	require.Equal(t, http.StatusUnauthorized, h.browser().post(here+"/nudge", form).status, "who is signed out does nothing")
	require.Equal(t, http.StatusUnprocessableEntity, b.post(here+"/nudge", with(form, "reason", strings.Repeat("x", 70<<10))).status, "nobody fills the memory")
	require.Empty(t, h.cases.sent)
}
