package fee_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework/fee"
)

// A person never reads the spelling of a rule file.
func TestStrategy_EachHasWordsOfItsOwn(t *testing.T) {
	t.Parallel()
	seen := map[string]fee.Strategy{}
	for _, s := range fee.Strategies() {
		words := s.Words()
		require.NotEqual(t, string(s), words)
		require.NotContains(t, words, "_")
		require.Empty(t, seen[words], "%s and %s read alike", s, seen[words])
		seen[words] = s
	}
	require.Equal(t, "on_tuesdays", fee.Strategy("on_tuesdays").Words(), "what nobody knows is shown as it is")
}
