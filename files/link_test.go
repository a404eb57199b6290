package files_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/files"
)

func TestPresignPut_SignsWhatDecidesTheFile(t *testing.T) {
	t.Parallel()
	bucket := files.New(files.NewClient(config("https://s3.example"), true), "desk")
	link, headers, err := bucket.PresignPut(t.Context(), "uploads/one.pdf", "application/pdf", sumHex, 8)
	require.NoError(t, err)

	parsed, err := url.Parse(link)
	require.NoError(t, err)
	require.Equal(t, "https://s3.example/desk/uploads/one.pdf", parsed.Scheme+"://"+parsed.Host+parsed.Path)
	require.Equal(t, "content-length;content-type;host;x-amz-checksum-sha256", parsed.Query().Get("X-Amz-SignedHeaders"))
	require.Equal(t, "600", parsed.Query().Get("X-Amz-Expires"))
	require.Len(t, headers, 2)
	require.Equal(t, "application/pdf", headers.Get("Content-Type"))
	require.Equal(t, sumBase64, headers.Get("X-Amz-Checksum-Sha256"))

	_, _, err = bucket.PresignPut(t.Context(), "uploads/one.pdf", "application/pdf", "no hash", 8)
	require.ErrorContains(t, err, "not a SHA-256")
}

func TestPresignGet_PinsVersionNameAndLife(t *testing.T) {
	t.Parallel()
	ref := casework.FileRef{Key: "letters/one.pdf", Version: "v3", SHA256: sumHex, Size: 8}
	for _, c := range []struct {
		name        string
		pathStyle   bool
		filename    string
		inline      bool
		address     string
		disposition string
	}{
		{"shown, bucket in the path", true, "outcome.pdf", true, "https://s3.example/desk/letters/one.pdf", "inline; filename=outcome.pdf"},
		{"saved, bucket in the host", false, "outcome.pdf", false, "https://desk.s3.example/letters/one.pdf", "attachment; filename=outcome.pdf"},
		{"a name cannot break out of its header", true, "a\"\r\nX-Evil: b.pdf", false, "https://s3.example/desk/letters/one.pdf", "attachment; filename*=utf-8''a%22%0D%0AX-Evil%3A%20b.pdf"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			bucket := files.New(files.NewClient(config("https://s3.example"), c.pathStyle), "desk")
			link, err := bucket.PresignGet(t.Context(), ref, c.filename, c.inline)
			require.NoError(t, err)
			parsed, err := url.Parse(link)
			require.NoError(t, err)
			require.Equal(t, c.address, parsed.Scheme+"://"+parsed.Host+parsed.Path)
			require.Equal(t, "v3", parsed.Query().Get("versionId"))
			require.Equal(t, "600", parsed.Query().Get("X-Amz-Expires"))
			require.Equal(t, c.disposition, parsed.Query().Get("response-content-disposition"))
			require.NotContains(t, link, "desk-secret")
		})
	}
}
