package activities

import (
	"context"
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/recourse-exams/recourse/casework"
)

// Media types of what Recourse stores.
const (
	// PDF is the media type of scripts and printed letters.
	PDF = "application/pdf"
	// HTML is the media type of letters to be read on a screen.
	HTML = "text/html; charset=utf-8"
)

// Files is the part of the file store that activities use.
type Files interface {
	// Put stores a body under a key that contains its hash; storing the same again returns the first version.
	Put(ctx context.Context, key, mediaType string, body []byte) (casework.FileRef, error)
	Shelf
	// Verify checks that an upload has arrived as it was announced and pins its version; it returns a
	// *casework.Fault if not.
	Verify(ctx context.Context, key, sha256 string, size int64, mediaType string) (casework.FileRef, error)
}

// Scripts releases reviewed scripts.
type Scripts interface {
	// ScriptSource is the file that the centre gets: the annotated copy of a review of marking, or the original
	// after a clerical check, which makes no annotations (seed 000).
	ScriptSource(ctx context.Context, ref casework.Reference) (casework.FileRef, error)
	// ReleaseScript makes the file available to the centre and meets the script clock.
	ReleaseScript(ctx context.Context, key casework.StepKey, file casework.FileRef) (casework.Released, error)
}

// ScriptRoom holds the step that gives the reviewed script to the centre.
type ScriptRoom struct {
	Files   Files
	Scripts Scripts
	// Now is the starter's and worker's one clock.
	Now func() time.Time
}

// ReleaseScript makes the reviewed script available, after a last check that the stored file is still the one
// that was handed in.
func (r *ScriptRoom) ReleaseScript(ctx context.Context, key casework.StepKey) (casework.Released, error) {
	// A script that the register does not hold, or that no longer verifies as stored, is nobody's mistake in this
	// case but damage: it is tried again until somebody brings the file, and the script clock alerts meanwhile.
	file, err := r.Scripts.ScriptSource(ctx, key.Reference)
	if err != nil {
		return casework.Released{}, err
	}
	if _, err := r.Files.Verify(ctx, file.Key, file.SHA256, file.Size, PDF); err != nil {
		return casework.Released{}, err
	}
	key.At = shown(key.At, r.Now())
	released, err := r.Scripts.ReleaseScript(ctx, key, file)
	return released, Failure(err)
}

// shown is when the centre gets a file: it may have waited for an outage to end since it was asked for, so it is
// dated when it is there. A worker's clock that lags behind the server's never puts it before its cause.
func shown(asked, now time.Time) time.Time {
	if now.After(asked) {
		return now
	}
	return asked
}

// ReleaseScript is an errand, because it reads the file store.
func ReleaseScript(ctx workflow.Context, key casework.StepKey) (casework.Released, error) {
	var room *ScriptRoom
	return errand(ctx, fileAttempt, "Release the reviewed script to the centre", room.ReleaseScript, key)
}
