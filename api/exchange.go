package api

import (
	"context"
	"time"

	"github.com/recourse-exams/recourse/api/identity"
	"github.com/recourse-exams/recourse/casework"
)

// exchange is what is known about one request and its answer. One goroutine at a time works on it.
type exchange struct {
	requestID string
	// arrived is wall time at the first byte's handling: everything slow comes after it.
	arrived time.Time
	// person is who sent the request; nobody on public routes.
	person identity.Person
	// accept is the header Accept, for operations whose answer has several forms.
	accept string
	// route is the pattern that matched, such as "GET /v1/cases/{reference}"; empty if none did.
	route string
	// status and bytes are what was answered.
	status int
	bytes  int
}

type exchangeKey struct{}

func withExchange(ctx context.Context, e *exchange) context.Context {
	return context.WithValue(ctx, exchangeKey{}, e)
}

// exchangeOf returns the request's exchange. Outside a request it is empty.
func exchangeOf(ctx context.Context) *exchange {
	if e, ok := ctx.Value(exchangeKey{}).(*exchange); ok {
		return e
	}
	return &exchange{}
}

// personOf returns who sent the request.
func personOf(ctx context.Context) identity.Person { return exchangeOf(ctx).person }

// received is the instant, in UTC and whole microseconds as the register keeps it, at which the request arrived
// by the one clock (architecture §9), and that clock's offset from wall time.
func (s *Server) received(ctx context.Context) (at time.Time, offset time.Duration) {
	offset = s.offset(ctx)
	return exchangeOf(ctx).arrived.Add(offset).UTC().Truncate(time.Microsecond), offset
}

// actor is the person of the request acting in a role.
func actor(person identity.Person, role casework.Role) casework.Actor {
	return casework.Actor{Subject: person.Subject, Role: role}
}
