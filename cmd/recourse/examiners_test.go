package main_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/docket"
	command "github.com/recourse-exams/recourse/cmd/recourse"
)

// The list says whether a person gets tasks today, or what keeps them from it.
func TestExaminersList_SaysWhoGetsTasksToday(t *testing.T) {
	t.Parallel()
	today := calendar.Date{Year: 2026, Month: time.September, Day: 17} // A Thursday.
	monday, yesterday, tomorrow := today.AddDays(-3), today.AddDays(-1), today.AddDays(1)
	for want, spoil := range map[string]func(*docket.Examiner){
		"available":                   func(*docket.Examiner) {},
		"inactive":                    func(e *docket.Examiner) { e.Active = false },
		"contract begins 2026-09-18":  func(e *docket.Examiner) { e.ContractFrom = tomorrow },
		"contract ended 2026-09-16":   func(e *docket.Examiner) { e.ContractUntil = yesterday },
		"training ran out 2026-09-16": func(e *docket.Examiner) { e.TrainedUntil = yesterday },
		"absent until 2026-09-18": func(e *docket.Examiner) {
			e.Absences = append(e.Absences, docket.Absence{From: today, Until: tomorrow})
		},
		"full": func(e *docket.Examiner) { e.WeekTasks = 4 },
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			examiner := docket.Examiner{
				Active: true, Capacity: 4, OpenTasks: 3, WeekTasks: 3, Week: monday, ContractFrom: today, ContractUntil: today, TrainedUntil: today,
				Absences: []docket.Absence{{From: monday, Until: yesterday}, {From: tomorrow, Until: tomorrow}},
			}
			spoil(&examiner)
			require.Equal(t, want, command.Present(examiner, today))
		})
	}
}

// What last week brought is over; what is held is not.
func TestExaminersList_CountsCapacityByTheWeek(t *testing.T) {
	t.Parallel()
	monday := calendar.Date{Year: 2026, Month: time.September, Day: 14}
	examiner := docket.Examiner{Active: true, Capacity: 4, WeekTasks: 4, Week: monday}
	require.Equal(t, "full", command.Present(examiner, monday.AddDays(6)))
	require.Equal(t, "available", command.Present(examiner, monday.AddDays(7)))
	examiner.OpenTasks = 4
	require.Equal(t, "full", command.Present(examiner, monday.AddDays(7)))
}
