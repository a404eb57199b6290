package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/recourse-exams/recourse/casework"
)

// maxNesting is deeper than any body of the contract.
const maxNesting = 16

// parseDocument reads exactly one JSON object: nothing after it, no name twice. Numbers stay json.Number. The decoder
// would put a mark in the place of bytes that are not UTF-8, and keep what nobody wrote.
func parseDocument(body []byte) (map[string]any, error) {
	if at := bytes.IndexRune(body, utf8.RuneError); !utf8.Valid(body) {
		return nil, malformed(body, int64(at), "bytes that are not UTF-8")
	}
	if err := json.Unmarshal(body, new(json.RawMessage)); err != nil {
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			return nil, malformed(body, syntax.Offset-1, err.Error())
		}
		return nil, malformed(body, 0, err.Error())
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	value, err := parseValue(decoder, "", 0)
	if err != nil {
		return nil, malformed(body, decoder.InputOffset()-1, err.Error())
	}
	object, ok := value.(map[string]any)
	if !ok {
		return nil, newProblem("wrong-type", "The body is not a JSON object.",
			casework.Reason{Code: "wrong-type", Detail: "The body is " + kindOf(value) + ", not an object.", Remedy: "Send a JSON object."})
	}
	return object, nil
}

func parseValue(decoder *json.Decoder, pointer string, depth int) (any, error) {
	if depth > maxNesting {
		return nil, fmt.Errorf("it is nested more than %d deep", maxNesting)
	}
	token, err := decoder.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		return parseObject(decoder, pointer, depth)
	case json.Delim('['):
		return parseArray(decoder, pointer, depth)
	}
	return token, nil
}

func parseObject(decoder *json.Decoder, pointer string, depth int) (any, error) {
	object := map[string]any{}
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		// The syntax was checked before, so a name is a string.
		name, _ := token.(string)
		if _, twice := object[name]; twice {
			return nil, fmt.Errorf("the name %s occurs twice", child(pointer, name))
		}
		if object[name], err = parseValue(decoder, child(pointer, name), depth+1); err != nil {
			return nil, err
		}
	}
	_, err := decoder.Token()
	return object, err
}

func parseArray(decoder *json.Decoder, pointer string, depth int) (any, error) {
	array := []any{}
	for decoder.More() {
		value, err := parseValue(decoder, fmt.Sprintf("%s/%d", pointer, len(array)), depth+1)
		if err != nil {
			return nil, err
		}
		array = append(array, value)
	}
	_, err := decoder.Token()
	return array, err
}

// malformed says at which byte the body stops being usable; lines and columns count from 1, columns in bytes.
func malformed(body []byte, at int64, what string) *problem {
	before := body[:min(max(at, 0), int64(len(body)))]
	line := 1 + bytes.Count(before, []byte("\n"))
	column := len(before) - bytes.LastIndexByte(before, '\n')
	detail := fmt.Sprintf("The body is not usable JSON at line %d, column %d: %s.", line, column, what)
	return newProblem("malformed-json", detail, casework.Reason{Code: "malformed-json", Detail: detail, Remedy: "Correct the body there."})
}

// child extends a JSON pointer (RFC 6901) by a name.
func child(pointer, name string) string {
	return pointer + "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
}
