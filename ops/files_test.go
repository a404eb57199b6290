package ops_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

func (h *house) withLetter() {
	h.register.found.Documents = []docket.Document{
		{
			ID: 7, Kind: docket.OutcomeLetterPDF, MediaType: "application/pdf", AvailableAt: now,
			File: casework.FileRef{Key: "letters/a.pdf", Version: "v1", Size: 41_200},
		},
		{ID: 8, Kind: docket.OutcomeLetterHTML, MediaType: "text/html", AvailableAt: now, File: casework.FileRef{Key: "letters/a.html", Version: "v1", Size: 900}},
	}
}

// A file is opened by a link that the page makes when it is asked for: the page itself holds none.
func TestFiles_OpenByALinkOfShortLife(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.withLetter()
	b := h.operating()
	page := b.get(here).body
	require.Contains(t, page, `<a href="`+here+`/files/7">Outcome letter pdf</a>`)
	require.Contains(t, text(page), "application/pdf, 42 kB, since Thu 27 Aug 2026, 10:00")
	require.Contains(t, text(page), "text/html, 900 bytes")
	require.NotContains(t, page, "files.example.org")
	require.Empty(t, h.files.opened, "nothing is signed before somebody asks")
	got := b.get(here + "/files/7")
	require.Equal(t, http.StatusFound, got.status)
	require.Equal(t, "https://files.example.org/"+string(reference)+"-outcome-letter-pdf.pdf?signed", got.header.Get("Location"))
	require.Equal(t, "no-store", got.header.Get("Cache-Control"))
	require.Equal(t, "no-referrer", got.header.Get("Referrer-Policy"))
	require.Equal(t, []string{"letters/a.pdf@v1"}, h.files.opened)
	require.Contains(t, h.log.String(), here+"/files/7", "who opened what stands in the log, as over REST")
}

func TestFiles_OfTheCaseAndOfNoOther(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.withLetter()
	b := h.operating()
	for path, status := range map[string]int{
		here + "/files/9": http.StatusNotFound, here + "/files/07": http.StatusNotFound, here + "/files/x": http.StatusNotFound,
		"/ops/cases/R-2222-2222-2222-2/files/7": http.StatusNotFound, "/ops/cases/nonsense/files/7": http.StatusNotFound,
		"/ops/panel/cases/" + string(reference) + "/files/7": http.StatusNotFound,
	} {
		require.Equal(t, status, b.get(path).status, path)
	}
	require.Equal(t, http.StatusUnauthorized, h.browser().get(here+"/files/7").status)
	require.Empty(t, h.files.opened)
	h.files.away = errors.New("the bucket swordfish is away")
	got := b.get(here + "/files/7")
	require.Equal(t, http.StatusServiceUnavailable, got.status)
	require.NotContains(t, got.body, "swordfish")
}
