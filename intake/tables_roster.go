package intake

import (
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/register"
)

var performerColumns = []column[register.Performer]{
	text("id", func(p *register.Performer) *string { return &p.ID }),
	text("name", func(p *register.Performer) *string { return &p.Name }),
	text("email", func(p *register.Performer) *string { return &p.Email }),
	list("roles", " ", func(p *register.Performer) *[]casework.PerformerRole { return &p.Roles }),
	word("rank", func(p *register.Performer) *casework.Rank { return &p.Rank }),
	optional(text("leader", func(p *register.Performer) *string { return &p.Leader })),
	optional(list("components", " ", func(p *register.Performer) *[]string { return &p.Components })),
	optional(list("subjects", " ", func(p *register.Performer) *[]string { return &p.Subjects })),
	optional(list("tiers", " ", func(p *register.Performer) *[]string { return &p.Tiers })),
	number("capacity", func(p *register.Performer) *int { return &p.Capacity }),
	optional(day("contractFrom", func(p *register.Performer) *calendar.Date { return &p.ContractFrom })),
	optional(day("contractUntil", func(p *register.Performer) *calendar.Date { return &p.ContractUntil })),
	optional(day("trainedUntil", func(p *register.Performer) *calendar.Date { return &p.TrainedUntil })),
	text("body", func(p *register.Performer) *string { return &p.Body }),
}

var conflictColumns = []column[register.Conflict]{
	text("performer", func(c *register.Conflict) *string { return &c.Performer }),
	text("kind", func(c *register.Conflict) *string { return &c.Kind }),
	optional(text("centre", func(c *register.Conflict) *string { return &c.Centre })),
	optional(text("candidate", func(c *register.Conflict) *string { return &c.Candidate })),
}

var absenceColumns = []column[register.Absence]{
	text("performer", func(a *register.Absence) *string { return &a.Performer }),
	day("from", func(a *register.Absence) *calendar.Date { return &a.From }),
	day("until", func(a *register.Absence) *calendar.Date { return &a.Until }),
	text("reason", func(a *register.Absence) *string { return &a.Reason }),
}

var approverColumns = []column[register.Approver]{
	text("id", func(a *register.Approver) *string { return &a.ID }),
	text("body", func(a *register.Approver) *string { return &a.Body }),
	text("name", func(a *register.Approver) *string { return &a.Name }),
	text("email", func(a *register.Approver) *string { return &a.Email }),
}

// day is a date that is kept as it is.
func day[R any](name string, field func(*R) *calendar.Date) column[R] {
	return date(name, func(into *R, d calendar.Date) error {
		*field(into) = d
		return nil
	})
}
