package allocation_test

import (
	"fmt"
	"testing"

	"github.com/recourse-exams/recourse/casework/allocation"
)

// BenchmarkChoose chooses among as many people as a large component concerns.
func BenchmarkChoose(b *testing.B) {
	asked := task()
	var roster []allocation.Performer
	for i := range 200 {
		p := examiner(fmt.Sprintf("ex-%04d", i*7919%10000))
		p.OpenTasks = i % 4
		roster = append(roster, p)
	}
	for b.Loop() {
		allocation.Choose(asked, roster)
	}
}
