package api

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/recourse-exams/recourse/casework"
)

// defaultLimit is how many entries a page holds if the request does not say.
const defaultLimit = 50

// cut drops the row that was read beyond the limit to learn whether there are more.
func cut[T any](rows []T, limit int) (page []T, more bool) {
	if len(rows) > limit {
		return rows[:limit], true
	}
	return rows, false
}

// The lists that have pages. Enquiries are pages of the cases.
const (
	casesList    = "cases"
	tasksList    = "tasks"
	feeLinesList = "fee-lines"
	invoicesList = "invoices"

	batchesList    = "batches"
	deliveriesList = "webhook-deliveries"

	qualificationsList = "qualifications"

	poolList            = "pool"
	teamList            = "team"
	examinersList       = "examiners"
	examinerChangesList = "examiner-changes"
	monitoringList      = "monitoring"
	workList            = "work"
)

// cursor is the place in a list after which the next page begins: an instant and a name, or a name alone. It names
// its list, for the place in another list would show a wrong page without a word.
type cursor struct {
	List string    `json:"list"`
	At   time.Time `json:"at,omitzero"`
	Name string    `json:"name"`
}

// writeCursor makes an opaque cursor.
func writeCursor(list string, at time.Time, name string) string {
	// A struct of strings and a time cannot fail to be written.
	text, _ := json.Marshal(cursor{List: list, At: at, Name: name})
	return base64.RawURLEncoding.EncodeToString(text)
}

// readCursor reads a cursor of a list into its instant and name; it leaves both alone for an empty one.
func readCursor[N ~string](list, text string, at *time.Time, name *N) error {
	if text == "" {
		return nil
	}
	var read cursor
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		err = json.Unmarshal(raw, &read)
	}
	if err != nil || read.List != list || read.Name == "" || !storable(read.Name) {
		return badCursor(list, err)
	}
	*at, *name = read.At, N(read.Name)
	return nil
}

func badCursor(list string, cause error) *problem {
	detail := "The cursor does not come from this list."
	p := newProblem("invalid-cursor", detail, casework.Reason{
		Code: "invalid-cursor", Pointer: "cursor", Detail: detail, Remedy: "Use next of the page before, unchanged, or start at the first page.",
	})
	p.cause = errors.Join(fmt.Errorf("read a cursor of %s", list), cause)
	return p
}

// writeIDCursor makes a cursor of a list that is ordered by a number.
func writeIDCursor(list string, id int64) string {
	return writeCursor(list, time.Time{}, strconv.FormatInt(id, 10))
}

// readIDCursor reads such a cursor; 0 for the first page.
func readIDCursor(list, text string) (int64, error) {
	var name string
	if err := readCursor(list, text, new(time.Time), &name); err != nil || name == "" {
		return 0, err
	}
	id, err := strconv.ParseInt(name, 10, 64)
	if err != nil {
		return 0, badCursor(list, err)
	}
	return id, nil
}
