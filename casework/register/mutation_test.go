package register_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework/register"
)

// place is where a fault is expected.
type place struct {
	noun  register.Noun
	index int
	field string
}

// mutation spoils one row of a register in one way and says where that must be found.
type mutation struct {
	name string
	// rows counts the rows that it can spoil.
	rows  func(register.Set) int
	spoil func(s *register.Set, row int) place
}

// mutations cover every noun of a drawn register; each spoils nothing but the row.
func mutations() []mutation {
	return []mutation{
		{"a nameless centre", func(s register.Set) int { return len(s.Centres) }, func(s *register.Set, i int) place {
			s.Centres[i].Name = " "
			return place{register.Centres, i, "name"}
		}},
		{"a contact who cannot be written to", func(s register.Set) int { return len(s.Contacts) }, func(s *register.Set, i int) place {
			s.Contacts[i].Email = "nobody"
			return place{register.Contacts, i, "email"}
		}},
		{"a qualification of no level", func(s register.Set) int { return len(s.Qualifications) }, func(s *register.Set, i int) place {
			s.Qualifications[i].Level = 9
			return place{register.Qualifications, i, "level"}
		}},
		{"a component of no qualification", func(s register.Set) int { return len(s.Components) }, func(s *register.Set, i int) place {
			s.Components[i].Qualification = "nothing"
			return place{register.Components, i, "qualification"}
		}},
		{"a component with another maximum", func(s register.Set) int { return len(s.Components) }, func(s *register.Set, i int) place {
			s.Components[i].MaxMark++
			return place{register.Items, firstItem(*s, s.Components[i].ID), "component"}
		}},
		{"a boundary that climbs", func(s register.Set) int { return len(s.Boundaries) }, func(s *register.Set, i int) place {
			s.Boundaries[i].Mark = 1 << 20
			return place{register.Boundaries, i, "mark"}
		}},
		{"an item worth nothing", func(s register.Set) int { return len(s.Items) }, func(s *register.Set, i int) place {
			s.Items[i].Max = 0
			return place{register.Items, i, "max"}
		}},
		{"an item of no series", func(s register.Set) int { return len(s.Items) }, func(s *register.Set, i int) place {
			s.Items[i].Series = "never"
			return place{register.Items, i, "series"}
		}},
		{"an item out of place", func(s register.Set) int { return len(s.Items) }, func(s *register.Set, i int) place {
			s.Items[i].Position = -1
			return place{register.Items, i, "item"}
		}},
		{"an entry of a stranger", func(s register.Set) int { return len(s.Entries) }, func(s *register.Set, i int) place {
			s.Entries[i].Candidate = "9999"
			return place{register.Entries, i, "candidate"}
		}},
		{"a mark changed alone", func(s register.Set) int { return len(s.Results) }, func(s *register.Set, i int) place {
			s.Results[i].Mark++
			return place{register.Results, i, "mark"}
		}},
		{"a result of a stranger", func(s register.Set) int { return len(s.Results) }, func(s *register.Set, i int) place {
			s.Results[i].Candidate = "9999"
			return place{register.Results, i, "candidate"}
		}},
		{"an item mark above the item", func(s register.Set) int { return len(s.ItemMarks) }, func(s *register.Set, i int) place {
			s.ItemMarks[i].Mark = 13
			return place{register.ItemMarks, i, "mark"}
		}},
		{"an item mark of no item", func(s register.Set) int { return len(s.ItemMarks) }, func(s *register.Set, i int) place {
			s.ItemMarks[i].Item = "99"
			return place{register.ItemMarks, i, "item"}
		}},
		{"an item that nobody marked", func(s register.Set) int { return len(s.ItemMarks) }, func(s *register.Set, i int) place {
			s.ItemMarks[i].Marker = ""
			return place{register.ItemMarks, i, "marker"}
		}},
		{"a total changed alone", func(s register.Set) int { return len(s.Awards) }, func(s *register.Set, i int) place {
			s.Awards[i].Total--
			return place{register.Awards, i, "total"}
		}},
		{"a grade changed alone", func(s register.Set) int { return len(s.Awards) }, func(s *register.Set, i int) place {
			s.Awards[i].Grade += "*"
			return place{register.Awards, i, "grade"}
		}},
		{"a performer of no paper", func(s register.Set) int { return len(s.Performers) }, func(s *register.Set, i int) place {
			s.Performers[i].Components = []string{"nothing"}
			return place{register.Performers, i, "components"}
		}},
		{"a conflict of a new kind", func(s register.Set) int { return len(s.Conflicts) }, func(s *register.Set, i int) place {
			s.Conflicts[i].Kind = "envy"
			return place{register.Conflicts, i, "kind"}
		}},
		{"a paper without a file", func(s register.Set) int { return len(s.Papers) }, func(s *register.Set, i int) place {
			s.Papers[i].Path = ""
			return place{register.Papers, i, "file"}
		}},
		{"a lost paper", func(s register.Set) int { return len(s.Papers) }, func(s *register.Set, i int) place {
			component := s.Papers[i].Component
			s.Papers = without(s.Papers, i)
			return place{register.Items, firstItem(*s, component), "component"}
		}},
		{"a lost item mark", func(s register.Set) int { return len(s.ItemMarks) }, func(s *register.Set, i int) place {
			key := s.ItemMarks[i].ResultKey
			s.ItemMarks = without(s.ItemMarks, i)
			for at, result := range s.Results {
				if result.ResultKey == key {
					return place{register.Results, at, "component"}
				}
			}
			return place{}
		}},
		{"a doubled entry", func(s register.Set) int { return len(s.Entries) }, func(s *register.Set, i int) place {
			s.Entries = append(s.Entries, s.Entries[i])
			return place{register.Entries, len(s.Entries) - 1, "qualification"}
		}},
		{"a script of no result", func(s register.Set) int { return len(s.Results) }, func(s *register.Set, i int) place {
			key := s.Results[i].ResultKey
			key.Centre = "99999"
			s.Scripts = append(s.Scripts, register.Script{ResultKey: key, Path: "x.pdf"})
			return place{register.Scripts, len(s.Scripts) - 1, "component"}
		}},
	}
}

func firstItem(s register.Set, component string) int {
	for i, item := range s.Items {
		if item.Component == component {
			return i
		}
	}
	return -1
}

// TestCheck_WhateverIsSpoiltIsFoundAtItsRow spoils one row of any register in any of the ways above: the row and its
// column are among the faults, every fault can be read, and nothing is said twice.
func TestCheck_WhateverIsSpoiltIsFoundAtItsRow(t *testing.T) {
	t.Parallel()
	for _, m := range mutations() {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				set := drawn(t)
				row := rapid.IntRange(0, m.rows(set)-1).Draw(t, "row")
				want := m.spoil(&set, row)
				found, said := false, map[string]bool{}
				for _, fault := range check(set) {
					found = found || place{fault.Noun, fault.Index, fault.Field} == want
					text := fault.Error()
					if said[text] || fault.Detail == "" || fault.Index < 0 {
						t.Fatalf("a fault that is said twice or says nothing: %q", text)
					}
					said[text] = true
				}
				if !found {
					t.Fatalf("%v is not among %v", want, said)
				}
			})
		})
	}
}

// TestCheck_TheOrderOfOtherRowsDoesNotMatter: a register says the same in whatever order its independent rows come.
func TestCheck_TheOrderOfOtherRowsDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		set := drawn(t)
		set.Results = rapid.Permutation(set.Results).Draw(t, "results")
		set.ItemMarks = rapid.Permutation(set.ItemMarks).Draw(t, "item marks")
		set.Awards = rapid.Permutation(set.Awards).Draw(t, "awards")
		set.Entries = rapid.Permutation(set.Entries).Draw(t, "entries")
		set.Components = rapid.Permutation(set.Components).Draw(t, "components")
		set.Papers = rapid.Permutation(set.Papers).Draw(t, "papers")
		set.Items = rapid.Permutation(set.Items).Draw(t, "items")
		if faults := check(set); len(faults) > 0 {
			t.Fatalf("faults in an agreeing register: %v", fmt.Sprint(faults))
		}
	})
}

// TestCheck_LeavesTheRegisterAlone: what is checked is what is imported.
func TestCheck_LeavesTheRegisterAlone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		set := drawn(t)
		before := fmt.Sprintf("%+v", set)
		check(set)
		check(set)
		if after := fmt.Sprintf("%+v", set); before != after {
			t.Fatalf("checking changed the register")
		}
	})
}
