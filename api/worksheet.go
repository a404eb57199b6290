package api

import (
	"context"
	"fmt"
	"slices"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/casework/policy"
)

// GetWorksheet explains a clock of a case day by day, by the version of the rules by which the clock counts.
func (s *Server) GetWorksheet(ctx context.Context, in GetWorksheetRequestObject) (GetWorksheetResponseObject, error) {
	found, err := s.readCase(ctx, in.Reference)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(found.Clocks, func(c docket.Clock) bool { return ClockID(c.ID) == in.Clock })
	if i < 0 {
		return nil, noClock(found, in.Clock)
	}
	clock := found.Clocks[i]
	p, err := s.rules.Policy(clock.Policy)
	if err != nil {
		return nil, fmt.Errorf("explain clock %s of case %s: %w", clock.ID, found.Reference, err)
	}
	rule, ok := p.CaseClock(found.Request.Service, clock.ID)
	if !ok {
		return nil, fmt.Errorf("explain clock %s of case %s: %s has no rule for it", clock.ID, found.Reference, p.Version)
	}
	// The division stands in the clock, whatever the centre's nation is by now.
	working, err := p.Working(rule, clock.Division)
	if err != nil {
		return nil, fmt.Errorf("explain clock %s of case %s: %w", clock.ID, found.Reference, err)
	}
	days, err := clock.Worksheet(working)
	if err != nil {
		return nil, fmt.Errorf("explain clock %s of case %s: %w", clock.ID, found.Reference, err)
	}
	view := worksheetView(found.Reference, clock, rule, days)
	view.Calendar = WorksheetCalendar(working.Division())
	return GetWorksheet200JSONResponse(view), nil
}

func noClock(c docket.Case, asked ClockID) *problem {
	if len(c.Clocks) == 0 {
		return newProblem("unknown-clock", fmt.Sprintf("Case %s has no clocks.", c.Reference))
	}
	names := make([]string, len(c.Clocks))
	for i, clock := range c.Clocks {
		names[i] = string(clock.ID)
	}
	return unknownName("unknown-clock", "clock of case "+string(c.Reference), string(asked), names)
}

func worksheetView(reference casework.Reference, clock docket.Clock, rule policy.ClockRule, days []deadline.Day) Worksheet {
	original := clock.Clock
	original.Ends = clock.OriginalEnds
	view := Worksheet{
		Reference: string(reference), Clock: ClockID(clock.ID), Kind: ClockKind(clock.Kind), Rule: rule.Words(), StartedAt: clock.StartedAt,
		Due: clock.Due(), Ends: clock.Ends, OriginalDue: original.Due(), Policy: clock.Policy,
		Clause: clock.Clause, Source: clock.Source, Confirmed: clock.Confirmed,
		Pauses: make([]ClockPause, len(clock.Pauses)), Days: make([]WorksheetDay, len(days)),
	}
	for i, p := range clock.Pauses {
		view.Pauses[i] = ClockPause{Cause: string(p.Cause), Text: p.Cause.Words(), Why: p.Why, From: p.From, Until: p.Until, Stops: clock.Stops(p.Cause)}
	}
	for i, d := range days {
		view.Days[i] = WorksheetDay{Date: d.Date, Counts: d.Counts, Number: d.Number, Seconds: int64(d.Elapsed.Seconds()), Why: d.Why}
	}
	return view
}
