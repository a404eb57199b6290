package ops_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// noted fills in the form for notes on the case's page.
func noted(t *testing.T, b *browser, pairs ...string) url.Values {
	t.Helper()
	page := b.get(here)
	require.Equal(t, http.StatusOK, page.status, page.body)
	require.Contains(t, page.body, `action="`+here+`/notes"`)
	form := url.Values{"token": {hidden(t, page.body, "token")}, "key": {hidden(t, page.body, "key")}}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form
}

// keptNotes are the notes that the register was given, one for each key.
func (h *house) keptNotes() (notes []docket.CaseNote) {
	for _, note := range h.register.kept {
		notes = append(notes, note)
	}
	return notes
}

func TestNote_IsKeptOnceHoweverOftenTheFormIsSent(t *testing.T) {
	t.Parallel()
	h := setup(t)
	b := h.operating()
	form := noted(t, b, "kind", "telephone", "contact", " The exams officer ", "text", "Will send the form.\r\nCall again on Monday.")
	for range 3 {
		done := b.post(here+"/notes", form)
		require.Equal(t, http.StatusSeeOther, done.status, done.body)
		require.Equal(t, here+"?said=note#notes", done.header.Get("Location"))
	}
	require.Contains(t, text(b.get(here+"?said=note").body), "The note is kept.")
	require.Equal(t, []docket.CaseNote{{
		Reference: reference, Kind: docket.NoteTelephone, Author: "ops-5001", At: now, Contact: "The exams officer", Text: "Will send the form.\nCall again on Monday.",
	}}, h.keptNotes())

	other := noted(t, b, "kind", "telephone", "contact", "The exams officer", "text", "Will send the form.\nCall again on Monday.")
	require.Equal(t, http.StatusSeeOther, b.post(here+"/notes", other).status)
	require.Len(t, h.keptNotes(), 2, "a form that was opened again is another note, be it of the same words")
}

func TestNote_SpellsItsKindsAsPeopleDo(t *testing.T) {
	t.Parallel()
	require.Contains(t, text(setup(t).operating().get(here).body), "Note Telephone E-mail Letter Meeting")
}

// Whoever goes back, writes something else and sends it has both texts kept, and is asked first.
func TestNote_AFormThatWasSentAlreadyIsANewOne(t *testing.T) {
	t.Parallel()
	h := setup(t)
	b := h.operating()
	form := noted(t, b, "kind", "note", "text", "Looks odd.")
	require.Equal(t, http.StatusSeeOther, b.post(here+"/notes", form).status)
	again := b.post(here+"/notes", with(form, "text", "Looks even."))
	require.Equal(t, http.StatusConflict, again.status)
	require.Contains(t, text(again.body), "This form was sent before with another text, which is kept.")
	require.NotContains(t, again.body, "Idempotency-Key", "no word of the API's")
	require.Contains(t, again.body, "Looks even.</textarea>")
	fresh := with(form, "text", "Looks even.")
	fresh.Set("key", hidden(t, again.body, "key"))
	require.Equal(t, http.StatusSeeOther, b.post(here+"/notes", fresh).status)
	require.Len(t, h.keptNotes(), 2)
}

func TestNote_SaysByFieldWhatIsWrongAndKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	h := setup(t)
	b := h.operating()
	for name, row := range map[string]struct {
		pairs []string
		says  []string
	}{
		"a note with somebody":   {[]string{"kind", "note", "contact", "The head", "text", "Spoke."}, []string{"A note is with nobody. Leave the contact out"}},
		"a contact with nobody":  {[]string{"kind", "e-mail", "text", "Wrote."}, []string{"It does not say with whom the contact was. Name the person or the office."}},
		"nothing":                {[]string{"kind", "note", "text", " \x00 "}, []string{"The note says nothing."}},
		"too much":               {[]string{"kind", "note", "text", strings.Repeat("a", docket.MostNoteText+1)}, []string{"The note has 4001 characters. Say it in at most 4000"}},
		"of a kind to come":      {[]string{"kind", "fax", "contact", "x", "text", "Sent."}, []string{"Choose one of them."}},
		"several things at once": {[]string{"kind", "meeting", "text", ""}, []string{"The note says nothing.", "It does not say with whom"}},
	} {
		got := b.post(here+"/notes", noted(t, b, row.pairs...))
		require.Equal(t, http.StatusUnprocessableEntity, got.status, name)
		for _, want := range row.says {
			require.Contains(t, text(got.body), want, name)
		}
		require.Contains(t, got.body, "Back to the case")
	}
	got := b.post(here+"/notes", noted(t, b, "kind", "letter", "contact", "", "text", "<b>The & letter</b>"))
	require.Contains(t, got.body, `<option value="letter" selected>`)
	require.Contains(t, got.body, "&lt;b&gt;The &amp; letter&lt;/b&gt;</textarea>")
	require.Empty(t, h.keptNotes())
}

// Without an answer nobody knows: the same form sent again is the same note.
func TestNote_SaysWhenNobodyKnowsWhetherItWasKept(t *testing.T) {
	t.Parallel()
	for _, away := range []error{errors.New("connection reset by swordfish"), casework.NewFault(casework.Unavailable, "register-away", "The register is away.")} {
		h := setup(t)
		b := h.operating()
		form := noted(t, b, "kind", "note", "text", "Looks odd.")
		h.register.unkept = away
		lost := b.post(here+"/notes", form)
		require.Equal(t, http.StatusServiceUnavailable, lost.status)
		require.Contains(t, text(lost.body), "Nobody knows whether the note was kept. Send it again: it is the same note, and is not kept twice.")
		require.NotContains(t, lost.body, "swordfish")
		require.Equal(t, form.Get("key"), hidden(t, lost.body, "key"))
		h.register.unkept = nil
		require.Equal(t, http.StatusSeeOther, b.post(here+"/notes", form).status)
		require.Len(t, h.keptNotes(), 1)
	}
	h := setup(t)
	b := h.operating()
	form := noted(t, b, "kind", "note", "text", "Looks odd.")
	h.register.unkept = casework.NewFault(casework.Conflict, "some-no", "The case takes no notes.")
	require.Contains(t, text(b.post(here+"/notes", form).body), "The case takes no notes.")
}

func TestNote_IsTakenFromOurOwnFormAlone(t *testing.T) {
	t.Parallel()
	h := setup(t)
	b := h.operating()
	form := noted(t, b, "kind", "note", "text", "Looks odd.")
	for _, missing := range []string{"token", "key"} {
		require.Equal(t, http.StatusForbidden, b.post(here+"/notes", with(form, missing, "")).status, missing)
	}
	require.Equal(t, http.StatusUnauthorized, h.browser().post(here+"/notes", form).status)
	require.Equal(t, http.StatusNotFound, b.post("/ops/cases/R-2222-2222-2222-2/notes", form).status)
	require.Equal(t, http.StatusNotFound, b.get(here+"/notes").status, "the form stands on the case's page")
	require.Empty(t, h.keptNotes())
}

// A frame is no place to write in: the panel leads to the whole page.
func TestPanel_LeadsToTheWholePageForNotesAndFiles(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.register.found.Documents = []docket.Document{{ID: 7, Kind: docket.OutcomeLetterPDF, MediaType: "application/pdf", AvailableAt: now}}
	page := h.operating().get("/ops/panel/cases/" + string(reference)).body
	require.NotContains(t, page, "<textarea")
	require.Contains(t, page, `<a href="`+h.server.URL+here+`#notes" target="_blank" rel="noopener">`)
	require.Contains(t, page, `<a href="`+h.server.URL+here+`/files/7" target="_blank" rel="noopener">Outcome letter pdf</a>`)
}
