package person_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/deploy/local/person"
)

// bench is the product and its file store, as far as a performer meets them.
type bench struct {
	api, store *desk
	task       person.Task
}

func newBench(t *testing.T, script []byte, storeStatus int) *bench {
	t.Helper()
	b := &bench{}
	b.store = newDesk(t, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(storeStatus)
		if r.Method == http.MethodGet {
			_, _ = w.Write(script)
		} else {
			fmt.Fprint(w, "<Error>AccessDenied</Error>")
		}
	})
	b.api = newDesk(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/v1/tasks/R1/1/uploads":
			fmt.Fprintf(w, `{"id": 17, "url": "%s/uploads/a.pdf?signature=x", "headers": [
				{"name": "Content-Type", "value": "application/pdf"}, {"name": "X-Amz-Checksum-Sha256", "value": "sum"}]}`, b.store.URL)
		case "/v1/tasks/R1/1/complete":
			fmt.Fprint(w, `{"stage": "appeal-window", "publishedAt": "2026-08-20T09:30:00Z"}`)
		default:
			http.NotFound(w, r)
		}
	})
	b.task = task()
	b.task.Href = "/v1/tasks/R1/1"
	b.task.Rules.AnnotatedScript = true
	b.task.Links.Script = &person.Link{URL: b.store.URL + "/anonymous/a.pdf?signature=x"}
	return b
}

func TestComplete_HandsInAnAnnotatedCopyWhereTheServiceWantsOne(t *testing.T) {
	t.Parallel()
	b := newBench(t, anonymous(t, "64101-1001-GM-1.pdf"), http.StatusOK)
	done, err := b.api.person().Complete(t.Context(), "key-1", b.task, b.task.Changed("9", 4))
	require.NoError(t, err)
	require.Equal(t, "appeal-window", done.Stage)

	read, upload := b.store.requests()[0], b.store.requests()[1]
	require.Equal(t, []string{"/anonymous/a.pdf", "/uploads/a.pdf"}, []string{read.Path, upload.Path})
	require.Equal(t, http.MethodPut, upload.Method)
	require.Equal(t, "application/pdf", upload.Header.Get("Content-Type"), "the headers that the link was signed with")
	require.Equal(t, "sum", upload.Header.Get("X-Amz-Checksum-Sha256"))
	for _, r := range b.store.requests() {
		require.NotContains(t, r.Header, "Authorization")
	}
	announced, completed := b.api.requests()[0], b.api.requests()[1]
	sum := sha256.Sum256([]byte(upload.Body))
	require.JSONEq(t, fmt.Sprintf(`{"mediaType": "application/pdf", "size": %d, "sha256": %q}`, len(upload.Body), hex.EncodeToString(sum[:])),
		announced.Body, "what is stored is what was announced")
	var sent person.Completion
	require.NoError(t, json.Unmarshal([]byte(completed.Body), &sent))
	require.EqualValues(t, 17, sent.Annotated)
	require.Equal(t, "key-1", completed.Header.Get("Idempotency-Key"))
	require.Contains(t, drawn(t, []byte(upload.Body)), "now 4")
}

func TestComplete_ACopyThatIsThereIsNotMadeAgain(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil, http.StatusOK)
	completion := b.task.Unchanged()
	completion.Annotated = 5
	_, err := b.api.person().Complete(t.Context(), "key", b.task, completion)
	require.NoError(t, err)
	b.task.Rules.AnnotatedScript = false
	_, err = b.api.person().Complete(t.Context(), "key", b.task, b.task.Unchanged())
	require.NoError(t, err)
	require.Empty(t, b.store.requests())
	require.NotContains(t, b.api.requests()[1].Body, "annotated", "none is not number 0")
}

func TestComplete_NothingIsHandedInWhereTheCopyFails(t *testing.T) {
	t.Parallel()
	script := anonymous(t, "64101-1001-GM-1.pdf")
	for name, c := range map[string]struct {
		change func(*bench) person.Completion
		status int
		says   string
	}{
		"no link":       {func(b *bench) person.Completion { b.task.Links.Script = nil; return b.task.Unchanged() }, http.StatusOK, "no link"},
		"a stale link":  {func(b *bench) person.Completion { return b.task.Unchanged() }, http.StatusForbidden, "answered 403"},
		"too few marks": {func(*bench) person.Completion { return person.Completion{} }, http.StatusOK, "0 marks for a sheet of 12"},
		"no address":    {func(b *bench) person.Completion { b.task.Links.Script.URL = "://"; return b.task.Unchanged() }, http.StatusOK, "read the link"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, script, c.status)
			completion := c.change(b)
			_, err := b.api.person().Complete(t.Context(), "key", b.task, completion)
			require.ErrorContains(t, err, c.says)
			require.Empty(t, b.api.requests())
		})
	}
}

func TestUpload_ARefusalByTheFileStoreIsQuoted(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil, http.StatusForbidden)
	_, err := b.api.person().Upload(t.Context(), b.task, []byte("%PDF-1.7"))
	require.ErrorContains(t, err, "answered 403 to the upload: <Error>AccessDenied</Error>")
	b.task.Href = "/v1/tasks/R2/1"
	_, err = b.api.person().Upload(t.Context(), b.task, []byte("%PDF-1.7"))
	require.ErrorContains(t, err, "404")
	require.Len(t, b.store.requests(), 1, "nothing is stored that was not announced")
}

// Whatever the sheet, a completion covers it whole, changes one mark at most, and gives each change its reason.
func TestCompletions_AlwaysCoverTheSheet(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		sheet := person.Task{Rules: person.Rules{
			ChangeReasons: []string{"change"}, UnchangedReasons: []string{"keep"}, Checklist: []string{"addition", "all pages"},
		}}
		for n := range rapid.IntRange(1, 12).Draw(t, "items") {
			highest := rapid.IntRange(1, 20).Draw(t, "max")
			sheet.Items = append(sheet.Items, person.Item{
				Item: fmt.Sprint(n), Max: highest, Original: rapid.IntRange(0, highest).Draw(t, "original"),
			})
		}
		item := rapid.SampledFrom(append(sheet.Items, person.Item{Item: "absent", Max: 3})).Draw(t, "item")
		mark := rapid.IntRange(0, item.Max).Draw(t, "mark")
		changes := item.Item != "absent" && mark != item.Original

		got := sheet.Changed(item.Item, mark)
		require.Len(t, got.Items, len(sheet.Items))
		require.Len(t, got.Checklist, len(sheet.Rules.Checklist))
		differing := 0
		for n, row := range got.Items {
			require.Equal(t, sheet.Items[n].Item, row.Item)
			if row.Mark == sheet.Items[n].Original {
				require.Empty(t, row.Reason)
				continue
			}
			differing++
			require.Equal(t, person.Mark{Item: item.Item, Mark: mark, Reason: "change"}, row)
		}
		require.Equal(t, changes, differing == 1)
		require.Equal(t, changes, got.UnchangedReason == "", "either a mark changed, or there is a reason why none did")
		first := sheet.Unchanged()
		require.Equal(t, first, sheet.Unchanged(), "making one completion does not touch the task")
	})
}
