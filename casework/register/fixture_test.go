package register_test

import (
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/register"
)

// check is register.Check where the rulebook holds three sets, one of them named like the body.
func check(set register.Set) []register.Fault {
	return register.Check(set, []string{"aqa", "cambria", "ocr-gq"})
}

// sound is a small register in which everything agrees: one candidate with a linear award of two papers and one
// unitised award of a single unit.
func sound() register.Set {
	key := func(component string) register.ResultKey {
		return register.ResultKey{Centre: "64101", Candidate: "1001", Series: "s", Component: component}
	}
	entry := func(qualification string) register.Entry {
		return register.Entry{Centre: "64101", Candidate: "1001", Series: "s", Qualification: qualification}
	}
	return register.Set{
		Bodies:   []register.Body{{ID: "cambria", Name: "Cambria Awards"}},
		Centres:  []register.Centre{{Number: "64101", Name: "Ashdown School", Nation: "england"}},
		Contacts: []register.Contact{{Centre: "64101", Subject: "eo-64101", Name: "Amira Holt", Email: "exams@ashdown.example", ExamsOfficer: true}},
		Qualifications: []register.Qualification{
			{ID: "maths", Body: "cambria", Title: "Mathematics", Level: 2, Subject: "mathematics", Family: casework.FamilyGeneral},
			{ID: "geography", Body: "cambria", Title: "Geography", Level: 2, Subject: "geography", Family: casework.FamilyGeneral, Unitised: true},
		},
		Components: []register.Component{
			{ID: "M1", Qualification: "maths", Title: "Paper 1", MaxMark: 10, Weight: 1, Assessment: register.External},
			{ID: "M2", Qualification: "maths", Title: "Paper 2", MaxMark: 8, Weight: 2, Assessment: register.External},
			{ID: "G1", Qualification: "geography", Title: "Unit 1", MaxMark: 5, Weight: 1, Assessment: register.External},
		},
		Series: []register.Series{{
			ID: "s", Body: "cambria", Title: "Summer", Month: 6,
			CentreRelease:    time.Date(2026, 8, 18, 23, 1, 0, 0, time.UTC),
			CandidateRelease: time.Date(2026, 8, 20, 7, 0, 0, 0, time.UTC),
			GCSERelease:      calendar.Date{Year: 2026, Month: 8, Day: 20},
		}},
		KeyDates: []register.KeyDate{{Series: "s", Service: casework.ReviewOfMarking, LastDay: calendar.Date{Year: 2026, Month: 9, Day: 24}}},
		Boundaries: []register.Boundary{
			{Series: "s", Qualification: "maths", Grade: "9", Mark: 20},
			{Series: "s", Qualification: "maths", Grade: "8", Mark: 15},
			{Series: "s", Qualification: "geography", Grade: "A", Mark: 4},
			{Series: "s", Component: "G1", Grade: "A", Mark: 4},
		},
		Items: []register.Item{
			{Series: "s", Component: "M1", Item: "1", Position: 1, Max: 4},
			{Series: "s", Component: "M1", Item: "2", Position: 2, Max: 6},
			{Series: "s", Component: "M2", Item: "1", Position: 1, Max: 8},
			{Series: "s", Component: "G1", Item: "1", Position: 1, Max: 5},
		},
		Candidates: []register.Candidate{{Centre: "64101", Number: "1001", Name: "Grace Okafor", UCI: "641010241001V"}},
		Entries:    []register.Entry{entry("maths"), entry("geography")},
		Results: []register.Result{
			{ResultKey: key("M1"), Mark: 7}, {ResultKey: key("M2"), Mark: 5}, {ResultKey: key("G1"), Mark: 3},
		},
		ItemMarks: []register.ItemMark{
			{ResultKey: key("M1"), Item: "1", Mark: 3, Marker: "mk-1"},
			{ResultKey: key("M1"), Item: "2", Mark: 4, Marker: "mk-2"},
			{ResultKey: key("M2"), Item: "1", Mark: 5, Marker: "mk-1"},
			{ResultKey: key("G1"), Item: "1", Mark: 3, Marker: "mk-1"},
		},
		Awards: []register.Award{
			{Entry: entry("maths"), Total: 17, Grade: "8"},
			{Entry: entry("geography"), Total: 3, Grade: "U"},
		},
		Performers: []register.Performer{
			{
				ID: "ex-1", Body: "cambria", Name: "Helen Marsh", Email: "h@cambria.example", Roles: []casework.PerformerRole{casework.Reviewer, casework.Panellist},
				Rank: casework.RankSenior, Components: []string{"M1", "M2"}, Subjects: []string{"geography"}, Tiers: []string{"higher"}, Capacity: 4,
				ContractFrom: calendar.Date{Year: 2026, Month: 1, Day: 1}, ContractUntil: calendar.Date{Year: 2026, Month: 12, Day: 31},
			},
		},
		Conflicts: []register.Conflict{
			{Performer: "ex-1", Kind: "works-at", Centre: "64101"},
			{Performer: "ex-1", Kind: "related-to", Centre: "64101", Candidate: "1001"},
		},
		Absences: []register.Absence{{
			Performer: "ex-1", From: calendar.Date{Year: 2026, Month: 9, Day: 1}, Until: calendar.Date{Year: 2026, Month: 9, Day: 1}, Reason: "illness",
		}},
		Approvers: []register.Approver{{ID: "cw-1", Body: "cambria", Name: "Imogen Vale", Email: "i@cambria.example"}},
		Papers: []register.Paper{
			{Series: "s", Component: "M1", Kind: "paper", Path: "m1.pdf"},
			{Series: "s", Component: "M1", Kind: "scheme", Path: "m1s.pdf"},
			{Series: "s", Component: "M2", Kind: "paper", Path: "m2.pdf"},
			{Series: "s", Component: "M2", Kind: "scheme", Path: "m2s.pdf"},
			{Series: "s", Component: "G1", Kind: "paper", Path: "g1.pdf"},
			{Series: "s", Component: "G1", Kind: "scheme", Path: "g1s.pdf"},
		},
		Scripts: []register.Script{{ResultKey: key("M1"), Path: "script.pdf"}},
	}
}

// coursework is the sound register with a moderated component, which has neither items nor papers nor scripts: one
// candidate each of two centres, whose samples are held.
func coursework() register.Set {
	set := sound()
	set.Qualifications = append(set.Qualifications, register.Qualification{
		ID: "art", Body: "cambria", Title: "Art", Level: 2, Subject: "art", Rules: "ocr-gq", Family: casework.FamilyGeneral,
	})
	set.Components = append(set.Components, register.Component{
		ID: "A1", Qualification: "art", Title: "Portfolio", MaxMark: 30, Weight: 1, Assessment: register.Moderated,
	})
	set.Boundaries = append(set.Boundaries, register.Boundary{Series: "s", Qualification: "art", Grade: "Pass", Mark: 12})
	set.Centres = append(set.Centres, register.Centre{Number: "71203", Name: "Ysgol Bryn Glas", Nation: "wales"})
	set.Contacts = append(set.Contacts, register.Contact{Centre: "71203", Subject: "eo-71203", Name: "Bronwen Rees", Email: "b@brynglas.example", ExamsOfficer: true})
	set.Candidates = append(set.Candidates, register.Candidate{
		Centre: "71203", Number: "5001", Name: "Elin Prys", UCI: "712030265001" + string(register.UCICheckLetter("712030265001")),
	})
	for _, centre := range []string{"64101", "71203"} {
		candidate := map[string]string{"64101": "1001", "71203": "5001"}[centre]
		entry := register.Entry{Centre: centre, Candidate: candidate, Series: "s", Qualification: "art"}
		key := register.ResultKey{Centre: centre, Candidate: candidate, Series: "s", Component: "A1"}
		set.Entries = append(set.Entries, entry)
		set.Results = append(set.Results, register.Result{ResultKey: key, Mark: 20})
		set.Awards = append(set.Awards, register.Award{Entry: entry, Total: 20, Grade: "Pass"})
		set.Moderations = append(set.Moderations, register.Moderation{
			CohortKey: register.CohortKey{Centre: centre, Component: "A1", Series: "s"},
			Changed:   centre == "64101", Sample: register.SampleHeld, Moderator: "mo-1", Checker: "mo-2",
		})
	}
	return set
}
