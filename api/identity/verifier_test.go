package identity_test

import (
	"context"
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
	client := &http.Client{Timeout: time.Minute}
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

// An issuer that does not answer holds nobody up longer than the call of their own: a thousand requests at once do
// not queue for the network one behind the other.
func TestVerify_NobodyWaitsForAnothersDiscovery(t *testing.T) {
	t.Parallel()
	issuer := oidctest.New(t, "recourse")
	arrived, open := make(chan struct{}, 10), make(chan struct{})
	client := &http.Client{Transport: gate{arrived: arrived, open: open}}
	verifier := identity.NewVerifier(issuer.URL, "recourse", client, func() time.Time { return wall })
	token := issuer.Token(t, wall, oidctest.Claims{Subject: "eo-64101"})
	done := make(chan error, 2)
	for range 2 {
		go func() {
			_, err := verifier.Verify(t.Context(), token)
			done <- err
		}()
	}
	<-arrived
	<-arrived // Both are on the network at the same time.
	hurried, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := verifier.Verify(hurried, token)
	require.ErrorIs(t, err, identity.ErrUnavailable, "whoever has no time left is not kept")
	close(open)
	require.NoError(t, <-done)
	require.NoError(t, <-done)
}

// gate lets nobody through to the issuer before it is opened.
type gate struct {
	arrived chan<- struct{}
	open    <-chan struct{}
}

// RoundTrip implements http.RoundTripper.
func (g gate) RoundTrip(r *http.Request) (*http.Response, error) {
	g.arrived <- struct{}{}
	select {
	case <-g.open:
		return http.DefaultTransport.RoundTrip(r)
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
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
