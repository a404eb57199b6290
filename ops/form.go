package ops

import (
	"net/http"
	"strings"

	"github.com/recourse-exams/recourse/casework"
)

// readForm reads what a page of ours sent, and refuses what another sent in the person's name.
func (v visit) readForm(r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return casework.NewFault(casework.Invalid, "form-too-large", "The form cannot be read, or is too large.")
	}
	if !v.sent(r) {
		return forged()
	}
	return nil
}

// typed is a field as somebody typed it: without the space around it, with line ends as the register keeps them, and
// without what it cannot keep.
func typed(r *http.Request, name string) string {
	text := strings.NewReplacer("\r\n", "\n", "\x00", "").Replace(r.PostFormValue(name))
	return strings.TrimSpace(strings.ToValidUTF8(text, "\uFFFD"))
}
