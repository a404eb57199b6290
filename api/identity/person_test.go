package identity_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/api/identity"
	"github.com/recourse-exams/recourse/casework"
)

func TestParseGrant_ReadsARoleAndItsFamily(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]identity.Grant{
		"examiner":                    {Role: casework.RoleExaminer},
		"moderator":                   {Role: casework.RoleModerator},
		"appeals-panel":               {Role: casework.RolePanel},
		"post-results-full-access/gq": {Role: casework.RolePostResults, Family: casework.FamilyGeneral},
		"centre-administrator/vq":     {Role: casework.RoleCentreAdministrator, Family: casework.FamilyVocational},
		"centre-administrator/":       {Role: casework.RoleCentreAdministrator},
		"centre-read-only/gq/vq":      {Role: casework.RoleCentreReader, Family: "gq/vq"},
		"/gq":                         {Family: casework.FamilyGeneral},
		"":                            {},
		"Examiner":                    {Role: "Examiner"},
	} {
		require.Equal(t, want, identity.ParseGrant(text), "%q", text)
	}
}

// TestSecondFactor_IsMoreThanAPassword: a text message is none, for numbers are taken over too easily.
func TestSecondFactor_IsMoreThanAPassword(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"otp", "hwk", "mfa"} {
		require.True(t, identity.Person{Methods: []string{"pwd", method}}.SecondFactor(), method)
		require.True(t, identity.Person{Methods: []string{method}}.SecondFactor(), method)
	}
	for _, method := range []string{"", "pwd", "sms", "pin", "kba", "OTP", "otp ", "face"} {
		require.False(t, identity.Person{Methods: []string{"pwd", method}}.SecondFactor(), "%q", method)
	}
	require.False(t, identity.Person{}.SecondFactor())
}

// TestFamilies_AreExactlyThoseOfTheGrants: a role in one family gives nothing in another, a role without a family
// gives nothing anywhere, and no role gives another role's families.
func TestFamilies_AreExactlyThoseOfTheGrants(t *testing.T) {
	t.Parallel()
	roles := []casework.Role{casework.RoleCentreAdministrator, casework.RolePostResults, casework.RoleCentreReader, casework.RoleExaminer}
	families := []casework.Family{"", casework.FamilyGeneral, casework.FamilyVocational}
	rapid.Check(t, func(t *rapid.T) {
		var person identity.Person
		for range rapid.IntRange(0, 6).Draw(t, "grants") {
			person.Grants = append(person.Grants, identity.Grant{
				Role: rapid.SampledFrom(roles).Draw(t, "role"), Family: rapid.SampledFrom(families).Draw(t, "family"),
			})
		}
		asked := rapid.SliceOfDistinct(rapid.SampledFrom(roles), rapid.ID[casework.Role]).Draw(t, "asked")
		got := person.Families(asked...)
		for _, family := range families {
			granted := slices.ContainsFunc(person.Grants, func(g identity.Grant) bool { return g.Family == family && slices.Contains(asked, g.Role) })
			require.Equal(t, granted && family != "", slices.Contains(got, family), "%q for %v", family, asked)
		}
		require.Len(t, slices.Compact(slices.Sorted(slices.Values(got))), len(got), "each once")
		for _, role := range roles {
			held := slices.ContainsFunc(person.Grants, func(g identity.Grant) bool { return g.Role == role })
			require.Equal(t, held, person.Holds(role))
		}
		require.False(t, person.Holds(), "nobody holds one of no roles")
	})
}
