package intake

import "github.com/recourse-exams/recourse/casework/register"

var candidateColumns = []column[register.Candidate]{
	text("centre", func(c *register.Candidate) *string { return &c.Centre }),
	text("number", func(c *register.Candidate) *string { return &c.Number }),
	text("name", func(c *register.Candidate) *string { return &c.Name }),
	text("uci", func(c *register.Candidate) *string { return &c.UCI }),
}

var entryColumns = entryKey(func(e *register.Entry) *register.Entry { return e })

var awardColumns = append(entryKey(func(a *register.Award) *register.Entry { return &a.Entry }),
	number("total", func(a *register.Award) *int { return &a.Total }),
	text("grade", func(a *register.Award) *string { return &a.Grade }),
	optional(word("indicator", func(a *register.Award) *register.Indicator { return &a.Indicator })),
)

var resultColumns = append(resultKey(func(r *register.Result) *register.ResultKey { return &r.ResultKey }),
	number("mark", func(r *register.Result) *int { return &r.Mark }),
	optional(word("indicator", func(r *register.Result) *register.Indicator { return &r.Indicator })),
)

var itemMarkColumns = append(resultKey(func(m *register.ItemMark) *register.ResultKey { return &m.ResultKey }),
	text("item", func(m *register.ItemMark) *string { return &m.Item }),
	number("mark", func(m *register.ItemMark) *int { return &m.Mark }),
	text("marker", func(m *register.ItemMark) *string { return &m.Marker }),
	optional(text("secondMarker", func(m *register.ItemMark) *string { return &m.SecondMarker })),
	optional(text("backReader", func(m *register.ItemMark) *string { return &m.BackReader })),
	optional(text("checker", func(m *register.ItemMark) *string { return &m.Checker })),
)

var scriptColumns = append(resultKey(func(s *register.Script) *register.ResultKey { return &s.ResultKey }),
	text("file", func(s *register.Script) *string { return &s.Path }),
)

var moderationColumns = []column[register.Moderation]{
	text("centre", func(m *register.Moderation) *string { return &m.Centre }),
	text("component", func(m *register.Moderation) *string { return &m.Component }),
	text("series", func(m *register.Moderation) *string { return &m.Series }),
	yesNo("changed", func(m *register.Moderation) *bool { return &m.Changed }),
	word("sample", func(m *register.Moderation) *register.Sample { return &m.Sample }),
	text("moderator", func(m *register.Moderation) *string { return &m.Moderator }),
	optional(text("checker", func(m *register.Moderation) *string { return &m.Checker })),
}

// resultKey makes the four columns that name a component result.
func resultKey[R any](key func(*R) *register.ResultKey) []column[R] {
	return []column[R]{
		text("centre", func(r *R) *string { return &key(r).Centre }),
		text("candidate", func(r *R) *string { return &key(r).Candidate }),
		text("series", func(r *R) *string { return &key(r).Series }),
		text("component", func(r *R) *string { return &key(r).Component }),
	}
}

// entryKey makes the four columns that name an entry.
func entryKey[R any](key func(*R) *register.Entry) []column[R] {
	return []column[R]{
		text("centre", func(r *R) *string { return &key(r).Centre }),
		text("candidate", func(r *R) *string { return &key(r).Candidate }),
		text("series", func(r *R) *string { return &key(r).Series }),
		text("qualification", func(r *R) *string { return &key(r).Qualification }),
	}
}
