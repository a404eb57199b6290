package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

const caseNotesSQL = `SELECT id, reference, kind, author, at, contact, text FROM case_notes WHERE reference = $1 ORDER BY id`

// CaseNotes lists what people of the awarding body noted about a case, the first one first. Nothing of it is ever for a
// centre or a performer.
func (s *Store) CaseNotes(ctx context.Context, ref casework.Reference) ([]docket.CaseNote, error) {
	notes, err := collect[docket.CaseNote](ctx, s.pool, caseNotesSQL, ref)
	if err != nil {
		return nil, fmt.Errorf("list the notes of case %s: %w", ref, unavailable(err))
	}
	return notes, nil
}

const addCaseNoteSQL = `
INSERT INTO case_notes (reference, kind, author, at, contact, text, key)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (reference, key) DO NOTHING`

const caseNoteUnderKeySQL = `SELECT id, reference, kind, author, at, contact, text FROM case_notes WHERE reference = $1 AND key = $2`

// AddCaseNote keeps a note, once under a key: a repeat is answered with what is there, and another note under the key is
// a fault of code casework.FaultKeyReused. A note never changes.
func (s *Store) AddCaseNote(ctx context.Context, note docket.CaseNote, key string) (docket.CaseNote, error) {
	return inTx(ctx, s, func(ctx context.Context, tx pgx.Tx) (docket.CaseNote, error) {
		_, err := tx.Exec(ctx, addCaseNoteSQL, note.Reference, note.Kind, note.Author, instant(note.At), note.Contact, note.Text, key)
		if err != nil {
			return docket.CaseNote{}, fmt.Errorf("add a note to case %s: %w", note.Reference, err)
		}
		kept, err := collectOne[docket.CaseNote](ctx, tx, caseNoteUnderKeySQL, note.Reference, key)
		if err != nil {
			return docket.CaseNote{}, fmt.Errorf("read the new note of case %s: %w", note.Reference, err)
		}
		if kept.Kind != note.Kind || kept.Author != note.Author || kept.Contact != note.Contact || kept.Text != note.Text {
			return docket.CaseNote{}, casework.NewFault(casework.Invalid, casework.FaultKeyReused, "The Idempotency-Key was used before for another note about this case.")
		}
		return kept, nil
	})
}
