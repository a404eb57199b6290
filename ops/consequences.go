package ops

import (
	"fmt"
	"time"

	"github.com/recourse-exams/recourse/casework"
)

// consequences says, in sentences, what an intent will bring about, so that nobody learns it afterwards.
func (p casePage) consequences(i intent) []string {
	switch i.Action {
	case actHold:
		return p.ofHold(i)
	case actResume:
		return p.ofResume(i)
	case actReassign:
		return p.ofReassign(i)
	default:
		return p.ofNudge()
	}
}

func (p casePage) ofHold(i intent) []string {
	said := []string{fmt.Sprintf("The case waits: %s.", i.Cause.Words())}
	if t := p.Latest(); t != nil && !t.DeskTask.State.Final() {
		said = append(said, "Its task is suspended: nobody may complete it, and its own deadlines stand still.")
	}
	for _, c := range p.Clocks {
		switch {
		case c.over():
		case c.Stops(i.Cause):
			said = append(said, fmt.Sprintf("The %s clock stands still and its end moves by the days of the hold.", words(c.ID)))
		case c.Kind == casework.ClockSLA:
			said = append(said, fmt.Sprintf("The %s clock runs on, until %s: its rule does not name this cause.", words(c.ID), moment(c.Clock.Due())))
		}
	}
	if i.Cause.Duty() != "" {
		said = append(said, "A clock of the centre's own starts, and it is reminded. Where the rules of the service have none, the case refuses to wait for this.")
	}
	told := "The centre is sent a mail with the cause, your reason and what becomes of each date."
	if !i.Cause.TellsWhy() {
		told = fmt.Sprintf("The centre is sent a mail that %s, with what becomes of each date. It reads neither the cause nor your reason.", i.Cause.For(casework.AudienceCentre).Words())
	}
	approver := i.ApprovedBy
	if i.Approver != "" {
		approver = i.Approver + " (" + i.ApprovedBy + ")"
	}
	return append(said, told,
		approver+" is sent a mail that they are named as having agreed, with what to do if they did not.",
		"The trail names you, and "+approver+" as who agreed; the centre sees neither.")
}

func (p casePage) ofResume(i intent) []string {
	said := []string{fmt.Sprintf("The case no longer waits for this: %s.", i.Cause.Words())}
	switch {
	case !i.Cause.AsksCentre():
	case i.Delivered == "yes":
		said = append(said, "What the centre owed counts as delivered.")
	default:
		said = append(said, "What the centre was asked for is no longer asked.")
	}
	if len(p.Lasting()) > 1 {
		return append(said, "The case still waits for something else, so the task stays suspended.")
	}
	for _, c := range p.Clocks {
		if !c.over() && c.Standing() {
			said = append(said, fmt.Sprintf("The %s clock runs again; its new end is counted when the case takes this.", words(c.ID)))
		}
	}
	return append(said, "The task goes on with whoever held it; its deadlines move by the days of the hold.", "The centre is sent a mail with the new dates.")
}

func (p casePage) ofReassign(i intent) []string {
	said := []string{fmt.Sprintf("Task %s is taken from %s, whose draft is deleted and who is not asked for it again.", i.Task, i.From)}
	if i.To == "" {
		return append(said,
			"The rule finds somebody else: never anybody with a conflict, then by load.",
			"If nobody eligible is free the task waits in the pool and operations are told.")
	}
	return append(said,
		fmt.Sprintf("It is given to %s, if no conflict, rank or absence stands against it; otherwise nothing is changed and you are told why. Only their capacity may be exceeded.", i.To),
		"They are sent a mail that names neither centre nor candidate.")
}

func (p casePage) ofNudge() []string {
	latest := p.Latest()
	switch {
	case len(p.Lasting()) > 0 && p.WaitingOn == casework.WaitingCentre:
		return []string{"The nudge is noted. The case waits for the centre, which its own deadline reminds: nobody else is."}
	case len(p.Lasting()) > 0:
		return []string{"The nudge is noted. The case waits for us: it goes on when somebody resumes it, and nobody is reminded."}
	case p.Stage == casework.StageUnassigned:
		return []string{"The task is offered again at once, under the roster as it is now."}
	case p.Stage == casework.StageAssigned && latest != nil && latest.DeskTask.State == casework.TaskSuspended:
		return []string{"The nudge is noted. The task is suspended, so nobody is reminded: it goes on when it is resumed."}
	case p.Stage == casework.StageAssigned:
		return []string{"Whoever holds the task is sent a reminder. Nothing is taken from anybody and no date moves."}
	default:
		return []string{"The nudge is noted. Nobody of the awarding body acts next, so nobody is reminded."}
	}
}

// outcomes are what the page says after something was done.
var outcomes = map[string]string{
	actHold:     "The case waits. The centre is being told.",
	actResume:   "The case goes on. The centre is being told.",
	actReassign: "The task was taken from its holder; it stands below who has it now.",
	actNudge:    "The case was nudged.",
	actNote:     "The note is kept.",
	pending:     "Your request is safely accepted and will be done as soon as a worker takes it. Look again in a few seconds.",
}

// pending is said when a request was accepted and not answered in time.
const pending = "pending"

func said(code string) string { return outcomes[code] }

// received is the instant of a request, to the microsecond, as the register keeps it.
func received(at time.Time) time.Time { return at.UTC().Truncate(time.Microsecond) }
