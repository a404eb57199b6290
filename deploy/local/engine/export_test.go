package engine

import uiconfig "github.com/temporalio/ui-server/v2/server/config"

// UI is the Web UI's configuration.
func (c Config) UI() *uiconfig.Config { return c.ui() }
