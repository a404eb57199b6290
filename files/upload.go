package files

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/recourse-exams/recourse/casework"
)

const pdf = "application/pdf"

// pdfMagic begins every PDF file (ISO 32000-1, 7.5.2).
const pdfMagic = "%PDF-"

// Verify checks that an upload has arrived under key as it was announced: its size, its SHA-256 in hex, its
// media type, and for a PDF its first bytes. It pins the version that it checked. What the person can
// put right comes back as a *casework.Fault with code upload-missing, upload-differs or not-a-pdf.
func (b *Bucket) Verify(ctx context.Context, key, sha256Hex string, size int64, mediaType string) (casework.FileRef, error) {
	sum, err := parseSum(sha256Hex)
	if err != nil {
		return casework.FileRef{}, fmt.Errorf("verify upload %s: %w", key, err)
	}
	head, err := b.head(ctx, key)
	if notFound(err) {
		return casework.FileRef{}, b.missing(ctx, key)
	}
	if err != nil {
		return casework.FileRef{}, fmt.Errorf("verify upload %s: %w", key, err)
	}
	if got := aws.ToInt64(head.ContentLength); got != size {
		return casework.FileRef{}, differs("The uploaded file has %d bytes; %d were announced.", got, size)
	}
	if aws.ToString(head.ChecksumSHA256) != sum.base64() {
		return casework.FileRef{}, differs("The uploaded file's SHA-256 is not the one that was announced.")
	}
	if got := aws.ToString(head.ContentType); got != mediaType {
		return casework.FileRef{}, differs("The uploaded file's type is %s; %s was announced.", got, mediaType)
	}
	if mediaType == pdf {
		if err := b.checkMagic(ctx, key, head.VersionId); err != nil {
			return casework.FileRef{}, err
		}
	}
	return pin(key, head.VersionId, sum, size)
}

// missing tells a file that is not there from a bucket that is not there, which a HEAD request answers alike.
func (b *Bucket) missing(ctx context.Context, key string) error {
	if err := b.Ready(ctx); err != nil {
		return fmt.Errorf("verify upload %s: %w", key, err)
	}
	return casework.NewFault(casework.Invalid, "upload-missing", "The file has not been uploaded yet. Upload it to the link that was given for it, then try again.")
}

func differs(format string, args ...any) error {
	return casework.NewFault(casework.Invalid, "upload-differs", fmt.Sprintf(format, args...)+" Ask for a new upload link and send the file again.")
}

func (b *Bucket) checkMagic(ctx context.Context, key string, version *string) error {
	out, err := b.client.GetObject(ctx, &s3.GetObjectInput{
		Bucket: &b.name, Key: &key, VersionId: version,
		Range: aws.String(fmt.Sprintf("bytes=0-%d", len(pdfMagic)-1)),
	})
	if refusedWith(err, http.StatusRequestedRangeNotSatisfiable) {
		return notPDF() // An empty file has no first byte.
	}
	if err != nil {
		return fmt.Errorf("verify upload %s: %w", key, err)
	}
	defer func() { _ = out.Body.Close() }() // Read to its end or given up: closing can say nothing new.
	first, err := io.ReadAll(io.LimitReader(out.Body, int64(len(pdfMagic))))
	if err != nil {
		return fmt.Errorf("verify upload %s: %w", key, err)
	}
	if !bytes.Equal(first, []byte(pdfMagic)) {
		return notPDF()
	}
	return nil
}

func notPDF() error {
	return casework.NewFault(casework.Invalid, "not-a-pdf", "The uploaded file is not a PDF. Save the script as a PDF and upload that.")
}
