package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/casework/policy"
	"github.com/recourse-exams/recourse/store/storetest"
)

func TestQualifications_ArePagesWithTheirOwnComponents(t *testing.T) {
	t.Parallel()
	s := storetest.Seeded(t)
	all, err := s.Qualifications(t.Context(), docket.QualificationFilter{})
	require.NoError(t, err)
	require.Len(t, all, 3)
	require.Equal(t, docket.Qualification{
		ID: "l2-numeracy", Body: "cambria", Title: "Cambria Level 2 Numeracy", Level: 2, Family: casework.FamilyVocational, Rules: "cambria",
		Components: []docket.Component{{ID: storetest.Numeracy, Title: "Numeracy on-screen test", MaxMark: 30, Objective: true}},
	}, all[2])
	require.True(t, all[0].Unitised)
	var paged []docket.Qualification
	for after := ""; ; after = paged[len(paged)-1].ID {
		page, err := s.Qualifications(t.Context(), docket.QualificationFilter{AfterID: after, Limit: 1})
		require.NoError(t, err)
		if len(page) == 0 {
			break
		}
		require.Len(t, page, 1)
		paged = append(paged, page...)
	}
	require.Equal(t, all, paged)
}

func TestQualifications_AModeratedComponentIsMarkedByTheCentre(t *testing.T) {
	t.Parallel()
	s := storetest.Seeded(t)
	_, err := s.Pool().Exec(t.Context(), "UPDATE components SET assessment = 'moderated' WHERE id = $1", storetest.Geography1)
	require.NoError(t, err)
	all, err := s.Qualifications(t.Context(), docket.QualificationFilter{})
	require.NoError(t, err)
	require.Equal(t, []bool{true, false}, []bool{all[0].Components[0].CentreMarked, all[0].Components[1].CentreMarked})
}

func TestSeries_CarriesItsDatesAndTheRulesOfItsBody(t *testing.T) {
	t.Parallel()
	s := storetest.Seeded(t)
	for _, change := range []string{
		"UPDATE qualifications SET rules = 'other' WHERE id = 'gcse-geography'",
		"UPDATE series SET a_level_release = '2026-08-13' WHERE id = 'demo'",
		"INSERT INTO key_dates (series, service, priority, last_day) VALUES ('demo', 'script-copy', true, '2026-09-03'), ('demo', 'script-copy', false, '2026-11-05')",
	} {
		_, err := s.Pool().Exec(t.Context(), change)
		require.NoError(t, err)
	}
	all, err := s.Series(t.Context())
	require.NoError(t, err)
	require.Len(t, all, 1)
	day := func(month time.Month, d int) calendar.Date { return calendar.Date{Year: 2026, Month: month, Day: d} }
	require.Equal(t, docket.Series{
		Body: "cambria", Rules: []string{"cambria", "other"}, Month: 6,
		Series: policy.Series{
			ID: "demo", Title: "Demonstration series", CentreRelease: time.Date(2026, 8, 19, 7, 0, 0, 0, time.UTC),
			CandidateRelease: time.Date(2026, 8, 20, 7, 0, 0, 0, time.UTC), ALevelRelease: day(8, 13), GCSERelease: day(8, 20),
			KeyDates: []policy.KeyDate{
				{Service: casework.ClericalCheck, Date: day(10, 30)},
				{Service: casework.ReviewOfMarking, Date: day(10, 30)},
				{Service: casework.ScriptCopy, Date: day(11, 5)},
				{Service: casework.ScriptCopy, Priority: true, Date: day(9, 3)},
			},
		},
	}, all[0])
	require.Equal(t, time.UTC, all[0].CandidateRelease.Location())
}
