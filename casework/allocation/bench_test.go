package allocation_test

import (
	"fmt"
	"testing"

	"github.com/recourse-exams/recourse/casework/allocation"
)

// BenchmarkChoose chooses among as many people as a large component concerns, beside the least that it could do: to
// choose among nobody, and to copy the roster once.
func BenchmarkChoose(b *testing.B) {
	asked := task()
	var roster []allocation.Performer
	for i := range 200 {
		p := examiner(fmt.Sprintf("ex-%04d", i*7919%10000))
		p.OpenTasks = i % 4
		roster = append(roster, p)
	}
	b.Run("among nobody", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			allocation.Choose(asked, nil)
		}
	})
	b.Run("copy the roster", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			copy(make([]allocation.Performer, len(roster)), roster)
		}
	})
	b.Run("among 200", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			allocation.Choose(asked, roster)
		}
	})
}
