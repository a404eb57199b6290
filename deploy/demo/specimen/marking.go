package specimen

import (
	"fmt"
	"hash/fnv"
	"slices"

	"github.com/recourse-exams/recourse/casework/register"
)

// answer is what one candidate did with one item.
type answer struct {
	question

	mark int
	// shown is the mark that the written answer deserves; it differs from mark only where a story says so.
	shown int

	marker, secondMarker, backReader, checker string
}

// chance gives a number below limit that is always the same for the same words: it stands in for dice.
func chance(limit int, words ...string) int {
	h := fnv.New32a()
	for _, word := range words {
		_, _ = h.Write([]byte(word + "/")) // A hash takes everything.
	}
	return int(h.Sum32()>>3) % limit
}

// answers shares a component mark out among its items, so that they make exactly that mark.
func answers(questions []question, key register.ResultKey, mark int, stories map[string]story) ([]answer, error) {
	highest := 0
	for _, q := range questions {
		highest += q.max
	}
	all := make([]answer, len(questions))
	var free []int
	sum := 0
	for i, q := range questions {
		a := answer{question: q, mark: q.max * mark / highest}
		if told, ok := stories[itemKey(key.Centre, key.Candidate, key.Component, q.item)]; ok {
			a.mark, a.shown = told.given, told.deserved
		} else {
			a.mark = min(q.max, max(0, a.mark+chance(3, key.Candidate, key.Component, q.item)-1))
			free = append(free, i)
		}
		sum += a.mark
		all[i] = a
	}
	slices.SortFunc(free, func(a, b int) int {
		return chance(1000, key.Candidate, questions[a].item) - chance(1000, key.Candidate, questions[b].item)
	})
	for sum != mark {
		before := sum
		for _, i := range free {
			switch {
			case sum < mark && all[i].mark < all[i].max:
				all[i].mark, sum = all[i].mark+1, sum+1
			case sum > mark && all[i].mark > 0:
				all[i].mark, sum = all[i].mark-1, sum-1
			}
		}
		if sum == before {
			return nil, fmt.Errorf("%s: %d marks cannot be shared out among its items", key, mark)
		}
	}
	for _, i := range free {
		all[i].shown = all[i].mark
	}
	assign(all, key)
	return all, nil
}

// assign says who marked what. Half of a script goes to one marker and half to another, as on-screen marking does;
// some markers are examiners who later review, some scripts are second-marked or back-read by a lead or a principal,
// some tests checked by a clerk.
func assign(all []answer, key register.ResultKey) {
	subject := key.Component[:2]
	first, second := "mk-3101", "mk-3102"
	place := chance(12, key.Centre, key.Candidate)
	switch {
	case subject == "GM" && place%3 == 0:
		first = "ex-1001"
	case key.Centre == "64202" && key.Candidate == "2002" && key.Component == "AB-2":
		first, second = "ex-1003", "ex-1004" // Nobody is left to review this script.
	case subject == "AB" && place%4 == 0:
		first, second = "ex-1006", "mk-3104"
	case subject == "AB":
		first, second = "mk-3103", "mk-3104"
	case subject == "GG" && place%3 == 0:
		first, second = "mk-3105", "ex-1006"
	case subject == "GG":
		first, second = "mk-3105", "mk-3106"
	case subject == "DM":
		first, second = "mk-3107", "mk-3108"
	case subject == "NT":
		first, second = "scanner", "scanner"
	}
	for i := range all {
		all[i].marker = first
		if i >= len(all)/2 {
			all[i].marker = second
		}
		if subject == "NT" && place%4 == 1 {
			all[i].checker = "cl-2002"
		}
	}
	if subject != "NT" && place%5 == 2 {
		all[len(all)-1].secondMarker = "mk-3201"
		if subject == "GM" {
			all[len(all)-1].secondMarker = "ex-1005"
		}
	}
	if subject != "NT" && place%6 == 5 {
		all[0].backReader = "mk-3202"
		if subject == "GM" || subject == "AB" && key.Component != "AB-2" {
			all[0].backReader = "ex-1006"
		}
	}
}
