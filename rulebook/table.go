package rulebook

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/recourse-exams/recourse/casework/policy"
)

// table is a mapping of a rule file while it is read. Every key is asked for by name and by the type of its value; what
// was never asked for is unknown and a fault. So each key's name, type and place are in one line of code.
type table struct {
	file *file
	// what names the mapping in faults, such as "window".
	what    string
	at      place
	entries []*entry
	// known lists the keys that were asked for, in that order.
	known []string
}

// entry is one key with its value.
type entry struct {
	key   string
	at    place
	value ast.Node
	asked bool
}

// table reads a value as a mapping; ok is false, and a fault is recorded, if it is none.
func (f *file) table(what string, node ast.Node) (t *table, ok bool) {
	var values []*ast.MappingValueNode
	switch node := node.(type) {
	case *ast.MappingNode:
		values = node.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{node}
	default:
		f.fault(placeOf(node), "%s is written as keys and values, such as {clause: clause 1, source: regulations}", what)
		return nil, false
	}
	t = &table{file: f, what: what, at: placeOf(node), entries: make([]*entry, 0, len(values))}
	for _, v := range values {
		key := v.Key.GetToken()
		name := key.Value
		if t.entry(name) != nil {
			f.fault(placeOf(v.Key), "%s has the key %s twice; leave one", what, name)
			continue
		}
		t.entries = append(t.entries, &entry{key: name, at: placeOf(v.Key), value: v.Value})
	}
	return t, true
}

func (t *table) entry(key string) *entry {
	for _, e := range t.entries {
		if e.key == key {
			return e
		}
	}
	return nil
}

// get returns the value of a key, nil if the key is not there or nothing is written after it, which is a fault.
func (t *table) get(key string) ast.Node {
	if !slices.Contains(t.known, key) {
		t.known = append(t.known, key)
	}
	e := t.entry(key)
	if e == nil {
		return nil
	}
	first := !e.asked
	e.asked = true
	if _, null := e.value.(*ast.NullNode); null || e.value == nil {
		if first {
			t.file.fault(e.at, "nothing is written after %s; give a value or leave the key out", key)
		}
		return nil
	}
	if !t.file.plain(e.value) {
		return nil
	}
	return e.value
}

// plain reports whether a value is written out where it stands. Anchors, aliases and tags would let one rule change
// with another, so they are a fault.
func (f *file) plain(node ast.Node) bool {
	switch node.(type) {
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode, *ast.MergeKeyNode:
		f.fault(placeOf(node), "anchors, aliases and tags are not read in a rule file; write the value out")
		return false
	}
	return true
}

// has reports whether the key is written, whatever its value.
func (t *table) has(key string) bool { return t.entry(key) != nil }

// need is get for a key without which there is no rule.
func (t *table) need(key, example string) ast.Node {
	node := t.get(key)
	if node == nil {
		t.missing(key, func() string { return example })
	}
	return node
}

// missing records that a key is not there, unless nothing is written after it, which get has recorded.
func (t *table) missing(key string, example func() string) {
	if !t.has(key) {
		t.fault("%s is missing from %s; write it as %s", key, t.what, example())
	}
}

// place is where a key's value stands, or the table itself if the key is not there.
func (t *table) place(key string) place {
	if e := t.entry(key); e != nil && e.value != nil {
		return placeOf(e.value)
	}
	return t.at
}

// fault records what is wrong with the table as a whole.
func (t *table) fault(format string, args ...any) { t.file.fault(t.at, format, args...) }

// end records every key that nobody asked for.
func (t *table) end() {
	for _, e := range t.entries {
		if !e.asked {
			t.file.fault(e.at, "%s has no key %q; its keys are %s", t.what, e.key, strings.Join(t.known, ", "))
		}
	}
}

// child reads the mapping under a key, if it is there.
func (t *table) child(key string) (child *table, ok bool) {
	node := t.get(key)
	if node == nil {
		return nil, false
	}
	return t.file.table(key, node)
}

// needed reads the mapping under a key, which must be there.
func (t *table) needed(key, example string) (child *table, ok bool) {
	node := t.need(key, example)
	if node == nil {
		return nil, false
	}
	return t.file.table(key, node)
}

// list returns the values of the sequence under a key, none if it is not there.
func (t *table) list(key string) []ast.Node {
	node := t.get(key)
	if node == nil {
		return nil
	}
	sequence, ok := node.(*ast.SequenceNode)
	if !ok {
		t.file.fault(placeOf(node), "%s is a list, such as [a, b]", key)
		return nil
	}
	return slices.DeleteFunc(slices.Clone(sequence.Values), func(node ast.Node) bool { return !t.file.plain(node) })
}

// tables reads the mappings of the sequence under a key. what names one of them.
func (t *table) tables(key, what string) []*table {
	var tables []*table
	for _, node := range t.list(key) {
		if child, ok := t.file.table(what, node); ok {
			tables = append(tables, child)
		}
	}
	return tables
}

// provenance reads where a rule comes from and whether that source confirms it: all three must be written.
func (t *table) provenance() policy.Provenance {
	p := policy.Provenance{Clause: t.text("clause"), Confirmed: t.yes("confirmed")}
	id := t.text("source")
	if id == "" {
		return p
	}
	title, known := t.file.source(id)
	if !known {
		t.file.fault(t.place("source"), "source %q is not in the list of sources; list it with its title", id)
	}
	p.Source = title
	return p
}

// placeOf is where a value begins: of a mapping in block style, at its first key.
func placeOf(node ast.Node) place {
	switch n := node.(type) {
	case *ast.MappingNode:
		if !n.IsFlowStyle && len(n.Values) > 0 {
			return placeOf(n.Values[0].Key)
		}
	case *ast.MappingValueNode:
		return placeOf(n.Key)
	case nil:
		return place{1, 1}
	}
	token := node.GetToken()
	if token == nil || token.Position == nil {
		return place{1, 1}
	}
	return place{token.Position.Line, token.Position.Column}
}

// choices writes the names that a key may have.
func choices[T ~string](names []T) string {
	var b strings.Builder
	for i, name := range names {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprint(&b, string(name))
	}
	return b.String()
}
