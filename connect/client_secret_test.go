package connect_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/connect"
)

func TestClientSecret_IsOptionalAndComesFromAFile(t *testing.T) {
	t.Parallel()
	none, err := connect.Config{}.ClientSecret()
	require.NoError(t, err)
	require.Empty(t, none, "a public client has none")
	given, err := connect.Config{ClientSecretFile: secret(t, "swordfish\n")}.ClientSecret()
	require.NoError(t, err)
	require.Equal(t, "swordfish", given)
	_, err = connect.Config{ClientSecretFile: filepath.Join(t.TempDir(), "missing")}.ClientSecret()
	require.ErrorContains(t, err, "RECOURSE_OIDC_CLIENT_SECRET_FILE")
}
