package main_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/store/storetest"
)

// Whoever declares a conflict is told at once which tasks the person cannot complete any more, and what to do.
func TestExaminersDeclare_NamesTheTasksThatItStandsAgainst(t *testing.T) {
	t.Parallel()
	register := storetest.Seeded(t)
	ref := reviews(t, register, "4001")[0]
	settings := settingsOf(register)
	var holder string
	require.NoError(t, register.Pool().QueryRow(t.Context(), "SELECT assignee FROM tasks WHERE reference = $1", ref).Scan(&holder))
	task := string(casework.TaskOf(ref, 1))
	declare := func(kind string, more ...string) outcome {
		return recourse(t, settings, append([]string{"examiners", "declare", holder, "--kind", kind, "--by", "op-1"}, more...)...)
	}

	elsewhere := declare("works-at", "--centre", storetest.OtherCentre)
	require.Zero(t, elsewhere.status, elsewhere.errors)
	require.Contains(t, elsewhere.out, "works-at "+storetest.OtherCentre+"\nIt stands against no task that "+holder+" holds.")
	require.NotContains(t, recourse(t, settings, "examiners", "show", holder).out, "cannot be completed")

	here := declare("related-to", "--centre", storetest.Centre, "--candidate", "4001")
	require.Zero(t, here.status, here.errors)
	require.Contains(t, here.out, "cannot complete them any more:\n")
	require.Contains(t, here.out, task+"  "+string(ref)+"\n")
	require.Contains(t, here.out, "recourse cases reassign "+string(ref)+" --by op-1 --reason")
	require.Contains(t, recourse(t, settings, "examiners", "show", holder).out, task+", cannot be completed by them: related-to "+storetest.Centre+" 4001; reassign it")

	var claimed bool
	require.NoError(t, register.Pool().QueryRow(t.Context(), "SELECT bool_and((actor->>'claimed')::boolean) FROM roster_changes WHERE performer = $1", holder).Scan(&claimed))
	require.True(t, claimed, "no token proves who it was")
}

func TestExaminersDeclare_SaysWhatCannotBe(t *testing.T) {
	t.Parallel()
	settings := settingsOf(storetest.Seeded(t))
	for name, row := range map[string]struct {
		line   []string
		status int
		says   string
	}{
		"no such centre":  {[]string{"ex-1001", "--kind", "works-at", "--centre", "99999", "--by", "op-1"}, 1, `no centre "99999"`},
		"nobody":          {[]string{"nobody", "--kind", "works-at", "--centre", storetest.Centre, "--by", "op-1"}, 1, "nobody"},
		"another kind":    {[]string{"ex-1001", "--kind", "dislikes", "--centre", storetest.Centre, "--by", "op-1"}, usage, "--kind must be one of"},
		"by whom":         {[]string{"ex-1001", "--kind", "works-at", "--centre", storetest.Centre}, usage, "missing flags: --by"},
		"to whom related": {[]string{"ex-1001", "--kind", "related-to", "--centre", storetest.Centre, "--by", "op-1"}, 1, "to whom the person is related"},
	} {
		got := recourse(t, settings, append([]string{"examiners", "declare"}, row.line...)...)
		require.Equal(t, row.status, got.status, "%s: %s%s", name, got.out, got.errors)
		require.Contains(t, got.out+got.errors, row.says, name)
	}
}
