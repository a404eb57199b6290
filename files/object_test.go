package files_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
)

// The PDF "%PDF-1.7" and its SHA-256, as people and as S3 write it.
const (
	content   = "%PDF-1.7"
	sumHex    = "86edbaa24831badfa0a8b04bb410141e2ee4182b6d0014493fe262a7a331c20b"
	sumBase64 = "hu26okgxut+gqLBLtBAUHi7kGCttABRJP+Jip6Mxwgs="
)

func TestPut_SendsHashAndCondition(t *testing.T) {
	t.Parallel()
	bucket, script := bucketWith(t, map[string]http.HandlerFunc{
		http.MethodPut: stored(map[string]string{"X-Amz-Version-Id": "v1"}, ""),
	})
	ref, err := bucket.Put(t.Context(), "letters/one.pdf", "application/pdf", []byte(content))
	require.NoError(t, err)
	require.Equal(t, casework.FileRef{Key: "letters/one.pdf", Version: "v1", SHA256: sumHex, Size: 8}, ref)

	require.Len(t, script.asked, 1)
	sent := script.asked[0]
	require.Equal(t, "/desk/letters/one.pdf", sent.URL.Path)
	require.Equal(t, "*", sent.Header.Get("If-None-Match"))
	require.Equal(t, sumBase64, sent.Header.Get("X-Amz-Checksum-Sha256"))
	require.Equal(t, "application/pdf", sent.Header.Get("Content-Type"))
}

func TestPut_WhatIsThereAlready(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		head http.HandlerFunc
		says string
	}{
		{"the same file", stored(map[string]string{"X-Amz-Version-Id": "v1", "X-Amz-Checksum-Sha256": sumBase64, "Content-Length": "8"}, ""), ""},
		{"another hash", stored(map[string]string{"X-Amz-Version-Id": "v1", "X-Amz-Checksum-Sha256": "AAAA", "Content-Length": "8"}, ""), "another file of 8 bytes"},
		{"another size", stored(map[string]string{"X-Amz-Version-Id": "v1", "X-Amz-Checksum-Sha256": sumBase64, "Content-Length": "9"}, ""), "another file of 9 bytes"},
		{"no hash", stored(map[string]string{"X-Amz-Version-Id": "v1", "Content-Length": "8"}, ""), "another file"},
		{"gone again", status(http.StatusNotFound), "look at stored file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			bucket, _ := bucketWith(t, map[string]http.HandlerFunc{
				http.MethodPut:  status(http.StatusPreconditionFailed),
				http.MethodHead: c.head,
			})
			ref, err := bucket.Put(t.Context(), "letters/one.pdf", "application/pdf", []byte(content))
			if c.says == "" {
				require.NoError(t, err)
				require.Equal(t, "v1", ref.Version)
				return
			}
			require.ErrorContains(t, err, c.says)
			require.Zero(t, ref)
		})
	}
}

func TestPut_FailsWithoutAPinnedVersion(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		answer http.HandlerFunc
		says   string
	}{
		{"an unversioned bucket", status(http.StatusOK), "turn the bucket's versioning on"},
		{"suspended versioning", stored(map[string]string{"X-Amz-Version-Id": "null"}, ""), "turn the bucket's versioning on"},
		{"another write at the same time", status(http.StatusConflict), "store file letters/one.pdf"},
		{"a broken server", status(http.StatusInternalServerError), "store file letters/one.pdf"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			bucket, _ := bucketWith(t, map[string]http.HandlerFunc{http.MethodPut: c.answer})
			_, err := bucket.Put(t.Context(), "letters/one.pdf", "application/pdf", []byte(content))
			require.ErrorContains(t, err, c.says)
			requireOutage(t, err)
		})
	}
}

func TestGet_ReadsOnlyThePinnedFile(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		answer http.HandlerFunc
		says   string
	}{
		{"the file", stored(nil, content), ""},
		{"a cut file", stored(nil, "%PDF-1."), "not the file on record"},
		{"a longer file", stored(nil, content+"x"), "not the file on record"},
		{"another file", stored(nil, "%PDF-1.6"), "not the file on record"},
		{"an answer that breaks off", stored(map[string]string{"Content-Length": "20"}, content), "read file letters/one.pdf"},
		{"no file", status(http.StatusNotFound), "read file letters/one.pdf"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			bucket, script := bucketWith(t, map[string]http.HandlerFunc{http.MethodGet: c.answer})
			body, err := bucket.Get(t.Context(), casework.FileRef{Key: "letters/one.pdf", Version: "v1", SHA256: sumHex, Size: 8})
			require.Equal(t, "v1", script.asked[0].URL.Query().Get("versionId"))
			if c.says == "" {
				require.NoError(t, err)
				require.Equal(t, content, string(body))
				return
			}
			require.ErrorContains(t, err, c.says)
			requireOutage(t, err)
			require.Nil(t, body)
		})
	}
}

// requireOutage asserts that the error is not the person's: it must be tried again, never be an answer.
func requireOutage(t *testing.T, err error) {
	t.Helper()
	require.Error(t, err)
	var fault *casework.Fault
	require.NotErrorAs(t, err, &fault)
}
