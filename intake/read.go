package intake

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/register"
)

// Read reads the folder's CSV files for an import on a London day, and looks at the PDFs that they name; ruleSets
// lists the sets of rules that a qualification may name. It returns the rows, or every problem of every file at once:
// of form, of rows that contradict one another, of files. The set is complete only if there is no problem.
func Read(dir fs.FS, day calendar.Date, ruleSets []string) (register.Set, []Problem) {
	r := &reader{dir: dir, day: day, words: map[string]string{}, broken: map[register.Noun]bool{}, faulty: map[place]bool{}}
	set := r.readSet()
	r.problems = append(r.problems, strangers(dir)...)
	faults := slices.Concat(register.Check(set, ruleSets), checkFiles(dir, set))
	faults = slices.DeleteFunc(faults, r.untrustworthy)
	r.problems = append(r.problems, locate(dir, faults)...)
	sortProblems(r.problems)
	return set, r.problems
}

type reader struct {
	dir      fs.FS
	day      calendar.Date
	problems []Problem
	// words holds each value once: the same few words stand in millions of rows.
	words map[string]string
	// broken names the nouns with an unreadable row or field, and faulty the rows with one.
	broken map[register.Noun]bool
	faulty map[place]bool
}

type place struct {
	noun  register.Noun
	index int
}

func (r *reader) readSet() register.Set {
	set := register.Set{
		Bodies:         readTable(r, register.Bodies, bodyColumns),
		Centres:        readTable(r, register.Centres, centreColumns),
		Contacts:       readTable(r, register.Contacts, contactColumns),
		Qualifications: readTable(r, register.Qualifications, qualificationColumns),
		Components:     readTable(r, register.Components, componentColumns),
		Series:         readTable(r, register.SeriesList, seriesColumns),
		KeyDates:       readTable(r, register.KeyDates, keyDateColumns),
		Boundaries:     readTable(r, register.Boundaries, boundaryColumns),
		Items:          readTable(r, register.Items, itemColumns),
		Candidates:     readTable(r, register.Candidates, candidateColumns),
		Entries:        readTable(r, register.Entries, entryColumns),
		Results:        readTable(r, register.Results, resultColumns),
		ItemMarks:      readTable(r, register.ItemMarks, itemMarkColumns),
		Awards:         readTable(r, register.Awards, awardColumns),
		Performers:     readTable(r, register.Performers, performerColumns),
		Absences:       readTable(r, register.Absences, absenceColumns),
		Conflicts:      readTable(r, register.Conflicts, conflictColumns),
		Approvers:      readTable(r, register.Approvers, approverColumns),
		Papers:         readTable(r, register.Papers, paperColumns),
		Scripts:        readTable(r, register.Scripts, scriptColumns),
		Moderations:    readTable(r, register.Moderations, moderationColumns),
	}
	number := map[[2]string]int{}
	for i, item := range set.Items {
		paper := [2]string{item.Series, item.Component}
		number[paper]++
		set.Items[i].Position = number[paper]
	}
	return set
}

// readTable reads one file; nil means that it is not there. A row with an unreadable field is kept without it, so that rows
// which name it are not reported as well.
func readTable[R any](r *reader, noun register.Noun, columns []column[R]) []R {
	if _, err := fs.Stat(r.dir, fileOf(noun)); noun.Optional() && errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	s := openSheet(r.dir, fileOf(noun), columnNames(columns), func(p Problem) {
		r.problems = append(r.problems, p)
		r.broken[noun] = true
	})
	if s == nil {
		return nil
	}
	defer s.close()
	order := make([]column[R], len(s.header))
	for i, name := range s.header {
		order[i] = columns[slices.IndexFunc(columns, func(c column[R]) bool { return c.name == name })]
	}
	rows := []R{}
	for {
		fields, ok := s.next()
		if !ok {
			return rows
		}
		var row R
		for i, c := range order {
			if err := c.take(&row, r.word(fields[i]), r.day); err != nil {
				s.at(i, err.Error())
				r.faulty[place{noun, len(rows)}] = true
			}
		}
		rows = append(rows, row)
	}
}

// word returns an equal string that is shared by all rows.
func (r *reader) word(value string) string {
	if known, ok := r.words[value]; ok {
		return known
	}
	value = strings.Clone(value) // A field of a row keeps the whole row in memory.
	r.words[value] = value
	return value
}

// untrustworthy says whether a fault may only follow from a row or field that could not be read, so that it would
// mislead: that field's own problem is reported instead.
func (r *reader) untrustworthy(f register.Fault) bool {
	if r.faulty[place{f.Noun, f.Index}] {
		return true
	}
	return slices.ContainsFunc(f.Needs, func(noun register.Noun) bool { return r.broken[noun] })
}

// strangers reports CSV files that no noun has: a misspelt name would otherwise pass as a missing one only.
func strangers(dir fs.FS) []Problem {
	entries, err := fs.ReadDir(dir, ".")
	if err != nil {
		return []Problem{{File: ".", Detail: "the folder cannot be listed: " + err.Error()}}
	}
	var problems []Problem
	for _, entry := range entries {
		name := entry.Name()
		if strings.EqualFold(path.Ext(name), ".csv") && !slices.Contains(register.Nouns(), register.Noun(strings.TrimSuffix(name, ".csv"))) {
			problems = append(problems, Problem{File: name, Detail: "no file of the register has this name"})
		}
	}
	return problems
}

func columnNames[R any](columns []column[R]) []string {
	names := make([]string, 0, len(columns))
	for _, c := range columns {
		names = append(names, c.name)
	}
	return names
}
