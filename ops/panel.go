package ops

import "net/http"

// shellPage waits inside the Web UI to be told which workflow it shows.
type shellPage struct {
	visit
	Title string
}

// Host is the origin to which the panel's script talks; empty on whole pages.
func (v visit) Host() string { return v.host }

// shell is the panel before it knows its case.
func (s *site) shell(w http.ResponseWriter, r *http.Request, v visit) error {
	s.write(w, r, http.StatusOK, "shell.html", shellPage{visit: v, Title: "Recourse"})
	return nil
}
