package store

import (
	"context"
	"fmt"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

const insertDocumentSQL = `
INSERT INTO documents (reference, kind, key, version, sha256, size, media_type, available_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (reference, kind, sha256) DO NOTHING`

func insertDocument(u *unit, ref casework.Reference, kind string, file casework.FileRef, mediaType string, at time.Time) (written *int64) {
	return u.change(fmt.Sprintf("add a %s to case %s", kind, ref), insertDocumentSQL,
		ref, kind, file.Key, file.Version, file.SHA256, file.Size, mediaType, at)
}

// AddDocument makes a stored file available to the case's centre from the instant on. A file of the same kind
// and content is added once.
func (s *Store) AddDocument(ctx context.Context, ref casework.Reference, kind string, file casework.FileRef, mediaType string, at time.Time) error {
	at = instant(at)
	_, err := inUnit(ctx, s, func(ctx context.Context, u *unit) (struct{}, error) {
		take := holdCase(u, ref)
		if err := u.send(ctx); err != nil {
			return struct{}{}, err
		}
		c, err := take()
		if err != nil {
			return struct{}{}, err
		}
		written := insertDocument(u, ref, kind, file, mediaType, at)
		if err := u.send(ctx); err != nil || *written == 0 {
			return struct{}{}, err
		}
		c.touch(u)
		return struct{}{}, c.append(u, entry{at: at, actor: casework.System(), what: wroteDocument, centre: true, facts: []docket.Fact{
			fact("kind", kind), fact("sha256", file.SHA256),
		}})
	})
	return err
}

const scriptSourceSQL = `
SELECT coalesce(d.annotated_key, s.original_key) AS key, coalesce(d.annotated_version, s.original_version) AS version,
       coalesce(d.annotated_sha256, s.original_sha256) AS sha256, coalesce(d.annotated_size, s.original_size) AS size
FROM decisions d
JOIN cases k ON k.reference = d.reference
LEFT JOIN scripts s ON s.result = k.result
WHERE d.reference = $1 AND (d.annotated_key IS NOT NULL OR s.original_key IS NOT NULL)`

// ScriptSource is the file that the centre gets as the reviewed script: the annotated copy of a review of
// marking, or the original after a clerical check, which makes no annotations. Before the decision there is none.
func (s *Store) ScriptSource(ctx context.Context, ref casework.Reference) (casework.FileRef, error) {
	file, err := collectOne[casework.FileRef](ctx, s.pool, scriptSourceSQL, ref)
	return file, missing(err, "script", "reviewed script of case "+string(ref))
}

// pdf is the media type of every script.
const pdf = "application/pdf"

// ReleaseScript makes the reviewed script available to the centre and meets the script clock. A case that did
// not order a copy, or is not decided, is a fault of kind conflict.
func (s *Store) ReleaseScript(ctx context.Context, key casework.StepKey, file casework.FileRef) (casework.Released, error) {
	key = timed(key)
	return runStep(ctx, s, key, file, work[*heldCase, casework.Released]{
		lock: holding(key.Reference),
		do: func(_ context.Context, u *unit, c *heldCase) (casework.Released, error) {
			if !c.ReviewedScript || c.Stage != casework.StageDecided && c.Stage != casework.StageAppealWindow {
				return casework.Released{}, casework.NewFault(casework.Conflict, "no-script-owed",
					fmt.Sprintf("Case %s, in stage %s, is not owed a reviewed script.", c.Reference, c.Stage))
			}
			insertDocument(u, c.Reference, docket.ReviewedScript, file, pdf, key.At)
			c.meet(u, casework.ClockScript, key.At)
			state := c.touch(u)
			return casework.Released{At: key.At, SLAState: state}, c.append(u, entry{
				at: key.At, actor: casework.System(), what: wroteScript, centre: true, facts: []docket.Fact{fact("sha256", file.SHA256)},
			})
		},
	})
}
