package casework_test

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework"
)

const referenceAlphabet = "23456789BCDFGHJKMNPQRSTVWXYZ"

func drawReference(t *rapid.T) casework.Reference {
	return casework.NewReference(rapid.SliceOfN(rapid.Byte(), 16, 32).Draw(t, "digest"))
}

// positions gives the places in "R-XXXX-XXXX-XXXX-C" of the twelve characters and the check character.
func positions(ref casework.Reference) []int {
	var at []int
	for i, c := range string(ref) {
		if i > 0 && c != '-' {
			at = append(at, i)
		}
	}
	return at
}

func TestReference_LooksAsDocumented(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ref := drawReference(t)
		require.Regexp(t, `^R(-[2-9BCDFGHJKMNPQRSTVWXYZ]{4}){3}-[2-9ABCDFGHJKMNPQRSTVWXYZ]$`, string(ref))
		parsed, err := casework.ParseReference(string(ref))
		require.NoError(t, err)
		require.Equal(t, ref, parsed)
	})
}

func TestReference_IsTheSameForTheSameDigestAndUsesAllOfIt(t *testing.T) {
	t.Parallel()
	digest := sha256.Sum256([]byte("a request"))
	kept := digest
	ref := casework.NewReference(digest[:])
	require.Equal(t, kept, digest, "the digest is left as it was")
	require.Equal(t, ref, casework.NewReference(digest[:]))

	seen := map[casework.Reference]bool{}
	for i := range 20_000 {
		digest := sha256.Sum256(fmt.Appendf(nil, "request %d", i))
		seen[casework.NewReference(digest[:])] = true
	}
	require.Len(t, seen, 20_000, "57 bits do not collide this soon")
}

func TestReference_AShortDigestIsAMistakeInTheProgram(t *testing.T) {
	t.Parallel()
	require.Panics(t, func() { casework.NewReference(make([]byte, 15)) })
}

func TestParseReference_TakesWhatPeopleType(t *testing.T) {
	t.Parallel()
	const ref = "R-7K4F-M2QX-9TBD-Z"
	for _, typed := range []string{ref, "r-7k4f-m2qx-9tbd-z", "R7K4FM2QX9TBDZ", "  r 7k4f m2qx 9tbd z ", "R-7K4FM2QX-9TBDZ"} {
		parsed, err := casework.ParseReference(typed)
		require.NoErrorf(t, err, "%q", typed)
		require.Equal(t, casework.Reference(ref), parsed)
	}
}

func TestParseReference_SaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ typed, want string }{
		{"", "looks like R-7K4F-M2QX-9TBD-Z"},
		{"7K4F-M2QX-9TBD-Z", "looks like"},
		{"R-7K4F-M2QX-9TBD", "looks like"},
		{"R-7K4F-M2QX-9TBD-ZZ", "looks like"},
		{"S-7K4F-M2QX-9TBD-Z", "looks like"},
		{"R-7K4O-M2QX-9TBD-Z", "has no 'O'"},
		{"R-7K41-M2QX-9TBD-Z", "has no '1'"},
		{"R-7K4A-M2QX-9TBD-Z", "has no 'A'"},
		{"R-7K4F-M2QX-9TBD-Y", "does not fit"},
		{"R-7K4F-M2QX-9TBD-1", "does not fit"},
		{"R-7K4F-M2XQ-9TBD-Z", "does not fit"},
	} {
		_, err := casework.ParseReference(row.typed)
		require.ErrorContainsf(t, err, row.want, "%q", row.typed)
	}
}

func TestReference_EveryWrongCharacterIsFound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ref := drawReference(t)
		for _, at := range positions(ref) {
			for _, c := range []byte(referenceAlphabet + "A") {
				if ref[at] == c {
					continue
				}
				wrong := []byte(ref)
				wrong[at] = c
				_, err := casework.ParseReference(string(wrong))
				require.Errorf(t, err, "%s was read as %s", ref, wrong)
			}
		}
	})
}

func TestReference_EveryTwoSwappedCharactersAreFound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ref := drawReference(t)
		at := positions(ref)
		for i, first := range at {
			for _, second := range at[i+1:] {
				if ref[first] == ref[second] {
					continue
				}
				wrong := []byte(ref)
				wrong[first], wrong[second] = wrong[second], wrong[first]
				_, err := casework.ParseReference(string(wrong))
				require.Errorf(t, err, "%s was read as %s", ref, wrong)
			}
		}
	})
}

func TestReference_NothingMisheardOrMisreadOccurs(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		require.False(t, strings.ContainsAny(string(drawReference(t)), "01ILOUE"))
	})
}

func FuzzParseReference(f *testing.F) {
	for _, typed := range []string{"R-7K4F-M2QX-9TBD-Z", "r 7k4f m2qx 9tbd z", "", "R", "R-ſſſſ-2222-2222-2", "R-2222-2222-2222-2"} {
		f.Add(typed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		ref, err := casework.ParseReference(typed)
		if err != nil {
			require.Empty(t, ref)
			return
		}
		again, err := casework.ParseReference(string(ref))
		require.NoError(t, err, "what was read can be read again")
		require.Equal(t, ref, again)
	})
}

func TestCaseOf_IsTheOtherWayOfWorkflowID(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ref := casework.NewReference(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "digest"))
		found, ok := casework.CaseOf(casework.WorkflowID(casework.KindEnquiry, ref))
		require.True(t, ok)
		require.Equal(t, ref, found)
	})
	for _, id := range []string{"", "enquiry/", "enquiry", "invoice-run/cambria/2026-10", "batch/17", "R-7K4F-M2QX-9TBD-Z", "enquiry/R-7K4F-M2QX-9TBD-H", "enquiry/r-7k4f-m2qx-9tbd-z"} {
		_, ok := casework.CaseOf(id)
		require.False(t, ok, id)
	}
}
