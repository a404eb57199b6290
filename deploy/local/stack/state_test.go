package stack_test

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/deploy/local/stack"
)

var publicPorts = []string{"api", "metrics", "starterMetrics", "watcherMetrics", "temporal", "ui", "mail", "oidc", "panel", "s3", "postgres"}

// refused writes ports into a folder so that a start makes everything up to the first process and then finds the
// last port taken: what a start does to its folder can be seen without the seconds that servers take.
func refused(t *testing.T, dir string) map[string]int {
	t.Helper()
	ports := make(map[string]int)
	for _, name := range publicPorts {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		t.Cleanup(func() { listener.Close() })
		ports[name] = listener.Addr().(*net.TCPAddr).Port
		if name != "postgres" {
			defer listener.Close()
		}
	}
	writePorts(t, dir, ports)
	return ports
}

func writePorts(t *testing.T, dir string, ports map[string]int) {
	t.Helper()
	data, err := json.Marshal(ports)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "ports.json"), data, 0o600))
}

func requireTaken(t *testing.T, dir string) {
	t.Helper()
	_, err := stack.Start(t.Context(), stack.Options{State: dir})
	var taken *stack.PortTakenError
	require.ErrorAs(t, err, &taken)
	require.Equal(t, "PostgreSQL", taken.Thing)
}

func read(t *testing.T, dir string, name ...string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(append([]string{dir}, name...)...))
	require.NoError(t, err)
	return string(data)
}

func TestState_OnlyItsOwnerCanReadIt(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "deep", "state")
	require.NoError(t, os.MkdirAll(dir, 0o755)) // the ports are written before the first start
	refused(t, dir)
	requireTaken(t, dir)
	require.NoError(t, filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		info, err := entry.Info()
		require.NoError(t, err)
		require.Zero(t, info.Mode().Perm()&0o077, "%s may be read by others: %s", path, info.Mode())
		return nil
	}))
	for _, name := range []string{"secrets.json", "reference.key", "lock", "logs", "mail", "s3", "postgres", "oidc", "tokens"} {
		_, err := os.Stat(filepath.Join(dir, name))
		require.NoError(t, err, name)
	}
}

func TestState_SecretsAreLongAndStay(t *testing.T) {
	t.Parallel()
	dir, other := t.TempDir(), t.TempDir()
	for _, at := range []string{dir, other} {
		refused(t, at)
		requireTaken(t, at)
	}
	secrets, key := read(t, dir, "secrets.json"), read(t, dir, "reference.key")
	require.NotEqual(t, secrets, read(t, other, "secrets.json"), "every folder has its own")
	require.NotEqual(t, key, read(t, other, "reference.key"))
	decoded, err := hex.DecodeString(strings.TrimSpace(key))
	require.NoError(t, err)
	require.Len(t, decoded, 32)
	hooks := read(t, dir, "webhook.key")
	require.Len(t, strings.TrimSpace(hooks), 64)
	require.NotEqual(t, key, hooks)
	require.NotEqual(t, hooks, read(t, other, "webhook.key"))
	var made map[string]string
	require.NoError(t, json.Unmarshal([]byte(secrets), &made))
	require.Len(t, made, 3)
	for name, secret := range made {
		require.GreaterOrEqual(t, len(secret), 20, name)
	}

	requireTaken(t, dir) // and not ErrRunning: the refused start gave its folder back
	require.Equal(t, secrets, read(t, dir, "secrets.json"), "another password would lock the database out")
	require.Equal(t, key, read(t, dir, "reference.key"), "another key would give old cases new references")
	require.Equal(t, hooks, read(t, dir, "webhook.key"), "another key would make every receiver need a new secret")

	// The folder of a release that had no webhooks gets its key, and nothing else changes.
	require.NoError(t, os.Remove(filepath.Join(dir, "webhook.key")))
	requireTaken(t, dir)
	require.NotEqual(t, hooks, read(t, dir, "webhook.key"))
	require.Equal(t, secrets, read(t, dir, "secrets.json"))
}

func TestState_ALargeLogIsSetAsideAtTheNextStart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	refused(t, dir)
	logs := filepath.Join(dir, "logs")
	require.NoError(t, os.Mkdir(logs, 0o700))
	for name, size := range map[string]int64{"worker.log": 10<<20 + 1, "starter.log": 10 << 20, "worker.log.old": 3} {
		file, err := os.Create(filepath.Join(logs, name))
		require.NoError(t, err)
		require.NoError(t, file.Truncate(size))
		require.NoError(t, file.Close())
	}
	requireTaken(t, dir)
	require.NoFileExists(t, filepath.Join(logs, "worker.log"))
	info, err := os.Stat(filepath.Join(logs, "worker.log.old"))
	require.NoError(t, err)
	require.EqualValues(t, 10<<20+1, info.Size(), "one older copy is kept")
	require.FileExists(t, filepath.Join(logs, "starter.log"))
	requireTaken(t, dir)
	require.FileExists(t, filepath.Join(logs, "worker.log.old"), "a copy is not set aside again")
}

func TestState_DamagedFilesAreNamedAndNotReplaced(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{"ports.json": `{"api": "8080"}`, "secrets.json": ""} {
		dir := t.TempDir()
		refused(t, dir)
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600))
		_, err := stack.Start(t.Context(), stack.Options{State: dir})
		require.ErrorContains(t, err, filepath.Join(dir, name))
		require.Equal(t, content, read(t, dir, name))
		_, err = stack.Look(dir)
		require.Error(t, err, name)
	}
}

func TestState_AFolderThatIsAFileIsRefused(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "state")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	_, err := stack.Start(t.Context(), stack.Options{State: file})
	require.ErrorContains(t, err, file)
}

func TestPorts_OneNumberServesOneThing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ports := refused(t, dir)
	ports["oidc"] = ports["mail"]
	writePorts(t, dir, ports)
	_, err := stack.Start(t.Context(), stack.Options{State: dir})
	var taken *stack.PortTakenError
	require.ErrorAs(t, err, &taken)
	require.Equal(t, ports["mail"], taken.Port)
	require.Contains(t, taken.Thing, "OpenID")
}

func TestPorts_ARefusedStartRemembersNothingAndHoldsNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ports := refused(t, dir)
	before := read(t, dir, "ports.json")
	requireTaken(t, dir)
	require.Equal(t, before, read(t, dir, "ports.json"), "links of earlier starts stay good")
	for _, name := range publicPorts[:len(publicPorts)-1] {
		listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", ports[name]))
		require.NoError(t, err, name)
		require.NoError(t, listener.Close())
	}
	requireTaken(t, dir) // on the same port, so the ones before it were given back
}

func TestPorts_ANumberThatIsNoneIsRefused(t *testing.T) {
	t.Parallel()
	for _, number := range []int{-1, 0, 70_000} {
		dir := t.TempDir()
		ports := refused(t, dir)
		ports["api"] = number
		writePorts(t, dir, ports)
		_, err := stack.Start(t.Context(), stack.Options{State: dir})
		var taken *stack.PortTakenError
		require.ErrorAs(t, err, &taken)
		require.Equal(t, number, taken.Port)
		require.Equal(t, "the REST API", taken.Thing)
	}
}

func TestPorts_TheUsualOnesDiffer(t *testing.T) {
	t.Parallel()
	data, err := json.Marshal(stack.DefaultPorts())
	require.NoError(t, err)
	var ports map[string]int
	require.NoError(t, json.Unmarshal(data, &ports))
	things := make(map[int]string)
	for name, number := range ports {
		require.Empty(t, things[number], name)
		require.Greater(t, number, 1024, "%s: nobody needs to be root", name)
		things[number] = name
	}
	for _, name := range publicPorts {
		require.Contains(t, ports, name)
	}
}
