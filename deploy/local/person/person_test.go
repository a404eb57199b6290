package person_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/deploy/local/person"
)

// seen is one request as a server got it.
type seen struct {
	Method, Path, Query string
	Header              http.Header
	Body                string
}

// desk is a server that notes what it is asked.
type desk struct {
	*httptest.Server
	mu   sync.Mutex
	seen []seen
}

func newDesk(t *testing.T, answer http.HandlerFunc) *desk {
	t.Helper()
	d := &desk{}
	d.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		d.mu.Lock()
		d.seen = append(d.seen, seen{r.Method, r.URL.Path, r.URL.RawQuery, r.Header.Clone(), string(body)})
		d.mu.Unlock()
		answer(w, r)
	}))
	t.Cleanup(d.Close)
	return d
}

// requests are those that came so far.
func (d *desk) requests() []seen {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.seen)
}

func (d *desk) person() *person.Person { return person.Holding(d.URL, "eo-64101", "secret") }

func say(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}

func TestPerson_SendsTheTokenOfItsFile(t *testing.T) {
	t.Parallel()
	d := newDesk(t, say(http.StatusOK, "{}"))
	file := filepath.Join(t.TempDir(), "eo-64101")
	require.NoError(t, os.WriteFile(file, []byte("abc.def.ghi\n"), 0o600))
	p, err := person.With(d.URL, "eo-64101", file)
	require.NoError(t, err)
	_, err = p.Case(t.Context(), "R7K2")
	require.NoError(t, err)
	_, err = person.Holding(d.URL, "nobody", "").Case(t.Context(), "R7K2")
	require.NoError(t, err)
	got := d.requests()
	require.Equal(t, "/v1/cases/R7K2", got[0].Path)
	require.Equal(t, "Bearer abc.def.ghi", got[0].Header.Get("Authorization"), "without the line's end")
	require.Empty(t, got[0].Header.Get("Content-Type"), "a request without a body has no type")
	require.NotContains(t, got[1].Header, "Authorization")

	_, err = person.With(d.URL, "eo-71203", filepath.Join(t.TempDir(), "absent"))
	require.ErrorIs(t, err, os.ErrNotExist)
	require.ErrorContains(t, err, "eo-71203")
}

func TestPerson_AListIsReadToItsEnd(t *testing.T) {
	t.Parallel()
	const total, each = 7, 3
	d := newDesk(t, func(w http.ResponseWriter, r *http.Request) {
		from, _ := strconv.Atoi(strings.TrimPrefix(r.FormValue("cursor"), "after & "))
		var page struct {
			Items []person.Case `json:"items"`
			Next  string        `json:"next,omitempty"`
		}
		for n := from; n < min(from+each, total); n++ {
			page.Items = append(page.Items, person.Case{Reference: fmt.Sprint("R", n)})
		}
		if from+each < total {
			page.Next = fmt.Sprint("after & ", from+each) // not fit for an address as it is
		}
		_ = json.NewEncoder(w).Encode(page)
	})
	cases, err := d.person().Cases(t.Context())
	require.NoError(t, err)
	require.Len(t, cases, total)
	for n, c := range cases {
		require.Equal(t, fmt.Sprint("R", n), c.Reference, "each once and in order")
	}
	require.Len(t, d.requests(), 3)
	for _, r := range d.requests() {
		require.Contains(t, r.Query, "limit=200")
	}
}

func TestPerson_AnEmptyListIsOnePage(t *testing.T) {
	t.Parallel()
	d := newDesk(t, say(http.StatusOK, `{"items": []}`))
	p := d.person()
	for path, read := range map[string]func() (int, error){
		"/v1/cases":     func() (int, error) { got, err := p.Cases(t.Context()); return len(got), err },
		"/v1/fee-lines": func() (int, error) { got, err := p.Fees(t.Context()); return len(got), err },
		"/v1/invoices":  func() (int, error) { got, err := p.Invoices(t.Context()); return len(got), err },
		"/v1/tasks":     func() (int, error) { got, err := p.Tasks(t.Context()); return len(got), err },
	} {
		before := len(d.requests())
		count, err := read()
		require.NoError(t, err)
		require.Zero(t, count)
		require.Len(t, d.requests(), before+1)
		require.Equal(t, path, d.requests()[before].Path)
	}
}

func TestPerson_AListThatRepeatsItsCursorIsNotReadForEver(t *testing.T) {
	t.Parallel()
	d := newDesk(t, say(http.StatusOK, `{"items": [{"reference": "R1"}], "next": "again"}`))
	_, err := d.person().Cases(t.Context())
	require.ErrorContains(t, err, `"again"`)
	require.Len(t, d.requests(), 2)
}

func TestPerson_APageThatFailsFailsTheList(t *testing.T) {
	t.Parallel()
	d := newDesk(t, func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("cursor") != "" {
			say(http.StatusServiceUnavailable, `{"code": "away", "detail": "try again"}`)(w, r)
			return
		}
		say(http.StatusOK, `{"items": [{"reference": "R1"}], "next": "2"}`)(w, r)
	})
	cases, err := d.person().Cases(t.Context())
	var problem *person.Problem
	require.ErrorAs(t, err, &problem)
	require.Equal(t, "away", problem.Code)
	require.Empty(t, cases, "half a list is none")
}

func TestProblem_SaysWhatIsWrongAndWhatToDo(t *testing.T) {
	t.Parallel()
	d := newDesk(t, say(http.StatusUnprocessableEntity, `{
		"type": "about:blank", "code": "not-eligible", "title": "Refused", "detail": "The service cannot be asked for.",
		"errors": [
			{"code": "deadline-passed", "detail": "It ended on 24 September.", "remedy": "Ask for an appeal.", "pointer": "#/service"},
			{"code": "consent-missing", "detail": "There is no consent.", "remedy": "Collect it.", "pointer": "#/consentGivenOn"}
		]}`))
	_, status, err := d.person().Ask(t.Context(), "key-1", person.Enquiry{Service: "review"})
	require.Equal(t, http.StatusUnprocessableEntity, status)
	var problem *person.Problem
	require.ErrorAs(t, err, &problem)
	require.Equal(t, http.StatusUnprocessableEntity, problem.Status, "of the answer, where the document names none")
	require.EqualError(t, err, "422 not-eligible: The service cannot be asked for."+
		" [deadline-passed #/service: It ended on 24 September. Ask for an appeal.]"+
		" [consent-missing #/consentGivenOn: There is no consent. Collect it.]")
	require.EqualError(t, &person.Problem{Status: 404, Code: "unknown", Detail: "No such case."}, "404 unknown: No such case.")
}

func TestPerson_AnAnswerThatIsNoDocumentIsQuoted(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusOK, http.StatusBadGateway} {
		d := newDesk(t, say(status, "<html>proxy</html>"))
		_, err := d.person().Case(t.Context(), "R1")
		require.ErrorContains(t, err, "<html>proxy</html>")
		var problem *person.Problem
		require.NotErrorAs(t, err, &problem, "it is no refusal by the product")
		if status != http.StatusOK {
			require.ErrorContains(t, err, "GET /v1/cases/R1 answered 502")
		}
	}
}

func TestPerson_AskingNamesTheRequestAndTellsPendingFromDone(t *testing.T) {
	t.Parallel()
	for status, body := range map[int]string{
		http.StatusCreated:  `{"reference": "R1", "href": "/v1/cases/R1", "fees": [{"code": "review", "amount": "£48.50"}]}`,
		http.StatusAccepted: `{"reference": "R1", "href": "/v1/cases/R1"}`,
	} {
		d := newDesk(t, say(status, body))
		opened, got, err := d.person().Ask(t.Context(), "key-1", person.Enquiry{Service: "review", CandidateNumber: "1001"})
		require.NoError(t, err)
		require.Equal(t, status, got)
		require.Equal(t, "R1", opened.Reference)
		request := d.requests()[0]
		require.Equal(t, http.MethodPost, request.Method)
		require.Equal(t, "key-1", request.Header.Get("Idempotency-Key"))
		require.Equal(t, "application/json", request.Header.Get("Content-Type"))
		require.JSONEq(t, `{"service": "review", "candidateNumber": "1001", "series": "", "component": "", "reviewedScript": false, "reason": ""}`,
			request.Body, "no consent is left out and not sent as an empty day")
	}
}

func TestPerson_AServerThatIsAwayIsNoAnswer(t *testing.T) {
	t.Parallel()
	d := newDesk(t, say(http.StatusOK, "{}"))
	d.Close()
	_, status, err := d.person().Ask(t.Context(), "key", person.Enquiry{})
	require.Error(t, err)
	require.Zero(t, status)
	require.ErrorContains(t, err, "POST /v1/enquiries")
	require.NotContains(t, err.Error(), "secret", "no message holds a token")
}

func TestPerson_EndsWithItsContext(t *testing.T) {
	t.Parallel()
	entered, leave := make(chan struct{}), make(chan struct{})
	d := newDesk(t, func(http.ResponseWriter, *http.Request) {
		close(entered)
		<-leave
	})
	defer close(leave)
	ctx, cancel := context.WithCancelCause(t.Context())
	gaveUp := errors.New("gave up")
	go func() {
		<-entered
		cancel(gaveUp)
	}()
	_, err := d.person().Case(ctx, "R1")
	require.ErrorIs(t, err, gaveUp)
}

// The file store checks the signature of its own link. A token beside it is one secret too many in its logs.
func TestPerson_TheTokenStaysWithTheServerThatItIsFor(t *testing.T) {
	t.Parallel()
	store := newDesk(t, say(http.StatusOK, "%PDF"))
	d := newDesk(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/moved":
			http.Redirect(w, r, "/here", http.StatusFound)
		case "/document":
			http.Redirect(w, r, store.URL+"/scripts/a.pdf?signature=x", http.StatusFound)
		case "/round":
			http.Redirect(w, r, "/round", http.StatusFound)
		}
	})
	body, err := d.person().Open(t.Context(), person.Document{Href: "/document"})
	require.NoError(t, err)
	require.Equal(t, "%PDF", string(body))
	require.Len(t, store.requests(), 1)
	require.NotContains(t, store.requests()[0].Header, "Authorization")

	_, err = d.person().Open(t.Context(), person.Document{Href: "/moved"})
	require.NoError(t, err)
	last := d.requests()[len(d.requests())-1]
	require.Equal(t, "/here", last.Path)
	require.Equal(t, "Bearer secret", last.Header.Get("Authorization"), "the same server keeps it")
	_, err = d.person().Open(t.Context(), person.Document{Href: "/round"})
	require.ErrorContains(t, err, "redirects")
}
