package intake

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/recourse-exams/recourse/casework/calendar"
)

// column says how one column of a file fills a row of type R.
type column[R any] struct {
	name     string
	optional bool
	read     func(into *R, value string, day calendar.Date) error
}

func text[R any](name string, field func(*R) *string) column[R] {
	return column[R]{name: name, read: func(into *R, value string, _ calendar.Date) error {
		*field(into) = value
		return nil
	}}
}

// word is text of a named string type.
func word[R any, S ~string](name string, field func(*R) *S) column[R] {
	return column[R]{name: name, read: func(into *R, value string, _ calendar.Date) error {
		*field(into) = S(value)
		return nil
	}}
}

func number[R any](name string, field func(*R) *int) column[R] {
	return column[R]{name: name, read: func(into *R, value string, _ calendar.Date) error {
		n, err := strconv.ParseUint(value, 10, 31)
		if err != nil {
			return fmt.Errorf("%q is not a whole number", value)
		}
		*field(into) = int(n)
		return nil
	}}
}

func yesNo[R any](name string, field func(*R) *bool) column[R] {
	return column[R]{name: name, read: func(into *R, value string, _ calendar.Date) error {
		switch value {
		case "yes":
			*field(into) = true
		case "no":
			*field(into) = false
		default:
			return fmt.Errorf("%q is neither yes nor no", value)
		}
		return nil
	}}
}

func date[R any](name string, set func(*R, calendar.Date) error) column[R] {
	return column[R]{name: name, read: func(into *R, value string, day calendar.Date) error {
		d, err := ParseDay(value, day)
		if err != nil {
			return err
		}
		return set(into, d)
	}}
}

// list splits a field by a separator; no part may be empty.
func list[R any, S ~string](name, separator string, field func(*R) *[]S) column[R] {
	return column[R]{name: name, read: func(into *R, value string, _ calendar.Date) error {
		var parts []S
		for part := range strings.SplitSeq(value, separator) {
			part = strings.TrimSpace(part)
			if part == "" {
				return fmt.Errorf("a part between two %q is empty", separator)
			}
			parts = append(parts, S(part))
		}
		*field(into) = parts
		return nil
	}}
}

func optional[R any](c column[R]) column[R] {
	c.optional = true
	return c
}

// take checks a field's form and gives it to the row.
func (c column[R]) take(into *R, value string, day calendar.Date) error {
	if value == "" {
		if c.optional {
			return nil
		}
		return fmt.Errorf("%s is empty", c.name)
	}
	if err := wellFormed(value); err != nil {
		return err
	}
	return c.read(into, value, day)
}

// wellFormed refuses what nobody means to write: broken UTF-8, control characters, spaces around a value.
func wellFormed(value string) error {
	if !utf8.ValidString(value) {
		return errors.New("the field is not UTF-8; save the file as “CSV UTF-8”")
	}
	if strings.ContainsFunc(value, unicode.IsControl) {
		return fmt.Errorf("%q holds a control character or a line break", value)
	}
	if strings.TrimSpace(value) != value {
		return fmt.Errorf("%q has a space before or after it", value)
	}
	return nil
}
