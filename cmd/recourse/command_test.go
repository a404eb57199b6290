package main_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	command "github.com/recourse-exams/recourse/cmd/recourse"
)

// asCommand makes this program the command that it tests.
const asCommand = "TEST_RUNS_THE_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		command.Main()
		return
	}
	os.Exit(m.Run())
}

// outcome is what a process left behind.
type outcome struct {
	status      int
	out, errors string
}

// patience bounds a command; none here takes nearly as long.
const patience = time.Minute

// recourse runs the command with these settings and no others of Recourse.
func recourse(t *testing.T, settings map[string]string, arguments ...string) outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	process := exec.CommandContext(ctx, os.Args[0], arguments...)
	for _, setting := range os.Environ() {
		if !strings.HasPrefix(setting, "RECOURSE_") {
			process.Env = append(process.Env, setting)
		}
	}
	process.Env = append(process.Env, asCommand+"=1")
	for name, value := range settings {
		process.Env = append(process.Env, name+"="+value)
	}
	var out, errors bytes.Buffer
	process.Stdout, process.Stderr = &out, &errors
	err := process.Run()
	require.NoError(t, ctx.Err(), "the command does not end: %s", errors.String())
	var exit *exec.ExitError
	if err != nil {
		require.ErrorAs(t, err, &exit)
	}
	return outcome{status: process.ProcessState.ExitCode(), out: out.String(), errors: errors.String()}
}

// usage is the status with which a command line ends that cannot be read.
const usage = 80

func TestCommandLine_IsReadOrRefusedWithAReason(t *testing.T) {
	t.Parallel()
	const noDatabase = "recourse: set RECOURSE_DATABASE_URL, or RECOURSE_DATABASE_URL_FILE to a file that holds it"
	for line, want := range map[string]struct {
		status int
		says   string
	}{
		// Read, and stopped by what comes next.
		"starter":                        {1, noDatabase},
		"worker":                         {1, noDatabase},
		"migrate":                        {1, noDatabase},
		"import .":                       {1, noDatabase},
		"import . --if-empty":            {1, noDatabase},
		"import . --move-dates":          {1, noDatabase},
		"invoices run --month 2026-10":   {1, noDatabase},
		"mails":                          {1, noDatabase},
		"verify":                         {1, noDatabase},
		"verify R-7K4F-M2QX-9TBD-H":      {1, noDatabase},
		"verify --running":               {1, noDatabase},
		"--log debug mails":              {1, noDatabase},
		"mails --log=error":              {1, noDatabase},
		"healthcheck http://127.0.0.1:0": {1, "recourse: ask http://127.0.0.1:0"},
		// Not read.
		"":                         {usage, "expected one of"},
		"launch":                   {usage, "unexpected argument launch"},
		"mails R-7K4F-M2QX-9TBD-H": {usage, "unexpected argument"},
		"--log loud mails":         {usage, `must be one of "debug","info","warn","error"`},
		"import":                   {usage, `expected "<dir>"`},
		"import nowhere":           {usage, "nowhere"},
		"invoices":                 {usage, `expected "run`},
		"invoices run":             {usage, "missing flags: --month"},
		"invoices run --month":     {usage, "--month"},
		"healthcheck":              {usage, `expected "<url>"`},
		"starter --listen=:80":     {usage, "unknown flag --listen"},
		// Read, and refused by the command.
		"verify --running R-1":            {1, "recourse: --running asks after every open case"},
		"invoices run --month October":    {1, `recourse: --month is written like 2026-10; "October" is not a month`},
		"invoices run --month 2026-13":    {1, `"2026-13" is not a month`},
		"invoices run --month 2026-10-01": {1, `"2026-10-01" is not a month`},
		"invoices run --month=":           {1, `"" is not a month`},
	} {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			got := recourse(t, nil, strings.Fields(line)...)
			require.Equal(t, want.status, got.status, "%s%s", got.out, got.errors)
			require.Contains(t, got.errors, want.says)
		})
	}
}

func TestCommandLine_HelpAndVersionNeedNothing(t *testing.T) {
	t.Parallel()
	help := recourse(t, nil, "--help")
	require.Zero(t, help.status)
	for _, name := range []string{"starter", "worker", "migrate", "import", "invoices", "mails", "verify", "healthcheck", "--version", "RECOURSE_LOG"} {
		require.Contains(t, help.out, name)
	}
	version := recourse(t, nil, "--version")
	require.Equal(t, outcome{out: "unknown\n"}, version, "only a build from git knows its version")
}

// The Makefile and the image set the version by this name; a name that does not exist is ignored silently.
func TestVersion_IsSetByTheBuild(t *testing.T) {
	t.Parallel()
	binary := t.TempDir() + "/recourse"
	build := exec.CommandContext(t.Context(), "go", "build", "-ldflags", "-X main.version=v1.2.3", "-o", binary, ".")
	out, err := build.CombinedOutput()
	require.NoError(t, err, "%s", out)
	said, err := exec.CommandContext(t.Context(), binary, "--version").Output()
	require.NoError(t, err)
	require.Equal(t, "v1.2.3\n", string(said))
}

func TestLog_IsReadFromTheEnvironmentToo(t *testing.T) {
	t.Parallel()
	got := recourse(t, map[string]string{"RECOURSE_LOG": "loud"}, "mails")
	require.Equal(t, usage, got.status)
	require.Contains(t, got.errors, `must be one of`)
}
