package objectstore_test

import (
	"context"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/deploy/local/objectstore"
	"github.com/recourse-exams/recourse/files"
	"github.com/recourse-exams/recourse/files/filestest"
)

// open runs a server over a folder until close, which returns when it has ended.
func open(t *testing.T, dir string) (c objectstore.Config, closeServer func()) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	c = objectstore.Config{
		Dir: dir, Port: listener.Addr().(*net.TCPAddr).Port, Region: "eu-west-2", AccessKey: "KEY", SecretKey: "SECRET", Bucket: "recourse",
	}
	require.NoError(t, listener.Close())
	ctx, cancel := context.WithCancel(context.Background())
	ended, ready := make(chan error, 1), make(chan struct{})
	go func() {
		ended <- objectstore.Run(ctx, c, func() error {
			close(ready)
			return nil
		})
	}()
	select {
	case <-ready:
	case err := <-ended:
		cancel()
		require.NoError(t, err)
	}
	return c, func() {
		cancel()
		require.NoError(t, <-ended)
	}
}

// product is the product's own store on the server.
func product(c objectstore.Config, secret string) *files.Bucket {
	return files.New(files.NewClient(aws.Config{
		Region: c.Region, BaseEndpoint: aws.String(c.Endpoint()),
		Credentials: credentials.NewStaticCredentialsProvider(c.AccessKey, secret, ""),
	}, true), c.Bucket)
}

// The gateway allows one server per process, so these tests run one after another.

func TestTheProductsFilesAreKeptAsOnS3(t *testing.T) {
	c, closeServer := open(t, t.TempDir())
	defer closeServer()
	t.Run("conformance", func(t *testing.T) { filestest.Conformance(t, product(c, c.SecretKey)) })
	t.Run("a bucket that is not there is not ready", func(t *testing.T) {
		other := c
		other.Bucket = "elsewhere"
		require.Error(t, product(other, c.SecretKey).Ready(t.Context()))
	})
	t.Run("another secret opens nothing", func(t *testing.T) {
		stranger := product(c, "GUESS")
		require.Error(t, stranger.Ready(t.Context()))
		_, err := stranger.Put(t.Context(), "scripts/a.pdf", "application/pdf", []byte("%PDF-1.7"))
		require.Error(t, err)
		answer, err := http.Get(c.Endpoint() + "/" + c.Bucket)
		require.NoError(t, err)
		answer.Body.Close()
		require.Equal(t, http.StatusForbidden, answer.StatusCode, "nor does no key at all")
	})
	t.Run("health needs no key", func(t *testing.T) {
		answer, err := http.Get(c.Endpoint() + "/healthz")
		require.NoError(t, err)
		answer.Body.Close()
		require.Equal(t, http.StatusOK, answer.StatusCode)
	})
	t.Run("a file that is removed can be brought back", func(t *testing.T) { comesBack(t, c) })
}

// comesBack removes a file as an ordinary delete does, which on a bucket with versions only hides it.
func comesBack(t *testing.T, c objectstore.Config) {
	bucket, key := product(c, c.SecretKey), "cases/R1/letter.pdf"
	ref, err := bucket.Put(t.Context(), key, "application/pdf", []byte("%PDF-1.7 letter"))
	require.NoError(t, err)
	removed, err := c.Client().DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: &c.Bucket, Key: &key})
	require.NoError(t, err)
	require.True(t, aws.ToBool(removed.DeleteMarker))
	_, err = c.Client().HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: &c.Bucket, Key: &key})
	var api smithy.APIError
	require.ErrorAs(t, err, &api, "without its version it is gone")

	kept, err := bucket.Get(t.Context(), ref)
	require.NoError(t, err, "a case names the version")
	require.Equal(t, "%PDF-1.7 letter", string(kept))
	versions, err := c.Client().ListObjectVersions(t.Context(), &s3.ListObjectVersionsInput{Bucket: &c.Bucket, Prefix: &key})
	require.NoError(t, err)
	require.Len(t, versions.Versions, 1)
	require.Len(t, versions.DeleteMarkers, 1)
}

func TestARestartKeepsFilesVersionsAndTheBucketsRules(t *testing.T) {
	dir := t.TempDir()
	bodies := []string{"%PDF-1.7 one", "%PDF-1.7 two", "%PDF-1.7 three"}
	var refs []casework.FileRef
	c, closeServer := open(t, dir)
	for n, body := range bodies {
		ref, err := product(c, c.SecretKey).Put(t.Context(), "scripts/"+strings.Repeat("a", n+1)+".pdf", "application/pdf", []byte(body))
		require.NoError(t, err)
		refs = append(refs, ref)
	}
	closeServer()

	c, closeServer = open(t, dir) // on another port, as after --auto-ports
	defer closeServer()
	bucket := product(c, c.SecretKey)
	require.NoError(t, bucket.Ready(t.Context()), "versioning is on")
	for n, ref := range refs {
		body, err := bucket.Get(t.Context(), ref)
		require.NoError(t, err)
		require.Equal(t, bodies[n], string(body))
		again, err := bucket.Put(t.Context(), ref.Key, "application/pdf", []byte(bodies[n]))
		require.NoError(t, err)
		require.Equal(t, ref, again, "what is there is found and not stored twice")
	}
	lock, err := c.Client().GetObjectLockConfiguration(t.Context(), &s3.GetObjectLockConfigurationInput{Bucket: &c.Bucket})
	require.NoError(t, err)
	require.Equal(t, types.ObjectLockEnabledEnabled, lock.ObjectLockConfiguration.ObjectLockEnabled)
}
