package store_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/store/storetest"
)

func TestCase_NamesWhatItIsAbout(t *testing.T) {
	t.Parallel()
	o := setup(t)
	page := o.page(o.open())
	require.Equal(t, casework.KindEnquiry, page.Kind)
	require.Equal(t, "Ashdown School", page.CentreName)
	require.Equal(t, "Ada Fenwick", page.CandidateName)
	require.Equal(t, "Mathematics Paper 1", page.ComponentTitle)
	require.Equal(t, "Cambria GCSE Mathematics", page.Qualification)
	require.Equal(t, "gcse-mathematics", page.QualificationID)
	require.Nil(t, page.Outcome)
	require.Equal(t, digest(string(page.Reference)), page.RequestSHA256)
	require.Equal(t, page.Clocks[0].Ends, page.Clocks[0].OriginalEnds)
}

func TestCase_OutOfScopeDoesNotExist(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	for name, scope := range map[string]docket.Scope{
		"everything":         {},
		"the centre":         {Centre: storetest.Centre},
		"centre and family":  {Centre: storetest.Centre, Families: []casework.Family{casework.FamilyGeneral}},
		"one of both":        {Families: []casework.Family{casework.FamilyVocational, casework.FamilyGeneral}},
		"another centre":     {Centre: storetest.OtherCentre},
		"the other family":   {Centre: storetest.Centre, Families: []casework.Family{casework.FamilyVocational}},
		"a centre like mine": {Centre: "6410"},
	} {
		seen, err := o.Case(t.Context(), ref, scope)
		if slices.Contains([]string{"another centre", "the other family", "a centre like mine"}, name) {
			fault(t, err, casework.NotFound, "unknown-case")
			continue
		}
		require.NoError(t, err, name)
		require.Equal(t, ref, seen.Reference)
	}
	_, err := o.Case(t.Context(), reference("none"), docket.Scope{})
	fault(t, err, casework.NotFound, "unknown-case")
}

func TestCases_EachFilterNarrows(t *testing.T) {
	t.Parallel()
	o := setup(t)
	review, check := o.open(), o.open(clerical, of("4002", storetest.Numeracy), withoutScript)
	welsh := o.open(fromOtherCentre, of("5001", storetest.Maths1))
	refused := o.try(ask(withoutConsent, of("4003", storetest.Maths1))).Reference
	assigned := o.allocate(review)

	for name, narrowed := range map[string]struct {
		filter docket.Filter
		want   []casework.Reference
	}{
		"nothing":    {docket.Filter{}, []casework.Reference{review, check, welsh, refused}},
		"centre":     {docket.Filter{Centre: storetest.OtherCentre}, []casework.Reference{welsh}},
		"family":     {docket.Filter{Families: []casework.Family{casework.FamilyVocational}}, []casework.Reference{check}},
		"stage":      {docket.Filter{Stage: casework.StageRefused}, []casework.Reference{refused}},
		"service":    {docket.Filter{Service: casework.ClericalCheck}, []casework.Reference{check}},
		"series":     {docket.Filter{Series: "another"}, nil},
		"sla state":  {docket.Filter{SLAState: casework.SLABreached}, nil},
		"assignee":   {docket.Filter{Assignee: assigned.Assignee}, []casework.Reference{review}},
		"everything": {docket.Filter{Centre: storetest.Centre, Service: casework.ReviewOfMarking, Stage: casework.StageAssigned}, []casework.Reference{review}},
	} {
		cases, err := o.Cases(t.Context(), narrowed.filter)
		require.NoError(t, err, name)
		var got []casework.Reference
		for _, c := range cases {
			got = append(got, c.Reference)
			require.Equal(t, o.page(c.Reference), c, "a row of the list is the whole case")
		}
		require.ElementsMatch(t, narrowed.want, got, name)
	}
}

func TestCases_PagesNeitherSkipNorRepeat(t *testing.T) {
	t.Parallel()
	o := setup(t)
	candidates := storetest.Cohort(t, o.Store, 30)
	for i, candidate := range candidates {
		// Several come at the same instant, so that the reference has to tell them apart.
		received := storetest.Now.Add(time.Duration(i/4) * time.Minute)
		_, err := o.OpenCase(t.Context(), opening(ask(of(candidate, storetest.Maths1)), received), o.book.Assess)
		require.NoError(t, err)
	}
	all, err := o.Cases(t.Context(), docket.Filter{})
	require.NoError(t, err)
	require.Len(t, all, len(candidates))
	rapid.Check(t, func(r *rapid.T) {
		filter := docket.Filter{Centre: rapid.SampledFrom([]string{"", storetest.Centre}).Draw(r, "centre")}
		var paged []docket.Case
		for {
			filter.Limit = rapid.IntRange(1, 12).Draw(r, "limit")
			page, err := o.Cases(t.Context(), filter)
			require.NoError(r, err)
			if len(page) == 0 {
				break
			}
			require.LessOrEqual(r, len(page), filter.Limit)
			paged = append(paged, page...)
			last := page[len(page)-1]
			filter.AfterReceived, filter.AfterReference = last.ReceivedAt, last.Reference
		}
		require.Equal(r, all, paged)
	})
	for i := 1; i < len(all); i++ {
		older := all[i].ReceivedAt.Before(all[i-1].ReceivedAt)
		require.True(t, older || all[i].ReceivedAt.Equal(all[i-1].ReceivedAt) && all[i].Reference > all[i-1].Reference)
	}
}

func TestCases_PlansUseAnIndexForTheirOrder(t *testing.T) {
	t.Parallel()
	o := setup(t)
	conn, err := o.Pool().Acquire(t.Context())
	require.NoError(t, err)
	defer conn.Release()
	// Few rows make any plan cheap; without sequential scans and sorts the planner shows which index it could use.
	_, err = conn.Exec(t.Context(), `SET enable_seqscan = off; SET enable_sort = off; SET enable_bitmapscan = off; SET plan_cache_mode = force_custom_plan;
		PREPARE listing (text, text, text[], text, text, text, text, text, text[], timestamptz, text, integer) AS `+statements(t)["casesSQL"])
	require.NoError(t, err)
	for index, arguments := range map[string]string{
		"cases_newest":           "'', '', '{}', '', '', '', '', '', '{}', NULL, '', 50",
		"cases_newest_of_centre": "'', '64101', '{}', '', '', '', '', '', '{}', '2026-08-27T09:00:00Z', 'R-2', 50",
		"cases_newest_of_stage":  "'', '', '{}', 'assigned', '', '', '', '', '{}', NULL, '', 50",
	} {
		rows, err := conn.Query(t.Context(), "EXPLAIN EXECUTE listing ("+arguments+")")
		require.NoError(t, err)
		plan, err := pgx.CollectRows(rows, pgx.RowTo[string])
		require.NoError(t, err)
		require.Contains(t, strings.Join(plan, "\n"), " "+index+" ")
	}
}

func TestCaseCounts_CountByStageAndState(t *testing.T) {
	t.Parallel()
	o := setup(t)
	o.allocate(o.open())
	o.open(of("4002", storetest.Maths1))
	o.open(of("4003", storetest.Maths1))
	counts, err := o.CaseCounts(t.Context())
	require.NoError(t, err)
	require.Equal(t, []docket.CaseCount{
		{Stage: casework.StageAssigned, SLAState: casework.SLAOnTime, Count: 1},
		{Stage: casework.StageUnassigned, SLAState: casework.SLAOnTime, Count: 2},
	}, counts)
}

func TestReferences_ListEveryCaseInOrder(t *testing.T) {
	t.Parallel()
	o := setup(t)
	var want []casework.Reference
	for i, candidate := range []string{"4003", "4001", "4002"} {
		in := opening(ask(of(candidate, storetest.Maths1)), storetest.Now.Add(time.Duration(i)*time.Minute))
		_, err := o.OpenCase(t.Context(), in, o.book.Assess)
		require.NoError(t, err)
		want = append(want, in.Enquiry.Reference)
	}
	refs, err := o.References(t.Context())
	require.NoError(t, err)
	require.Equal(t, want, refs)
}

func TestNotice_HoldsWhatALetterSays(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.settled(map[string]int{"Q1": 11})
	notice, err := o.Notice(t.Context(), ref)
	require.NoError(t, err)
	require.Equal(t, docket.Notice{
		Case: o.page(ref), BodyName: "Cambria Awards", Candidate: "Ada Fenwick", To: []docket.Recipient{amira},
		Centre: docket.Centre{Number: "64101", Name: "Ashdown School", Address: []string{"Mill Lane", "Ashdown", "AD1 2QX"}, Nation: "england"},
		Task:   docket.NoticeTask{ID: casework.TaskOf(ref, 1), Kind: casework.TaskReview}, // Nobody holds it any more.
	}, notice)
	_, err = o.Notice(t.Context(), reference("none"))
	fault(t, err, casework.NotFound, "unknown-case")
}

func TestTimeline_CentreSeesWhatIsItsOwn(t *testing.T) {
	t.Parallel()
	o := setup(t)
	ref := o.open()
	_, err := o.Allocate(t.Context(), key(ref, casework.StepAllocate, 1, later), o.book)
	require.NoError(t, err)
	whole, err := o.Timeline(t.Context(), ref, false)
	require.NoError(t, err)
	own, err := o.Timeline(t.Context(), ref, true)
	require.NoError(t, err)
	require.Len(t, whole, 2)
	require.Equal(t, whole[:1], own)
	require.Equal(t, officer, own[0].Actor)
	none, err := o.Timeline(t.Context(), reference("none"), false)
	require.NoError(t, err)
	require.Empty(t, none)
}
