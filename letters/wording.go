package letters

import (
	"fmt"
	"strings"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/fee"
)

// fictional ends the name of an awarding body that does not exist.
const fictional = "(fictional)"

// body is an awarding body's name as its letters show it.
type body struct {
	Name string
	// Note marks demonstration data; it is empty for a real body.
	Note string
}

func viewBody(name string) body {
	name = line(name)
	if name, found := strings.CutSuffix(name, fictional); found {
		name = strings.TrimSpace(name)
		return body{Name: name, Note: "Demonstration data: " + name + " is a fictional awarding body."}
	}
	return body{Name: name}
}

// day writes the London date of an instant, as "Thursday 10 December 2026".
func day(t time.Time) string { return calendar.DateOf(t).Long() }

// moment writes an instant to the minute, as "14:05 on Thursday 10 December 2026".
func moment(t time.Time) string { return t.In(calendar.London()).Format("15:04") + " on " + day(t) }

// lastDay writes the day that an exclusive end still includes.
func lastDay(ends time.Time) string { return day(ends.Add(-time.Nanosecond)) }

// span writes a length of time in its two largest units, as "1 day 2 hours"; less than a minute is "0 minutes".
func span(d time.Duration) string {
	const dayLong = 24 * time.Hour
	units := []struct {
		name string
		long time.Duration
	}{{"day", dayLong}, {"hour", time.Hour}, {"minute", time.Minute}}
	var parts []string
	for _, u := range units {
		if n := d / u.long; n > 0 {
			parts = append(parts, count(int(n), u.name))
		}
		d %= u.long
	}
	if len(parts) == 0 {
		return "0 minutes"
	}
	return strings.Join(parts[:min(2, len(parts))], " ")
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// and joins words as a sentence does: "a, b and c".
func and(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// feeName spells out a fee's code.
func feeName(code fee.Code) string {
	switch code {
	case "reviewed-script":
		return "Copy of the reviewed script"
	case "clerical-check", "review-of-marking":
		return casework.Service(code).Short()
	default:
		words := strings.ReplaceAll(string(code), "-", " ")
		return strings.ToUpper(words[:min(1, len(words))]) + words[min(1, len(words)):]
	}
}

// clockName is what a clock measures, as operations read it.
func clockName(id casework.ClockID) string {
	switch id {
	case casework.ClockOutcome:
		return "outcome"
	case casework.ClockScript:
		return "reviewed script"
	case casework.ClockWindow:
		return "appeal window"
	case casework.ClockConsentInspection:
		return "consent inspection"
	default:
		return string(id)
	}
}

// lower writes a service within a sentence: "review of marking".
func lower(s casework.Service) string { return strings.ToLower(s.Short()) }

// money writes an amount as "£1,240.00".
func money(p fee.Pence) string {
	pounds, pence, _ := strings.Cut(p.String(), ".")
	for at := len(pounds) - len("000"); at > strings.Index(pounds, "£")+len("£"); at -= len("000") {
		pounds = pounds[:at] + "," + pounds[at:]
	}
	return pounds + "." + pence
}
