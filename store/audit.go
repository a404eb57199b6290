package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// Codes of the audit trail. They are stable: a timeline shows them, a letter or an export may quote them.
const (
	wroteOpened      = "opened"
	wroteRefused     = "refused"
	wroteAllocated   = "allocated"
	wroteNoPerformer = "no-performer"
	wroteTaskDone    = "task-completed"
	wroteOutcome     = "outcome-published"
	wroteSettled     = "award-settled"
	wroteWindow      = "appeal-window-opened"
	wroteScript      = "script-released"
	wroteWarned      = "clock-warned"
	wroteBreached    = "clock-breached"
	wroteExpired     = "clock-expired"
	wroteChased      = "duty-chased"
	wroteLapsed      = "duty-lapsed"
	wroteReminded    = "task-reminded"
	wroteEscalated   = "task-escalated"
	wroteHeld        = "held"
	wroteResumed     = "resumed"
	wroteHoldAsked   = "hold-asked"
	wroteResumeAsked = "resume-asked"
	wroteNudged      = "nudged"
	wroteDocument    = "document-stored"
	wroteMail        = "mail-sent"
	wroteUncertain   = "mail-uncertain"
	wroteMailRefused = "mail-refused"
	wroteNoSignal    = "signal-refused"
	wroteRecount     = "recalculated"
	wroteClosed      = "closed"
)

// entry is what a change leaves in the audit trail.
type entry struct {
	at    time.Time
	actor casework.Actor
	what  string
	// centre is true if the centre may see the entry; an actor who must stay unknown to it never stands in one.
	centre bool
	facts  []docket.Fact
}

func fact(name string, value any) docket.Fact {
	if at, ok := value.(time.Time); ok {
		value = at.UTC().Format(time.RFC3339Nano)
	}
	return docket.Fact{Name: name, Value: fmt.Sprint(value)}
}

// trailEnd is the last entry of a case's trail; number is zero and hash empty before the first.
type trailEnd struct {
	Reference casework.Reference
	Number    int64
	Hash      string
}

const trailEndsSQL = `
SELECT DISTINCT ON (reference) reference, number, hash
FROM audit_entries
WHERE reference = ANY (ARRAY(SELECT unnest($1::text[])))
ORDER BY reference, number DESC`

// askTrailEnds queues the question where the trails of held cases end.
func askTrailEnds(u *unit, refs []casework.Reference) *[]trailEnd {
	return each[trailEnd](u, "read the end of the audit trail", trailEndsSQL, refs)
}

const appendAuditSQL = `
INSERT INTO audit_entries (reference, number, at, actor, what, facts, centre, hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`

// append adds entries to a case's trail. The caller holds the case's row, so that numbers have no gap and each hash
// continues the one before.
func (t *trailEnd) append(u *unit, ref casework.Reference, entries ...entry) error {
	for _, e := range entries {
		row := docket.Entry{Number: t.Number + 1, At: instant(e.at), Actor: e.actor, What: e.what, Facts: e.facts, Centre: e.centre}
		if row.Facts == nil {
			row.Facts = []docket.Fact{}
		}
		hash, err := chain(t.Hash, ref, row)
		if err != nil {
			return err
		}
		u.write(fmt.Sprintf("add %q to the audit trail of case %s", e.what, ref), appendAuditSQL,
			ref, row.Number, row.At, row.Actor, row.What, row.Facts, row.Centre, hash)
		t.Number, t.Hash = row.Number, hash
	}
	return nil
}

// canonical is an entry in the form that is hashed: its JSON, with the fields in this order.
type canonical struct {
	Previous  string             `json:"previous"`
	Reference casework.Reference `json:"reference"`
	Number    int64              `json:"number"`
	At        time.Time          `json:"at"`
	Actor     casework.Actor     `json:"actor"`
	What      string             `json:"what"`
	Facts     []docket.Fact      `json:"facts"`
	Centre    bool               `json:"centre"`
}

// chain is the hex SHA-256 over the hash of the entry before and the entry itself.
func chain(previous string, ref casework.Reference, e docket.Entry) (string, error) {
	body, err := json.Marshal(canonical{
		Previous: previous, Reference: ref, Number: e.Number, At: e.At.UTC(), Actor: e.Actor, What: e.What, Facts: e.Facts, Centre: e.Centre,
	})
	if err != nil {
		return "", fmt.Errorf("hash an audit entry of case %s: %w", ref, err)
	}
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:]), nil
}

// VerifyAudit recomputes the chain of a case's audit trail and returns an error that names the first entry that
// is missing or was changed after it was written.
func (s *Store) VerifyAudit(ctx context.Context, ref casework.Reference) error {
	entries, err := s.Timeline(ctx, ref, false)
	if err != nil {
		return err
	}
	hash := ""
	for i, e := range entries {
		if e.Number != int64(i+1) {
			return fmt.Errorf("the audit trail of case %s lacks entry %d", ref, i+1)
		}
		if hash, err = chain(hash, ref, e); err != nil {
			return err
		}
		if hash != e.Hash {
			return fmt.Errorf("entry %d (%s) of the audit trail of case %s was changed after it was written", e.Number, e.What, ref)
		}
	}
	if len(entries) == 0 {
		return fmt.Errorf("case %s has no audit trail", ref)
	}
	return nil
}
