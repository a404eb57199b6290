package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5/pgtype/zeronull"

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

const noticeTaskSQL = `
SELECT t.id, t.kind, coalesce(p.name, '') AS holder, t.start_by, t.complete_by, t.state = 'suspended' AS stopped
FROM tasks t
LEFT JOIN performers p ON p.id = t.assignee AND t.state IN ('reserved', 'in-progress', 'suspended')
WHERE t.reference = $1
ORDER BY t.number DESC
LIMIT 1`

type noticeTaskRow struct {
	ID         casework.TaskID
	Kind       casework.TaskKind
	Holder     string
	StartBy    zeronull.Timestamptz
	CompleteBy zeronull.Timestamptz
	Stopped    bool
}

// Notice reads everything that a case's letters and mails say, except the wording of reasons, which is the
// rulebook's. A refused request about something unknown has no notice.
func (s *Store) Notice(ctx context.Context, ref casework.Reference) (docket.Notice, error) {
	type noticeRow struct {
		BodyName string
		Number   string
		Name     string
		Address  []string
		Nation   string
	}
	var rows *[]pageRow
	var belonging parts
	var heads *[]noticeRow
	var to *[]docket.Recipient
	var tasks *[]noticeTaskRow
	err := inSnapshot(ctx, s, func(_ context.Context, u *unit) error {
		rows, belonging = askCase(u, ref, docket.Scope{})
		heads = each[noticeRow](u, "read awarding body and centre", noticeSQL, ref)
		to = each[docket.Recipient](u, "read the contacts", centreRecipientsSQL, ref)
		tasks = each[noticeTaskRow](u, "read the task", noticeTaskSQL, ref)
		return nil
	})
	switch {
	case err != nil:
		return docket.Notice{}, fmt.Errorf("read the notice of case %s: %w", ref, err)
	case len(*rows) == 0:
		return docket.Notice{}, unknown("case", "case "+string(ref))
	case len(*heads) == 0:
		return docket.Notice{}, unknown("notice", "awarding body or centre of case "+string(ref))
	}
	page, head := belonging.pages(*rows)[0], (*heads)[0]
	var task docket.NoticeTask
	for _, row := range *tasks {
		task = docket.NoticeTask{
			ID: row.ID, Kind: row.Kind, Holder: row.Holder, StartBy: timeOf(row.StartBy), CompleteBy: timeOf(row.CompleteBy), Stopped: row.Stopped,
		}
	}
	return docket.Notice{
		Case: page, Task: task, BodyName: head.BodyName, Candidate: page.CandidateName, To: onceEach(*to),
		Centre: docket.Centre{Number: head.Number, Name: head.Name, Address: head.Address, Nation: head.Nation},
	}, nil
}
