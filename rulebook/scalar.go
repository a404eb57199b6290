package rulebook

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"github.com/recourse-exams/recourse/casework/calendar"
)

// text reads a text that must be there. A number or a yes is none: it must be written in quotes.
func (t *table) text(key string) string {
	node := t.need(key, "a text")
	if node == nil {
		return ""
	}
	return t.file.text(key, node)
}

// textIf reads a text that may be left out.
func (t *table) textIf(key string) string {
	node := t.get(key)
	if node == nil {
		return ""
	}
	return t.file.text(key, node)
}

// text reads a value as a text, empty with a fault if it is none.
func (f *file) text(what string, node ast.Node) string {
	written, ok := node.(*ast.StringNode)
	if !ok {
		f.fault(placeOf(node), "%s is a text; put it in quotes if it looks like a number or a yes", what)
		return ""
	}
	if strings.TrimSpace(written.Value) == "" {
		f.fault(placeOf(node), "%s is empty; write its text", what)
		return ""
	}
	return written.Value
}

// yes reads true or false, which must be there.
func (t *table) yes(key string) bool {
	node := t.need(key, "true or false")
	if node == nil {
		return false
	}
	return t.file.yes(key, node)
}

// yesIf reads true or false; left out it is false.
func (t *table) yesIf(key string) bool {
	node := t.get(key)
	return node != nil && t.file.yes(key, node)
}

func (f *file) yes(what string, node ast.Node) bool {
	written, ok := node.(*ast.BoolNode)
	if !ok || written.Token.Value != "true" && written.Token.Value != "false" {
		f.fault(placeOf(node), "%s is true or false; %q is neither", what, node.GetToken().Value)
		return false
	}
	return written.Value
}

// whole reads a whole number in plain decimal digits from low to high, which must be there.
func (t *table) whole(key string, low, high int) int {
	node := t.need(key, "a whole number")
	if node == nil {
		return low
	}
	return t.file.whole(key, node, low, high)
}

// wholeIf reads a whole number from 1 to high that may be left out; it is then 0.
func (t *table) wholeIf(key string, high int) int {
	node := t.get(key)
	if node == nil {
		return 0
	}
	return t.file.whole(key, node, 1, high)
}

func (f *file) whole(what string, node ast.Node, low, high int) int {
	text := node.GetToken().Value
	value, err := strconv.Atoi(text)
	_, written := node.(*ast.IntegerNode)
	switch {
	case !written || err != nil || strconv.Itoa(value) != text:
		f.fault(placeOf(node), "%s is a whole number in decimal digits; %q is not", what, text)
	case value < low || high < value:
		f.fault(placeOf(node), "%s is from %d to %d; %d is not", what, low, high, value)
	default:
		return value
	}
	return low
}

// day reads a date, which must be there.
func (t *table) day(key string) calendar.Date {
	node := t.need(key, "a date such as 2026-09-24")
	if node == nil {
		return calendar.Date{}
	}
	return t.file.day(key, node)
}

// dayIf reads a date that may be left out; it is then zero.
func (t *table) dayIf(key string) calendar.Date {
	node := t.get(key)
	if node == nil {
		return calendar.Date{}
	}
	return t.file.day(key, node)
}

// day reads a date that the calendar of bank holidays covers: beyond it no deadline can be computed.
func (f *file) day(what string, node ast.Node) calendar.Date {
	parsed, err := calendar.ParseDate(node.GetToken().Value)
	if err != nil {
		f.fault(placeOf(node), "%s: %v", what, err)
		return calendar.Date{}
	}
	f.covered(what, node, parsed)
	return parsed
}

// covered demands that the bank holidays of a date are known.
func (f *file) covered(what string, node ast.Node, date calendar.Date) {
	first, last := calendar.BankHolidays().Covers()
	if date.Before(first) || last.Before(date) {
		f.fault(placeOf(node), "%s: the bank holidays are known from %s to %s, so nothing can be computed for %s; give a date among them, or add the years first", what, first, last, date)
	}
}

// instantIf reads an instant in London's time that may be left out; it is then zero. The calendar covers its day.
func (t *table) instantIf(key string) time.Time {
	node := t.get(key)
	if node == nil {
		return time.Time{}
	}
	at, err := calendar.ParseInstant(node.GetToken().Value)
	if err != nil {
		t.file.fault(placeOf(node), "%s: %v", key, err)
		return time.Time{}
	}
	t.file.covered(key, node, calendar.DateOf(at))
	return at
}

// timeOfDay reads a time of day like "09:00".
func (t *table) timeOfDay(key string, node ast.Node) calendar.TimeOfDay {
	parsed, err := calendar.ParseTimeOfDay(node.GetToken().Value)
	if err != nil {
		t.file.fault(placeOf(node), "%s: %v", key, err)
	}
	return parsed
}

// choice reads a name out of a list, which must be there.
func choice[T ~string](t *table, key string, names []T) T {
	node := t.get(key)
	if node == nil {
		t.missing(key, func() string { return "one of " + choices(names) })
		return ""
	}
	return oneOf(t.file, key, node, names)
}

// chosen reads the names of a list, each out of a longer list and none twice. It must name at least one.
func chosen[T ~string](t *table, key string, names []T) []T {
	node := t.get(key)
	if node == nil {
		t.missing(key, func() string { return "a list of " + choices(names) })
		return nil
	}
	list := chosenIf(t, key, names)
	if sequence, ok := node.(*ast.SequenceNode); ok && len(sequence.Values) == 0 {
		t.file.fault(placeOf(node), "%s is empty; name one of %s", key, choices(names))
	}
	return list
}

// chosenIf is chosen for a list that may be left out or be empty.
func chosenIf[T ~string](t *table, key string, names []T) []T {
	var list []T
	for _, node := range t.list(key) {
		name := oneOf(t.file, key, node, names)
		if name != "" && slices.Contains(list, name) {
			t.file.fault(placeOf(node), "%s names %s twice; leave one", key, name)
		}
		list = append(list, name)
	}
	return list
}

// oneOf reads a name out of a list, empty with a fault if it is not one of them.
func oneOf[T ~string](f *file, what string, node ast.Node, names []T) T {
	written, ok := node.(*ast.StringNode)
	if ok && slices.Contains(names, T(written.Value)) {
		return T(written.Value)
	}
	f.fault(placeOf(node), "%s %q is not one of %s", what, node.GetToken().Value, choices(names))
	return ""
}
