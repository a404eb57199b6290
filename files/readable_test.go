package files_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"testing"

	"codeberg.org/go-pdf/fpdf"
	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
)

// printed is a PDF of a few pages, made by a library that knows nothing of the one that reads it.
func printed(t *testing.T, protect bool) []byte {
	t.Helper()
	paper := fpdf.New("P", "mm", "A4", "")
	if protect {
		paper.SetProtection(fpdf.CnProtectPrint, "secret", "owner")
	}
	for range 3 {
		paper.AddPage()
	}
	var out bytes.Buffer
	require.NoError(t, paper.Output(&out))
	return out.Bytes()
}

func TestReadable_TakesWhatAReaderCanOpen(t *testing.T) {
	t.Parallel()
	whole := printed(t, false)
	for name, c := range map[string]struct {
		body     []byte
		readable bool
	}{
		"a PDF":                        {whole, true},
		"a PDF with bytes behind":      {append(bytes.Clone(whole), "\n% a note\n"...), true},
		"its first bytes only":         {[]byte("%PDF-1.4\ngarbage\n"), false},
		"a PDF cut in half":            {whole[:len(whole)/2], false},
		"a PDF locked with a password": {printed(t, true), false},
		"nothing":                      {nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sum := sha256.Sum256(c.body)
			bucket, _ := bucketWith(t, map[string]http.HandlerFunc{http.MethodGet: stored(nil, string(c.body))})
			err := bucket.Readable(t.Context(), casework.FileRef{Key: "uploads/one.pdf", Version: "v1", SHA256: hex.EncodeToString(sum[:]), Size: int64(len(c.body))})
			if c.readable {
				require.NoError(t, err)
				return
			}
			var fault *casework.Fault
			require.ErrorAs(t, err, &fault)
			require.Equal(t, "not-a-pdf", fault.Code)
		})
	}
}

// An outage of the file store is nobody's mistake.
func TestReadable_AnOutageIsNoFault(t *testing.T) {
	t.Parallel()
	bucket, _ := bucketWith(t, map[string]http.HandlerFunc{http.MethodGet: status(http.StatusServiceUnavailable)})
	err := bucket.Readable(t.Context(), casework.FileRef{Key: "uploads/one.pdf", Version: "v1", SHA256: sumHex, Size: 8})
	require.Error(t, err)
	var fault *casework.Fault
	require.NotErrorAs(t, err, &fault)
}
