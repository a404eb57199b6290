package specimen

import (
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/register"
)

const (
	body     = "cambria"
	seriesID = "demo"
)

func centres() []register.Centre {
	return []register.Centre{
		{Number: "64101", Name: "Ashdown School", Nation: "england", Address: []string{"Forest Road", "Ashdown Cross", "Wealdshire WL4 7QX"}},
		{Number: "64202", Name: "Calder Vale College", Nation: "england", Address: []string{"Mill Lane", "Calder Vale", "Northshire NS9 2HD"}},
		{Number: "71203", Name: "Ysgol Bryn Glas", Nation: "wales", Address: []string{"Ffordd y Bryn", "Bryn Glas", "Gwynfa GF5 3LL"}},
		{Number: "71305", Name: "Lough View Academy", Nation: "northern-ireland", Address: []string{"Shore Road", "Lough View", "County Derg LV7 1BT"}},
	}
}

func contacts() []register.Contact {
	return []register.Contact{
		{Centre: "64101", Subject: "eo-64101", Name: "Amira Holt", Email: "exams@ashdown.example", ExamsOfficer: true},
		{Centre: "64101", Subject: "reader-64101", Name: "Tom Ashby", Email: "t.ashby@ashdown.example"},
		{Centre: "64202", Subject: "admin-64202", Name: "Gareth Pym", Email: "exams@caldervale.example", ExamsOfficer: true},
		{Centre: "71203", Subject: "eo-71203", Name: "Bronwen Rees", Email: "arholiadau@brynglas.example", ExamsOfficer: true},
		{Centre: "71305", Subject: "eo-71305", Name: "Ciara McKeown", Email: "exams@loughview.example", ExamsOfficer: true},
	}
}

func qualifications() []register.Qualification {
	return []register.Qualification{
		{ID: "gcse-mathematics", Body: body, Title: "Cambria GCSE Mathematics", Level: 2, Subject: "mathematics", Family: casework.FamilyGeneral},
		{ID: "alevel-biology", Body: body, Title: "Cambria A Level Biology", Level: 3, Subject: "biology", Family: casework.FamilyGeneral},
		{ID: "gcse-geography", Body: body, Title: "Cambria GCSE Geography (unitised)", Level: 2, Subject: "geography", Family: casework.FamilyGeneral, Unitised: true},
		{ID: "gcse-design", Body: body, Title: "Cambria GCSE Design and Making", Level: 2, Subject: "design", Family: casework.FamilyGeneral},
		{ID: "l2-numeracy", Body: body, Title: "Cambria Level 2 Test in Numeracy", Level: 2, Subject: "numeracy", Family: casework.FamilyGeneral},
	}
}

func components() []register.Component {
	return []register.Component{
		{ID: "GM-1", Qualification: "gcse-mathematics", Title: "Mathematics Paper 1", MaxMark: 60, Weight: 1, Assessment: register.External},
		{ID: "GM-2", Qualification: "gcse-mathematics", Title: "Mathematics Paper 2", MaxMark: 60, Weight: 1, Assessment: register.External},
		{ID: "AB-1", Qualification: "alevel-biology", Title: "Biology Paper 1: Cells and exchange", MaxMark: 50, Weight: 1, Assessment: register.External},
		{ID: "AB-2", Qualification: "alevel-biology", Title: "Biology Paper 2: Energy and inheritance", MaxMark: 50, Weight: 1, Assessment: register.External},
		{ID: "AB-3", Qualification: "alevel-biology", Title: "Biology Paper 3: Practical skills and essay", MaxMark: 50, Weight: 2, Assessment: register.External},
		{ID: "GG-A", Qualification: "gcse-geography", Title: "Geography Unit A: Rivers, coasts and weather", MaxMark: 40, Weight: 1, Assessment: register.External},
		{ID: "GG-B", Qualification: "gcse-geography", Title: "Geography Unit B: People and places", MaxMark: 40, Weight: 1, Assessment: register.External},
		{ID: "DM-1", Qualification: "gcse-design", Title: "Design and Making: written paper", MaxMark: 20, Weight: 2, Assessment: register.External},
		{ID: "DM-2", Qualification: "gcse-design", Title: "Design and Making: portfolio", MaxMark: 60, Weight: 1, Assessment: register.Moderated},
		{ID: "NT-1", Qualification: "l2-numeracy", Title: "Numeracy test", MaxMark: 15, Weight: 1, Assessment: register.External, Objective: true},
	}
}

func boundaries() []register.Boundary {
	var all []register.Boundary
	ladder := func(qualification, component string, grades []string, marks ...int) {
		for i, mark := range marks {
			all = append(all, register.Boundary{Series: seriesID, Qualification: qualification, Component: component, Grade: grades[i], Mark: mark})
		}
	}
	letters := []string{"A*", "A", "B", "C", "D", "E", "F", "G"}
	ladder("gcse-mathematics", "", []string{"9", "8", "7", "6", "5", "4", "3", "2", "1"}, 101, 88, 75, 63, 51, 40, 29, 18, 8)
	ladder("alevel-biology", "", letters, 164, 140, 116, 92, 70, 48)
	ladder("gcse-geography", "", letters, 68, 60, 52, 44, 36, 28, 20, 12)
	ladder("", "GG-A", letters, 34, 30, 26, 22, 18, 14, 10, 6)
	ladder("", "GG-B", letters, 34, 30, 26, 22, 18, 14, 10, 6)
	ladder("gcse-design", "", []string{"9", "8", "7", "6", "5", "4", "3", "2", "1"}, 90, 80, 70, 60, 50, 40, 30, 20, 10)
	ladder("l2-numeracy", "", []string{"Pass"}, 10)
	return all
}

// keyDates keep every window open on the day of the import, the shorter ones as much shorter as the rules make them.
func keyDates() [][]string {
	return [][]string{
		{string(casework.ClericalCheck), "no", "thursday+12"},
		{string(casework.ReviewOfMarking), "no", "thursday+12"},
		{string(casework.PriorityReview), "no", "thursday+2"},
		{string(casework.ExpeditedReview), "no", "thursday+2"},
		{string(casework.ReviewOfModeration), "no", "thursday+12"},
		{string(casework.ExpeditedModeration), "no", "thursday+2"},
		{string(casework.ScriptCopy), "yes", "thursday+3"},
		{string(casework.ScriptCopy), "no", "thursday+13"},
	}
}

// moderations: one centre's marks were changed, so that it may ask for a review, and the other's were not.
func moderations() []register.Moderation {
	return []register.Moderation{
		{
			CohortKey: register.CohortKey{Centre: "64101", Component: "DM-2", Series: seriesID},
			Changed:   true, Sample: register.SampleHeld, Moderator: "mo-4101", Checker: "mo-4102",
		},
		{
			CohortKey: register.CohortKey{Centre: "71203", Component: "DM-2", Series: seriesID},
			Changed:   false, Sample: register.SampleHeld, Moderator: "mo-4102",
		},
	}
}
