package letters

import (
	"fmt"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/docket"
)

// shownDue is how many lines a part of a digest has; the first are the most urgent.
const shownDue = 50

// digestView is a day's list for one reader.
type digestView struct {
	Day, Title string
	Centre     bool
	Lead       bool
	Count      string
	Parts      []digestPart
	Page       string
}

// digestPart are the lines under one heading.
type digestPart struct {
	Heading string
	Lines   []string
	More    int
}

// DigestMail words a day's digest. A centre's names no performer; nobody's names a candidate.
func (p *Printer) DigestMail(digest docket.Digest) (docket.Message, error) {
	v := digestView{
		Day: digest.Day.Long(), Title: line(digest.Title), Centre: digest.Reader == docket.DigestCentre, Lead: digest.Reader == docket.DigestLead,
		Count: dueCount(len(digest.Overdue), len(digest.Today)), Page: p.digestPage(digest.Reader),
	}
	for _, part := range []struct {
		heading string
		lines   []docket.DigestLine
	}{{"Overdue", digest.Overdue}, {"Due today", digest.Today}, {"Due in the three days after", digest.Soon}} {
		if len(part.lines) == 0 {
			continue
		}
		made := digestPart{Heading: fmt.Sprintf("%s: %d", part.heading, len(part.lines)), More: max(0, len(part.lines)-shownDue)}
		for _, l := range part.lines[:min(len(part.lines), shownDue)] {
			made.Lines = append(made.Lines, dueLine(digest.Reader, l))
		}
		v.Parts = append(v.Parts, made)
	}
	return p.message(string(casework.MailDigest), v)
}

// digestPage is where a reader goes on: operations to their page; centre and lead to a list.
func (p *Printer) digestPage(reader docket.DigestReader) string {
	switch {
	case p.publicURL == "":
		return ""
	case reader == docket.DigestOperations:
		return p.deskPage()
	case reader == docket.DigestLead:
		return p.publicURL + "/v1/tasks?view=team"
	default:
		return p.publicURL + "/v1/cases"
	}
}

// dueCount is the digest in a few words, for its subject.
func dueCount(overdue, today int) string {
	switch {
	case overdue > 0 && today > 0:
		return fmt.Sprintf("%d overdue, %d due today", overdue, today)
	case overdue > 0:
		return fmt.Sprintf("%d overdue", overdue)
	case today > 0:
		return fmt.Sprintf("%d due today", today)
	default:
		return "due in the next days"
	}
}

// dueLine words one line: what is due of which request, when, and who acts, as the reader knows them.
func dueLine(reader docket.DigestReader, l docket.DigestLine) string {
	until := moment(l.Due)
	if l.Kind != "" && calendar.DateOf(l.Due).Start().Equal(l.Due) {
		until = "the end of " + lastDay(l.Due)
	}
	what := fmt.Sprintf("%s: %s (%s, %s), %s", l.Reference, dueName(l), lower(l.Service), line(l.Component), until)
	switch {
	case l.Assignee != "":
		return what + "; held by " + line(l.Assignee)
	case reader == docket.DigestCentre:
		return what + "; " + whoOwes(l.Kind)
	default:
		return what + "; waits for " + line(l.WaitingOn)
	}
}

// dueName is what is due, as people read it.
func dueName(l docket.DigestLine) string {
	switch {
	case l.Clock == casework.ClockStartBy:
		return "to be started"
	case l.Clock == casework.ClockCompleteBy:
		return "to be completed"
	case l.Kind == casework.ClockRight:
		return clockName(l.Clock) + " ends"
	default:
		return clockName(l.Clock)
	}
}

// whoOwes tells a centre whether it has to act itself.
func whoOwes(kind casework.ClockKind) string {
	switch kind {
	case casework.ClockDuty:
		return "your centre has to act"
	case casework.ClockRight:
		return "your centre may act until then"
	default:
		return "the awarding body owes it"
	}
}
