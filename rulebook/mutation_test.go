package rulebook_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework/policy"
	"github.com/recourse-exams/recourse/rulebook"
)

// small is the text of a good rule file with every key, which the tests spoil one place at a time.
func small(tb testing.TB) string {
	tb.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "small.yaml"))
	require.NoError(tb, err)
	return string(text)
}

func faultsOf(tb testing.TB, err error) []rulebook.Fault {
	tb.Helper()
	var file *rulebook.FileError
	require.ErrorAs(tb, err, &file)
	require.NotEmpty(tb, file.Faults)
	return file.Faults
}

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

// document reads the small file without knowing what it means.
func document(t *testing.T) yaml.MapSlice {
	t.Helper()
	var doc yaml.MapSlice
	require.NoError(t, yaml.UnmarshalWithOptions([]byte(small(t)), &doc, yaml.UseOrderedMap()))
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

// telling are the places of the small file without all but a few of the many that are alike: where a rule comes from is
// tested in one service for all.
func telling(doc yaml.MapSlice) []leaf {
	return slices.DeleteFunc(places(nil, doc), func(l leaf) bool {
		alike := []string{"clause", "source", "confirmed"}
		return slices.Contains(alike, l.key()) && (l.path[0] != "services" || l.path[1] != 1)
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

// raw is written into the file as it stands.
type raw string

// written writes a document in flow style, which is YAML and quick to write.
func written(b *strings.Builder, value any) {
	switch value := value.(type) {
	case yaml.MapSlice:
		b.WriteString("{")
		for _, item := range value {
			fmt.Fprintf(b, "%v: ", item.Key)
			written(b, item.Value)
			b.WriteString(", ")
		}
		b.WriteString("}")
	case []any:
		b.WriteString("[")
		for _, inner := range value {
			written(b, inner)
			b.WriteString(", ")
		}
		b.WriteString("]")
	case string:
		fmt.Fprintf(b, "%q", value)
	case nil:
		b.WriteString("null")
	default:
		fmt.Fprint(b, value)
	}
}

func parseDocument(t *testing.T, doc any) (policy.Policy, error) {
	t.Helper()
	var text strings.Builder
	written(&text, doc)
	return rulebook.Parse("small.yaml", []byte(text.String()))
}

// TestParse_ADocumentWrittenAnewIsTheSamePolicy is what the tests below rest on.
func TestParse_ADocumentWrittenAnewIsTheSamePolicy(t *testing.T) {
	t.Parallel()
	want, err := rulebook.Parse("small.yaml", []byte(small(t)))
	require.NoError(t, err)
	got, err := parseDocument(t, document(t))
	require.NoError(t, err)
	require.Equal(t, want, got)
}

// optional reports whether a rule file may do without what stands at a place.
func optional(at leaf) bool {
	switch at.path[len(at.path)-1] {
	case "validUntil", "closures", "address", "targets", "rollForward", "cutoff", "inAdvance", "unitised", "cancel", "upgrades", "outputs",
		"notices", "script", "completion", "rank", "small", "panel", "decisions", "roadMaps", "centreRelease", "candidateRelease", "aLevelRelease",
		"gcseRelease", "indicators", "clocks", "paused", "warn", "eligible", "keyDates", "series":
		return true
	case "service":
		return at.path[0] == "roadMaps"
	}
	return false
}

// TestParse_EachKeyIsMissedByName takes every key of the small file away in turn: a fault names it, or the rules stand
// without it.
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
		switch {
		case !optional(at):
			require.Error(t, err, at)
			require.Contains(t, err.Error(), named(at, key), at)
		case key == "eligible" && at.path[1] == 1, key == "clocks" && at.path[1] == 1:
			require.Error(t, err, "%s: the tariff and the target rest on it", at)
		default:
			require.NoError(t, err, at)
		}
	}
	require.Greater(t, removals, 250, "the file has that many keys")
}

// named is what a missing key is called in the fault about it, where it is not called by its name.
func named(at leaf, key string) string {
	switch {
	case key == "priority" && at.path[0] == "services":
		return "has no window with priority"
	case key == "priority":
		return "two key dates"
	case key == "daysBefore" || key == "hoursBefore":
		return "either in days or in hours"
	case key == "by" && slices.Contains(at.path, any("targets")):
		return "amount is missing"
	case key == "changeReasons" || key == "unchangedReasons" || key == "checks":
		if at.path[0] == key {
			return "spelled out nowhere"
		}
	case key == "after":
		return "which steps lead to it"
	}
	return key + " is missing from"
}

// TestParse_EachValueIsMissedWhenItIsNothing writes nothing at every place: an empty text, or null.
func TestParse_EachValueIsMissedWhenItIsNothing(t *testing.T) {
	t.Parallel()
	doc := document(t)
	for _, at := range telling(doc) {
		var nothing any
		if _, isText := at.value.(string); isText {
			nothing = ""
		}
		_, err := parseDocument(t, changed(doc, at.path, nothing))
		require.Error(t, err, "nothing at %s", at)
	}
}

// TestParse_EachNumberIsAWholeOneInItsRange puts what is no such number at the place of each number.
func TestParse_EachNumberIsAWholeOneInItsRange(t *testing.T) {
	t.Parallel()
	doc := document(t)
	numbers := 0
	for _, at := range places(nil, doc) {
		switch at.value.(type) {
		case int, int64, uint64:
		default:
			continue
		}
		numbers++
		for _, wrong := range []raw{"-1", "1.5", "1e1", "0x0a", "+5", `"10"`, "[1]", "99999999999999999999"} {
			_, err := parseDocument(t, changed(doc, at.path, wrong))
			require.Error(t, err, "%s at %s", wrong, at)
		}
		_, err := parseDocument(t, changed(doc, at.path, 1_000_001))
		require.Error(t, err, "a million at %s", at)
	}
	require.Greater(t, numbers, 40)
}

// TestParse_EachNameIsOneOfItsList puts a number and another name at the place of each text.
func TestParse_EachNameIsOneOfItsList(t *testing.T) {
	t.Parallel()
	doc := document(t)
	free := []string{"title", "clause", "text", "why", "rank", "bodyName", "address", "candidate", "centre"}
	names := 0
	for _, at := range telling(doc) {
		if yes, isYes := at.value.(bool); isYes {
			for _, text := range []raw{"yes", `"true"`, raw(fmt.Sprintf("[%t]", yes))} {
				_, err := parseDocument(t, changed(doc, at.path, text))
				require.Error(t, err, "%s at %s", text, at)
			}
			continue
		}
		if _, isText := at.value.(string); !isText || at.value == "unpublished" {
			continue
		}
		names++
		wrong := []raw{"3", "Unheard of"}
		if slices.Contains(free, at.key()) {
			wrong = wrong[:1]
		}
		for _, name := range wrong {
			_, err := parseDocument(t, changed(doc, at.path, name))
			require.Error(t, err, "%s at %s", name, at)
		}
	}
	require.Greater(t, names, 150)
}

// TestParse_EachListNamesNothingTwice repeats every entry of every list at its end. Steps of a road map and warn points
// may be alike.
func TestParse_EachListNamesNothingTwice(t *testing.T) {
	t.Parallel()
	doc := document(t)
	for _, at := range places(nil, doc) {
		list, ok := at.value.([]any)
		if !ok || slices.Contains([]string{"warn", "steps", "after", "closures", "eligible", "targets"}, at.key()) {
			continue
		}
		for _, entry := range list {
			_, err := parseDocument(t, changed(doc, at.path, append(slices.Clone(list), entry)))
			require.Error(t, err, "%v twice in %s", entry, at)
		}
	}
}

// TestSets_WithoutItsSourceNoRuleLoads takes, in every published file, the source, the clause or the word about its
// confirmation away from every rule at once: each rule is then a fault of its own, at its own line.
func TestSets_WithoutItsSourceNoRuleLoads(t *testing.T) {
	t.Parallel()
	for key, value := range map[string]string{"source": `[a-z0-9-]+`, "clause": `(?:"(?:[^"\\]|\\.)*"|[^",}\n]+)`, "confirmed": `(?:true|false)`} {
		inside := regexp.MustCompile(key + `: ` + value + `(?:, |\})`)
		alone := regexp.MustCompile(`(?m)^( +)` + key + `: .*$`)
		for _, set := range load(t).Sets() {
			p := newest(t, set)
			file, err := os.ReadFile(filepath.Join("sets", p.Version+".yaml"))
			require.NoError(t, err)
			spoilt := alone.ReplaceAllString(string(file), "$1# nothing")
			spoilt = inside.ReplaceAllStringFunc(spoilt, func(found string) string {
				return strings.TrimPrefix(found[len(found)-1:], " ")
			})
			_, err = rulebook.Parse(p.Version+".yaml", []byte(spoilt))
			faults := faultsOf(t, err)
			require.Len(t, faults, len(p.Provenances()), "%s without %s", p.Version, key)
			seen := map[[2]int]bool{}
			for _, fault := range faults {
				require.Contains(t, fault.Text, key+" is missing from")
				seen[[2]int{fault.Line, fault.Column}] = true
			}
			require.Len(t, seen, len(faults), "each at a place of its own")
		}
	}
}

// TestParse_AFaultIsReportedOnceAndAtItsLine: a wrong number at each place of the text is found at that very line.
func TestParse_AFaultIsReportedOnceAndAtItsLine(t *testing.T) {
	t.Parallel()
	lines := strings.Split(small(t), "\n")
	amount := regexp.MustCompile(`amount: ([0-9]+)`)
	tried := 0
	for i, text := range lines {
		found := amount.FindStringSubmatchIndex(text)
		if found == nil {
			continue
		}
		tried++
		spoilt := slices.Clone(lines)
		spoilt[i] = text[:found[2]] + "40000" + text[found[3]:]
		_, err := rulebook.Parse("small.yaml", []byte(strings.Join(spoilt, "\n")))
		faults := faultsOf(t, err)
		require.Equal(t, i+1, faults[0].Line)
		require.Equal(t, found[2]+1, faults[0].Column)
	}
	require.Equal(t, 11, tried)
}
