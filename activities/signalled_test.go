package activities_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/activities"
	"github.com/recourse-exams/recourse/casework"
)

func TestSignalled_ReadsAMessageOrSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct{ body, wrong string }{
		"a completion":     {`{"completion":{"task":"R-1/1","items":[{"item":"Q1","mark":3}]},"actor":{"subject":"op-1"}}`, ""},
		"a mark in quotes": {`{"completion":{"items":[{"item":"Q1","mark":"3"}]}}`, "mark"},
		"a list":           {`[1]`, "array"},
		"a text":           {`"done"`, "string"},
		"no such instant":  {`{"receivedAt":"yesterday"}`, "yesterday"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got activities.Signalled[casework.CompleteRequest]
			require.NoError(t, json.Unmarshal([]byte(row.body), &got))
			if row.wrong == "" {
				require.Nil(t, got.Fault)
				require.Equal(t, casework.TaskID("R-1/1"), got.Message.Completion.Task)
				return
			}
			require.NotNil(t, got.Fault)
			require.Equal(t, "signal-unreadable", got.Fault.Code)
			require.Contains(t, got.Fault.Detail, row.wrong)
		})
	}
}

func TestSignalled_DigestTellsMessagesApart(t *testing.T) {
	t.Parallel()
	digest := func(body string) string {
		var got activities.Signalled[casework.CompleteRequest]
		require.NoError(t, json.Unmarshal([]byte(body), &got))
		return got.Digest
	}
	first, again := digest(`{"actor":{"subject":"op-1"}}`), digest(`{"actor":{"subject":"op-1"}}`)
	require.Equal(t, first, again, "what was said is known again after a reset")
	require.NotEqual(t, first, digest(`{"actor":{"subject":"op-2"}}`))
	require.NotEqual(t, digest(`[1]`), digest(`[2]`), "also where it cannot be read")
}
