package api

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
)

// shape checks values against the contract's schemas and collects every way in which they do not fit. It knows the
// keywords that openapi.yaml uses for what clients send; a test keeps the two together.
type shape struct {
	patterns map[string]*regexp.Regexp
	reasons  []casework.Reason
}

func (s *shape) fault(code, pointer, detail, remedy string) {
	s.reasons = append(s.reasons, casework.Reason{Code: code, Pointer: pointer, Detail: detail, Remedy: remedy})
}

// check compares a value, as parseDocument reads it, with a schema.
func (s *shape) check(value any, schema *openapi3.Schema, pointer string) {
	switch {
	case schema.Type.Is("object"):
		if object, ok := value.(map[string]any); ok {
			s.object(object, schema, pointer)
			return
		}
	case schema.Type.Is("array"):
		if array, ok := value.([]any); ok {
			s.array(array, schema, pointer)
			return
		}
	case schema.Type.Is("string"):
		if text, ok := value.(string); ok {
			s.text(text, schema, pointer)
			return
		}
	case schema.Type.Is("integer"):
		if number, ok := value.(json.Number); ok {
			s.integer(number, schema, pointer)
			return
		}
	case schema.Type.Is("boolean"):
		if _, ok := value.(bool); ok {
			return
		}
	}
	wanted := strings.Join(schema.Type.Slice(), " or ")
	s.fault("wrong-type", pointer, fmt.Sprintf("%s is %s; the contract wants %s.", named(pointer), kindOf(value), article(wanted)), "Send "+article(wanted)+".")
}

func (s *shape) object(object map[string]any, schema *openapi3.Schema, pointer string) {
	names := make([]string, 0, len(object))
	for name := range object {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		property, known := schema.Properties[name]
		if !known {
			s.fault("unknown-field", child(pointer, name), fmt.Sprintf("The field %q is not known here.", name), "Remove it, or correct its name.")
			continue
		}
		s.check(object[name], property.Value, child(pointer, name))
	}
	for _, name := range schema.Required {
		if _, given := object[name]; !given {
			s.fault("missing-field", child(pointer, name), fmt.Sprintf("The field %q is missing.", name), strings.TrimSpace("Send it. "+schema.Properties[name].Value.Description))
		}
	}
}

func (s *shape) array(array []any, schema *openapi3.Schema, pointer string) {
	if uint64(len(array)) < schema.MinItems {
		s.fault("value-not-allowed", pointer, fmt.Sprintf("%s has %d entries.", named(pointer), len(array)), fmt.Sprintf("Send at least %d.", schema.MinItems))
		return
	}
	if schema.MaxItems != nil && uint64(len(array)) > *schema.MaxItems {
		s.fault("value-not-allowed", pointer, fmt.Sprintf("%s has %d entries.", named(pointer), len(array)), fmt.Sprintf("Send at most %d.", *schema.MaxItems))
		return
	}
	for i, value := range array {
		s.check(value, schema.Items.Value, fmt.Sprintf("%s/%d", pointer, i))
	}
}

func (s *shape) text(text string, schema *openapi3.Schema, pointer string) {
	if len(schema.Enum) > 0 && !slices.Contains(schema.Enum, any(text)) {
		s.fault("value-not-allowed", pointer, fmt.Sprintf("%q is not one of the values of %s.", text, named(pointer)), "Send one of: "+words(schema.Enum)+".")
		return
	}
	if !storable(text) {
		s.fault("value-not-allowed", pointer, fmt.Sprintf("%s holds a NUL character or bytes that are not UTF-8.", named(pointer)), "Send text in UTF-8 without NUL characters.")
		return
	}
	length := uint64(utf8.RuneCountInString(text))
	if length < schema.MinLength || schema.MaxLength != nil && length > *schema.MaxLength {
		s.fault("value-not-allowed", pointer, fmt.Sprintf("%s has %d characters.", named(pointer), length), lengths(schema))
		return
	}
	if length > 0 && strings.TrimSpace(text) == "" && schema.Pattern == wordy {
		s.fault("value-not-allowed", pointer, named(pointer)+" holds nothing but spaces.", "Write at least a word.")
		return
	}
	if pattern, ok := s.patterns[schema.Pattern]; ok && !pattern.MatchString(text) {
		s.fault("value-not-allowed", pointer, fmt.Sprintf("%q has not the form of %s.", text, named(pointer)), strings.TrimSpace(form(schema)+" "+schema.Description))
		return
	}
	if schema.Format == "date" {
		if _, err := calendar.ParseDate(text); err != nil {
			s.fault("value-not-allowed", pointer, fmt.Sprintf("%q, the value of %s, is not a date.", text, named(pointer)), "Write the day like 2026-09-24.")
		}
	}
}

// wordy is the contract's pattern of a text that says something.
const wordy = `\S`

// form says how a value with a pattern is written: by the contract's example, or by the pattern where it has none.
func form(schema *openapi3.Schema) string {
	if schema.Example != nil {
		return fmt.Sprintf("Write it like %v.", schema.Example)
	}
	return "Write it so that it matches " + schema.Pattern + "."
}

// storable reports whether the register can hold a text: PostgreSQL takes neither NUL nor broken UTF-8.
func storable(text string) bool { return utf8.ValidString(text) && !strings.ContainsRune(text, 0) }

func (s *shape) integer(number json.Number, schema *openapi3.Schema, pointer string) {
	value, err := number.Int64()
	if err != nil {
		s.fault("wrong-type", pointer, fmt.Sprintf("%s is %s, which is not a whole number.", named(pointer), number), "Send a whole number.")
		return
	}
	if schema.Min != nil && float64(value) < *schema.Min || schema.Max != nil && float64(value) > *schema.Max {
		s.fault("value-not-allowed", pointer, fmt.Sprintf("%s is %d.", named(pointer), value), bounds(schema))
	}
}

func lengths(schema *openapi3.Schema) string {
	if schema.MaxLength == nil {
		return fmt.Sprintf("Send at least %d.", schema.MinLength)
	}
	return fmt.Sprintf("Send %d to %d characters.", schema.MinLength, *schema.MaxLength)
}

func bounds(schema *openapi3.Schema) string {
	switch {
	case schema.Min == nil:
		return fmt.Sprintf("Send at most %.0f.", *schema.Max)
	case schema.Max == nil:
		return fmt.Sprintf("Send at least %.0f.", *schema.Min)
	default:
		return fmt.Sprintf("Send %.0f to %.0f.", *schema.Min, *schema.Max)
	}
}

func words(values []any) string {
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = fmt.Sprint(value)
	}
	return strings.Join(texts, ", ")
}

// named is how a sentence calls the field at a pointer; parameters have their plain name for a pointer.
func named(pointer string) string {
	if pointer == "" {
		return "The body"
	}
	return strings.TrimPrefix(pointer, "/")
}

func article(kind string) string {
	switch kind {
	case "object", "array", "integer":
		return "an " + kind
	default:
		return "a " + kind
	}
}

func kindOf(value any) string {
	switch value.(type) {
	case nil:
		return "null"
	case bool:
		return "a boolean"
	case string:
		return "a string"
	case json.Number:
		return "a number"
	case []any:
		return "an array"
	default:
		return "an object"
	}
}
