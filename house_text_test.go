package recourse_test

import (
	"bytes"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// textual are the endings of files that people write.
var textual = []string{"", ".go", ".md", ".yaml", ".yml", ".sql", ".csv", ".html", ".css", ".txt", ".json", ".sh", ".mod", ".tmpl"}

// private matches what belongs to one machine or one person and never into the repository. The patterns are
// put together from pieces so that this file does not match itself. Only lines with one of the words are matched:
// a pattern takes its time.
var private = []struct {
	words   []string
	pattern *regexp.Regexp
	advice  string
}{
	{
		[]string{"/" + "root", "/home" + "/", "/Users" + "/", "/work" + "/"},
		regexp.MustCompile(`(^|[\s"'=(:])/(` + "root" + `|home/[a-z]|Users/[A-Za-z]|work/[a-z])`),
		"a path of one machine: use a path from the repository's root, or the system's temporary folder",
	},
	{
		[]string{"BEGIN "},
		regexp.MustCompile(`BEGIN ([A-Z]+ )?PRIVATE` + ` KEY`),
		"a private key: make it when it is needed",
	},
	{
		[]string{"AKIA"},
		regexp.MustCompile(`\bAKIA` + `[0-9A-Z]{16}\b`),
		"an access key of a cloud account: take it from the environment",
	},
	{
		[]string{`"resolved"`},
		regexp.MustCompile(`"resolved":\s*"http`),
		"a lock file that names the registry it was made with: leave the resolved addresses out",
	},
}

func textFaults(name string, text []byte, hosts []string) []string {
	var faults []string
	for i, line := range bytes.Split(text, []byte("\n")) {
		holds := func(word string) bool { return bytes.Contains(line, []byte(word)) }
		for _, secret := range private {
			if slices.ContainsFunc(secret.words, holds) && secret.pattern.Match(line) {
				faults = append(faults, fmt.Sprintf("%s:%d: %s", name, i+1, secret.advice))
			}
		}
		for _, host := range hosts {
			if holds(host) {
				faults = append(faults, fmt.Sprintf("%s:%d: the address of this machine's package registry: leave it to the environment", name, i+1))
			}
		}
	}
	return faults
}

// registries are the hosts from which this machine takes its packages, the public ones included: where packages
// come from is the environment's to say.
func registries(t *testing.T) []string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "env", "GOPROXY").Output()
	require.NoError(t, err)
	settings := strings.FieldsFunc(string(out), func(r rune) bool { return strings.ContainsRune(",|\n", r) })
	settings = append(settings, os.Getenv("NPM_CONFIG_REGISTRY"), os.Getenv("npm_config_registry"))
	var hosts []string
	for _, setting := range settings {
		address, err := url.Parse(setting)
		if err != nil || address.Host == "" {
			continue
		}
		hosts = append(hosts, address.Host)
	}
	return hosts
}

func TestNothingPrivateIsWrittenDown(t *testing.T) {
	t.Parallel()
	names, err := files()
	require.NoError(t, err)
	hosts := registries(t)
	var faults []string
	for _, name := range names {
		if !slices.Contains(textual, path.Ext(name)) {
			continue
		}
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		faults = append(faults, textFaults(name, text, hosts)...)
	}
	report(t, faults)
}

// link matches a Markdown link's target.
var link = regexp.MustCompile(`\]\(([^)\s]+)\)`)

// code matches what Markdown shows as it is, where brackets are no links.
var code = regexp.MustCompile("(?s)```.*?```|`[^`\n]*`")

func TestEveryLinkInTheDocumentsLeadsSomewhere(t *testing.T) {
	t.Parallel()
	names, err := files()
	require.NoError(t, err)
	var faults []string
	for _, name := range names {
		if path.Ext(name) != ".md" {
			continue
		}
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		for _, found := range link.FindAllSubmatch(code.ReplaceAll(text, nil), -1) {
			target, _, _ := strings.Cut(string(found[1]), "#")
			if target == "" || strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
				continue
			}
			if _, err := os.Stat(filepath.FromSlash(path.Join(path.Dir(name), target))); err != nil {
				faults = append(faults, fmt.Sprintf("%s: the link to %s leads nowhere: correct it or write the page", name, target))
			}
		}
	}
	report(t, faults)
}

// password matches a setting of a compose file that would carry a secret in the open.
var password = regexp.MustCompile(`^\s*-?\s*[A-Z_]*(PASSWORD|PWD|SECRET|SECRET_KEY|ACCESS_KEY|TOKEN)[A-Z_]*\s*[:=]\s*\S`)

func composeFaults(name string, text []byte) []string {
	var faults []string
	for i, line := range strings.Split(string(text), "\n") {
		if password.MatchString(line) && !strings.Contains(line, "_FILE") {
			faults = append(faults, fmt.Sprintf("%s:%d: a secret in the open: mount it from deploy/compose/secrets", name, i+1))
		}
	}
	return faults
}

func TestTheBoxHoldsNoSecret(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("docker-compose.yml")
	require.NoError(t, err)
	report(t, composeFaults("docker-compose.yml", text))
}

// required matches a direct requirement of a go.mod file.
var required = regexp.MustCompile(`(?m)^(?:require )?\s*([a-z0-9./@_-]+\.[a-z0-9./@_-]+) v\S+$`)

func TestOthersWorkIsNamed(t *testing.T) {
	t.Parallel()
	module, err := os.ReadFile("go.mod")
	require.NoError(t, err)
	named, err := os.ReadFile("THIRD_PARTY.md")
	require.NoError(t, err)
	found := required.FindAllSubmatch(module, -1)
	require.NotEmpty(t, found)
	var faults []string
	for _, requirement := range found {
		if !regexp.MustCompile(regexp.QuoteMeta(string(requirement[1])) + `[\s,]`).Match(named) {
			faults = append(faults, fmt.Sprintf("THIRD_PARTY.md does not name %s: add what it is for and its licence", requirement[1]))
		}
	}
	report(t, faults)
}
