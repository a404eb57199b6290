package recourse_test

import (
	"bytes"
	"fmt"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// room is what the code of one folder may lean on (docs/architecture.md §1). Its tests are free.
type room struct {
	// inside are the folders of this module that it may import, with everything below them.
	inside []string
	// alone takes the inside folders without what lies below them.
	alone []string
	// modules are the modules of others that it may import; nil allows all, an empty list none.
	modules []string
	// never are imports that are refused whatever else is said.
	never []string
	// why is the sentence for whoever breaks the rule.
	why string
}

var (
	outerWorld = []string{"os", "os/exec", "io/ioutil", "net", "net/http", "net/url", "database/sql", "encoding/json", "math/rand", "math/rand/v2", "crypto/rand", "log", "log/slog", "syscall", "unsafe", "plugin"}
	temporal   = "go.temporal.io"
	amazon     = []string{"github.com/aws/aws-sdk-go-v2", "github.com/aws/smithy-go"}
)

// rooms is keyed by the top folder; every folder with Go code of the root module must have a row.
var rooms = map[string]room{
	"casework": {
		inside: []string{"casework"}, modules: []string{}, never: outerWorld,
		why: "the domain knows no technology: move what needs it to an adapter and hand casework the values",
	},
	"rulebook": {
		inside: []string{"casework", "rulebook"}, modules: []string{"github.com/goccy/go-yaml"},
		why: "rules are data and arithmetic: give them facts, not connections",
	},
	"store": {
		inside: []string{"casework", "store"}, modules: []string{"github.com/jackc/pgx/v5", "github.com/pressly/goose/v3"},
		why: "an adapter knows the domain and its own technology, never another adapter",
	},
	"files": {
		inside: []string{"casework", "files"}, modules: append([]string{"github.com/pdfcpu/pdfcpu"}, amazon...),
		why: "an adapter knows the domain and its own technology, never another adapter",
	},
	"mail": {
		inside: []string{"casework", "mail"}, modules: amazon,
		why: "an adapter knows the domain and its own technology, never another adapter",
	},
	"letters": {
		inside: []string{"casework", "letters"}, modules: []string{"codeberg.org/go-pdf/fpdf"},
		why: "an adapter knows the domain and its own technology, never another adapter",
	},
	"webhook": {
		inside: []string{"casework", "webhook"}, modules: []string{},
		why: "an adapter knows the domain and its own technology, never another adapter",
	},
	"intake": {
		inside: []string{"casework", "intake"}, modules: []string{"github.com/pdfcpu/pdfcpu"},
		why: "reading a register needs no register: declare the port that it is handed to",
	},
	"activities": {
		inside: []string{"casework", "rulebook", "activities"}, modules: []string{temporal, "github.com/google/uuid"},
		why: "activities reach the outside through the small interfaces in ports.go; worker wires the adapters in",
	},
	"workflows": {
		inside: []string{"activities", "workflows"}, alone: []string{"casework"}, modules: []string{temporal}, never: append([]string{"context", "sync", "sync/atomic", "time/tzdata"}, outerWorld...),
		why: "what workflow code calls becomes part of its replay: call an activity, which records its answer",
	},
	"api": {
		inside: []string{"casework", "api"}, never: append([]string{temporal, "github.com/jackc/pgx/v5", "database/sql"}, amazon...),
		why: "api declares what it needs as interfaces; starter wires Temporal, the register and S3 in",
	},
	"ops": {
		inside: []string{"casework", "api", "ops"}, modules: []string{"github.com/coreos/go-oidc/v3", "golang.org/x/oauth2"},
		never: append([]string{temporal, "github.com/jackc/pgx/v5", "database/sql"}, amazon...),
		why:   "ops declares what it needs as interfaces; starter wires Temporal and the register in",
	},
	"connect": {
		inside: []string{"casework", "connect"},
		why:    "connect opens connections; who uses them is wired in starter, worker and cmd",
	},
	"starter": {
		inside: []string{"connect", "casework", "rulebook", "store", "files", "mail", "letters", "activities", "workflows", "api", "ops", "webhook", "starter"},
		why:    "starter is wiring: it never reaches up to cmd or into deploy",
	},
	"worker": {
		inside: []string{"connect", "casework", "rulebook", "store", "files", "mail", "letters", "activities", "workflows", "worker"},
		why:    "worker is wiring: it never serves the contract",
	},
	"watcher": {
		inside: []string{"connect", "casework", "rulebook", "store", "mail", "letters", "activities", "webhook", "worker/mailroom", "watcher"},
		why:    "watcher is wiring: it shares the mailroom with the worker, and hosts no workflow",
	},
	"cmd":    {inside: []string{""}, why: "the command may wire everything of the product"},
	"deploy": {inside: []string{"casework", "intake", "deploy"}, why: "what is deployed is the built binary: drive it from outside"},
	".":      {inside: []string{""}, why: "the root holds the rules of the house"},
}

// localStack is a module of its own, which may import Temporal's server and the whole product.
const localStack = "deploy/local"

// order lists the packages of the domain from the bottom up: each may import those before it.
var order = []string{"casework/calendar", "casework", "casework/allocation", "casework/grading", "casework/fee", "casework/policy", "casework/deadline", "casework/keydate", "casework/offer", "casework/ruling", "casework/docket", "casework/register"}

func wrongImports(src source) []string {
	if src.test() || inFolder(src.folder(), localStack) {
		return nil
	}
	top, _, _ := strings.Cut(src.folder(), "/")
	rules, known := rooms[top]
	if !known {
		return []string{fmt.Sprintf("%s: the folder %s has no row in the import rules; add it to docs/architecture.md §1 and to rooms in house_imports_test.go", src.name, top)}
	}
	var faults []string
	for _, spec := range src.file.Imports {
		imported := strings.Trim(spec.Path.Value, `"`)
		if !rules.allows(imported, src.kit()) {
			faults = append(faults, fmt.Sprintf("%s: %s must not import %s: %s", src.at(spec), src.folder(), imported, rules.why))
		}
		if below := domainOrder(src.folder(), imported); below != "" {
			faults = append(faults, fmt.Sprintf("%s: %s", src.at(spec), below))
		}
	}
	return faults
}

// allows decides one import. A test kit may also import what tests import.
func (r room) allows(imported string, kit bool) bool {
	if slices.ContainsFunc(r.never, func(never string) bool { return inFolder(imported, never) }) && !kit {
		return false
	}
	if own, ok := ofThisModule(imported); ok {
		return slices.Contains(r.alone, own) || slices.ContainsFunc(r.inside, func(folder string) bool { return inFolder(own, folder) })
	}
	first, _, _ := strings.Cut(imported, "/")
	standard := !strings.Contains(first, ".")
	return standard || kit || r.modules == nil || slices.ContainsFunc(r.modules, func(allowed string) bool { return inFolder(imported, allowed) })
}

// domainOrder says what is wrong with an import from one package of the domain to another.
func domainOrder(folder, imported string) string {
	own, ok := ofThisModule(imported)
	if !ok || !inFolder(folder, "casework") {
		return ""
	}
	from, to := slices.Index(order, folder), slices.Index(order, own)
	switch {
	case from < 0:
		return fmt.Sprintf("%s has no place in the domain's order; add it to docs/architecture.md §1 and to order in house_imports_test.go", folder)
	case to >= from:
		return fmt.Sprintf("%s lies below %s in the domain's order and must not import it: move the shared type down", folder, own)
	}
	return ""
}

func kitsInProduct(src source) []string {
	if src.test() || src.kit() {
		return nil
	}
	var faults []string
	for _, spec := range src.file.Imports {
		imported := strings.Trim(spec.Path.Value, `"`)
		own, ok := ofThisModule(imported)
		if ok && strings.HasSuffix(path.Base(own), "test") {
			faults = append(faults, fmt.Sprintf("%s: %s is a test kit; only tests import it", src.at(spec), imported))
		}
	}
	return faults
}

func ofThisModule(imported string) (folder string, ok bool) {
	if imported == module {
		return ".", true
	}
	return strings.CutPrefix(imported, module+"/")
}

// inFolder reports whether name is the folder or lies below it; the empty folder holds everything.
func inFolder(name, folder string) bool {
	return folder == "" || name == folder || strings.HasPrefix(name, folder+"/")
}

func TestTheProductNeverDependsOnTemporalsServer(t *testing.T) {
	t.Parallel()
	list := exec.CommandContext(t.Context(), "go", "list", "-deps", "-test", "-f", "{{.ImportPath}}", "./...")
	var complaints bytes.Buffer
	list.Stderr = &complaints
	out, err := list.Output()
	require.NoError(t, err, "%s", complaints.String())
	for dependency := range strings.Lines(string(out)) {
		for _, heavy := range []string{"go.temporal.io/server", "github.com/temporalio/ui-server", "github.com/versity/versitygw"} {
			require.False(t, inFolder(strings.TrimSpace(dependency), heavy), "%s is a dependency of the product: servers belong to the module in %s, so that the product builds in seconds", strings.TrimSpace(dependency), localStack)
		}
	}
}
