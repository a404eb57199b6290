package rulebook

import (
	"strconv"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"github.com/recourse-exams/recourse/casework/calendar"
)

// The library reads 1350.5 into an integer as 1350 and gives no place to the errors of a text's own type. These
// scalars are strict and say where.

// whole is a number written in plain decimal digits.
type whole int

// UnmarshalYAML reads a whole number; fractions, exponents and other bases are refused.
func (w *whole) UnmarshalYAML(node ast.Node) error {
	text := node.GetToken().Value
	value, err := strconv.Atoi(text)
	if node.Type() != ast.IntegerType || err != nil || strconv.Itoa(value) != text {
		return misplaced(node, "expected a whole number here")
	}
	*w = whole(value)
	return nil
}

// day is a civil date.
type day struct{ calendar.Date }

// UnmarshalYAML reads a date like 2026-09-24.
func (d *day) UnmarshalYAML(node ast.Node) error {
	parsed, err := calendar.ParseDate(node.GetToken().Value)
	if err != nil {
		return misplaced(node, err.Error())
	}
	d.Date = parsed
	return nil
}

// clock is a time of day.
type clock struct{ calendar.TimeOfDay }

// UnmarshalYAML reads a time of day like "09:00".
func (c *clock) UnmarshalYAML(node ast.Node) error {
	parsed, err := calendar.ParseTimeOfDay(node.GetToken().Value)
	if err != nil {
		return misplaced(node, err.Error())
	}
	c.TimeOfDay = parsed
	return nil
}

func misplaced(node ast.Node, text string) error {
	return &yaml.SyntaxError{Message: text, Token: node.GetToken()}
}
