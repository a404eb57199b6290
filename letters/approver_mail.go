package letters

import (
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// approverView is what an approver is told of a hold under which their name stands: no candidate, no mark, no grade.
type approverView struct {
	whereTo
	Body                       body
	Reference                  casework.Reference
	Service, Component, Centre string
	// Approver is the reader's name, AskedBy the subject of who asked for the hold.
	Approver, AskedBy string
	// Cause is for what the request waits, as the awarding body's own people read it; Reason is the asker's sentence.
	Cause, Reason, Since string
	// Asked is true if the centre was asked for something, so that who resumes the request says what became of it.
	Asked bool
	Dates []dateView
}

func (p *Printer) viewApprover(in casework.MailInput, n docket.Notice) (approverView, error) {
	hold, err := holdOf(n.Case, in.Number)
	if err != nil {
		return approverView{}, err
	}
	return approverView{
		whereTo: p.whereTo(n.Case.Reference, ""), Body: viewBody(n.BodyName), Reference: n.Case.Reference, Service: lower(n.Case.Request.Service),
		Component: line(n.Case.Request.Component), Centre: line(n.Centre.Number), Approver: line(hold.ApproverName), AskedBy: line(hold.AskedBy),
		Asked: hold.Cause.AsksCentre(), Cause: hold.Cause.Words(), Reason: line(hold.Reason), Since: moment(hold.BeganAt), Dates: datesOf(n.Case, hold, false),
	}, nil
}
