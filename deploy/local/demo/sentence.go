package demo

import (
	"fmt"
	"strings"
	"time"

	"github.com/recourse-exams/recourse/deploy/local/person"
)

// sentence tells an entry of a timeline in plain English. An entry of a kind that is not known here is shown as it is.
func sentence(entry person.Entry, r Request, people Directory) string {
	say := func(name string) string { return value(entry, name) }
	switch entry.What {
	case "opened":
		asked := fmt.Sprintf("%s asks for a %s", people.Centres[r.Centre], words(r.Service))
		if r.ReviewedScript {
			asked += " with a copy of the reviewed script"
		}
		return asked + "; the outcome is due by " + until(say("outcomeDue"))
	case "allocated":
		return fmt.Sprintf("the task goes to %s, after %s people were considered", people.performer(say("performer")), say("considered"))
	case "no-performer":
		return "nobody eligible is free; operations are told"
	case "task-completed":
		return people.performer(say("performer")) + " hands the review in"
	case "outcome-published":
		if say("markBefore") == say("markAfter") {
			return "the outcome is published: the mark stays " + say("markAfter")
		}
		return fmt.Sprintf("the outcome is published: mark %s becomes %s", say("markBefore"), say("markAfter"))
	case "award-settled":
		return settlement(entry)
	case "appeal-window-opened":
		return "the centre may appeal until " + until(say("until"))
	case "script-released":
		return "the reviewed script is there for the centre to download"
	case "clock-warned":
		return fmt.Sprintf("the %s clock runs out soon; operations are told", say("clock"))
	case "clock-breached":
		return fmt.Sprintf("THE %s CLOCK RAN OUT at this instant (noticed at %s); operations are told",
			strings.ToUpper(say("clock")), until(say("detected")))
	case "document-stored":
		return "stored: " + words(say("kind"))
	case "mail-sent":
		return fmt.Sprintf("mailed: %s to %s", words(say("kind")), say("to"))
	case "closed":
		return "the appeal window is over; the case is closed"
	default:
		return entry.What
	}
}

// settlement says what the award review came to: grades, then each fee.
func settlement(entry person.Entry) string {
	text := fmt.Sprintf("the award is settled: grade %s stays", value(entry, "gradeBefore"))
	if value(entry, "gradeBefore") != value(entry, "gradeAfter") {
		text = fmt.Sprintf("the award is settled: grade %s becomes %s", value(entry, "gradeBefore"), value(entry, "gradeAfter"))
	}
	for _, fact := range entry.Facts {
		switch fact.Name {
		case "gradeBefore", "gradeAfter", "unitGradeAfter":
		case "unitGradeBefore":
			text += fmt.Sprintf("; unit grade %s becomes %s", fact.Value, value(entry, "unitGradeAfter"))
		default:
			text += fmt.Sprintf("; %s %s", words(fact.Name), fact.Value)
		}
	}
	return text
}

// words writes a code as people say it.
func words(code string) string {
	return strings.NewReplacer("sla-", "deadline ", "html", "(HTML)", "pdf", "(PDF)", "-", " ").Replace(code)
}

// until shows an instant that a fact carries; what is none stays as it is.
func until(text string) string {
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return text
	}
	return moment(at)
}

// instant is when an entry's event truly happened: a breach at the end of its clock, however late it was noticed.
func instant(entry person.Entry) time.Time {
	if at, err := time.Parse(time.RFC3339Nano, value(entry, "instant")); err == nil {
		return at
	}
	return entry.At
}
