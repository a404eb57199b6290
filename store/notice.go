package store

import (
	"context"
	"fmt"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

const noticeSQL = `
SELECT b.name AS body_name, e.number, e.name, e.address, e.nation
FROM cases k
JOIN centres e ON e.number = k.centre
JOIN components c ON c.id = k.component
JOIN qualifications q ON q.id = c.qualification
JOIN awarding_bodies b ON b.id = q.body
WHERE k.reference = $1`

// Notice reads everything that a case's letters and mails say, except the wording of reasons, which is the
// rulebook's. A refused request about something unknown has no notice.
func (s *Store) Notice(ctx context.Context, ref casework.Reference) (docket.Notice, error) {
	page, err := s.Case(ctx, ref, docket.Scope{})
	if err != nil {
		return docket.Notice{}, err
	}
	type noticeRow struct {
		BodyName string
		Number   string
		Name     string
		Address  []string
		Nation   string
	}
	row, err := collectOne[noticeRow](ctx, s.pool, noticeSQL, ref)
	if err != nil {
		return docket.Notice{}, missing(err, "notice", "awarding body or centre of case "+string(ref))
	}
	to, err := centreRecipients(ctx, s.pool, ref)
	if err != nil {
		return docket.Notice{}, fmt.Errorf("read the recipients of case %s: %w", ref, unavailable(err))
	}
	return docket.Notice{
		Case: page, BodyName: row.BodyName, Candidate: page.CandidateName, To: to,
		Centre: docket.Centre{Number: row.Number, Name: row.Name, Address: row.Address, Nation: row.Nation},
	}, nil
}
