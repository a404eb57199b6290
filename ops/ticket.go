package ops

import (
	"net/http"
	"strings"
	"time"
)

// A browser may keep cookies back from a frame whose page belongs to another site than the page around it: then the
// panel has a jar of its own, which signing in with a window does not fill. So that window hands the panel a ticket, and
// the panel changes it for a cookie in its own jar.

// ticketLife is how long a ticket may be on its way from one window to the other.
const ticketLife = time.Minute

// ticket is a session on its way into a frame.
type ticket struct {
	Session session   `json:"session"`
	Expires time.Time `json:"expires"`
}

const ticketPurpose = "ticket"

// closePage ends a window that the panel opened for signing in.
type closePage struct {
	signPage
	// Ticket is for the panel; empty where the panel sees the cookie anyway.
	Ticket string
}

// closing tells the panel that somebody has signed in.
func (s *site) closing(w http.ResponseWriter, r *http.Request) {
	page := closePage{signPage: signPage{Title: "Signed in"}}
	kept, err := s.session(r)
	if err != nil {
		s.fail(w, r, visit{}, err)
		return
	}
	if s.base(r).foreign {
		if page.Ticket, err = s.sealed.seal(ticketPurpose, ticket{kept, s.Wall().Add(ticketLife)}); err != nil {
			s.fail(w, r, visit{}, err)
			return
		}
	}
	s.write(w, r, http.StatusOK, "close.html", page)
}

// redeemTicket keeps a session in the frame's own jar.
func (s *site) redeemTicket(w http.ResponseWriter, r *http.Request) {
	// Whatever comes of it is shown in the frame.
	w.Header().Set("Content-Security-Policy", policy(s.framer()))
	var sent ticket
	err := s.sealed.open(ticketPurpose, r.PostFormValue("ticket"), &sent)
	if err != nil || !s.Wall().Before(sent.Expires) || !s.base(r).foreign {
		s.fail(w, r, visit{framed: true, host: s.host}, signInFailed("The sign-in did not reach the panel in time.", errBroken))
		return
	}
	if err := s.remember(w, r, panelPurpose, sent.Session, sent.Session.Expires.Sub(s.Wall())); err != nil {
		s.fail(w, r, visit{}, err)
		return
	}
	next := homeward(r.PostFormValue("return"))
	if next != "/ops/panel" && !strings.HasPrefix(next, "/ops/panel/") {
		next = "/ops/panel"
	}
	http.Redirect(w, r, next, http.StatusSeeOther)
}
