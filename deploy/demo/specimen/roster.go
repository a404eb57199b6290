package specimen

import (
	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/register"
)

// engaged is a performer with the dates of their terms as an import reads them: they count from the day of the import.
type engaged struct {
	register.Performer

	contractFrom, contractUntil, trainedUntil string
}

// performers are led by Ingrid Voss, and she by Eleri Bowen, the chief. Nobody but the two who marked a script of it
// performs AB-2. Three are there to be passed over: one's training has run out, one's contract, one is away.
func performers() []engaged {
	return []engaged{
		examiner("ex-1001", "Helen Marsh", "h.marsh", casework.RankSenior, "ex-1007").paper("GM-1", "GM-2"),
		examiner("ex-1002", "Anthony Bello", "a.bello", casework.RankSenior, "ex-1007").paper("GM-1", "GM-2"),
		examiner("ex-1003", "Ruth Abernethy", "r.abernethy", casework.RankPrincipal, "ex-1008").subject("biology"),
		examiner("ex-1004", "Dev Malhotra", "d.malhotra", casework.RankSenior, "ex-1003").paper("AB-1", "AB-2", "AB-3"),
		examiner("ex-1005", "Catrin Morgan", "c.morgan", casework.RankSenior, "ex-1007").paper("GM-1", "GM-2", "GG-A", "GG-B", "DM-1"),
		examiner("ex-1006", "Peter Lomax", "p.lomax", casework.RankPrincipal, "ex-1007").paper("GM-1", "GM-2", "AB-1", "AB-3", "GG-A", "GG-B", "DM-1"),
		examiner("ex-1007", "Ingrid Voss", "i.voss", casework.RankLead, "ex-1008").subject("geography", "mathematics").paper("AB-1", "AB-3", "DM-1").takes(20),
		examiner("ex-1008", "Eleri Bowen", "e.bowen", casework.RankChief, "").subject("design", "geography", "mathematics").paper("AB-1", "AB-3").takes(10),
		examiner("ex-1009", "Samuel Hart", "s.hart", casework.RankExaminer, "ex-1007").subject("mathematics").until("", "", "day-30"),
		examiner("ex-1010", "Nadia Karim", "n.karim", casework.RankTeamLeader, "ex-1007").subject("geography").until("day-300", "day+300", "day+200"),
		examiner("ex-1011", "Idris Vaughan", "i.vaughan", casework.RankExaminer, "ex-1007").subject("mathematics").tier("foundation").until("day-400", "day-35", ""),
		moderator("mo-4101", "Gwen Parry", "g.parry", casework.RankLead, "ex-1008"),
		moderator("mo-4102", "Femi Adeyemi", "f.adeyemi", casework.RankSenior, "mo-4101"),
		clerk("cl-2001", "Joan Fielding", "j.fielding", "ex-1007"),
		clerk("cl-2002", "Marcus Obi", "m.obi", "cl-2001"),
	}
}

// approvers may agree that a case waits: two caseworkers and the operator, so that each of them can ask another.
func approvers() []register.Approver {
	return []register.Approver{
		{ID: "cw-3001", Body: body, Name: "Imogen Vale", Email: "imogen.vale@cambria.example"},
		{ID: "cw-3002", Body: body, Name: "Rhys Calder", Email: "rhys.calder@cambria.example"},
		{ID: "ops-5001", Body: body, Name: "Kate Munro", Email: "kate.munro@cambria.example"},
	}
}

func person(id, name, email string, role casework.PerformerRole, rank casework.Rank, leader string, capacity int) engaged {
	return engaged{Performer: register.Performer{
		ID: id, Body: body, Name: name, Email: email + "@cambria.example", Roles: []casework.PerformerRole{role}, Rank: rank, Leader: leader, Capacity: capacity,
	}}
}

func examiner(id, name, email string, rank casework.Rank, leader string) engaged {
	return person(id, name, email, casework.Reviewer, rank, leader, 40)
}

func moderator(id, name, email string, rank casework.Rank, leader string) engaged {
	return person(id, name, email, casework.Moderator, rank, leader, 15).paper("DM-2")
}

func clerk(id, name, email, leader string) engaged {
	checker := person(id, name, email, casework.Clerk, casework.RankExaminer, leader, 120)
	for _, component := range components() {
		checker = checker.paper(component.ID)
	}
	return checker
}

func (e engaged) paper(components ...string) engaged {
	e.Components = append(e.Components, components...)
	return e
}

func (e engaged) subject(subjects ...string) engaged {
	e.Subjects = subjects
	return e
}

func (e engaged) tier(tiers ...string) engaged {
	e.Tiers = tiers
	return e
}

func (e engaged) takes(tasks int) engaged {
	e.Capacity = tasks
	return e
}

func (e engaged) until(contractFrom, contractUntil, trainedUntil string) engaged {
	e.contractFrom, e.contractUntil, e.trainedUntil = contractFrom, contractUntil, trainedUntil
	return e
}

func conflicts() []register.Conflict {
	return []register.Conflict{
		{Performer: "ex-1002", Kind: "works-at", Centre: "64101"},
		{Performer: "ex-1003", Kind: "related-to", Centre: "64202", Candidate: "2003"},
		{Performer: "ex-1004", Kind: "worked-at", Centre: "71203"},
		{Performer: "ex-1006", Kind: "other", Centre: "71305"},
		{Performer: "cl-2002", Kind: "related-to", Centre: "64101", Candidate: "1004"},
	}
}

// absences are rows of performer, first and last day, and reason.
func absences() [][]string {
	return [][]string{
		{"ex-1010", "day-3", "day+11", "illness"},
		{"mo-4102", "day+20", "day+34", "holiday"},
	}
}
