package store_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/store/storetest"
)

func TestOpenReferences_PageThroughEveryCaseThatIsNotAtItsEnd(t *testing.T) {
	t.Parallel()
	o := setup(t)
	waiting := o.open()
	assigned := o.open(of("4001", storetest.Maths2))
	o.allocate(assigned)
	refused := o.try(ask(of("9999", storetest.Maths1)))
	require.Equal(t, casework.StageRefused, refused.Stage)
	want := []casework.Reference{waiting, assigned}
	slices.Sort(want)

	var found []casework.Reference
	after := casework.Reference("")
	for {
		page, err := o.OpenReferences(t.Context(), after, 1)
		require.NoError(t, err)
		if len(page) == 0 {
			break
		}
		require.Len(t, page, 1)
		found = append(found, page...)
		after = page[0]
	}
	require.Equal(t, want, found)
}
