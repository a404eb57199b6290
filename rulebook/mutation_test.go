package rulebook_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/policy"
	"github.com/recourse-exams/recourse/rulebook"
)

// leaf is one place of a rule file: the keys that lead there, and what stands there.
type leaf struct {
	path  []any // keys and positions
	value any
}

func (l leaf) String() string {
	var words []string
	for _, step := range l.path {
		words = append(words, fmt.Sprint(step))
	}
	return strings.Join(words, ".")
}

// key is the last key on the way.
func (l leaf) key() string {
	for _, step := range slices.Backward(l.path) {
		if key, ok := step.(string); ok {
			return key
		}
	}
	return ""
}

// document reads the published file without knowing what it means.
func document(t *testing.T) yaml.MapSlice {
	t.Helper()
	var doc yaml.MapSlice
	require.NoError(t, yaml.UnmarshalWithOptions([]byte(published(t)), &doc, yaml.UseOrderedMap()))
	return doc
}

// places lists every key and every list's entry of a document.
func places(at []any, value any) []leaf {
	var all []leaf
	visit := func(step, inner any) {
		path := append(slices.Clone(at), step)
		all = append(all, leaf{path, inner})
		all = append(all, places(path, inner)...)
	}
	switch value := value.(type) {
	case yaml.MapSlice:
		for _, item := range value {
			visit(item.Key, item.Value)
		}
	case []any:
		for i, inner := range value {
			visit(i, inner)
		}
	}
	return all
}

// telling are the places of a document without all but the first of the many codes that are spelled out alike.
func telling(doc yaml.MapSlice) []leaf {
	return slices.DeleteFunc(places(nil, doc), func(l leaf) bool {
		lists := []any{"changeReasons", "unchangedReasons", "checks"}
		return len(l.path) > 1 && slices.Contains(lists, l.path[0]) && l.path[1] != 0
	})
}

// changed copies a document with another value at a place; removed takes the place out.
func changed(doc any, path []any, to any) any {
	if len(path) == 0 {
		return to
	}
	switch doc := doc.(type) {
	case yaml.MapSlice:
		var out yaml.MapSlice
		for _, item := range doc {
			if item.Key == path[0] {
				if item.Value = changed(item.Value, path[1:], to); item.Value == (removed{}) {
					continue
				}
			}
			out = append(out, item)
		}
		return out
	case []any:
		var out []any
		for i, inner := range doc {
			if i == path[0] {
				if inner = changed(inner, path[1:], to); inner == (removed{}) {
					continue
				}
			}
			out = append(out, inner)
		}
		return out
	}
	return doc
}

type removed struct{}

func parseDocument(t *testing.T, doc any) (policy.Policy, error) {
	t.Helper()
	text, err := yaml.Marshal(doc)
	require.NoError(t, err)
	return rulebook.Parse("cambria.yaml", text)
}

// TestParse_ADocumentWrittenAnewIsTheSamePolicy is what the tests below rest on.
func TestParse_ADocumentWrittenAnewIsTheSamePolicy(t *testing.T) {
	t.Parallel()
	want, err := rulebook.Parse("cambria.yaml", []byte(published(t)))
	require.NoError(t, err)
	got, err := parseDocument(t, document(t))
	require.NoError(t, err)
	require.Equal(t, want, got)
}

// named lists what a missing key is called in the fault about it, where it is not called by its name.
var named = map[string]string{
	"id": "a source has an id", "service": `service ""`, "code": `"" is not one`, "body": `the body is an id`,
	"kind": `kind of clock ""`, "changeReasons": "", "unchangedReasons": "", "checklist": "the list is empty", "checks": "spelled out nowhere",
	"sources": "is not in the list of sources", "services": "no service", "tariff": "the tariff has 0 prices", "waiver": "strategy",
	"reviewedScript": "the tariff has 0 prices", "appealWindow": `kind of clock ""`, "opens": "the rule names no", "once": "the rule names no",
	"window": "anchor", "consent": "required is missing", "objectiveTests": "allowed is missing", "outcome": "kind of clock", "completion": "the list is empty",
	"delivery": "kind of clock", "invoices": "the rule names no months", "version": "a version is written", "fee": `fee`,
	"daysBefore": "warn", "hoursBefore": "warn", "at": "warn",
}

// optional are the keys that a rule file may do without: a service need not be contained in another, and a clock
// need not warn.
var optional = []string{"containedIn", "warn"}

// TestParse_EachKeyIsMissedByName takes every key of the published file away in turn.
func TestParse_EachKeyIsMissedByName(t *testing.T) {
	t.Parallel()
	doc := document(t)
	removals := 0
	for _, at := range telling(doc) {
		key, isKey := at.path[len(at.path)-1].(string)
		if !isKey {
			continue
		}
		removals++
		_, err := parseDocument(t, changed(doc, at.path, removed{}))
		if slices.Contains(optional, key) {
			require.NoError(t, err, at)
			continue
		}
		called, ok := named[key]
		if !ok {
			called = key
		}
		require.Error(t, err, at)
		require.Contains(t, err.Error(), called, at)
	}
	require.Greater(t, removals, 120, "the file has that many keys")
}

// TestParse_EachValueIsMissedWhenItIsNothing writes nothing at every place: as null, and as an empty text.
func TestParse_EachValueIsMissedWhenItIsNothing(t *testing.T) {
	t.Parallel()
	doc := document(t)
	for _, at := range telling(doc) {
		if slices.Contains(optional, at.key()) && len(at.path) > 0 && at.path[len(at.path)-1] == at.key() {
			continue
		}
		_, err := parseDocument(t, changed(doc, at.path, nil))
		require.Error(t, err, "null at %s", at)
		if _, isText := at.value.(string); isText {
			_, err = parseDocument(t, changed(doc, at.path, ""))
			require.Error(t, err, "nothing at %s", at)
		}
	}
}

// raw is written into the file as it stands.
type raw string

func (r raw) MarshalYAML() ([]byte, error) { return []byte(r), nil }

// TestParse_EachNumberIsAWholeOneInItsRange puts what is no such number at the place of each number.
func TestParse_EachNumberIsAWholeOneInItsRange(t *testing.T) {
	t.Parallel()
	doc := document(t)
	numbers := 0
	for _, at := range telling(doc) {
		switch at.value.(type) {
		case int, int64, uint64:
		default:
			continue
		}
		numbers++
		for _, wrong := range []raw{"-1", "1.5", "1e1", "0x0a", "0o12", "1_0", "+5", "ten", `"10"`, "true", "[1]", "{a: 1}", ".inf", "99999999999999999999"} {
			_, err := parseDocument(t, changed(doc, at.path, wrong))
			require.Error(t, err, "%s at %s", wrong, at)
		}
		if at.key() != "pence" {
			_, err := parseDocument(t, changed(doc, at.path, 1001))
			require.Error(t, err, "1001 at %s", at)
		}
	}
	require.Greater(t, numbers, 20)
}

// TestParse_EachNameIsOneOfItsList puts other names at the place of each unit, kind, anchor, strategy and service.
func TestParse_EachNameIsOneOfItsList(t *testing.T) {
	t.Parallel()
	doc := document(t)
	wrong := map[string][]string{
		"unit": {"days", "Hours", "months", "calendar days"}, "kind": {"SLA", "deadline", "duty"}, "anchor": {"a-level-release", "receipt"},
		"strategy": {"always", "linked-award-grade"}, "service": {"clerical", "Review-of-marking"}, "source": {"tarif", "Tariff"},
		"version": {"cambria-2026", "Cambria-2026.1", "cambria-2026.01", "2026.1"}, "validFrom": {"2026-02-29", "1 January 2026", "2026"}, "at": {"9:00", "24:00", "0900"},
		"fee": {"clerical", "Clerical-check"}, "code": {"Totalling", "total ling", "-a", "ä"}, "id": {"Tariff", "a b"}, "body": {"Cambria", "cambria awards"},
		"changeReasons": {"unheard-of"}, "unchangedReasons": {"unheard-of"}, "checklist": {"unheard-of"},
	}
	met := map[string]bool{}
	for _, at := range telling(doc) {
		if _, isText := at.value.(string); !isText {
			if _, isYes := at.value.(bool); isYes {
				for _, text := range []raw{"yes", `"true"`, "1", "no"} {
					_, err := parseDocument(t, changed(doc, at.path, text))
					require.Error(t, err, "%s at %s", text, at)
				}
			}
			continue
		}
		for _, name := range wrong[at.key()] {
			met[at.key()] = true
			_, err := parseDocument(t, changed(doc, at.path, name))
			require.Error(t, err, "%s at %s", name, at)
		}
	}
	for key := range wrong {
		require.True(t, met[key], "no %s was met", key)
	}
}

// TestParse_EachListNamesNothingTwice repeats every entry of every list at its end.
func TestParse_EachListNamesNothingTwice(t *testing.T) {
	t.Parallel()
	doc := document(t)
	for _, at := range telling(doc) {
		list, ok := at.value.([]any)
		if !ok || at.key() == "warn" {
			continue
		}
		for _, entry := range list {
			_, err := parseDocument(t, changed(doc, at.path, append(slices.Clone(list), entry)))
			require.Error(t, err, "%v twice in %s", entry, at)
		}
	}
}

// TestParse_AFaultIsReportedOnceAndAtItsLine: a wrong number at each place of the text is found at that very line.
func TestParse_AFaultIsReportedOnceAndAtItsLine(t *testing.T) {
	t.Parallel()
	lines := strings.Split(published(t), "\n")
	tried := 0
	for i, text := range lines {
		key, value, ok := strings.Cut(text, ": ")
		if !ok || !strings.HasPrefix(strings.TrimSpace(key), "amount") {
			continue
		}
		tried++
		spoilt := slices.Clone(lines)
		spoilt[i] = key + ": 4" + strings.Repeat("0", len(value)) + "00"
		_, err := rulebook.Parse("cambria.yaml", []byte(strings.Join(spoilt, "\n")))
		faults := faultsOf(t, err)
		require.Len(t, faults, 1)
		require.Equal(t, i+1, faults[0].Line)
		require.Equal(t, strings.Index(text, value)+1, faults[0].Column)
	}
	require.Equal(t, 4, tried, "two outcomes, the script and the appeal window")
}

// TestCambria_AWindowOfNoDays closes at the end of the anchor's own day: 0 is a rule, and nothing is none.
func TestCambria_AWindowOfNoDays(t *testing.T) {
	t.Parallel()
	text := strings.ReplaceAll(published(t), "offset: 35", "offset: 0")
	p, err := rulebook.Parse("cambria.yaml", []byte(text))
	require.NoError(t, err)
	book, err := rulebook.New(p)
	require.NoError(t, err)
	for received, open := range map[string]bool{"2026-08-20T22:59:59Z": true, "2026-08-20T23:00:00Z": false} {
		ask := asked(t, casework.ClericalCheck)
		ask.ReceivedAt, ask.ConsentGivenOn = instant(t, received), date(t, "2026-08-20")
		require.Equal(t, open, book.Assess(gcse(t), ask).Refusal == nil, received)
	}
	_, err = rulebook.Parse("cambria.yaml", []byte(strings.Replace(published(t), "offset: 35, ", "", 1)))
	var file *rulebook.FileError
	require.ErrorAs(t, err, &file)
	require.ErrorContains(t, err, "offset is missing")
}
