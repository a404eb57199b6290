package ops

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/docket"
)

// moment writes an instant as London's clocks show it; empty for the zero instant.
func moment(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.In(calendar.London()).Format("Mon 2 Jan 2006, 15:04")
}

// day writes London's date at an instant.
func day(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.In(calendar.London()).Format("Mon 2 Jan 2006")
}

// away says how far an instant lies from now: "in 3 hours", "2 days ago".
func away(now, at time.Time) string {
	distance := at.Sub(now)
	if distance < 0 {
		return lasting(-distance) + " ago"
	}
	return "in " + lasting(distance)
}

// lasting writes a length of time in its largest unit, rounded down: nobody is told that there is more time than there
// is.
func lasting(d time.Duration) string {
	const fullDay = 24 * time.Hour
	switch {
	case d >= 2*fullDay:
		return fmt.Sprintf("%d days", d/fullDay)
	case d >= 2*time.Hour:
		return fmt.Sprintf("%d hours", d/time.Hour)
	case d >= 2*time.Minute:
		return fmt.Sprintf("%d minutes", d/time.Minute)
	default:
		return "a moment"
	}
}

// words writes a code as people read it.
func words[T ~string](code T) string {
	if string(code) == string(docket.NoteEMail) {
		return string(code)
	}
	return strings.ReplaceAll(string(code), "-", " ")
}

// wordsOf is words for templates, which know no type parameters.
func wordsOf(code any) string { return words(fmt.Sprint(code)) }

// spelled writes the name of a fact, such as "outcomeDue" or "due-by", in words.
func spelled(name string) string {
	var out strings.Builder
	for _, letter := range name {
		if unicode.IsUpper(letter) {
			out.WriteByte(' ')
		}
		out.WriteRune(unicode.ToLower(letter))
	}
	return words(out.String())
}

// size writes how large a file is, rounded up to a whole unit.
func size(bytes int64) string {
	const unit = 1000
	switch {
	case bytes >= unit*unit:
		return fmt.Sprintf("%d MB", (bytes+unit*unit-1)/(unit*unit))
	case bytes >= unit:
		return fmt.Sprintf("%d kB", (bytes+unit-1)/unit)
	default:
		return fmt.Sprintf("%d bytes", bytes)
	}
}

// capital begins a sentence.
func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// reading is what the awarding body calls the states of a task.
func reading(state casework.TaskState) string {
	switch state {
	case casework.TaskReady:
		return "in the pool: nobody holds it"
	case casework.TaskReserved:
		return "given out, not started"
	case casework.TaskInProgress:
		return "started"
	case casework.TaskSuspended:
		return "suspended"
	case casework.TaskCompleted:
		return "completed"
	case casework.TaskWithdrawn:
		return "withdrawn"
	default:
		return words(state)
	}
}
