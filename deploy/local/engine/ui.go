package engine

import (
	"net/url"

	uiconfig "github.com/temporalio/ui-server/v2/server/config"
)

// ui is the Web UI's configuration.
func (c Config) ui() *uiconfig.Config {
	return &uiconfig.Config{
		TemporalGRPCAddress: c.Address(),
		Host:                loopback,
		Port:                c.UIPort,
		EnableUI:            true,
		DefaultNamespace:    c.Namespace,
		DisableNewsFetch:    true,
		HideLogs:            true,
		CORS:                uiconfig.CORS{CookieInsecure: true},
		// A case ends by its own rules: a terminated one would leave the register with a case that nobody works on.
		WorkflowTerminateDisabled: true,
		WorkflowCancelDisabled:    true,
		BatchActionsDisabled:      true,
		CustomUI:                  c.panel(),
	}
}

// panel is the operators' panel on the page of a workflow. deploy/compose/temporal-ui.yaml says the same for a UI in a
// container. It is told which workflow is shown and nothing else, and may not lead the UI anywhere.
func (c Config) panel() uiconfig.CustomUI {
	at, err := url.Parse(c.PanelURL)
	if c.PanelURL == "" || err != nil {
		return uiconfig.CustomUI{}
	}
	return uiconfig.CustomUI{Enabled: true, IframeExtensions: []uiconfig.IframeExtension{{
		ID:            PanelID,
		Title:         "Recourse: the case",
		Slot:          "workflow.header.after-details",
		Src:           at.JoinPath("ops", "panel").String(),
		AllowedOrigin: at.Scheme + "://" + at.Host,
		RoutePatterns: []string{"/namespaces/" + c.Namespace + "/workflows/:workflow/:run/*"},
		// Signing in opens a window of its own, and the actions are forms.
		Sandbox:     uiconfig.IframeSandbox{AllowForms: true, AllowPopups: true, AllowSameOrigin: true},
		Sizing:      uiconfig.IframeExtensionSizing{DefaultHeight: 220, MinHeight: 60, MaxHeight: 640},
		Permissions: []string{"context:workflow"},
	}}}
}

// PanelID is what the Web UI and the panel's script call the panel.
const PanelID = "recourse.case"
