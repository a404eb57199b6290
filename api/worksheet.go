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

// GetWorksheet explains a clock of a case day by day, by the rules that the case is pinned to.
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
	p, err := s.rules.Policy(found.Policy)
	if err != nil {
		return nil, fmt.Errorf("explain clock %s of case %s: %w", clock.ID, found.Reference, err)
	}
	rule, ok := ruleOf(p, found.Request.Service, clock.ID)
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
	view := worksheetView(found, clock.Clock, rule, days)
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

// ruleOf finds the rule of a clock: those of an enquiry that follow its outcome are the rules of the service that the
// centre may ask for next.
func ruleOf(p policy.Policy, service casework.Service, id casework.ClockID) (rule policy.ClockRule, ok bool) {
	switch id {
	case casework.ClockScript:
		service = casework.ReviewedScriptCopy
	case casework.ClockWindow, casework.ClockReasonsWindow, casework.ClockStage2Window:
		service = casework.Appeal
	default:
		// Every other clock is a rule of the service itself.
	}
	return p.Clock(service, id)
}

func worksheetView(c docket.Case, clock deadline.Clock, rule policy.ClockRule, days []deadline.Day) Worksheet {
	original := clock
	original.Ends = clock.OriginalEnds
	view := Worksheet{
		Reference: string(c.Reference), Clock: ClockID(clock.ID), Kind: ClockKind(clock.Kind), Rule: rule.Words(), StartedAt: clock.StartedAt,
		Due: clock.Due(), Ends: clock.Ends, OriginalDue: original.Due(), Policy: c.Policy,
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
