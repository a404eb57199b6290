package ops

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"

	"github.com/recourse-exams/recourse/api"
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// actionPage asks for what an action needs, or shows what it will do.
type actionPage struct {
	casePage
	Intent intent
	// Faults say, by field, what is wrong with what was filled in.
	Faults map[string]string
	// Refused is why the case did not take it; nil if it was not asked yet.
	Refused *casework.Fault
	// Unknown is true if nobody knows whether the case took it.
	Unknown bool
	Causes  []casework.HoldCause
	// Approvers are whom a hold may name as having agreed: every approver of the case's body but the person.
	Approvers    []docket.Approver
	Verb         string
	Consequences []string
}

// Asked is true if the centre was asked for something by a cause that can be chosen, and so for how that ended.
func (p actionPage) Asked() bool { return slices.ContainsFunc(p.Causes, casework.HoldCause.AsksCentre) }

// OnlyAsked is true if the centre was asked for something by every cause that can be chosen.
func (p actionPage) OnlyAsked() bool {
	return !slices.ContainsFunc(p.Causes, func(c casework.HoldCause) bool { return !c.AsksCentre() })
}

// ask shows an action's form.
func (s *site) ask(w http.ResponseWriter, r *http.Request, v visit) error {
	page, err := s.actionPage(r, v, intent{Action: r.PathValue("action"), Key: secret()})
	if err != nil {
		return err
	}
	if t := page.Latest(); t != nil {
		page.Intent.Task, page.Intent.From = t.ID, t.Assignee
	}
	if len(page.Causes) == 1 {
		page.Intent.Cause = page.Causes[0]
	}
	s.write(w, r, http.StatusOK, "form.html", page)
	return nil
}

// act takes a form: the first time it shows what will happen, and once that is confirmed it does it.
func (s *site) act(w http.ResponseWriter, r *http.Request, v visit) error {
	if err := v.readForm(r); err != nil {
		return err
	}
	page, err := s.actionPage(r, v, readIntent(r, r.PathValue("action")))
	if err != nil {
		return err
	}
	if page.Intent.Key == "" {
		return forged()
	}
	step := r.PostFormValue("step")
	page.Faults = page.Intent.faults(v.Person.Subject, step)
	switch {
	case len(page.Faults) > 0:
		s.write(w, r, http.StatusUnprocessableEntity, "form.html", page)
		return nil
	case step == "change":
		s.write(w, r, http.StatusOK, "form.html", page)
		return nil
	case step != stepDo:
		page.Consequences = page.consequences(page.Intent)
		s.write(w, r, http.StatusOK, "confirm.html", page)
		return nil
	}
	return s.carryOut(w, r, page)
}

func (s *site) actionPage(r *http.Request, v visit, wanted intent) (actionPage, error) {
	shown, err := s.casePage(r, v)
	if err != nil {
		return actionPage{}, err
	}
	page := actionPage{casePage: shown, Intent: wanted, Causes: casework.HoldCauses(), Verb: verbs[wanted.Action]}
	page.Title = page.Verb + " " + string(shown.Reference)
	if wanted.Action == actHold {
		if err := s.addApprovers(r, &page); err != nil {
			return actionPage{}, err
		}
	}
	if wanted.Action == actResume {
		page.Causes = nil
		for _, h := range shown.Lasting() {
			page.Causes = append(page.Causes, h.Cause)
		}
	}
	// A form that was sent twice finds the case changed by the first: the case itself then answers as it did.
	if r.Method == http.MethodPost && r.PostFormValue("step") == stepDo && verbs[wanted.Action] != "" {
		return page, nil
	}
	if fault := shown.allows(wanted.Action); fault != nil {
		return actionPage{}, fault
	}
	return page, nil
}

// addApprovers reads whom the person may name, and who that is whom they have named.
func (s *site) addApprovers(r *http.Request, page *actionPage) error {
	found, err := s.Cases.CaseApprovers(r.Context(), page.Reference)
	if err != nil {
		return fmt.Errorf("read who may agree to a hold of case %s: %w", page.Reference, err)
	}
	for _, a := range found {
		if a.ID == page.Intent.ApprovedBy {
			page.Intent.Approver = a.Name
		}
		if a.ID != page.Person.Subject {
			page.Approvers = append(page.Approvers, a)
		}
	}
	return nil
}

// verbs are what the actions are called on their pages.
var verbs = map[string]string{actHold: "Hold", actResume: "Resume", actReassign: "Reassign the task of", actNudge: "Nudge"}

// carryOut hands the intent to the case and leads back to its page.
func (s *site) carryOut(w http.ResponseWriter, r *http.Request, page actionPage) error {
	err := s.dispatch(r, page)
	var fault *casework.Fault
	outcome := page.Intent.Action
	switch {
	case errors.Is(err, s.Pending):
		outcome = pending
	case errors.As(err, &fault):
		page.Refused = fault
		s.write(w, r, api.StatusOf(fault.Kind), "form.html", page)
		return nil
	case err != nil:
		s.Log.LogAttrs(r.Context(), slog.LevelError, "nobody knows whether a case took a request",
			slog.String("case", string(page.Reference)), slog.String("action", page.Intent.Action), slog.String("cause", err.Error()))
		page.Unknown, page.Consequences = true, page.consequences(page.Intent)
		s.write(w, r, http.StatusServiceUnavailable, "confirm.html", page)
		return nil
	}
	http.Redirect(w, r, page.Root()+"/cases/"+string(page.Reference)+"?said="+outcome, http.StatusSeeOther)
	return nil
}

// dispatch sends the Update.
func (s *site) dispatch(r *http.Request, page actionPage) error {
	ctx, wanted, subject := r.Context(), page.Intent, page.Person.Subject
	id, key, err := wanted.names(subject, page.Reference)
	if err != nil {
		return err
	}
	by, at := casework.Actor{Subject: subject, Role: page.Role(), Reason: wanted.Reason}, received(s.Now(ctx))
	switch wanted.Action {
	case actHold:
		_, err = s.Dispatcher.Hold(ctx, page.Reference, id, casework.HoldRequest{
			Cause: wanted.Cause, ApprovedBy: wanted.ApprovedBy, Actor: by, Key: key, ReceivedAt: at,
		})
	case actResume:
		_, err = s.Dispatcher.Resume(ctx, page.Reference, id, casework.ResumeRequest{
			Cause: wanted.Cause, Delivered: wanted.Delivered == "yes", Actor: by, Key: key, ReceivedAt: at,
		})
	case actReassign:
		_, err = s.Dispatcher.Act(ctx, page.Reference, id, casework.TaskRequest{
			Task: wanted.Task, Operation: casework.OpReassign, From: wanted.From, To: wanted.To, Actor: by, Key: key, ReceivedAt: at,
		})
	case actNudge:
		_, err = s.Dispatcher.Nudge(ctx, page.Reference, id, casework.NudgeRequest{Actor: by, Key: key, ReceivedAt: at})
	default:
		return fmt.Errorf("there is no action %q", wanted.Action)
	}
	return err
}
