package recourse_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/require"
)

const observability = "deploy/observability"

// alert is one rule of Prometheus by which somebody is called.
type alert struct {
	Alert       string            `yaml:"alert"`
	Expr        string            `yaml:"expr"`
	Labels      map[string]string `yaml:"labels"`
	Annotations map[string]string `yaml:"annotations"`
}

// alerts reads every rule of the folder.
func alerts(t *testing.T) []alert {
	t.Helper()
	var all []alert
	for _, name := range filesOf(t, "rules/*.yaml") {
		var file struct {
			Groups []struct {
				Rules []alert `yaml:"rules"`
			} `yaml:"groups"`
		}
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		require.NoError(t, yaml.Unmarshal(text, &file), name)
		for _, group := range file.Groups {
			all = append(all, group.Rules...)
		}
	}
	require.NotEmpty(t, all)
	return all
}

func filesOf(t *testing.T, pattern string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(observability, pattern))
	require.NoError(t, err)
	require.NotEmpty(t, names, pattern)
	return names
}

// Whoever is called at night finds a page that says what to do.
func TestEveryAlertHasARunbook(t *testing.T) {
	t.Parallel()
	index, err := os.ReadFile("docs/runbooks/README.md")
	require.NoError(t, err)
	for _, a := range alerts(t) {
		_, page, found := strings.Cut(a.Annotations["runbook_url"], "/blob/main/")
		require.True(t, found, "%s names no runbook", a.Alert)
		text, err := os.ReadFile(page)
		require.NoError(t, err, "%s: the runbook is missing", a.Alert)
		require.Contains(t, string(text), a.Alert, "%s does not say that it is for this alert", page)
		require.Contains(t, string(index), "("+filepath.Base(page)+")", "%s is not in the list of runbooks", page)
		require.NotEmpty(t, a.Annotations["summary"], a.Alert)
		require.NotEmpty(t, a.Annotations["description"], a.Alert)
		require.Contains(t, []string{"warning", "critical"}, a.Labels["severity"], a.Alert)
	}
}

// Every rule is shown to call somebody when it should and to be silent when it should.
func TestEveryAlertIsTestedBothWays(t *testing.T) {
	t.Parallel()
	fires, silent := map[string]bool{}, map[string]bool{}
	for _, name := range filesOf(t, "tests/*.yaml") {
		var file struct {
			Tests []struct {
				Rules []struct {
					Alert    string `yaml:"alertname"`
					Expected []any  `yaml:"exp_alerts"`
				} `yaml:"alert_rule_test"`
			} `yaml:"tests"`
		}
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		require.NoError(t, yaml.Unmarshal(text, &file), name)
		for _, test := range file.Tests {
			for _, rule := range test.Rules {
				fires[rule.Alert] = fires[rule.Alert] || len(rule.Expected) > 0
				silent[rule.Alert] = silent[rule.Alert] || len(rule.Expected) == 0
			}
		}
	}
	for _, a := range alerts(t) {
		require.True(t, fires[a.Alert], "no test shows that %s fires", a.Alert)
		require.True(t, silent[a.Alert], "no test shows that %s can be silent", a.Alert)
	}
}

// metric is a name of the product's own figures, or of the Temporal SDK's.
var metric = regexp.MustCompile(`\b(recourse|temporal)_[a-z_]+\b`)

// figure is a metric's name without what Prometheus adds for a histogram.
func figure(name string) string {
	for _, suffix := range []string{"_bucket", "_count", "_sum"} {
		name = strings.TrimSuffix(name, suffix)
	}
	return name
}

// sdkFigures are those of the Temporal SDK that rules and dashboard use (sdk v1.50, internal/common/metrics).
var sdkFigures = []string{
	"temporal_num_pollers", "temporal_workflow_task_execution_failed", "temporal_activity_execution_failed",
	"temporal_workflow_task_schedule_to_start_latency_seconds", "temporal_request_resource_exhausted",
}

// A rule about a figure that nobody shows is never true, and a panel of it always empty.
func TestRulesAndDashboardUseFiguresThatExist(t *testing.T) {
	t.Parallel()
	shown := map[string]bool{}
	all, err := sources()
	require.NoError(t, err)
	for _, s := range all {
		if s.test() {
			continue
		}
		for _, name := range metric.FindAllString(string(s.text), -1) {
			shown[name] = true
		}
	}
	used := func(where, expression string) {
		for _, name := range metric.FindAllString(expression, -1) {
			name = figure(name)
			require.True(t, shown[name] || slices.Contains(sdkFigures, name), "%s uses %s, which no process shows", where, name)
		}
	}
	for _, a := range alerts(t) {
		used(a.Alert, a.Expr)
	}
	for _, name := range filesOf(t, "dashboards/*.json") {
		var board struct {
			Panels []struct {
				Title   string `json:"title"`
				Targets []struct {
					Expr string `json:"expr"`
				} `json:"targets"`
			} `json:"panels"`
		}
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(text, &board), name)
		for _, panel := range board.Panels {
			for _, target := range panel.Targets {
				used(name+": "+panel.Title, target.Expr)
			}
		}
	}
}
