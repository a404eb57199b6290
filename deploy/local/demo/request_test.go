package demo_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/deploy/local/demo"
)

const head = "centre,candidate,component,service,consentGivenOn,reviewedScript,reason\n"

func file(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "enquiries.csv")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

func TestReadRequests_ReadsTheShippedFile(t *testing.T) {
	t.Parallel()
	all := requests(t)
	require.Len(t, all, 7)
	require.Equal(t, demo.Request{
		Centre: "64101", Candidate: "1001", Component: "GM-1", Service: "review-of-marking", ConsentGivenOn: "day",
		ReviewedScript: true, Reason: "near-boundary",
	}, all[0])
	require.Equal(t, "64101/1001 GM-1", all[0].Paper())
}

func TestReadRequests_SaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	const row = "64101,1001,GM-1,review-of-marking,day,yes,near-boundary\n"
	for name, c := range map[string]struct{ text, says string }{
		"nothing at all":       {"", "read the head"},
		"no request":           {head, "holds no enquiry"},
		"another column":       {"centre,candidate\n64101,1001\n", "has no column component"},
		"a short row":          {head + "64101,1001\n", "wrong number of fields"},
		"neither yes nor no":   {head + "64101,1001,GM-1,review-of-marking,day,maybe,near-boundary\n", "yes or no"},
		"the same paper twice": {head + row + row, "asked for twice"},
		"half of a pair":       {head + "64101,1003,GM-1,review-of-marking,day,no,near-boundary\n", "together with component GM-2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := demo.ReadRequests(file(t, c.text))
			require.ErrorContains(t, err, c.says)
		})
	}
	_, err := demo.ReadRequests(filepath.Join(t.TempDir(), "none.csv"))
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestReadDirectory_KnowsEverybodyOfTheDemonstrationData(t *testing.T) {
	t.Parallel()
	people := directory(t)
	require.Equal(t, "Ashdown School", people.Centres["64101"])
	require.Equal(t, "Grace Okafor", people.Candidates["64101/1001"])
	require.Equal(t, "exams@ashdown.example", people.Officers["64101"])
	require.Equal(t, demo.Contact{Name: "Helen Marsh", Email: "h.marsh@cambria.example", Rank: "senior", Leader: "ex-1007"}, people.Performers["ex-1001"])

	_, err := demo.ReadDirectory(t.TempDir())
	require.ErrorIs(t, err, os.ErrNotExist)
}
