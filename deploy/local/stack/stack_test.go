package stack_test

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"

	"github.com/recourse-exams/recourse/deploy/local/process"
	"github.com/recourse-exams/recourse/deploy/local/stack"
)

var infrastructure = []string{stack.Postgres, stack.Temporal, stack.S3, stack.Mail, stack.OIDC}

// start starts a stack that ends with the test.
func start(t *testing.T, options stack.Options) *stack.Stack {
	t.Helper()
	s, err := stack.Start(t.Context(), options)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Stop()) })
	return s
}

// environment turns NAME=value lines into a map.
func environment(lines []string) map[string]string {
	values := make(map[string]string)
	for _, line := range lines {
		name, value, _ := strings.Cut(line, "=")
		values[name] = value
	}
	return values
}

func TestAStackServesWhatItSays(t *testing.T) { //nolint:tparallel // the parts look at one stack
	t.Parallel()
	s := start(t, stack.Options{State: t.TempDir(), AutoPorts: true})
	env := environment(s.Environment())
	t.Run("register", func(t *testing.T) {
		conn, err := pgx.Connect(t.Context(), env["RECOURSE_DATABASE_URL"])
		require.NoError(t, err)
		defer conn.Close(context.Background())
		var fsync string
		require.NoError(t, conn.QueryRow(t.Context(), "show fsync").Scan(&fsync))
		require.Equal(t, "on", fsync)
	})
	t.Run("engine", func(t *testing.T) { checkEngine(t, env) })
	t.Run("bucket", func(t *testing.T) { checkBucket(t, env) })
	t.Run("pages", func(t *testing.T) {
		for name, url := range map[string]string{
			"Web UI": s.Endpoints.TemporalUI, "inbox": s.Endpoints.Mail, "personas": s.Endpoints.OIDC,
			"events": env["RECOURSE_MAIL_EVENTS_URL"], "issuer": env["RECOURSE_OIDC_ISSUER"] + "/.well-known/openid-configuration",
		} {
			answer, err := http.Get(url)
			require.NoError(t, err, name)
			answer.Body.Close()
			require.Equal(t, http.StatusOK, answer.StatusCode, name)
		}
	})
	t.Run("secrets are private", func(t *testing.T) {
		for _, file := range []string{s.TokenFile("eo-64101"), env["RECOURSE_REFERENCE_KEY_FILE"], env["RECOURSE_WEBHOOK_KEY_FILE"]} {
			info, err := os.Stat(file)
			require.NoError(t, err)
			require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), file)
		}
	})
}

func checkEngine(t *testing.T, env map[string]string) {
	c, err := client.DialContext(t.Context(), client.Options{
		HostPort: env["RECOURSE_TEMPORAL_ADDRESS"], Namespace: env["RECOURSE_TEMPORAL_NAMESPACE"],
	})
	require.NoError(t, err)
	defer c.Close()
	namespace, err := c.WorkflowService().DescribeNamespace(t.Context(),
		&workflowservice.DescribeNamespaceRequest{Namespace: "recourse"})
	require.NoError(t, err)
	require.Equal(t, 90*24*time.Hour, namespace.GetConfig().GetWorkflowExecutionRetentionTtl().AsDuration())
	attributes, err := c.OperatorService().ListSearchAttributes(t.Context(),
		&operatorservice.ListSearchAttributesRequest{Namespace: "recourse"})
	require.NoError(t, err)
	require.Equal(t, enumspb.INDEXED_VALUE_TYPE_KEYWORD, attributes.GetCustomAttributes()["SlaState"])
	require.Equal(t, enumspb.INDEXED_VALUE_TYPE_DATETIME, attributes.GetCustomAttributes()["SlaDueAt"])
	require.Len(t, attributes.GetCustomAttributes(), 10)
}

func checkBucket(t *testing.T, env map[string]string) {
	bucket := s3.New(s3.Options{
		Region: env["AWS_REGION"], BaseEndpoint: aws.String(env["AWS_ENDPOINT_URL_S3"]), UsePathStyle: true,
		Credentials: credentials.NewStaticCredentialsProvider(env["AWS_ACCESS_KEY_ID"], env["AWS_SECRET_ACCESS_KEY"], ""),
	})
	name := aws.String(env["RECOURSE_S3_BUCKET"])
	versioning, err := bucket.GetBucketVersioning(t.Context(), &s3.GetBucketVersioningInput{Bucket: name})
	require.NoError(t, err)
	require.Equal(t, types.BucketVersioningStatusEnabled, versioning.Status)
	lock, err := bucket.GetObjectLockConfiguration(t.Context(), &s3.GetObjectLockConfigurationInput{Bucket: name})
	require.NoError(t, err)
	require.Equal(t, types.ObjectLockEnabledEnabled, lock.ObjectLockConfiguration.ObjectLockEnabled)
	put := func(text string) *string {
		answer, err := bucket.PutObject(t.Context(), &s3.PutObjectInput{
			Bucket: name, Key: aws.String("cases/letter.txt"), Body: strings.NewReader(text),
		})
		require.NoError(t, err)
		return answer.VersionId
	}
	first, second := put("first"), put("second")
	require.NotEqual(t, first, second, "every version is kept")
	old, err := bucket.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: name, Key: aws.String("cases/letter.txt"), VersionId: first})
	require.NoError(t, err)
	require.EqualValues(t, len("first"), *old.ContentLength)
}

func TestStateAndPortsSurviveARestart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	options := stack.Options{State: dir, AutoPorts: true}
	s := start(t, options)
	before := s.Endpoints
	conn, err := pgx.Connect(t.Context(), before.DatabaseURL)
	require.NoError(t, err)
	_, err = conn.Exec(t.Context(), "create table kept (n int)")
	require.NoError(t, err)
	require.NoError(t, conn.Close(t.Context()))
	require.NoError(t, s.Stop())
	for _, name := range infrastructure {
		require.Zero(t, pid(t, s, name), name)
		require.Error(t, s.Pause(name), "nothing is left to freeze")
	}
	require.ErrorIs(t, s.Restart(t.Context(), stack.Mail), process.ErrClosed, "a stack that was stopped stays down")

	again := start(t, options)
	require.Equal(t, before, again.Endpoints)
	conn, err = pgx.Connect(t.Context(), again.Endpoints.DatabaseURL)
	require.NoError(t, err)
	defer conn.Close(context.Background())
	_, err = conn.Exec(t.Context(), "insert into kept values (1)")
	require.NoError(t, err)
}

func TestTwoStacksDoNotCollideAndOneFolderTakesOne(t *testing.T) {
	t.Parallel()
	first := start(t, stack.Options{State: t.TempDir(), AutoPorts: true})
	dir := t.TempDir()
	second := start(t, stack.Options{State: dir, AutoPorts: true})
	require.NotEqual(t, first.Endpoints, second.Endpoints)
	require.NotEqual(t, first.Endpoints.TemporalAddress, second.Endpoints.TemporalAddress)

	_, err := stack.Start(t.Context(), stack.Options{State: dir, AutoPorts: true})
	require.ErrorIs(t, err, stack.ErrRunning)
	require.ErrorContains(t, err, dir)
	require.ErrorIs(t, stack.Forget(dir), stack.ErrRunning)

	require.NoError(t, second.Stop())
	v, err := stack.Look(dir)
	require.NoError(t, err)
	require.False(t, v.Running)
	require.Equal(t, second.Endpoints, v.Endpoints)
	require.NoError(t, stack.Forget(dir))
	_, err = stack.Look(dir)
	require.ErrorIs(t, err, stack.ErrNoState)
}

func TestATakenPortIsNamed(t *testing.T) {
	t.Parallel()
	// Every public port is one that is free, except the one whose listener stays.
	remembered := make(map[string]int)
	for _, name := range []string{"api", "metrics", "starterMetrics", "watcherMetrics", "temporal", "ui", "mail", "oidc", "panel", "s3", "postgres"} {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		defer listener.Close()
		remembered[name] = listener.Addr().(*net.TCPAddr).Port
		if name != "mail" {
			require.NoError(t, listener.Close())
		}
	}
	dir := t.TempDir()
	data, err := json.Marshal(remembered)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "ports.json"), data, 0o600))

	_, err = stack.Start(t.Context(), stack.Options{State: dir})
	var taken *stack.PortTakenError
	require.ErrorAs(t, err, &taken)
	require.Equal(t, remembered["mail"], taken.Port)
	require.ErrorContains(t, err, strconv.Itoa(taken.Port))
	require.ErrorContains(t, err, "mail")
	require.ErrorContains(t, err, "--auto-ports")

	s := start(t, stack.Options{State: dir, AutoPorts: true})
	require.NotContains(t, s.Endpoints.Mail, strconv.Itoa(taken.Port), "the taken one moves")
	require.Contains(t, s.Endpoints.OIDC, strconv.Itoa(remembered["oidc"]), "the others stay")
}

func TestAFolderMustBeNamed(t *testing.T) {
	t.Parallel()
	_, err := stack.Start(t.Context(), stack.Options{})
	require.Error(t, err)
	_, err = stack.Start(t.Context(), stack.Options{State: t.TempDir(), Product: "no-such-program"})
	require.ErrorIs(t, err, os.ErrNotExist)
}
