package filestest

import (
	"mime"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/files"
)

func linkOpens(t *testing.T, bucket *files.Bucket) {
	body, sum := document(t)
	ref := put(t.Context(), t, bucket, body)
	newer, newerSum := document(t)
	require.Equal(t, http.StatusOK, upload(t, bucket, keyFor(sum), newerSum, int64(len(newer)), newer))

	for _, c := range []struct {
		name   string
		inline bool
		kind   string
	}{
		{"outcome R-7K4F.pdf", true, "inline"},
		{"canlyniad Ŵyn.pdf", false, "attachment"},
	} {
		link, err := bucket.PresignGet(t.Context(), ref, c.name, c.inline)
		require.NoError(t, err)
		response, got := send(t, http.MethodGet, link, nil, nil)
		require.Equal(t, http.StatusOK, response.StatusCode, "%s", got)
		require.Equal(t, body, got)
		require.Equal(t, pdf, response.Header.Get("Content-Type"))
		kind, params, err := mime.ParseMediaType(response.Header.Get("Content-Disposition"))
		require.NoError(t, err)
		require.Equal(t, c.kind, kind)
		require.Equal(t, c.name, params["filename"])
	}
}

func linkChanged(t *testing.T, bucket *files.Bucket) {
	body, sum := document(t)
	ref := put(t.Context(), t, bucket, body)
	other, otherSum := document(t)
	put(t.Context(), t, bucket, other)
	link, err := bucket.PresignGet(t.Context(), ref, "script.pdf", true)
	require.NoError(t, err)

	response, _ := send(t, http.MethodGet, strings.Replace(link, sum, otherSum, 1), nil, nil)
	require.Equal(t, http.StatusForbidden, response.StatusCode)
	response, _ = send(t, http.MethodGet, link[:strings.IndexByte(link, '?')], nil, nil)
	require.Equal(t, http.StatusForbidden, response.StatusCode)
}
