package stack_test

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/deploy/local/stack"
)

const knownSecrets = `{"databasePassword": "p@ss/w'rd %41", "accessKey": "LOCALKEY", "secretKey": "s3cret+/="}`

// stopped is a folder in which a stack once ran.
func stopped(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	writePorts(t, dir, map[string]int{"api": 18080, "postgres": 15433})
	require.NoError(t, os.WriteFile(filepath.Join(dir, "secrets.json"), []byte(knownSecrets), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "reference.key"), []byte(strings.Repeat("ab", 32)+"\n"), 0o600))
	return dir
}

func look(t *testing.T, dir string) *stack.View {
	t.Helper()
	v, err := stack.Look(dir)
	require.NoError(t, err)
	return v
}

// The settings of the product that a stack leaves at what the product itself chooses.
var leftOut = []string{
	"RECOURSE_DATABASE_URL_FILE", // the address is given as it is
	"RECOURSE_MAIL_EVENT_WAIT",   // the wait of production
	"RECOURSE_OIDC_CLIENT_ID",    // the audience
	"RECOURSE_OIDC_CLIENT_SECRET_FILE",
	"RECOURSE_WATCH_EVERY", // the watcher's times of production
	"RECOURSE_WATCH_UNRECORDED_AFTER",
	"RECOURSE_WATCH_STUCK_AFTER",
	"RECOURSE_WATCH_ROLL_EVERY",
	"RECOURSE_WATCH_DIGEST_AT",
	"RECOURSE_WATCH_KEEP_DAYS",
}

// productSettings are the names that the product's configuration reads. They are read from its source, because
// importing it would bring everything that the product connects to into this module.
func productSettings(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", "..", "..", "connect", "config.go"), nil, 0)
	require.NoError(t, err)
	return settingsOf(t, file, "Config")
}

// settingsOf are the names that a structure reads, and those that its structures do.
func settingsOf(t *testing.T, file *ast.File, of string) []string {
	t.Helper()
	var structure *ast.StructType
	ast.Inspect(file, func(node ast.Node) bool {
		if declared, ok := node.(*ast.TypeSpec); ok && declared.Name.Name == of {
			structure, _ = declared.Type.(*ast.StructType)
		}
		return true
	})
	require.NotNil(t, structure, of)
	var names []string
	for _, field := range structure.Fields.List {
		if inner, named := field.Type.(*ast.Ident); named && field.Tag == nil {
			names = append(names, settingsOf(t, file, inner.Name)...)
			continue
		}
		require.NotNil(t, field.Tag, "%v is read from nowhere", field.Names)
		tag, err := strconv.Unquote(field.Tag.Value)
		require.NoError(t, err)
		name, _, _ := strings.Cut(reflect.StructTag(tag).Get("env"), ",")
		names = append(names, name)
	}
	return names
}

func TestEnvironment_NamesEverySettingOfTheProductAndNoOther(t *testing.T) {
	t.Parallel()
	lines := look(t, stopped(t)).Environment
	given, settings := environment(lines), productSettings(t)
	for _, name := range settings {
		if slices.Contains(leftOut, name) {
			require.NotContains(t, given, name)
			continue
		}
		require.NotEmpty(t, given[name], "%s is not given", name)
	}
	for name := range given {
		require.True(t, slices.Contains(settings, name) || strings.HasPrefix(name, "AWS_"), "%s is given and nobody reads it", name)
	}
	for _, name := range leftOut {
		require.Contains(t, settings, name, "what is left out is a setting")
	}
	require.Len(t, given, len(lines), "no name is given twice")
}

func TestEnvironment_LeadsToTheStacksOwnServers(t *testing.T) {
	t.Parallel()
	dir := stopped(t)
	v := look(t, dir)
	given := environment(v.Environment)
	for name, want := range map[string]string{
		"RECOURSE_DATABASE_URL":       v.Endpoints.DatabaseURL,
		"RECOURSE_TEMPORAL_ADDRESS":   v.Endpoints.TemporalAddress,
		"RECOURSE_OIDC_ISSUER":        v.Endpoints.OIDC,
		"RECOURSE_MAIL_EVENTS_URL":    v.Endpoints.Mail + "/events",
		"RECOURSE_WEB_UI_URL":         v.Endpoints.TemporalUI,
		"RECOURSE_LISTEN":             strings.TrimPrefix(v.Endpoints.API, "http://"),
		"RECOURSE_METRICS_LISTEN":     strings.TrimPrefix(v.Endpoints.Metrics, "http://"),
		"RECOURSE_PUBLIC_URL":         v.Endpoints.API,
		"RECOURSE_REFERENCE_KEY_FILE": filepath.Join(dir, "reference.key"),
		"RECOURSE_WEBHOOK_KEY_FILE":   filepath.Join(dir, "webhook.key"),
		"AWS_ENDPOINT_URL_S3":         v.Endpoints.S3,
		"AWS_ENDPOINT_URL_SES":        v.Endpoints.Mail,
		"AWS_ACCESS_KEY_ID":           "LOCALKEY",
		"AWS_SECRET_ACCESS_KEY":       "s3cret+/=",
		"AWS_EC2_METADATA_DISABLED":   "true",
	} {
		require.Equal(t, want, given[name], name)
	}
}

func TestEndpoints_AreAddressesOnThisMachine(t *testing.T) {
	t.Parallel()
	v := look(t, stopped(t))
	fields := reflect.ValueOf(v.Endpoints)
	for i := range fields.NumField() {
		name, address := fields.Type().Field(i).Name, fields.Field(i).String()
		if !strings.Contains(address, "://") {
			address = "tcp://" + address
		}
		parsed, err := url.Parse(address)
		require.NoError(t, err, name)
		require.Equal(t, "127.0.0.1", parsed.Hostname(), "%s: a name may resolve to IPv6 first, where nothing listens", name)
		require.NotEmpty(t, parsed.Port(), name)
	}
	require.Equal(t, "http://127.0.0.1:18080/docs", v.Endpoints.Docs)
	require.Equal(t, "http://127.0.0.1:8233", v.Endpoints.TemporalUI, "a port that the folder does not name is the usual one")
	database, err := pgx.ParseConfig(v.Endpoints.DatabaseURL)
	require.NoError(t, err)
	require.Equal(t, "p@ss/w'rd %41", database.Password)
	require.EqualValues(t, 15433, database.Port)
	engine, err := pgx.ParseConfig(v.Endpoints.EngineURL)
	require.NoError(t, err)
	require.NotEqual(t, database.Database, engine.Database)
}

func TestLook_ChangesNothing(t *testing.T) {
	t.Parallel()
	dir := stopped(t)
	names := func() []string {
		entries, err := os.ReadDir(dir)
		require.NoError(t, err)
		var found []string
		for _, entry := range entries {
			found = append(found, entry.Name())
		}
		return found
	}
	before := names()
	require.False(t, look(t, dir).Running)
	require.Equal(t, before, names())

	require.NoError(t, os.Remove(filepath.Join(dir, "secrets.json")))
	_, err := stack.Look(dir)
	require.ErrorIs(t, err, stack.ErrNoState, "ports alone are a wish, not a stack")
	require.NoFileExists(t, filepath.Join(dir, "secrets.json"))
	_, err = stack.Look(filepath.Join(dir, "absent"))
	require.ErrorIs(t, err, stack.ErrNoState)
	require.NoDirExists(t, filepath.Join(dir, "absent"))
}

// Somebody who polls "status" must not be told of a stack that is only another "status".
func TestLook_TwoAtOnceAreNoStack(t *testing.T) {
	t.Parallel()
	dir := stopped(t)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "lock"), nil, 0o600))
	var lookers sync.WaitGroup
	wrong := make(chan error, 8)
	for range cap(wrong) {
		lookers.Go(func() {
			for range 200 {
				if v, err := stack.Look(dir); err != nil || v.Running {
					wrong <- errors.Join(errors.New("somebody seems to hold the folder"), err)
					return
				}
			}
		})
	}
	lookers.Wait()
	close(wrong)
	require.NoError(t, <-wrong)
}

func TestLook_DoesNotKeepAStackFromStarting(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	refused(t, dir)
	requireTaken(t, dir)
	done := make(chan struct{})
	var lookers sync.WaitGroup
	for range 2 {
		lookers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
					_, _ = stack.Look(dir)
				}
			}
		})
	}
	for range 20 {
		requireTaken(t, dir) // and never ErrRunning
	}
	close(done)
	lookers.Wait()
}

func TestForget_TakesAWholeFolderAndOnlyAStacks(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(home, "letter"), []byte("dear"), 0o600))
	require.ErrorIs(t, stack.Forget(home), stack.ErrNoState)
	require.FileExists(t, filepath.Join(home, "letter"))

	dir := stopped(t)
	v := look(t, dir)
	require.Equal(t, filepath.Join(dir, "tokens", "eo-64101"), v.TokenFile("eo-64101"))
	require.NoError(t, stack.Forget(dir))
	require.NoDirExists(t, dir)
	require.ErrorIs(t, stack.Forget(dir), stack.ErrNoState)
}
