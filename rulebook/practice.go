package rulebook

import (
	_ "embed"
	"slices"

	"github.com/goccy/go-yaml/parser"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/policy"
)

// practiceName is the file of how bodies work; it stands beside the sets and is no version of any.
const practiceName = "practice.yaml"

//go:embed practice.yaml
var practiceText []byte

// office is how every body works: the practice of those that have none of their own, and those that have.
type office struct {
	standard policy.Practice
	bodies   []policy.Practice
}

// of is the practice of a body.
func (o office) of(body string) policy.Practice {
	for _, p := range o.bodies {
		if p.Body == body {
			return p
		}
	}
	return o.standard
}

// ParsePractice reads a file of practices as strictly as Parse reads rules: the one of the bodies that have none of their
// own first. The error is a *FileError with every fault at once.
func ParsePractice(name string, text []byte) ([]policy.Practice, error) {
	read, faults := parsePractice(name, text)
	if len(faults) > 0 {
		return nil, &FileError{inOrder(faults)}
	}
	return append([]policy.Practice{read.standard}, read.bodies...), nil
}

func parsePractice(name string, text []byte) (office, []Fault) {
	f := &file{name: name}
	if len(text) > maxFileBytes {
		f.fault(place{1, 1}, "a file of practices has at most %d bytes; this has %d", maxFileBytes, len(text))
		return office{}, f.faults
	}
	if at, deep := tooDeep(text); deep {
		f.fault(at, "brackets stand in one another more than %d deep; a practice needs no more than four", maxNesting)
		return office{}, f.faults
	}
	tree, err := parser.ParseBytes(text, 0)
	if err != nil {
		return office{}, []Fault{formFault(name, err)}
	}
	if len(tree.Docs) != 1 || !isMapping(tree.Docs[0].Body) {
		f.fault(place{1, 1}, "a file of practices is one document of keys and values")
		return office{}, f.faults
	}
	var read office
	if root, ok := f.table("the file", tree.Docs[0].Body); ok {
		read = readOffice(root)
	}
	return read, f.faults
}

func readOffice(t *table) office {
	var o office
	if row, ok := t.needed("default", "{title: …, tasks: […], …}"); ok {
		o.standard = practice(row)
		row.end()
	}
	for _, row := range t.tables("bodies", "a body's practice") {
		body := row.text("body")
		if body != "" && !codeShape.MatchString(body) {
			row.file.fault(row.place("body"), "body is an id in lower case such as cambria; %q is not one", body)
		}
		if slices.ContainsFunc(o.bodies, func(other policy.Practice) bool { return other.Body == body }) {
			row.file.fault(row.place("body"), "%s has two practices; leave one", body)
		}
		own := practice(row)
		own.Body = body
		row.end()
		o.bodies = append(o.bodies, own)
	}
	t.end()
	return o
}

func practice(t *table) policy.Practice {
	return policy.Practice{
		Title: t.text("title"), Tasks: taskPractices(t), Remind: reminders(t, "remind"), Escalations: escalations(t),
		SecondLook: secondLook(t), Monitoring: t.whole("monitoring", 0, 100), Quiet: quietHours(t), Chase: reminders(t, "chase"),
	}
}

// taskUnits are the units of a task's deadlines: days, that end while people work.
func taskUnits() []policy.Unit { return []policy.Unit{policy.WorkingDays, policy.CalendarDays} }

func taskPractices(t *table) []policy.TaskPractice {
	t.need("tasks", "a list of {kind: review, startBy: …, completeBy: …, ahead: 2}")
	var list []policy.TaskPractice
	for _, row := range t.tables("tasks", "a kind of task") {
		task := policy.TaskPractice{
			Kind: choice(row, "kind", casework.TaskKinds()), StartBy: within(row, "startBy"), CompleteBy: within(row, "completeBy"),
			Ahead: row.whole("ahead", 0, 30),
		}
		if slices.ContainsFunc(list, func(other policy.TaskPractice) bool { return other.Kind == task.Kind }) && task.Kind != "" {
			row.file.fault(row.place("kind"), "%s has two practices; leave one", task.Kind)
		}
		row.end()
		list = append(list, task)
	}
	for _, kind := range casework.TaskKinds() {
		if t.has("tasks") && !slices.ContainsFunc(list, func(task policy.TaskPractice) bool { return task.Kind == kind }) {
			t.file.fault(t.place("tasks"), "the kind %s is missing from tasks; say by when such a task is begun and done", kind)
		}
	}
	return list
}

// within reads how long somebody has for something, until a time of day at which people work.
func within(t *table, key string) policy.Span {
	row, ok := t.needed(key, "{amount: 2, unit: working-days, cutoff: \"17:00\"}")
	if !ok {
		return policy.Span{}
	}
	s := span(row, taskUnits())
	row.end()
	return s
}

// reminders reads points before a deadline, in days or in hours.
func reminders(t *table, key string) []policy.WarnRule {
	var points []policy.WarnRule
	for _, row := range t.tables(key, "a point of "+key) {
		points = append(points, point(row))
	}
	return points
}

// point reads one point before an end: in days at a time of day, or in hours.
func point(t *table) policy.WarnRule {
	w := policy.WarnRule{DaysBefore: t.wholeIf("daysBefore", longest), HoursBefore: t.wholeIf("hoursBefore", longest)}
	if node := t.get("at"); node != nil {
		w.At = t.timeOfDay("at", node)
	} else if w.DaysBefore > 0 {
		t.missing("at", func() string { return "a time of day such as \"09:00\"" })
	}
	t.end()
	if err := w.Check(); err != nil {
		t.fault("%v", err)
	}
	return w
}

// audience is who is told of a deadline that has passed, as files spell it.
type audience string

// audiences lists whom a file may name.
func audiences() []audience { return []audience{"lead", "chief", "operations"} }

// act is what tells them.
func (a audience) act() casework.Act {
	switch a {
	case "lead":
		return casework.ActEscalateLead
	case "chief":
		return casework.ActEscalateChief
	case "operations":
		return casework.ActEscalateOperations
	default:
		return ""
	}
}

func escalations(t *table) []policy.Escalation {
	var list []policy.Escalation
	for _, row := range t.tables("escalate", "an escalation") {
		e := policy.Escalation{Act: choice(row, "to", audiences()).act(), WorkingDays: row.whole("workingDays", 0, 30)}
		if slices.ContainsFunc(list, func(other policy.Escalation) bool { return other.Act == e.Act }) && e.Act != "" {
			row.file.fault(row.place("to"), "%s stands twice; leave one", row.entry("to").value.String())
		}
		if n := len(list); n > 0 && e.WorkingDays < list[n-1].WorkingDays {
			row.file.fault(row.place("workingDays"), "whoever is told later stands later; give at least %d", list[n-1].WorkingDays)
		}
		row.end()
		list = append(list, e)
	}
	return list
}

func secondLook(t *table) policy.SecondLookRule {
	row, ok := t.child("secondLook")
	if !ok {
		return policy.SecondLookRule{}
	}
	rule := policy.SecondLookRule{
		Services: chosen(row, "services", casework.Services()),
		Marks:    row.wholeIf("marks", longest), Percent: row.wholeIf("percent", 100), Rank: rank(row),
	}
	if rule.Marks == 0 && rule.Percent == 0 {
		row.fault("a second look needs a threshold; write marks, percent or both")
	}
	row.end()
	return rule
}

func quietHours(t *table) policy.Quiet {
	row, ok := t.child("quietHours")
	if !ok {
		return policy.Quiet{}
	}
	var q policy.Quiet
	if node := row.need("from", "a time of day such as \"20:00\""); node != nil {
		q.From = row.timeOfDay("from", node)
	}
	if node := row.need("until", "a time of day such as \"07:30\""); node != nil {
		q.Until = row.timeOfDay("until", node)
	}
	row.end()
	if err := q.Check(); err != nil {
		row.fault("%v", err)
	}
	return q
}

// strangers demands that every body with a practice of its own has rules.
func strangers(name string, o office, editions []edition) []Fault {
	var faults []Fault
	for _, p := range o.bodies {
		if !slices.ContainsFunc(editions, func(e edition) bool { return e.policy.Body == p.Body }) {
			faults = append(faults, Fault{File: name, Line: 1, Column: 1, Text: "no set of rules is of body " + p.Body + "; write its id as the sets do"})
		}
	}
	return faults
}
