// Package objectstore runs an S3 server over a folder inside one child process of the local stack.
package objectstore

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/versity/versitygw/backend/meta"
	"github.com/versity/versitygw/backend/posix"
	"github.com/versity/versitygw/embedgw"
)

const (
	// address and not a name: a name may resolve to IPv6 first, where nothing listens.
	loopback    = "127.0.0.1"
	connections = 1024
	maxParts    = 10_000 // S3's own limit
	// copyThreshold is the largest object that one copy request may move; S3's own limit is 5 GiB.
	copyThreshold = 5 << 30
	look          = 20 * time.Millisecond
)

// Config is what the child is told.
type Config struct {
	Dir       string `json:"dir"` // absolute; objects, versions and metadata lie below it
	Port      int    `json:"port"`
	Region    string `json:"region"`
	AccessKey string `json:"accessKey"`
	SecretKey string `json:"secretKey"`
	Bucket    string `json:"bucket"` // made at start with versioning and object lock
}

// Endpoint is the server's URL.
func (c Config) Endpoint() string {
	return "http://" + net.JoinHostPort(loopback, strconv.Itoa(c.Port))
}

// Client is an S3 client with the root account's keys.
func (c Config) Client() *s3.Client {
	return s3.New(s3.Options{
		Region:       c.Region,
		BaseEndpoint: aws.String(c.Endpoint()),
		UsePathStyle: true,
		Credentials:  credentials.NewStaticCredentialsProvider(c.AccessKey, c.SecretKey, ""),
	})
}

// Run serves until ctx ends. It calls ready once the bucket can be used.
func Run(ctx context.Context, c Config, ready func() error) error {
	store, err := c.backend()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan error, 1)
	go func() {
		ended <- embedgw.RunVersityGW(ctx, store, &embedgw.Config{
			RootUserAccess:    c.AccessKey,
			RootUserSecret:    c.SecretKey,
			Region:            c.Region,
			Ports:             []string{net.JoinHostPort(loopback, strconv.Itoa(c.Port))},
			MaxConnections:    connections,
			MaxRequests:       connections,
			MultipartMaxParts: maxParts,
			KeepAlive:         true,
			Quiet:             true,
			DisableACLs:       true,
			HealthPath:        "/healthz",
		})
	}()
	if err := c.awaitListener(ctx, ended); err != nil {
		return err
	}
	if err := prepareBucket(ctx, c.Client(), c.Bucket); err != nil {
		return err
	}
	if err := ready(); err != nil {
		return err
	}
	if err := <-ended; err != nil && ctx.Err() == nil {
		return fmt.Errorf("serve S3: %w", err)
	}
	return nil
}

// backend keeps versions outside the data folder, as the gateway demands, and metadata in extended
// attributes where the file system has them, else in files of their own.
func (c Config) backend() (*posix.Posix, error) {
	data, versions := filepath.Join(c.Dir, "data"), filepath.Join(c.Dir, "versions")
	for _, dir := range []string{data, versions} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, fmt.Errorf("make the S3 folder: %w", err)
		}
	}
	options := posix.PosixOpts{VersioningDir: versions, CopyObjectThreshold: copyThreshold, NewDirPerm: 0o700}
	var metadata meta.MetadataStorer = meta.XattrMeta{}
	if (meta.XattrMeta{}).Test(data) != nil {
		options.SideCarDir = filepath.Join(c.Dir, "metadata")
		if err := os.MkdirAll(options.SideCarDir, 0o700); err != nil {
			return nil, fmt.Errorf("make the S3 metadata folder: %w", err)
		}
		sidecar, err := meta.NewSideCar(options.SideCarDir)
		if err != nil {
			return nil, fmt.Errorf("open the S3 metadata folder: %w", err)
		}
		metadata = sidecar
	}
	store, err := posix.New(data, metadata, options)
	if err != nil {
		return nil, fmt.Errorf("open the S3 folder: %w", err)
	}
	return store, nil
}

func (c Config) awaitListener(ctx context.Context, ended <-chan error) error {
	dialer := net.Dialer{Timeout: time.Second}
	for {
		conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(loopback, strconv.Itoa(c.Port)))
		if err == nil {
			return conn.Close()
		}
		select {
		case err := <-ended:
			return fmt.Errorf("start the S3 server: %w", err)
		case <-ctx.Done():
			return fmt.Errorf("wait for the S3 server: %w", errors.Join(ctx.Err(), err))
		case <-time.After(look):
		}
	}
}

// prepareBucket makes the bucket if it is missing. Object lock can be asked for only at creation, and
// it brings versioning with it; versioning is set all the same, so that a bucket made otherwise fails here.
func prepareBucket(ctx context.Context, client *s3.Client, bucket string) error {
	_, err := client.CreateBucket(ctx, &s3.CreateBucketInput{
		Bucket: aws.String(bucket), ObjectLockEnabledForBucket: aws.Bool(true),
	})
	var owned *types.BucketAlreadyOwnedByYou
	if err != nil && !errors.As(err, &owned) {
		return fmt.Errorf("make bucket %s: %w", bucket, err)
	}
	_, err = client.PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{
		Bucket:                  aws.String(bucket),
		VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
	})
	if err != nil {
		return fmt.Errorf("turn on versioning of bucket %s: %w", bucket, err)
	}
	return nil
}
