package identity_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/api/identity"
	"github.com/recourse-exams/recourse/api/oidctest"
	"github.com/recourse-exams/recourse/casework"
)

var wall = time.Date(2026, 8, 27, 9, 0, 0, 0, time.UTC)

func setup(t *testing.T) (*oidctest.Issuer, *identity.Verifier) {
	t.Helper()
	issuer := oidctest.New(t, "recourse")
	client := &http.Client{Timeout: 5 * time.Second}
	return issuer, identity.NewVerifier(issuer.URL, "recourse", client, func() time.Time { return wall })
}

func TestVerify_ReadsThePersonFromTheToken(t *testing.T) {
	t.Parallel()
	issuer, verifier := setup(t)
	token := issuer.Token(t, wall, oidctest.Claims{
		Subject: "eo-64101", Email: "exams@example.org", Name: "Ada Okafor", Centre: "64101",
		Roles: []string{"post-results-full-access/gq", "centre-read-only/vq"}, AMR: []string{"pwd", "otp"},
	})
	person, err := verifier.Verify(t.Context(), token)
	require.NoError(t, err)
	require.Equal(t, identity.Person{
		Subject: "eo-64101", Email: "exams@example.org", Name: "Ada Okafor", Centre: "64101",
		Grants: []identity.Grant{
			{Role: casework.RolePostResults, Family: casework.FamilyGeneral},
			{Role: casework.RoleCentreReader, Family: casework.FamilyVocational},
		},
		Methods: []string{"pwd", "otp"},
	}, person)
}

func TestVerify_RefusesEveryTokenThatIsNotForUs(t *testing.T) {
	t.Parallel()
	somebody := oidctest.Claims{Subject: "eo-64101"}
	for name, row := range map[string]struct {
		token func(t *testing.T, issuer *oidctest.Issuer) string
		want  error
	}{
		"expired": {func(t *testing.T, issuer *oidctest.Issuer) string {
			return issuer.Token(t, wall.Add(-2*time.Hour), somebody)
		}, identity.ErrExpired},
		"not yet valid": {func(t *testing.T, issuer *oidctest.Issuer) string {
			return issuer.Token(t, wall.Add(2*time.Hour), somebody)
		}, identity.ErrInvalid},
		"another audience": {func(t *testing.T, issuer *oidctest.Issuer) string {
			issuer.Audience = "somebody-else"
			return issuer.Token(t, wall, somebody)
		}, identity.ErrInvalid},
		"another issuer": {func(t *testing.T, _ *oidctest.Issuer) string {
			return oidctest.New(t, "recourse").Token(t, wall, somebody)
		}, identity.ErrInvalid},
		"signature changed": {func(t *testing.T, issuer *oidctest.Issuer) string {
			parts := strings.Split(issuer.Token(t, wall, somebody), ".")
			other := strings.Split(issuer.Token(t, wall, oidctest.Claims{Subject: "operator"}), ".")
			return parts[0] + "." + other[1] + "." + parts[2]
		}, identity.ErrInvalid},
		"names nobody": {func(t *testing.T, issuer *oidctest.Issuer) string {
			return issuer.Token(t, wall, oidctest.Claims{})
		}, identity.ErrInvalid},
		"no token at all": {func(*testing.T, *oidctest.Issuer) string { return "not-a-token" }, identity.ErrInvalid},
		"unsigned": {func(*testing.T, *oidctest.Issuer) string {
			return "eyJhbGciOiJub25lIn0.eyJzdWIiOiJvcGVyYXRvciJ9."
		}, identity.ErrInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			issuer, verifier := setup(t)
			_, err := verifier.Verify(t.Context(), row.token(t, issuer))
			require.ErrorIs(t, err, row.want)
		})
	}
}

func TestVerify_DoesNotBlameTheTokenWhenTheIssuerIsAway(t *testing.T) {
	t.Parallel()
	issuer, verifier := setup(t)
	token := issuer.Token(t, wall, oidctest.Claims{Subject: "eo-64101"})

	issuer.SetAway(true)
	_, err := verifier.Verify(t.Context(), token)
	require.ErrorIs(t, err, identity.ErrUnavailable, "before discovery")
	require.ErrorIs(t, verifier.Ready(t.Context()), identity.ErrUnavailable)

	issuer.SetAway(false)
	require.NoError(t, verifier.Ready(t.Context()))
	issuer.SetAway(true)
	_, err = verifier.Verify(t.Context(), token)
	require.ErrorIs(t, err, identity.ErrUnavailable, "discovered, but the keys cannot be fetched")

	issuer.SetAway(false)
	_, err = verifier.Verify(t.Context(), token)
	require.NoError(t, err, "back again, without a restart")
	issuer.SetAway(true)
	_, err = verifier.Verify(t.Context(), token)
	require.NoError(t, err, "known keys are kept")
}

func TestPerson_SecondFactorIsMoreThanAPasswordOrATextMessage(t *testing.T) {
	t.Parallel()
	for method, want := range map[string]bool{"otp": true, "hwk": true, "mfa": true, "pwd": false, "sms": false, "": false} {
		require.Equal(t, want, identity.Person{Methods: []string{"pwd", method}}.SecondFactor(), "amr %q", method)
	}
}

func TestPerson_RolesAreHeldPerFamily(t *testing.T) {
	t.Parallel()
	person := identity.Person{Grants: []identity.Grant{
		identity.ParseGrant("centre-administrator/vq"), identity.ParseGrant("post-results-full-access/vq"),
		identity.ParseGrant("post-results-full-access/gq"), identity.ParseGrant("centre-read-only"),
	}}
	require.Equal(t, []casework.Family{casework.FamilyVocational, casework.FamilyGeneral},
		person.Families(casework.RoleCentreAdministrator, casework.RolePostResults))
	require.Empty(t, person.Families(casework.RoleCentreReader), "a centre role without a family gives nothing")
	require.True(t, person.Holds(casework.RoleCentreReader))
	require.False(t, person.Holds(casework.RoleOperator))
}
