package api

import "github.com/recourse-exams/recourse/casework/calendar"

// Day is a London date in a query, zero if the query has none. The generated code fills a struct field by field and
// would pass a plain calendar.Date over without a word; what can bind itself it hands the text.
type Day struct{ calendar.Date }

// Bind reads a date like 2026-09-24. The contract is checked before, so that a client never sees the error.
func (d *Day) Bind(text string) error { return d.UnmarshalText([]byte(text)) }
