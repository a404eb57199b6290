package api

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"
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

// cursor is the place in a list after which the next page begins: an instant and a name, or a name alone.
type cursor struct {
	At   time.Time `json:"at,omitzero"`
	Name string    `json:"name"`
}

// writeCursor makes an opaque cursor.
func writeCursor(at time.Time, name string) string {
	// A struct of a time and a string cannot fail to be written.
	text, _ := json.Marshal(cursor{At: at, Name: name})
	return base64.RawURLEncoding.EncodeToString(text)
}

// readCursor reads a cursor into its instant and name; it leaves both alone for an empty one.
func readCursor[N ~string](text string, at *time.Time, name *N) error {
	if text == "" {
		return nil
	}
	var read cursor
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		err = json.Unmarshal(raw, &read)
	}
	if err != nil || read.Name == "" {
		return badCursor(err)
	}
	*at, *name = read.At, N(read.Name)
	return nil
}

func badCursor(cause error) *problem {
	p := newProblem("invalid-cursor", "The cursor does not come from this list.")
	p.cause = fmt.Errorf("read a cursor: %w", cause)
	return p
}
