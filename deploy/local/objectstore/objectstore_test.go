package objectstore_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/deploy/local/objectstore"
)

const bucket = "evidence"

// serve runs the server over a folder until check returns. The gateway allows one server per process.
func serve(t *testing.T, dir string, check func(*s3.Client)) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	port := listener.Addr().(*net.TCPAddr).Port
	require.NoError(t, listener.Close())
	config := objectstore.Config{
		Dir: dir, Port: port, Region: "eu-west-2", AccessKey: "KEY", SecretKey: "SECRET", Bucket: bucket,
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	require.NoError(t, objectstore.Run(ctx, config, func() error {
		go func() {
			defer cancel()
			check(config.Client())
		}()
		return nil
	}))
}

func TestObjectsSurviveARestartWithEveryVersionAndCannotBeOverwrittenOrDestroyed(t *testing.T) {
	dir := t.TempDir()
	ctx := t.Context()
	var version *string
	serve(t, dir, func(c *s3.Client) {
		put := func(body string, ifNoneMatch *string) (*s3.PutObjectOutput, error) {
			return c.PutObject(ctx, &s3.PutObjectInput{
				Bucket: aws.String(bucket), Key: aws.String("scripts/a.pdf"), Body: bytes.NewReader([]byte(body)),
				ChecksumAlgorithm: types.ChecksumAlgorithmSha256, IfNoneMatch: ifNoneMatch,
				ObjectLockMode:            types.ObjectLockModeCompliance,
				ObjectLockRetainUntilDate: aws.Time(time.Now().Add(time.Hour)),
			})
		}
		first, err := put("first", nil)
		if !noError(t, err) {
			return
		}
		version = first.VersionId
		_, err = put("second", nil)
		noError(t, err)
		_, err = put("third", aws.String("*"))
		requireCode(t, err, "PreconditionFailed")
		_, err = c.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: aws.String(bucket), Key: aws.String("scripts/a.pdf"), VersionId: version})
		requireCode(t, err, "AccessDenied")
	})
	serve(t, dir, func(c *s3.Client) {
		answer, err := c.GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String(bucket), Key: aws.String("scripts/a.pdf"), VersionId: version})
		if noError(t, err) {
			body, err := io.ReadAll(answer.Body)
			noError(t, err)
			if string(body) != "first" {
				t.Errorf("version %s holds %q", *version, body)
			}
		}
	})
}

// noError and requireCode do not end the test, because they are called beside the test's own goroutine.
func noError(t *testing.T, err error) bool {
	t.Helper()
	if err != nil {
		t.Errorf("unexpected: %v", err)
	}
	return err == nil
}

func requireCode(t *testing.T, err error, code string) {
	t.Helper()
	var api smithy.APIError
	if !errors.As(err, &api) || api.ErrorCode() != code {
		t.Errorf("want %s, got %v", code, err)
	}
}
