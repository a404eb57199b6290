package allocation_test

import (
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/allocation"
	"github.com/recourse-exams/recourse/casework/calendar"
)

// today is the London day of the task.
var today = calendar.Date{Year: 2026, Month: time.September, Day: 14}

// task is a review of a higher-tier mathematics paper that only a lead or a chief may perform.
func task() allocation.Task {
	return allocation.Task{
		Reference: "R-7K4F-M2QX-9TBD-Z", Role: casework.Reviewer, Centre: "64101", Candidate: "0007",
		Component: "M1/02", Subject: "mathematics", Tier: "higher",
		LeastRank: casework.RankLead, Ranks: casework.Ranks(), Day: today,
		Involved: []allocation.Involvement{
			{Person: "ex-marker", Part: allocation.Marker},
			{Person: "ex-second", Part: allocation.SecondMarker},
			{Person: "ex-reader", Part: allocation.BackReader},
			{Person: "ex-checker", Part: allocation.Checker},
			{Person: "ex-moderator", Part: allocation.Moderator},
			{Person: "ex-moderated", Part: allocation.ModerationChecker},
			{Person: "ex-strange", Part: "proof-reader"},
		},
		EarlierStages: []string{"ex-earlier"}, GaveBack: []string{"ex-leaver"},
	}
}

// examiner is somebody who may perform the task and has every kind of term set.
func examiner(id string) allocation.Performer {
	return allocation.Performer{
		ID: id, Roles: []casework.PerformerRole{casework.Moderator, casework.Reviewer}, Rank: casework.RankChief,
		Components: []string{"M1/01", "M1/02"}, Tiers: []string{"higher"}, Capacity: 4,
		ContractFrom: today.AddDays(-30), ContractUntil: today.AddDays(30), TrainedUntil: today.AddDays(30),
		Absences: []allocation.Absence{{From: today.AddDays(-9), Until: today.AddDays(-1)}, {From: today.AddDays(1), Until: today.AddDays(9)}},
	}
}

func noon(day int) time.Time { return time.Date(2026, time.September, day, 12, 0, 0, 0, time.UTC) }

func conflict(kind, centre, candidate string) func(*allocation.Performer) {
	return func(p *allocation.Performer) {
		p.Conflicts = append(p.Conflicts, allocation.Conflict{Kind: kind, Centre: centre, Candidate: candidate})
	}
}

func named(id string) func(*allocation.Performer) {
	return func(p *allocation.Performer) { p.ID = id }
}
