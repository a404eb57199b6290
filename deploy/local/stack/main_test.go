package stack_test

import (
	"os"
	"testing"

	"github.com/recourse-exams/recourse/deploy/local/stack"
)

func TestMain(m *testing.M) {
	stack.MaybeChild()
	maybeProduct()
	maybeParent()
	os.Exit(m.Run())
}
