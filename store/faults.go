package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/recourse-exams/recourse/casework"
)

// SQLSTATE codes that the store tells apart (PostgreSQL documentation, appendix A).
const (
	serializationFailure = "40001"
	deadlockDetected     = "40P01"
	uniqueViolation      = "23505"
)

// outages are the classes and codes that say that the server cannot work now: connection exceptions, too few
// resources, operator intervention such as a shutdown, and a standby that cannot write.
var outages = []string{"08", "53", "57P", "25006"}

// duplicates are the keys on which two attempts at the same thing can meet; the later one, tried again, finds
// what the earlier one wrote.
var duplicates = []string{"cases_pkey", "cases_once_per_result", "steps_pkey", "audit_entries_pkey"}

// collided reports whether another transaction was in the way, so that trying again helps.
func collided(err error) bool {
	var server *pgconn.PgError
	if !errors.As(err, &server) {
		return false
	}
	switch server.Code {
	case serializationFailure, deadlockDetected:
		return true
	case uniqueViolation:
		return slices.Contains(duplicates, server.ConstraintName)
	}
	return false
}

// unavailable adds a fault of kind unavailable to an error that says that the database is away; any other
// error, and nil, is returned as it is.
func unavailable(err error) error {
	var fault *casework.Fault
	if err == nil || errors.As(err, &fault) || errors.Is(err, context.Canceled) {
		return err
	}
	var server *pgconn.PgError
	var connect *pgconn.ConnectError
	var network net.Error
	away := errors.As(err, &connect) || errors.As(err, &network) || pgconn.Timeout(err) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) // The server went away in the middle.
	if errors.As(err, &server) {
		away = slices.ContainsFunc(outages, func(code string) bool { return strings.HasPrefix(server.Code, code) })
	}
	if !away {
		return err
	}
	return fmt.Errorf("%w: %w", casework.NewFault(casework.Unavailable, "register-unavailable", "The register cannot be reached at the moment."), err)
}

// unknown is the fault of something that does not exist, such as "task of case R-…", with a code such as unknown-task.
func unknown(noun, what string) *casework.Fault {
	return casework.NewFault(casework.NotFound, "unknown-"+noun, fmt.Sprintf("There is no %s.", what))
}

// missing turns "no rows" into the fault that what was looked for does not exist; any other error is wrapped with it.
func missing(err error, noun, what string) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, pgx.ErrNoRows):
		return unknown(noun, what)
	default:
		return fmt.Errorf("read %s: %w", what, unavailable(err))
	}
}
