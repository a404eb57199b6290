package store_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/casework/register"
	"github.com/recourse-exams/recourse/store"
	"github.com/recourse-exams/recourse/store/storetest"
)

// holdMailTo is who is told that they agreed to a hold.
func (o office) holdMailTo(ref casework.Reference, number int) []docket.Recipient {
	o.t.Helper()
	to, err := o.Recipients(o.t.Context(), casework.MailInput{Reference: ref, Kind: casework.MailHeld, Number: number, About: casework.AboutApprover})
	require.NoError(o.t, err)
	return to
}

// invalid is the one reason of a fault about a request.
func invalid(t *testing.T, err error, code string) casework.Reason {
	t.Helper()
	var f *casework.Fault
	require.ErrorAs(t, err, &f)
	require.Equal(t, casework.Invalid, f.Kind)
	require.Equal(t, code, f.Code)
	require.Len(t, f.Reasons, 1)
	require.Equal(t, code, f.Reasons[0].Code)
	return f.Reasons[0]
}

// Issue C, point 4: a pause has an approver, who is somebody that can be asked.
func TestHoldCase_OnlyAnApproverOfTheCasesBodyAgrees(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	_, err := o.Pool().Exec(t.Context(), `INSERT INTO awarding_bodies (id, name) VALUES ('other', 'Other Awards')`)
	require.NoError(t, err)
	_, err = o.Pool().Exec(t.Context(), `INSERT INTO approvers (body, id, name, email) VALUES ('other', 'cw-other', 'Una Reed', 'una@other.example')`)
	require.NoError(t, err)
	before, trail := o.page(ref), o.trail(ref)
	for name, approver := range map[string]string{
		"nobody": "nobody-at-all", "one who left": "cw-left", "another body's": "cw-other", "a performer": "ex-1001", "almost one": storetest.Approver + " ",
	} {
		in := holdInput(ref, casework.HoldOther, days(2))
		in.Request.ApprovedBy = approver
		_, err := o.HoldCase(t.Context(), in, o.book)
		why := invalid(t, err, casework.FaultUnknownApprover)
		require.Equal(t, "/approvedBy", why.Pointer, name)
		require.Contains(t, why.Detail, "“"+approver+"” is no approver of cambria.", name)
		require.Contains(t, why.Remedy, "GET /v1/approvers", name)
	}
	require.Equal(t, before, o.page(ref), "nothing changes")
	require.Equal(t, trail, o.trail(ref))

	_, err = o.Pool().Exec(t.Context(), `UPDATE approvers SET active = false WHERE body = 'cambria'`)
	require.NoError(t, err)
	_, err = o.HoldCase(t.Context(), holdInput(ref, casework.HoldOther, days(2)), o.book)
	why := invalid(t, err, casework.FaultUnknownApprover)
	require.Contains(t, why.Detail, "Nobody is: none of its cases can be held.")
	require.Contains(t, why.Remedy, "approvers.csv")
	o.whole()
}

// domain §8.1: what the rules ask the centre for nobody would chase, so the case would wait for nothing.
func TestHoldCase_ThereIsNothingToWaitForWhereTheRulesAskForNothing(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	o.allocate(ref)
	before, trail := o.page(ref), o.trail(ref)
	_, err := o.HoldCase(t.Context(), holdInput(ref, casework.HoldSample, days(2)), o.book)
	why := invalid(t, err, casework.FaultNothingToWaitFor)
	require.Equal(t, "/cause", why.Pointer)
	require.Contains(t, why.Detail, "A review of marking asks the centre for no sample")
	require.Contains(t, why.Remedy, "“hold”")
	require.Equal(t, before, o.page(ref), "nothing changes")
	require.Equal(t, trail, o.trail(ref))
	require.Equal(t, "reserved", o.taskState(ref))
	o.hold(ref, casework.HoldConsent, days(2))
	o.whole()
}

func TestRecipients_WhoAgreedIsToldOfThatHold(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	require.Empty(t, o.holdMailTo(ref, 1), "nothing is held yet")
	o.hold(ref, casework.HoldOther, days(2))
	imogen := []docket.Recipient{{Name: "Imogen Vale", Address: "imogen.vale@cambria.example"}}
	require.Equal(t, imogen, o.holdMailTo(ref, 1))
	require.Empty(t, o.holdMailTo(ref, 2))
	_, err := o.Pool().Exec(t.Context(), `UPDATE approvers SET active = false`)
	require.NoError(t, err)
	require.Equal(t, imogen, o.holdMailTo(ref, 1), "their name stands under it")
	require.Equal(t, []string{amira.Address}, o.recipients(ref, casework.MailHeld, ""), "the centre has a mail of its own")
}

func approverIDs(t *testing.T, found []docket.Approver, err error) []string {
	t.Helper()
	require.NoError(t, err)
	var ids []string
	for _, a := range found {
		ids = append(ids, a.Body+"/"+a.ID)
	}
	return ids
}

func TestApprovers_AreThoseWhoMayAgreeNow(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	_, err := o.Pool().Exec(t.Context(), `
		INSERT INTO awarding_bodies (id, name) VALUES ('other', 'Other Awards');
		INSERT INTO approvers (body, id, name, email) VALUES
		    ('other', 'cw-approver', 'Imogen Vale', 'imogen.vale@other.example'), ('cambria', 'cw-zoe', 'Aaron Zoe', 'a.zoe@cambria.example')`)
	require.NoError(t, err)
	all, err := o.Approvers(t.Context())
	require.Equal(t, []string{"cambria/cw-zoe", "cambria/cw-approver", "other/cw-approver"}, approverIDs(t, all, err), "by body and name")
	own, err := o.CaseApprovers(t.Context(), ref)
	require.Equal(t, []string{"cambria/cw-zoe", "cambria/cw-approver"}, approverIDs(t, own, err))
	require.Equal(t, "Aaron Zoe", own[0].Name)
	none, err := o.CaseApprovers(t.Context(), reference("none"))
	require.Empty(t, approverIDs(t, none, err))
	_, err = o.Pool().Exec(t.Context(), `UPDATE approvers SET active = false WHERE body = 'cambria'`)
	require.NoError(t, err)
	own, err = o.CaseApprovers(t.Context(), ref)
	require.Empty(t, approverIDs(t, own, err))
}

// approving is the small register with approvers of its only body.
func approving(ids ...string) register.Set {
	set := imported("1001")
	set.Approvers = []register.Approver{}
	for _, id := range ids {
		set.Approvers = append(set.Approvers, register.Approver{ID: id, Body: "cambria", Name: "Approver " + id, Email: id + "@cambria.example"})
	}
	return set
}

// approverRows writes the approvers out, each with the transaction that wrote it last.
func approverRows(t *testing.T, s *store.Store) string {
	t.Helper()
	return one[string](t, s, `SELECT coalesce(string_agg(concat_ws(' ', id, name, email, active, xmin), '; ' ORDER BY id), 'none') FROM approvers`)
}

// A file of approvers is the whole list; without one the list stays as it was.
func TestImportRegister_MakesTheApproversEqualToTheirFile(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t)
	now := func() []string {
		found, err := s.Approvers(t.Context())
		return approverIDs(t, found, err)
	}
	require.NoError(t, importInto(t, s, approving("cw-1", "cw-2")))
	require.Equal(t, []string{"cambria/cw-1", "cambria/cw-2"}, now())
	before := approverRows(t, s)
	require.NoError(t, importInto(t, s, approving("cw-1", "cw-2")))
	require.NoError(t, importInto(t, s, imported("1001")))
	require.Equal(t, before, approverRows(t, s), "the same again, and no file, write nothing")

	changed := approving("cw-1", "cw-3")
	changed.Approvers[0].Name, changed.Approvers[0].Email = "Imogen Vale-Shaw", "ivs@cambria.example"
	require.NoError(t, importInto(t, s, changed))
	require.Equal(t, []string{"cambria/cw-3", "cambria/cw-1"}, now())
	require.Equal(t, "cw-1 Imogen Vale-Shaw ivs@cambria.example t; cw-2 Approver cw-2 cw-2@cambria.example f; cw-3 Approver cw-3 cw-3@cambria.example t",
		one[string](t, s, `SELECT string_agg(concat_ws(' ', id, name, email, active), '; ' ORDER BY id) FROM approvers`), "who left stays named")
	require.NoError(t, importInto(t, s, approving("cw-2")))
	require.Equal(t, []string{"cambria/cw-2"}, now(), "who comes back may agree again")
	require.NoError(t, importInto(t, s, approving()))
	require.Empty(t, now(), "a header alone names nobody")
}

// Who could agree on a day stays on record, and an import that changes nobody leaves no trace.
func TestImportRegister_NotesWhoCouldAgreeWhen(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t)
	renamed := approving("cw-1")
	renamed.Approvers[0].Name = "Imogen Vale-Shaw"
	for day, set := range []register.Set{approving("cw-1", "cw-2"), approving("cw-1", "cw-2"), imported("1001"), renamed, approving("cw-2")} {
		_, err := s.ImportRegister(t.Context(), set, register.KeepDates, storetest.Now.AddDate(0, 0, day))
		require.NoError(t, err)
	}
	changes, err := s.ApproverChanges(t.Context())
	require.NoError(t, err)
	var told []string
	for _, c := range changes {
		told = append(told, fmt.Sprintln(int(c.At.Sub(storetest.Now).Hours()/24), c.Body, c.ID, c.Name, c.Email, c.Active))
	}
	require.Equal(t, []string{
		"0 cambria cw-1 Approver cw-1 cw-1@cambria.example true\n",
		"0 cambria cw-2 Approver cw-2 cw-2@cambria.example true\n",
		"3 cambria cw-1 Imogen Vale-Shaw cw-1@cambria.example true\n",
		"3 cambria cw-2 Approver cw-2 cw-2@cambria.example false\n",
		"4 cambria cw-1 Imogen Vale-Shaw cw-1@cambria.example false\n",
		"4 cambria cw-2 Approver cw-2 cw-2@cambria.example true\n",
	}, told)
}

func TestImportRegister_LeavesTheApproversOfOtherBodiesAlone(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t)
	require.NoError(t, importInto(t, s, approving("cw-1")))
	_, err := s.Pool().Exec(t.Context(), `
		INSERT INTO awarding_bodies (id, name) VALUES ('other', 'Other Awards');
		INSERT INTO approvers (body, id, name, email) VALUES ('other', 'cw-9', 'Una Reed', 'una@other.example')`)
	require.NoError(t, err)
	require.NoError(t, importInto(t, s, approving()))
	found, err := s.Approvers(t.Context())
	require.Equal(t, []string{"other/cw-9"}, approverIDs(t, found, err))
}
