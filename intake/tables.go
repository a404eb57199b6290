package intake

import (
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/register"
)

// Results are released to centres at one minute past midnight and to candidates at eight, London time (domain §1.6).
var (
	centreHour    = calendar.TimeOfDay{Minute: 1}
	candidateHour = calendar.TimeOfDay{Hour: 8}
)

var bodyColumns = []column[register.Body]{
	text("id", func(b *register.Body) *string { return &b.ID }),
	text("name", func(b *register.Body) *string { return &b.Name }),
	optional(list("ranks", " ", func(b *register.Body) *[]casework.Rank { return &b.Ranks })),
}

var centreColumns = []column[register.Centre]{
	text("number", func(c *register.Centre) *string { return &c.Number }),
	text("name", func(c *register.Centre) *string { return &c.Name }),
	text("nation", func(c *register.Centre) *string { return &c.Nation }),
	optional(list("address", "|", func(c *register.Centre) *[]string { return &c.Address })),
}

var contactColumns = []column[register.Contact]{
	text("centre", func(c *register.Contact) *string { return &c.Centre }),
	text("subject", func(c *register.Contact) *string { return &c.Subject }),
	text("name", func(c *register.Contact) *string { return &c.Name }),
	text("email", func(c *register.Contact) *string { return &c.Email }),
	yesNo("examsOfficer", func(c *register.Contact) *bool { return &c.ExamsOfficer }),
}

var qualificationColumns = []column[register.Qualification]{
	text("id", func(q *register.Qualification) *string { return &q.ID }),
	text("body", func(q *register.Qualification) *string { return &q.Body }),
	text("title", func(q *register.Qualification) *string { return &q.Title }),
	number("level", func(q *register.Qualification) *int { return &q.Level }),
	text("subject", func(q *register.Qualification) *string { return &q.Subject }),
	optional(text("rules", func(q *register.Qualification) *string { return &q.Rules })),
	word("family", func(q *register.Qualification) *casework.Family { return &q.Family }),
	yesNo("unitised", func(q *register.Qualification) *bool { return &q.Unitised }),
}

var componentColumns = []column[register.Component]{
	text("id", func(c *register.Component) *string { return &c.ID }),
	text("qualification", func(c *register.Component) *string { return &c.Qualification }),
	text("title", func(c *register.Component) *string { return &c.Title }),
	number("maxMark", func(c *register.Component) *int { return &c.MaxMark }),
	number("weight", func(c *register.Component) *int { return &c.Weight }),
	word("assessment", func(c *register.Component) *register.Assessment { return &c.Assessment }),
	yesNo("objective", func(c *register.Component) *bool { return &c.Objective }),
	optional(text("tier", func(c *register.Component) *string { return &c.Tier })),
}

var seriesColumns = []column[register.Series]{
	text("id", func(s *register.Series) *string { return &s.ID }),
	text("body", func(s *register.Series) *string { return &s.Body }),
	text("title", func(s *register.Series) *string { return &s.Title }),
	number("month", func(s *register.Series) *int { return &s.Month }),
	date("centreRelease", func(s *register.Series, d calendar.Date) error {
		return release(&s.CentreRelease, d, centreHour)
	}),
	date("candidateRelease", func(s *register.Series, d calendar.Date) error {
		return release(&s.CandidateRelease, d, candidateHour)
	}),
	date("gcseRelease", func(s *register.Series, d calendar.Date) error {
		s.GCSERelease = d
		return nil
	}),
	optional(date("aLevelRelease", func(s *register.Series, d calendar.Date) error {
		s.ALevelRelease = d
		return nil
	})),
}

func release(into *time.Time, day calendar.Date, hour calendar.TimeOfDay) error {
	at, err := day.At(hour)
	*into = at
	return err
}

var keyDateColumns = []column[register.KeyDate]{
	text("series", func(k *register.KeyDate) *string { return &k.Series }),
	word("service", func(k *register.KeyDate) *casework.Service { return &k.Service }),
	yesNo("priority", func(k *register.KeyDate) *bool { return &k.Priority }),
	date("lastDay", func(k *register.KeyDate, d calendar.Date) error {
		k.LastDay = d
		return nil
	}),
}

var boundaryColumns = []column[register.Boundary]{
	text("series", func(b *register.Boundary) *string { return &b.Series }),
	optional(text("qualification", func(b *register.Boundary) *string { return &b.Qualification })),
	optional(text("component", func(b *register.Boundary) *string { return &b.Component })),
	optional(word("part", func(b *register.Boundary) *register.Assessment { return &b.Part })),
	text("grade", func(b *register.Boundary) *string { return &b.Grade }),
	number("mark", func(b *register.Boundary) *int { return &b.Mark }),
}

var itemColumns = []column[register.Item]{
	text("series", func(i *register.Item) *string { return &i.Series }),
	text("component", func(i *register.Item) *string { return &i.Component }),
	text("item", func(i *register.Item) *string { return &i.Item }),
	number("max", func(i *register.Item) *int { return &i.Max }),
}

var paperColumns = []column[register.Paper]{
	text("series", func(p *register.Paper) *string { return &p.Series }),
	text("component", func(p *register.Paper) *string { return &p.Component }),
	text("kind", func(p *register.Paper) *string { return &p.Kind }),
	text("file", func(p *register.Paper) *string { return &p.Path }),
}
