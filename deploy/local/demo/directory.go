package demo

import (
	"cmp"
	"path/filepath"
	"slices"
)

// Directory says who is who in the demonstration data.
type Directory struct {
	// Centres and Candidates are names by number, candidates as 64101/1001; Officers are the mail addresses of
	// exams officers by centre; Performers are names and addresses by subject.
	Centres    map[string]string
	Candidates map[string]string
	Officers   map[string]string
	Performers map[string]Contact
}

// Contact is a performer's name and mail address, with their rank and the subject of their leader.
type Contact struct{ Name, Email, Rank, Leader string }

// ReadDirectory reads the folder of the demonstration data.
func ReadDirectory(folder string) (Directory, error) {
	d := Directory{
		Centres: map[string]string{}, Candidates: map[string]string{}, Officers: map[string]string{}, Performers: map[string]Contact{},
	}
	for _, table := range []struct {
		file    string
		columns []string
		take    func(map[string]string)
	}{
		{"centres.csv", []string{"number", "name"}, func(row map[string]string) { d.Centres[row["number"]] = row["name"] }},
		{"candidates.csv", []string{"centre", "number", "name"}, func(row map[string]string) {
			d.Candidates[row["centre"]+"/"+row["number"]] = row["name"]
		}},
		{"contacts.csv", []string{"centre", "email", "examsOfficer"}, func(row map[string]string) {
			if row["examsOfficer"] == "yes" {
				d.Officers[row["centre"]] = row["email"]
			}
		}},
		{"performers.csv", []string{"id", "name", "email", "rank", "leader"}, func(row map[string]string) {
			d.Performers[row["id"]] = Contact{Name: row["name"], Email: row["email"], Rank: row["rank"], Leader: row["leader"]}
		}},
	} {
		rows, err := readTable(filepath.Join(folder, table.file), table.columns)
		if err != nil {
			return Directory{}, err
		}
		for _, row := range rows {
			table.take(row)
		}
	}
	return d, nil
}

// performers lists the subjects of all performers in their order.
func (d Directory) performers() []string {
	var all []string
	for id := range d.Performers {
		all = append(all, id)
	}
	slices.Sort(all)
	return all
}

// chief is the mail address of the chief examiner, empty for themselves.
func (d Directory) chief(holder string) string {
	for _, id := range d.performers() {
		if id != holder && d.Performers[id].Rank == "chief" {
			return d.Performers[id].Email
		}
	}
	return ""
}

func (d Directory) candidate(r Request) string {
	return cmp.Or(d.Candidates[r.Centre+"/"+r.Candidate], "candidate "+r.Candidate)
}

func (d Directory) performer(id string) string {
	if known, ok := d.Performers[id]; ok {
		return known.Name + " (" + id + ")"
	}
	return id
}

// officers are the personas that act for the centres.
var officers = map[string]string{"64101": "eo-64101", "64202": "admin-64202", "71203": "eo-71203", "71305": "eo-71305"}
