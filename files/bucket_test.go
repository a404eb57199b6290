package files_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestReady_NeedsABucketThatKeepsVersions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		answer http.HandlerFunc
		says   string
	}{
		{"versions kept", versioning("Enabled"), ""},
		{"versions suspended", versioning("Suspended"), "turn versioning on"},
		{"versions never turned on", versioning(""), "turn versioning on"},
		{"no such bucket", status(http.StatusNotFound), "ask bucket desk"},
		{"no access", status(http.StatusForbidden), "ask bucket desk"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			bucket, _ := bucketWith(t, map[string]http.HandlerFunc{"versioning": c.answer})
			err := bucket.Ready(t.Context())
			if c.says == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, c.says)
		})
	}
}
