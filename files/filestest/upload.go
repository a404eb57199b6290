package filestest

import (
	"bytes"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/files"
)

func uploadAnnounced(t *testing.T, bucket *files.Bucket) {
	body, sum := document(t)
	require.Equal(t, http.StatusOK, upload(t, bucket, keyFor(sum), sum, int64(len(body)), body))

	ref, err := bucket.Verify(t.Context(), keyFor(sum), sum, int64(len(body)), pdf)
	require.NoError(t, err)
	got, err := bucket.Get(t.Context(), ref)
	require.NoError(t, err)
	require.Equal(t, body, got)
	require.Equal(t, ref, put(t.Context(), t, bucket, body), "storing the upload again finds it")
}

func uploadOther(t *testing.T, bucket *files.Bucket) {
	body, sum := document(t)
	same, _ := document(t)
	require.Len(t, same, len(body))
	longer := append(bytes.Clone(body), '\n')
	link, headers, err := bucket.PresignPut(t.Context(), keyFor(sum), pdf, sum, int64(len(body)))
	require.NoError(t, err)

	refuse := func(what string, headers http.Header, body []byte) {
		response, answer := send(t, http.MethodPut, link, headers, body)
		require.GreaterOrEqual(t, response.StatusCode, 400, "%s: %s", what, answer)
		require.Less(t, response.StatusCode, 500, "%s: %s", what, answer)
	}
	refuse("another file of the same length", headers, same)
	refuse("a longer file", headers, longer)
	asText := headers.Clone()
	asText.Set("Content-Type", "text/plain")
	refuse("another media type", asText, body)
	unsummed := headers.Clone()
	unsummed.Del("X-Amz-Checksum-Sha256")
	refuse("no checksum", unsummed, body)

	_, err = bucket.Verify(t.Context(), keyFor(sum), sum, int64(len(body)), pdf)
	requireFault(t, err, "upload-missing")
}

func verifyPins(t *testing.T, bucket *files.Bucket) {
	body, sum := document(t)
	require.Equal(t, http.StatusOK, upload(t, bucket, keyFor(sum), sum, int64(len(body)), body))
	ref, err := bucket.Verify(t.Context(), keyFor(sum), sum, int64(len(body)), pdf)
	require.NoError(t, err)

	other, otherSum := document(t)
	require.Equal(t, http.StatusOK, upload(t, bucket, keyFor(sum), otherSum, int64(len(other)), other))
	got, err := bucket.Get(t.Context(), ref)
	require.NoError(t, err)
	require.Equal(t, body, got, "a later upload to the same key changes nothing")
	_, err = bucket.Verify(t.Context(), keyFor(sum), sum, int64(len(body)), pdf)
	requireFault(t, err, "upload-differs")
}

func verifyMissing(t *testing.T, bucket *files.Bucket) {
	body, sum := document(t)
	_, err := bucket.Verify(t.Context(), keyFor(sum), sum, int64(len(body)), pdf)
	requireFault(t, err, "upload-missing")
}

func verifyDiffers(t *testing.T, bucket *files.Bucket) {
	body, sum := document(t)
	size := int64(len(body))
	put(t.Context(), t, bucket, body)
	_, otherSum := document(t)
	for _, announced := range []struct {
		name, sum, mediaType string
		size                 int64
	}{
		{"size", sum, pdf, size + 1},
		{"hash", otherSum, pdf, size},
		{"media type", sum, "image/png", size},
	} {
		_, err := bucket.Verify(t.Context(), keyFor(sum), announced.sum, announced.size, announced.mediaType)
		requireFault(t, err, "upload-differs")
	}
}

func verifyNotPDF(t *testing.T, bucket *files.Bucket) {
	text, _ := document(t)
	text[0] = 'P'
	for _, body := range [][]byte{text, {}, []byte("%PDF")} {
		ref := put(t.Context(), t, bucket, body)
		_, err := bucket.Verify(t.Context(), ref.Key, ref.SHA256, ref.Size, pdf)
		requireFault(t, err, "not-a-pdf")
	}
}

func requireFault(t *testing.T, err error, code string) {
	t.Helper()
	var fault *casework.Fault
	require.ErrorAs(t, err, &fault)
	require.Equal(t, code, fault.Code)
	require.Equal(t, casework.Invalid, fault.Kind)
}
