package storetest

import (
	_ "embed"
	"fmt"
	"testing"
	"time"

	"github.com/recourse-exams/recourse/store"
)

//go:embed seed.sql
var seed string

//go:embed cohort.sql
var cohort string

// Now is an instant at which every window of the seed's series is open.
var Now = time.Date(2026, time.August, 27, 9, 0, 0, 0, time.UTC)

// What the seed names. Its candidates' marks and grades stand in seed.sql, which says what each is good for.
const (
	// Body is the fictional awarding body, and Series its only series.
	Body   = "cambria"
	Series = "demo"
	// Centre is in England and has the candidates 4001 to 4004; OtherCentre is in Wales and has candidate 5001.
	Centre      = "64101"
	OtherCentre = "71203"
	// ExamsOfficer is the exams officer of Centre.
	ExamsOfficer = "eo-64101"
	// Approver may agree to holds of Body's cases.
	Approver = "cw-approver"
	// Maths1 and Maths2 are the papers of a linear GCSE, Geography1 and Geography2 the units of a unitised one, and
	// Numeracy is an objective test.
	Maths1     = "M1-01"
	Maths2     = "M1-02"
	Geography1 = "G2-01"
	Geography2 = "G2-02"
	Numeracy   = "N2-01"
)

// Seed fills a store with a small register: two centres, their candidates with results and scripts, a linear and
// a unitised qualification and an objective test, examiners ex-1001 to ex-1006 and clerical staff cl-2001 and
// cl-2002 with two conflicts, an approver, and cw-left, who is none any more.
func Seed(t testing.TB, s *store.Store) {
	t.Helper()
	if _, err := s.Pool().Exec(t.Context(), seed); err != nil {
		t.Fatalf("seed the register: %v", err)
	}
}

// Cohort adds n candidates to Centre, numbered from 6000, each with a result in Maths1 and Maths2 that nobody on
// the roster has marked, and returns their numbers.
func Cohort(t testing.TB, s *store.Store, n int) []string {
	t.Helper()
	if _, err := s.Pool().Exec(t.Context(), fmt.Sprintf(cohort, n)); err != nil {
		t.Fatalf("add a cohort: %v", err)
	}
	numbers := make([]string, n)
	for i := range numbers {
		numbers[i] = fmt.Sprint(6000 + i)
	}
	return numbers
}
