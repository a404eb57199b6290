package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/docket"
)

// Of clocks, what somebody owes and has not done, and what somebody may do and not much longer; of tasks, their own
// deadlines, which have no kind. What stands still is due on no day.
const digestLinesSQL = `
SELECT k.reference, k.service, k.component, k.centre, k.waiting_on, c.id AS clock, c.kind AS kind, c.ends AS due,
       coalesce(p.name, '') AS assignee, '' AS leader
FROM counting_clocks c
JOIN cases k ON k.reference = c.reference AND k.stage = ANY ($3)
LEFT JOIN tasks t ON t.reference = k.reference AND t.state IN ('reserved', 'in-progress', 'suspended')
LEFT JOIN performers p ON p.id = t.assignee
WHERE c.kind IN ('sla', 'duty', 'right') AND c.ends <= $2 AND (c.kind <> 'right' OR c.ends > $1)
UNION ALL
SELECT k.reference, k.service, k.component, k.centre, k.waiting_on, d.clock, '', d.due, p.name, coalesce(p.leader, '')
FROM tasks t
JOIN cases k ON k.reference = t.reference
JOIN performers p ON p.id = t.assignee
CROSS JOIN LATERAL (VALUES ('start-by', t.start_by), ('complete-by', t.complete_by)) d (clock, due)
WHERE t.state IN ('reserved', 'in-progress') AND (t.state = 'reserved' OR d.clock = 'complete-by') AND d.due <= $2`

type digestRow struct {
	Reference casework.Reference
	Service   casework.Service
	Component string
	Centre    string
	WaitingOn string
	Clock     casework.ClockID
	Kind      casework.ClockKind
	Due       time.Time
	Assignee  string
	Leader    string
}

const leadReadersSQL = `SELECT id, name, name AS person, email AS address FROM performers WHERE id = ANY ($1) AND active ORDER BY id`

const centreReadersSQL = `
SELECT c.number AS id, c.name, p.name AS person, p.email AS address
FROM centres c
JOIN contacts p ON p.centre = c.number AND p.exams_officer
WHERE c.number = ANY ($1)
ORDER BY c.number, p.subject`

// digestReader is somebody who reads a digest, with the name of whom it is for.
type digestReader struct {
	ID, Name, Person, Address string
}

// soonDays is how many days after today a digest looks ahead.
const soonDays = 3

// Digests lists, at an instant, what is overdue, due on the day and due in the three days after it: to each lead the
// tasks of the team, to each centre its duties and windows and what the body owes it, and to operations everything but
// windows. Whoever has nothing due has no digest; a centre or lead without an address has none either. The one for
// operations is first and has no recipient: the caller knows their address.
func (s *Store) Digests(ctx context.Context, at time.Time) ([]docket.Digest, error) {
	day := calendar.DateOf(at)
	var rows *[]digestRow
	var leads, centres *[]digestReader
	err := inSnapshot(ctx, s, func(ctx context.Context, u *unit) error {
		rows = each[digestRow](u, "list what is due", digestLinesSQL, instant(at), day.AddDays(soonDays).End(), openStages())
		if err := u.send(ctx); err != nil {
			return err
		}
		leads = each[digestReader](u, "read the leads", leadReadersSQL, idsOf(*rows, func(r digestRow) string { return r.Leader }))
		centres = each[digestReader](u, "read the exams officers", centreReadersSQL, idsOf(*rows, func(r digestRow) string { return r.Centre }))
		return u.send(ctx)
	})
	if err != nil {
		return nil, fmt.Errorf("read the digests of %s: %w", day, err)
	}
	slices.SortStableFunc(*rows, func(a, b digestRow) int {
		return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Reference, b.Reference), cmp.Compare(a.Clock, b.Clock))
	})
	all := digestBook{at: at, day: day}
	all.add(docket.DigestOperations, nil, *rows, func(r digestRow) bool { return r.Kind != casework.ClockRight })
	for _, lead := range grouped(*leads) {
		all.add(docket.DigestLead, lead, *rows, func(r digestRow) bool { return r.Leader == lead[0].ID })
	}
	for _, centre := range grouped(*centres) {
		all.add(docket.DigestCentre, centre, *rows, func(r digestRow) bool { return r.Centre == centre[0].ID && r.Kind != "" })
	}
	return all.digests, nil
}

// idsOf lists the different ids of rows that have one.
func idsOf(rows []digestRow, id func(digestRow) string) []string {
	ids := make([]string, 0, len(rows))
	for _, r := range rows {
		if id(r) != "" {
			ids = append(ids, id(r))
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// grouped puts the persons of one lead or centre together; they are sorted by it.
func grouped(readers []digestReader) [][]digestReader {
	var groups [][]digestReader
	for _, r := range readers {
		if last := len(groups) - 1; last >= 0 && groups[last][0].ID == r.ID {
			groups[last] = append(groups[last], r)
			continue
		}
		groups = append(groups, []digestReader{r})
	}
	return groups
}

// digestBook gathers a day's digests.
type digestBook struct {
	at      time.Time
	day     calendar.Date
	digests []docket.Digest
}

// add makes the digest of one reader out of the lines that concern it; nothing to say makes none.
func (b *digestBook) add(reader docket.DigestReader, persons []digestReader, rows []digestRow, concerns func(digestRow) bool) {
	digest := docket.Digest{Day: b.day, Reader: reader}
	for _, p := range persons {
		digest.ID, digest.Title = p.ID, p.Name
		digest.To = append(digest.To, docket.Recipient{Name: p.Person, Address: p.Address})
	}
	digest.To = onceEach(digest.To)
	empty := true
	for _, r := range rows {
		if !concerns(r) {
			continue
		}
		empty = false
		line := docket.DigestLine{
			Reference: r.Reference, Service: r.Service, Component: r.Component, Clock: r.Clock, Kind: r.Kind, Due: r.Due, Assignee: r.Assignee, WaitingOn: r.WaitingOn,
		}
		if reader == docket.DigestCentre {
			line.Assignee = ""
		}
		switch {
		case !r.Due.After(b.at):
			digest.Overdue = append(digest.Overdue, line)
		case !r.Due.After(b.day.End()):
			digest.Today = append(digest.Today, line)
		default:
			digest.Soon = append(digest.Soon, line)
		}
	}
	if !empty {
		b.digests = append(b.digests, digest)
	}
}
