package files_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
)

// uploaded are the headers of the announced file.
func uploaded(change ...string) map[string]string {
	headers := map[string]string{
		"X-Amz-Version-Id": "v7", "X-Amz-Checksum-Sha256": sumBase64, "Content-Length": "8", "Content-Type": "application/pdf",
	}
	for i := 0; i < len(change); i += 2 {
		headers[change[i]] = change[i+1]
	}
	return headers
}

func TestVerify_TellsThePersonWhatToPutRight(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		head http.HandlerFunc
		get  http.HandlerFunc
		code string
	}{
		{"nothing there", status(http.StatusNotFound), nil, "upload-missing"},
		{"another size", stored(uploaded("Content-Length", "9"), ""), nil, "upload-differs"},
		{"another hash", stored(uploaded("X-Amz-Checksum-Sha256", "AAAA"), ""), nil, "upload-differs"},
		{"no hash", stored(uploaded("X-Amz-Checksum-Sha256", ""), ""), nil, "upload-differs"},
		{"another type", stored(uploaded("Content-Type", "text/plain"), ""), nil, "upload-differs"},
		{"other first bytes", stored(uploaded(), ""), stored(nil, "PK\x03\x04."), "not-a-pdf"},
		{"too few bytes", stored(uploaded(), ""), stored(nil, "%PDF"), "not-a-pdf"},
		{"no bytes", stored(uploaded(), ""), status(http.StatusRequestedRangeNotSatisfiable), "not-a-pdf"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			bucket, _ := bucketWith(t, map[string]http.HandlerFunc{
				"versioning": versioning("Enabled"), http.MethodHead: c.head, http.MethodGet: c.get,
			})
			ref, err := bucket.Verify(t.Context(), "uploads/one.pdf", sumHex, 8, "application/pdf")
			var fault *casework.Fault
			require.ErrorAs(t, err, &fault)
			require.Equal(t, c.code, fault.Code)
			require.Equal(t, casework.Invalid, fault.Kind)
			require.Zero(t, ref)
		})
	}
}

func TestVerify_NeverBlamesThePersonForAnOutage(t *testing.T) {
	t.Parallel()
	head := stored(uploaded(), "")
	for _, c := range []struct {
		name string
		on   map[string]http.HandlerFunc
	}{
		{"the bucket is gone", map[string]http.HandlerFunc{http.MethodHead: status(404), "versioning": status(404)}},
		{"the server is busy", map[string]http.HandlerFunc{http.MethodHead: status(503)}},
		{"no access", map[string]http.HandlerFunc{http.MethodHead: status(403)}},
		{"the bytes cannot be read", map[string]http.HandlerFunc{http.MethodHead: head, http.MethodGet: status(500)}},
		{"the bytes break off", map[string]http.HandlerFunc{http.MethodHead: head, http.MethodGet: stored(map[string]string{"Content-Length": "5"}, "%P")}},
		{"no version", map[string]http.HandlerFunc{http.MethodHead: stored(uploaded("X-Amz-Version-Id", ""), ""), http.MethodGet: stored(nil, "%PDF-")}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			bucket, _ := bucketWith(t, c.on)
			_, err := bucket.Verify(t.Context(), "uploads/one.pdf", sumHex, 8, "application/pdf")
			requireOutage(t, err)
		})
	}
}

func TestVerify_PinsWhatItChecked(t *testing.T) {
	t.Parallel()
	bucket, script := bucketWith(t, map[string]http.HandlerFunc{
		http.MethodHead: stored(uploaded(), ""), http.MethodGet: stored(nil, "%PDF-"),
	})
	ref, err := bucket.Verify(t.Context(), "uploads/one.pdf", sumHex, 8, "application/pdf")
	require.NoError(t, err)
	require.Equal(t, casework.FileRef{Key: "uploads/one.pdf", Version: "v7", SHA256: sumHex, Size: 8}, ref)
	require.Equal(t, "v7", script.asked[1].URL.Query().Get("versionId"), "the bytes are those of the version")
	require.Equal(t, "bytes=0-4", script.asked[1].Header.Get("Range"), "a large script is not downloaded")
}

func TestVerify_RefusesAHashThatIsNone(t *testing.T) {
	t.Parallel()
	bucket, script := bucketWith(t, nil)
	for _, sum := range []string{"", "abc", sumBase64, sumHex + "00"} {
		_, err := bucket.Verify(t.Context(), "uploads/one.pdf", sum, 8, "application/pdf")
		require.ErrorContains(t, err, "not a SHA-256", "%q", sum)
	}
	require.Empty(t, script.asked)
}
