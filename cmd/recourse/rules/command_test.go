package rules_test

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alecthomas/kong"
	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/cmd/recourse/rules"
	"github.com/recourse-exams/recourse/rulebook"
)

// load reads the rulebook once for all tests: it is what a process spends most of its time on.
var load = sync.OnceValues(rulebook.Load)

// run reads a command line below "rules" and does what it says on a day of September 2026.
func run(t testing.TB, arguments ...string) (written string, err error) {
	t.Helper()
	var line rules.Command
	parser, err := kong.New(&line, kong.Name("rules"), kong.Exit(func(int) {}))
	require.NoError(t, err)
	parsed, err := parser.Parse(arguments)
	require.NoError(t, err)
	var out bytes.Buffer
	parsed.BindTo(&out, (*io.Writer)(nil))
	parsed.Bind(rules.Load(load))
	parsed.Bind(rules.Now(func() time.Time { return time.Date(2026, time.September, 24, 12, 0, 0, 0, time.UTC) }))
	err = parsed.Run()
	return out.String(), err
}

// words splits a command line at its spaces.
func words(line string) []string { return strings.Fields(line) }

// asked runs a command line that must be answered.
func asked(t testing.TB, line string) string {
	t.Helper()
	out, err := run(t, words(line)...)
	require.NoError(t, err, line)
	return out
}

// refusedWith runs a command line that must be refused with status 2, one sentence and nothing written.
func refusedWith(t testing.TB, line string) string {
	t.Helper()
	out, err := run(t, words(line)...)
	var refusal *rules.RefusalError
	require.ErrorAs(t, err, &refusal, line)
	require.Equal(t, 2, refusal.ExitCode())
	require.Empty(t, out, line)
	return refusal.Error()
}

// answer is what explain --json says. The first six names are those of the contract.
type answer struct {
	Due       string `json:"due"`
	Policy    string `json:"policy"`
	Clause    string `json:"clause"`
	Source    string `json:"source"`
	Confirmed *bool  `json:"confirmed"`
	Days      []day  `json:"days"`

	Ends        string `json:"ends"`
	OriginalDue string `json:"originalDue"`
	Title       string `json:"title"`
	Address     string `json:"address"`
	Set         string `json:"set"`
	Series      string `json:"series"`
	Service     string `json:"service"`
	Clock       string `json:"clock"`
	Kind        string `json:"kind"`
	Starts      string `json:"starts"`
	From        string `json:"from"`
	Amount      int    `json:"amount"`
	Unit        string `json:"unit"`
	KeyDate     string `json:"keyDate"`
	Division    string `json:"division"`
	Targets     []goal `json:"targets"`

	Notes []string `json:"notes"`
}

type day struct {
	Date    string  `json:"date"`
	Counts  *bool   `json:"counts"`
	Why     string  `json:"why"`
	Number  int     `json:"number"`
	Seconds float64 `json:"seconds"`
}

type goal struct {
	Due       string `json:"due"`
	Clause    string `json:"clause"`
	Source    string `json:"source"`
	Confirmed *bool  `json:"confirmed"`
}

// explained asks for an explanation in JSON, of which every name must be known.
func explained(t testing.TB, line string) answer {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(asked(t, "explain --json "+line)))
	decoder.DisallowUnknownFields()
	var a answer
	require.NoError(t, decoder.Decode(&a), line)
	return a
}

func book(t testing.TB) *rulebook.Book {
	t.Helper()
	b, err := load()
	require.NoError(t, err)
	return b
}
