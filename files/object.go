package files

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/recourse-exams/recourse/casework"
)

// Put stores body under key, unless it is stored there already: then it returns the version that is. Another
// body under the same key is an error and leaves the first as it is, so keys are best made from the body's
// hash. A repeat after a lost answer therefore stores nothing twice.
func (b *Bucket) Put(ctx context.Context, key, mediaType string, body []byte) (casework.FileRef, error) {
	sum := checksum(sha256.Sum256(body))
	out, err := b.client.PutObject(ctx, &s3.PutObjectInput{
		Bucket:         &b.name,
		Key:            &key,
		Body:           bytes.NewReader(body),
		ContentLength:  aws.Int64(int64(len(body))),
		ContentType:    &mediaType,
		ChecksumSHA256: aws.String(sum.base64()),
		IfNoneMatch:    aws.String("*"),
	})
	if refusedWith(err, http.StatusPreconditionFailed) {
		return b.stored(ctx, key, sum, int64(len(body)))
	}
	if err != nil {
		return casework.FileRef{}, fmt.Errorf("store file %s: %w", key, err)
	}
	return pin(key, out.VersionId, sum, int64(len(body)))
}

// stored returns the version that is under key, if it is the body with this hash and size.
func (b *Bucket) stored(ctx context.Context, key string, sum checksum, size int64) (casework.FileRef, error) {
	head, err := b.head(ctx, key)
	if err != nil {
		return casework.FileRef{}, fmt.Errorf("look at stored file %s: %w", key, err)
	}
	if aws.ToString(head.ChecksumSHA256) != sum.base64() || aws.ToInt64(head.ContentLength) != size {
		return casework.FileRef{}, fmt.Errorf("store file %s: another file of %d bytes is there already", key, aws.ToInt64(head.ContentLength))
	}
	return pin(key, head.VersionId, sum, size)
}

// Get reads the pinned version and checks its size and SHA-256.
func (b *Bucket) Get(ctx context.Context, ref casework.FileRef) ([]byte, error) {
	out, err := b.client.GetObject(ctx, &s3.GetObjectInput{Bucket: &b.name, Key: &ref.Key, VersionId: &ref.Version})
	if err != nil {
		return nil, fmt.Errorf("read file %s: %w", ref.Key, err)
	}
	defer func() { _ = out.Body.Close() }() // Read to its end or given up: closing can say nothing new.
	// One byte more than promised is enough to see that the file is too long.
	body, err := io.ReadAll(io.LimitReader(out.Body, ref.Size+1))
	if err != nil {
		return nil, fmt.Errorf("read file %s: %w", ref.Key, err)
	}
	if sum := checksum(sha256.Sum256(body)); int64(len(body)) != ref.Size || sum.hex() != ref.SHA256 {
		return nil, fmt.Errorf("read file %s: version %s is not the file on record (%d bytes, SHA-256 %s)", ref.Key, ref.Version, ref.Size, ref.SHA256)
	}
	return body, nil
}

func (b *Bucket) head(ctx context.Context, key string) (*s3.HeadObjectOutput, error) {
	return b.client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &b.name, Key: &key, ChecksumMode: types.ChecksumModeEnabled})
}

// pin refuses a file without a version: the bucket's versioning was turned off, and nothing that is on record
// may rest on it.
func pin(key string, version *string, sum checksum, size int64) (casework.FileRef, error) {
	if v := aws.ToString(version); v == "" || v == "null" {
		return casework.FileRef{}, fmt.Errorf("file %s has no version; turn the bucket's versioning on", key)
	}
	return casework.FileRef{Key: key, Version: *version, SHA256: sum.hex(), Size: size}, nil
}
