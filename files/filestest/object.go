package filestest

import (
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/files"
)

func ready(t *testing.T, bucket *files.Bucket) {
	require.NoError(t, bucket.Ready(t.Context()))
}

func putAndGet(t *testing.T, bucket *files.Bucket) {
	body, sum := document(t)
	ref := put(t.Context(), t, bucket, body)
	require.Equal(t, keyFor(sum), ref.Key)
	require.Equal(t, sum, ref.SHA256)
	require.Equal(t, int64(len(body)), ref.Size)
	require.NotEmpty(t, ref.Version)

	got, err := bucket.Get(t.Context(), ref)
	require.NoError(t, err)
	require.Equal(t, body, got)
}

func putTwice(t *testing.T, bucket *files.Bucket) {
	body, _ := document(t)
	first := put(t.Context(), t, bucket, body)
	require.Equal(t, first, put(t.Context(), t, bucket, body))
}

func putAtOnce(t *testing.T, bucket *files.Bucket) {
	body, sum := document(t)
	refs := make([]casework.FileRef, 8)
	errs := make([]error, len(refs))
	var writers sync.WaitGroup
	for i := range refs {
		writers.Go(func() { refs[i], errs[i] = bucket.Put(t.Context(), keyFor(sum), pdf, body) })
	}
	writers.Wait()
	// A server may answer some of them "try again"; whoever is told a version is told the same one.
	again := put(t.Context(), t, bucket, body)
	for i, err := range errs {
		if err == nil {
			require.Equal(t, again, refs[i])
		}
	}
	require.True(t, slices.Contains(errs, nil), "no writer succeeded: %v", errs)
}

func putAnother(t *testing.T, bucket *files.Bucket) {
	body, sum := document(t)
	first := put(t.Context(), t, bucket, body)
	other, _ := document(t)
	_, err := bucket.Put(t.Context(), keyFor(sum), pdf, other)
	require.ErrorContains(t, err, "another file")

	got, err := bucket.Get(t.Context(), first)
	require.NoError(t, err)
	require.Equal(t, body, got)
	require.Equal(t, first, put(t.Context(), t, bucket, body))
}

func getDamaged(t *testing.T, bucket *files.Bucket) {
	body, _ := document(t)
	ref := put(t.Context(), t, bucket, body)
	_, otherSum := document(t)
	for _, damage := range []struct {
		name   string
		damage func(*casework.FileRef)
	}{
		{"another hash", func(r *casework.FileRef) { r.SHA256 = otherSum }},
		{"a shorter size", func(r *casework.FileRef) { r.Size-- }},
		{"a longer size", func(r *casework.FileRef) { r.Size++ }},
	} {
		damaged := ref
		damage.damage(&damaged)
		_, err := bucket.Get(t.Context(), damaged)
		require.ErrorContains(t, err, "not the file on record", damage.name)
	}
	unknown := ref
	unknown.Key = keyFor(otherSum)
	_, err := bucket.Get(t.Context(), unknown)
	require.Error(t, err)
}
