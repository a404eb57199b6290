package register_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework/register"
)

// TestUCICheckLetter_WorkedByHand follows domain §5.7: A counts 1, weights fall from 16, the sum modulo 17 selects.
func TestUCICheckLetter_WorkedByHand(t *testing.T) {
	t.Parallel()
	// 6·16 + 4·15 + 1·14 + 0·13 + 1·12 + A(1)·11 + 2·10 + 4·9 + 1·8 + 0·7 + 0·6 + 1·5 = 262 = 15·17 + 7 → H.
	require.Equal(t, byte('H'), register.UCICheckLetter("64101A241001"))
	// Without the letter's 11: 251 = 14·17 + 13 → V.
	require.Equal(t, byte('V'), register.UCICheckLetter("641010241001"))
	require.NoError(t, register.CheckUCI("64101A241001H"))
}

func TestCheckUCI_RefusesWhatIsNoIdentifier(t *testing.T) {
	t.Parallel()
	for name, uci := range map[string]string{
		"empty": "", "short": "641010241001", "long": "641010241001VV", "letter in the centre": "6410A0241001V",
		"unknown organisation": "64101Z241001V", "letter in the number": "64101024100AV", "small check letter": "641010241001v",
		"two bytes for one character": "64101024100éV",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Error(t, register.CheckUCI(uci))
		})
	}
}

// TestCheckUCI_FindsEveryWrongDigit: no digit difference times a weight from 5 to 16 is a multiple of 17.
func TestCheckUCI_FindsEveryWrongDigit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		body := string(rapid.SampledFrom([]byte("ABCEG0")).Draw(t, "body"))
		twelve := fmt.Sprintf("%05d%s%02d%04d", rapid.IntRange(0, 99999).Draw(t, "centre"), body,
			rapid.IntRange(0, 99).Draw(t, "year"), rapid.IntRange(0, 9999).Draw(t, "candidate"))
		uci := twelve + string(register.UCICheckLetter(twelve))
		require.NoError(t, register.CheckUCI(uci))
		at := rapid.SampledFrom([]int{0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11}).Draw(t, "at")
		wrong := rapid.ByteRange('0', '9').Filter(func(c byte) bool { return c != uci[at] }).Draw(t, "digit")
		require.Error(t, register.CheckUCI(uci[:at]+string(wrong)+uci[at+1:]))
	})
}

func TestUCICheckLetter_TakesAnything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		letter := register.UCICheckLetter(rapid.String().Draw(t, "text"))
		require.True(t, strings.ContainsRune("ABCDEFGHKLMRTVWXY", rune(letter)))
	})
}

func TestTouchedError_NamesThreeAndCountsTheRest(t *testing.T) {
	t.Parallel()
	err := &register.TouchedError{}
	for _, number := range []string{"1", "2", "3", "4", "5"} {
		err.Results = append(err.Results, register.ResultKey{Centre: "64101", Candidate: number, Series: "s", Component: "M1"})
	}
	require.ErrorContains(t, err, "64101/1 in M1 (s), 64101/2 in M1 (s), 64101/3 in M1 (s) and 2 more")
}
