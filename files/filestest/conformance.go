// Package filestest says what a file store must do, as a suite that runs on any S3 server.
package filestest

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/files"
)

const pdf = "application/pdf"

// Conformance runs the suite on a bucket with versioning. Every test writes under keys of its own, so the
// bucket may hold other files and the suite may be repeated on it.
func Conformance(t *testing.T, bucket *files.Bucket) {
	t.Helper()
	suite := []struct {
		rule string
		test func(*testing.T, *files.Bucket)
	}{
		{"the bucket is ready", ready},
		{"a file comes back as it was put", putAndGet},
		{"putting the same again stores nothing", putTwice},
		{"eight writers of one file get one version", putAtOnce},
		{"another body never replaces a file", putAnother},
		{"a damaged record is noticed", getDamaged},
		{"a signed upload takes the announced file", uploadAnnounced},
		{"a signed upload takes no other file", uploadOther},
		{"a verified upload stays pinned", verifyPins},
		{"an upload that never came is missing", verifyMissing},
		{"an upload that differs is refused", verifyDiffers},
		{"an upload that is no PDF is refused", verifyNotPDF},
		{"a link opens the pinned version under its name", linkOpens},
		{"a changed link opens nothing", linkChanged},
	}
	for _, s := range suite {
		t.Run(s.rule, func(t *testing.T) {
			t.Parallel()
			s.test(t, bucket)
		})
	}
}

// document is a small PDF that no other test makes, with its hash in hex.
func document(t *testing.T) (body []byte, sum string) {
	t.Helper()
	body = []byte("%PDF-1.7\n% " + rand.Text() + "\n%%EOF\n")
	return body, sumOf(body)
}

func sumOf(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

func keyFor(sum string) string { return "conformance/" + sum + ".pdf" }

// send does one HTTP request and returns status and body, closing the connection's share of it.
func send(t *testing.T, method, link string, headers http.Header, body []byte) (*http.Response, []byte) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, link, bytes.NewReader(body))
	require.NoError(t, err)
	for name, values := range headers {
		request.Header[name] = values
	}
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer func() { require.NoError(t, response.Body.Close()) }()
	answer, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response, answer
}

// upload sends body by a link that was signed for a file of this key, hash and size.
func upload(t *testing.T, bucket *files.Bucket, key, sum string, size int64, body []byte) int {
	t.Helper()
	link, headers, err := bucket.PresignPut(t.Context(), key, pdf, sum, size)
	require.NoError(t, err)
	response, _ := send(t, http.MethodPut, link, headers, body)
	return response.StatusCode
}

func put(ctx context.Context, t *testing.T, bucket *files.Bucket, body []byte) casework.FileRef {
	t.Helper()
	ref, err := bucket.Put(ctx, keyFor(sumOf(body)), pdf, body)
	require.NoError(t, err)
	return ref
}
