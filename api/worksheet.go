package api

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
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
	rule, working, err := explained(p, found.Request.Service, clock)
	if err != nil {
		return nil, fmt.Errorf("explain clock %s of case %s: %w", clock.ID, found.Reference, err)
	}
	days, err := clock.Worksheet(working)
	if err != nil {
		return nil, fmt.Errorf("explain clock %s of case %s: %w", clock.ID, found.Reference, err)
	}
	at, _ := s.received(ctx)
	view := worksheetView(found.Reference, clock, rule, days, at)
	view.Calendar = WorksheetCalendar(working.Division())
	return GetWorksheet200JSONResponse(view), nil
}

// explained is the rule of a clock in words, and the calendar by which its days are counted. The division stands in the
// clock, whatever the centre's nation is by now. A goal that is a day of the year has no rule that counts.
func explained(p policy.Policy, service casework.Service, clock docket.Clock) (rule string, working calendar.Working, err error) {
	found, ok := p.CaseClock(service, clock.ID)
	if ok {
		working, err = p.Working(found, clock.Division)
		return found.Words(), working, err
	}
	if clock.LastDay.IsZero() {
		return "", working, fmt.Errorf("%s has no rule for it", p.Version)
	}
	working, err = p.WorkingIn(p.Division)
	return "by " + clock.LastDay.Long(), working, err
}

func noClock(c docket.Case, asked ClockID) *problem {
	if len(c.Clocks) == 0 {
		return newProblem("unknown-clock", fmt.Sprintf("Case %s has no clocks.", c.Reference))
	}
	names := make([]string, len(c.Clocks))
	for i, clock := range c.Clocks {
		names[i] = string(clock.ID)
	}
	return unknownName("unknown-clock", "clock of case "+string(c.Reference), asked, names)
}

func worksheetView(reference casework.Reference, clock docket.Clock, rule string, days []deadline.Day, at time.Time) Worksheet {
	view := Worksheet{
		Reference: string(reference), Clock: ClockID(clock.ID), Kind: ClockKind(clock.Kind), State: ClockState(clock.State(at)), Rule: rule,
		StartedAt: clock.StartedAt, Due: clock.Due(), Ends: clock.Ends, OriginalDue: promised(clock), Policy: clock.Policy,
		Clause: clock.Clause, Source: clock.Source, Confirmed: clock.Confirmed, Pauses: pauseViews(clock.Clock), Days: make([]WorksheetDay, len(days)),
	}
	for i, d := range days {
		view.Days[i] = WorksheetDay{Date: d.Date, Counts: d.Counts, Number: d.Number, Seconds: int64(d.Elapsed.Seconds()), Why: d.Why}
	}
	return view
}
