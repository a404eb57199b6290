package store

import (
	"time"

	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/casework/policy"
)

// clockRow is a clock with what was noticed of it.
type clockRow struct {
	Reference    casework.Reference
	ID           casework.ClockID
	Kind         casework.ClockKind
	Amount       int
	Unit         policy.Unit
	RollForward  bool
	Cutoff       zeronull.Text
	LastDay      *time.Time
	Division     calendar.Division
	StartedAt    time.Time
	Ends         time.Time
	OriginalEnds time.Time
	Warn         []time.Time
	WarnRules    []warnRuleRow
	PausedBy     []policy.Pause
	Pauses       []pauseRow
	Quiet        string
	// Policy is the version of the rules by which the clock counts.
	Policy     string
	Clause     string
	Source     string
	Confirmed  bool
	MetAt      zeronull.Timestamptz
	BreachedAt zeronull.Timestamptz
	// CancelledAt is when the clock was given up.
	CancelledAt zeronull.Timestamptz
	// Warned holds the warn and chase points that were noticed, Ended the ends, DetectedAt the last instant at which
	// anything was.
	Warned     []time.Time
	Ended      []time.Time
	DetectedAt zeronull.Timestamptz
}

// warnRuleRow is a warn point's rule as the register keeps it.
type warnRuleRow struct {
	DaysBefore  int                `json:"daysBefore,omitempty"`
	At          calendar.TimeOfDay `json:"at"`
	HoursBefore int                `json:"hoursBefore,omitempty"`
}

// pauseRow is a pause as the register keeps it; a zero until is one that lasts.
type pauseRow struct {
	Cause      policy.Pause `json:"cause"`
	Why        string       `json:"why"`
	ApprovedBy string       `json:"approvedBy,omitempty"`
	From       time.Time    `json:"from"`
	Until      time.Time    `json:"until,omitzero"`
}

// rowOf is the row of a clock that counts by a version of the rules and of which nothing has been noticed yet. The lists
// are never null.
func rowOf(version string, c deadline.Clock) clockRow {
	row := clockRow{
		ID: c.ID, Kind: c.Kind, Amount: c.Amount, Unit: c.Unit, RollForward: c.RollForward, LastDay: dateTo(c.LastDay), Division: c.Division,
		StartedAt: c.StartedAt, Ends: c.Ends, OriginalEnds: c.OriginalEnds, Warn: append([]time.Time{}, c.Warn...),
		WarnRules: []warnRuleRow{}, PausedBy: append([]policy.Pause{}, c.PausedBy...), Pauses: []pauseRow{},
		Quiet: c.Quiet.String(), Policy: version, Clause: c.Clause, Source: c.Source, Confirmed: c.Confirmed,
		MetAt: zeronull.Timestamptz(c.MetAt), CancelledAt: zeronull.Timestamptz(c.CancelledAt),
	}
	if c.Cutoff != nil {
		row.Cutoff = zeronull.Text(c.Cutoff.String())
	}
	for _, w := range c.WarnRules {
		row.WarnRules = append(row.WarnRules, warnRuleRow(w))
	}
	for _, p := range c.Pauses {
		row.Pauses = append(row.Pauses, pauseRow(p))
	}
	return row
}

// clock is the clock that the row keeps. A cut-off, or quiet hours, that cannot be read are none: the table's checks let no
// such in.
func (c clockRow) clock() deadline.Clock {
	clock := deadline.Clock{
		ID: c.ID, Kind: c.Kind, Span: policy.Span{Amount: c.Amount, Unit: c.Unit, RollForward: c.RollForward},
		LastDay: dateFrom(c.LastDay), Division: c.Division, StartedAt: c.StartedAt, Ends: c.Ends, OriginalEnds: c.OriginalEnds, Warn: c.Warn,
		PausedBy: c.PausedBy, MetAt: timeOf(c.MetAt), CancelledAt: timeOf(c.CancelledAt),
		Clause: c.Clause, Source: c.Source, Confirmed: c.Confirmed,
	}
	if at, err := calendar.ParseTimeOfDay(string(c.Cutoff)); err == nil {
		clock.Cutoff = &at
	}
	if quiet, err := policy.ParseQuiet(c.Quiet); err == nil {
		clock.Quiet = quiet
	}
	for _, w := range c.WarnRules {
		clock.WarnRules = append(clock.WarnRules, policy.WarnRule(w))
	}
	for _, p := range c.Pauses {
		clock.Pauses = append(clock.Pauses, deadline.Pause(p))
	}
	return clock
}

// shown is the clock as people see it.
func (c clockRow) shown() docket.Clock {
	return docket.Clock{Clock: c.clock(), Policy: c.Policy, BreachedAt: timeOf(c.BreachedAt), DetectedAt: timeOf(c.DetectedAt)}
}
