// Package offer decides what a centre may ask for now, until when, for how much and with which consent, or
// gives every reason why not.
package offer

import (
	"fmt"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/fee"
	"github.com/recourse-exams/recourse/casework/policy"
)

// Ask is what is asked, by whom and when.
type Ask struct {
	Service        casework.Service
	ReceivedAt     time.Time
	ConsentGivenOn calendar.Date
	// ConsentDeclared is true if the centre declares, without a day, that it holds the candidate's consent.
	ConsentDeclared bool
	ReviewedScript  bool
	// PlaceAtRisk is true if the centre declares that a place in higher education depends on the outcome.
	PlaceAtRisk bool
	// Requester is who asks; empty if whoever calls has judged that already.
	Requester policy.Requester
	// About is the case that an appeal or a late copy is about; empty for the one whose outcome is the latest.
	About casework.Reference
}

// Calendars tell working days: what the body owes, and every window, counts on its own, and what a centre owes on
// that of its nation (domain §8.1).
type Calendars struct {
	Body   calendar.Working
	Centre calendar.Working
}

// CalendarsOf returns the calendars that a policy counts on for a centre of a nation, as the register spells it. A
// nation outside the United Kingdom keeps the body's bank holidays, for want of a list of its own. It is an error if
// the policy's division has no calendar.
func CalendarsOf(p policy.Policy, nation string) (Calendars, error) {
	body, err := p.WorkingIn(p.Division)
	if err != nil {
		return Calendars{}, fmt.Errorf("find the calendar of %s: %w", p.BodyName, err)
	}
	centre, err := calendar.NewWorking(DivisionOf(nation, p.Division))
	if err != nil {
		return Calendars{}, fmt.Errorf("find the calendar of the centre's nation: %w", err)
	}
	return Calendars{Body: body, Centre: centre}, nil
}

// DivisionOf is the division of a centre's nation, as the register spells it, and otherwise for any other.
func DivisionOf(nation string, otherwise calendar.Division) calendar.Division {
	switch nation {
	case "england", "wales":
		return calendar.EnglandAndWales
	case "scotland":
		return calendar.Scotland
	case "northern-ireland":
		return calendar.NorthernIreland
	default:
		return otherwise
	}
}

// Verdict is the answer: either Refusal is set, or the case may open with these clocks and fees. Beside a
// refusal they say what would have held, as far as the facts allow.
type Verdict struct {
	Refusal *casework.Fault
	// Policy is the version of the rules that decided.
	Policy string
	// Opens and Closes bound the window, in UTC: from Opens, before Closes. A zero Opens is unknown; a zero Closes is
	// unknown beside a refusal and otherwise says that there is no last day.
	Opens  time.Time
	Closes time.Time
	// Window is the rule of Closes: the formula's, or the series' key date's.
	Window policy.Provenance
	// Clocks are those that start when the request is received.
	Clocks []deadline.Clock
	Fees   []fee.Quote
	// PayFirst is true if this requester pays before the case is begun.
	PayFirst bool
	Rules    casework.CompletionRules
}

// Assess applies one awarding body's rules to a request; the rulebook makes it.
type Assess func(Facts, Ask) Verdict
