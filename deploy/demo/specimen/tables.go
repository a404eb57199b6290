package specimen

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/register"
)

// table is one CSV file: its header and its rows.
type table struct {
	name string
	rows [][]string
}

func newTable(name, header string) *table {
	return &table{name: name + ".csv", rows: [][]string{strings.Split(header, ",")}}
}

func (t *table) add(fields ...string) { t.rows = append(t.rows, fields) }

func (d *data) addTables(files map[string][]byte) error {
	for _, t := range append(d.catalogueTables(), d.resultTables()...) {
		var body bytes.Buffer
		if err := csv.NewWriter(&body).WriteAll(t.rows); err != nil {
			return fmt.Errorf("write %s: %w", t.name, err)
		}
		files[t.name] = body.Bytes()
	}
	return nil
}

func (d *data) catalogueTables() []*table {
	bodies := newTable("bodies", "id,name,ranks")
	bodies.add(body, "Cambria Awards (fictional)", spaced(casework.Ranks()))
	centreRows := newTable("centres", "number,name,nation,address")
	for _, c := range centres() {
		centreRows.add(c.Number, c.Name, c.Nation, strings.Join(c.Address, "|"))
	}
	contactRows := newTable("contacts", "centre,subject,name,email,examsOfficer")
	for _, c := range contacts() {
		contactRows.add(c.Centre, c.Subject, c.Name, c.Email, yesNo(c.ExamsOfficer))
	}
	qualificationRows := newTable("qualifications", "id,body,title,level,subject,rules,family,unitised")
	for _, q := range qualifications() {
		qualificationRows.add(q.ID, q.Body, q.Title, strconv.Itoa(q.Level), q.Subject, q.Rules, string(q.Family), yesNo(q.Unitised))
	}
	componentRows := newTable("components", "id,qualification,title,maxMark,weight,assessment,objective,tier")
	itemRows := newTable("items", "series,component,item,max")
	paperRows := newTable("papers", "series,component,kind,file")
	for _, c := range components() {
		componentRows.add(c.ID, c.Qualification, c.Title, strconv.Itoa(c.MaxMark), strconv.Itoa(c.Weight), string(c.Assessment), yesNo(c.Objective), c.Tier)
		for _, q := range d.questions[c.ID] {
			itemRows.add(seriesID, c.ID, q.item, strconv.Itoa(q.max))
		}
		if c.Assessment == register.Moderated {
			continue
		}
		for _, kind := range []string{"paper", "scheme"} {
			paperRows.add(seriesID, c.ID, kind, paperPath(c.ID, kind))
		}
	}
	boundaryRows := newTable("boundaries", "series,qualification,component,part,grade,mark")
	for _, b := range boundaries() {
		boundaryRows.add(b.Series, b.Qualification, b.Component, string(b.Part), b.Grade, strconv.Itoa(b.Mark))
	}
	series := newTable("series", "id,body,title,month,centreRelease,candidateRelease,gcseRelease,aLevelRelease")
	series.add(seriesID, body, "Demonstration series", "6", "thursday-1 -1d", "thursday-1", "thursday-1", "thursday-1")
	keyDateRows := newTable("keydates", "series,service,priority,lastDay")
	for _, date := range keyDates() {
		keyDateRows.add(append([]string{seriesID}, date...)...)
	}
	return append([]*table{
		bodies, centreRows, contactRows, qualificationRows, componentRows, itemRows, paperRows, boundaryRows, series, keyDateRows,
	}, rosterTables()...)
}

func rosterTables() []*table {
	performerRows := newTable("performers", "id,name,email,roles,rank,leader,components,subjects,tiers,capacity,contractFrom,contractUntil,trainedUntil,body")
	for _, p := range performers() {
		performerRows.add(p.ID, p.Name, p.Email, spaced(p.Roles), string(p.Rank), p.Leader, spaced(p.Components), spaced(p.Subjects), spaced(p.Tiers),
			strconv.Itoa(p.Capacity), p.contractFrom, p.contractUntil, p.trainedUntil, p.Body)
	}
	conflictRows := newTable("conflicts", "performer,kind,centre,candidate")
	for _, c := range conflicts() {
		conflictRows.add(c.Performer, c.Kind, c.Centre, c.Candidate)
	}
	absenceRows := newTable("absences", "performer,from,until,reason")
	for _, absence := range absences() {
		absenceRows.add(absence...)
	}
	approverRows := newTable("approvers", "id,body,name,email")
	for _, a := range approvers() {
		approverRows.add(a.ID, a.Body, a.Name, a.Email)
	}
	return []*table{performerRows, conflictRows, absenceRows, approverRows}
}

// spaced writes a list as an import reads it.
func spaced[S ~string](list []S) string {
	words := make([]string, len(list))
	for i, word := range list {
		words[i] = string(word)
	}
	return strings.Join(words, " ")
}

func (d *data) resultTables() []*table {
	candidateRows := newTable("candidates", "centre,number,name,uci")
	for _, c := range d.candidates {
		candidateRows.add(c.centre, c.number, c.name, c.uci())
	}
	entries := newTable("entries", "centre,candidate,series,qualification")
	awards := newTable("awards", "centre,candidate,series,qualification,total,grade,indicator")
	for _, a := range d.awards {
		entries.add(a.Centre, a.Candidate, a.Series, a.Qualification)
		awards.add(a.Centre, a.Candidate, a.Series, a.Qualification, strconv.Itoa(a.Total), a.Grade, string(a.Indicator))
	}
	results := newTable("results", "centre,candidate,series,component,mark,indicator")
	itemMarks := newTable("itemmarks", "centre,candidate,series,component,item,mark,marker,secondMarker,backReader,checker")
	scripts := newTable("scripts", "centre,candidate,series,component,file")
	for _, s := range d.sittings {
		key := []string{s.Centre, s.Candidate, s.Series, s.Component}
		results.add(append(key[:4:4], strconv.Itoa(s.Mark), string(s.Indicator))...)
		if s.component.Assessment == register.Moderated {
			continue
		}
		scripts.add(append(key[:4:4], s.path())...)
		for _, a := range s.answers {
			itemMarks.add(append(key[:4:4], a.item, strconv.Itoa(a.mark), a.marker, a.secondMarker, a.backReader, a.checker)...)
		}
	}
	moderationRows := newTable("moderations", "centre,component,series,changed,sample,moderator,checker")
	for _, m := range moderations() {
		moderationRows.add(m.Centre, m.Component, m.Series, yesNo(m.Changed), string(m.Sample), m.Moderator, m.Checker)
	}
	return []*table{candidateRows, entries, awards, results, itemMarks, scripts, moderationRows}
}

// uci makes the candidate's identifier: registered by the centre itself in 2024.
func (c candidate) uci() string {
	twelve := c.centre + "0" + "24" + c.number
	return twelve + string(register.UCICheckLetter(twelve))
}

func paperPath(component, kind string) string { return "papers/" + component + "-" + kind + ".pdf" }

func (s sitting) path() string {
	return fmt.Sprintf("scripts/%s-%s-%s.pdf", s.Centre, s.Candidate, s.Component)
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
