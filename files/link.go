package files

import (
	"context"
	"fmt"
	"mime"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/recourse-exams/recourse/casework"
)

// PresignPut makes a link by which exactly one file can be uploaded to key within ten minutes: its media type,
// its size in bytes and its SHA-256 in hex are signed, so the server refuses any other. The headers must be
// sent with the PUT; host and length are signed too, which every HTTP client sets by itself.
func (b *Bucket) PresignPut(ctx context.Context, key, mediaType, sha256Hex string, size int64) (link string, headers http.Header, err error) {
	sum, err := parseSum(sha256Hex)
	if err != nil {
		return "", nil, fmt.Errorf("sign an upload to %s: %w", key, err)
	}
	signed, err := b.links.PresignPutObject(ctx, &s3.PutObjectInput{
		Bucket:         &b.name,
		Key:            &key,
		ContentType:    &mediaType,
		ContentLength:  &size,
		ChecksumSHA256: aws.String(sum.base64()),
	})
	if err != nil {
		return "", nil, fmt.Errorf("sign an upload to %s: %w", key, err)
	}
	headers = signed.SignedHeader.Clone()
	headers.Del("Host")
	headers.Del("Content-Length")
	return signed.URL, headers, nil
}

// PresignGet makes a link by which the pinned version can be read within ten minutes, under the file name:
// shown in the browser if inline, else saved.
func (b *Bucket) PresignGet(ctx context.Context, ref casework.FileRef, filename string, inline bool) (string, error) {
	kind := "attachment"
	if inline {
		kind = "inline"
	}
	disposition := mime.FormatMediaType(kind, map[string]string{"filename": filename})
	signed, err := b.links.PresignGetObject(ctx, &s3.GetObjectInput{
		Bucket:                     &b.name,
		Key:                        &ref.Key,
		VersionId:                  &ref.Version,
		ResponseContentDisposition: &disposition,
	})
	if err != nil {
		return "", fmt.Errorf("sign a link to %s: %w", ref.Key, err)
	}
	return signed.URL, nil
}
