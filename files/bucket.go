// Package files keeps scripts, letters and invoices in an S3 bucket.
//
// Nothing is ever overwritten: the bucket keeps every version, and a casework.FileRef pins the one that was
// meant by its version and its SHA-256. People upload and download by presigned links, so no file passes
// through the REST service.
package files

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// linkLife is how long a presigned link works, on wall time (architecture §9): long enough for a slow line,
// too short to be passed around.
const linkLife = 10 * time.Minute

// Bucket is one S3 bucket. It is safe for concurrent use.
type Bucket struct {
	client *s3.Client
	links  *s3.PresignClient
	name   string
}

// New makes a Bucket that speaks through the client. It calls nobody: Ready tells whether the bucket can be used.
func New(client *s3.Client, bucket string) *Bucket {
	return &Bucket{client: client, links: s3.NewPresignClient(client, s3.WithPresignExpires(linkLife)), name: bucket}
}

// NewClient makes the S3 client of a Bucket. With pathStyle the bucket stands in the path instead of the host
// name, as most S3 servers outside AWS want it.
func NewClient(cfg aws.Config, pathStyle bool) *s3.Client {
	return s3.NewFromConfig(cfg, func(o *s3.Options) {
		o.UsePathStyle = pathStyle
		// Every upload carries its SHA-256, and every download is compared with the one on record. The SDK's own
		// CRC would only repeat that, and not every S3 server knows it.
		o.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired
		o.ResponseChecksumValidation = aws.ResponseChecksumValidationWhenRequired
	})
}

// Ready reports whether the bucket is there and keeps versions, without which a file could be lost.
func (b *Bucket) Ready(ctx context.Context) error {
	out, err := b.client.GetBucketVersioning(ctx, &s3.GetBucketVersioningInput{Bucket: &b.name})
	if err != nil {
		return fmt.Errorf("ask bucket %s for its versioning: %w", b.name, err)
	}
	if out.Status != types.BucketVersioningStatusEnabled {
		return fmt.Errorf("bucket %s does not keep versions; turn versioning on", b.name)
	}
	return nil
}

// refusedWith reports whether the server answered with the HTTP status.
func refusedWith(err error, status int) bool {
	var answer *smithyhttp.ResponseError
	return errors.As(err, &answer) && answer.HTTPStatusCode() == status
}

func notFound(err error) bool { return refusedWith(err, http.StatusNotFound) }
