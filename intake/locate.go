package intake

import (
	"io/fs"
	"slices"

	"github.com/recourse-exams/recourse/casework/register"
)

// locate turns faults of rows into problems of lines by reading the files at fault a second time, so that a large
// import without faults keeps no positions.
func locate(dir fs.FS, faults []register.Fault) []Problem {
	var problems []Problem
	for _, noun := range register.Nouns() {
		of := slices.DeleteFunc(slices.Clone(faults), func(f register.Fault) bool { return f.Noun != noun })
		if len(of) == 0 {
			continue
		}
		slices.SortStableFunc(of, func(a, b register.Fault) int { return a.Index - b.Index })
		problems = append(problems, locateIn(dir, noun, of)...)
	}
	return problems
}

// locateIn finds the lines of one file's faults, which are in the order of rows.
func locateIn(dir fs.FS, noun register.Noun, faults []register.Fault) []Problem {
	s := openSheet(dir, fileOf(noun), columnsOf(noun), func(Problem) {}) // Reported on the first reading.
	if s == nil {
		return nil
	}
	defer s.close()
	var problems []Problem
	for index := 0; len(faults) > 0; index++ {
		if _, ok := s.next(); !ok {
			break
		}
		for len(faults) > 0 && faults[0].Index == index {
			line, column := s.csv.FieldPos(max(0, slices.Index(s.header, faults[0].Field)))
			problems = append(problems, Problem{File: s.name, Line: line, Column: column, Detail: faults[0].Detail})
			faults = faults[1:]
		}
	}
	return problems
}

// columnsOf lists the columns of a noun's file.
func columnsOf(noun register.Noun) []string {
	switch noun {
	case register.Bodies:
		return columnNames(bodyColumns)
	case register.Centres:
		return columnNames(centreColumns)
	case register.Contacts:
		return columnNames(contactColumns)
	case register.Qualifications:
		return columnNames(qualificationColumns)
	case register.Components:
		return columnNames(componentColumns)
	case register.SeriesList:
		return columnNames(seriesColumns)
	case register.KeyDates:
		return columnNames(keyDateColumns)
	case register.Boundaries:
		return columnNames(boundaryColumns)
	case register.Items:
		return columnNames(itemColumns)
	case register.Candidates:
		return columnNames(candidateColumns)
	case register.Entries:
		return columnNames(entryColumns)
	case register.Results:
		return columnNames(resultColumns)
	case register.ItemMarks:
		return columnNames(itemMarkColumns)
	case register.Awards:
		return columnNames(awardColumns)
	case register.Performers:
		return columnNames(performerColumns)
	case register.Absences:
		return columnNames(absenceColumns)
	case register.Conflicts:
		return columnNames(conflictColumns)
	case register.Approvers:
		return columnNames(approverColumns)
	case register.Papers:
		return columnNames(paperColumns)
	case register.Scripts:
		return columnNames(scriptColumns)
	case register.Moderations:
		return columnNames(moderationColumns)
	}
	return nil
}
