package engine_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/temporalio/ui-server/v2/plugins/fs_config_provider"
	uiconfig "github.com/temporalio/ui-server/v2/server/config"

	"github.com/recourse-exams/recourse/deploy/local/engine"
)

// container reads the configuration of the Web UI in a container as that UI does.
func container(t *testing.T, environment map[string]string) *uiconfig.Config {
	t.Helper()
	for name, value := range environment {
		t.Setenv(name, value)
	}
	text, err := os.ReadFile(filepath.Join("..", "..", "compose", "temporal-ui.yaml"))
	require.NoError(t, err)
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "docker.yaml"), text, 0o600))
	read, err := fs_config_provider.LoadConfig(dir, "docker")
	require.NoError(t, err)
	return read
}

func TestTheWebUIHasThePanelWhereverItRuns(t *testing.T) {
	local := engine.Config{Namespace: "recourse", UIPort: 8233, PanelURL: "https://recourse.example.org"}.UI()
	require.NoError(t, local.Validate(), "the UI itself takes it")
	require.Len(t, local.CustomUI.IframeExtensions, 1)
	panel := local.CustomUI.IframeExtensions[0]
	require.Equal(t, "https://recourse.example.org/ops/panel", panel.Src)
	script, err := os.ReadFile(filepath.Join("..", "..", "..", "ops", "pages", "panel.js"))
	require.NoError(t, err)
	require.Contains(t, string(script), `extension = "`+panel.ID+`"`, "the panel's script answers to this name")
	require.Equal(t, []string{"context:workflow"}, panel.Permissions, "it is told the workflow and nothing else")

	inside := container(t, map[string]string{
		"TEMPORAL_ADDRESS": "temporal:7233", "TEMPORAL_DEFAULT_NAMESPACE": "recourse",
		"RECOURSE_PANEL_URL": "https://recourse.example.org", "RECOURSE_WEB_UI_URL": "https://temporal.example.org",
	})
	require.NoError(t, inside.Validate())
	require.Equal(t, local.CustomUI, inside.CustomUI)
	require.Equal(t, "temporal:7233", inside.TemporalGRPCAddress)
	require.Equal(t, 8080, inside.Port)
	require.Equal(t, []string{"https://temporal.example.org"}, inside.CORS.AllowOrigins)
	require.False(t, inside.CORS.CookieInsecure)
	require.False(t, inside.Auth.Enabled)
	for _, config := range []*uiconfig.Config{local, inside} {
		require.True(t, config.WorkflowTerminateDisabled, "a case ends by its own rules")
		require.True(t, config.WorkflowCancelDisabled)
		require.True(t, config.BatchActionsDisabled)
	}
}

func TestTheWebUIWorksWithoutAPanel(t *testing.T) {
	local := engine.Config{Namespace: "recourse", UIPort: 8233}.UI()
	require.NoError(t, local.Validate())
	require.Empty(t, local.CustomUI)
	inside := container(t, map[string]string{"TEMPORAL_ADDRESS": "temporal:7233", "RECOURSE_PANEL_URL": "", "RECOURSE_WEB_UI_URL": "http://127.0.0.1:8233"})
	require.NoError(t, inside.Validate())
	require.False(t, inside.CustomUI.Enabled)
	require.Empty(t, inside.CustomUI.IframeExtensions)
	require.True(t, inside.CORS.CookieInsecure)
	refused := engine.Config{Namespace: "recourse", UIPort: 8233, PanelURL: "http://127.0.0.1:8080"}.UI()
	require.Error(t, refused.Validate(), "without HTTPS the UI would tell the panel nothing, and refuses to start")
}
