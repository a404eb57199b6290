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
	// Every stack of these tests starts on a machine whose own settings lead elsewhere.
	for name, value := range elsewhere {
		os.Setenv(name, value)
	}
	os.Exit(m.Run())
}

// elsewhere is what must not reach the product, and KEPT what must.
var elsewhere = map[string]string{
	"AWS_PROFILE": "production", "RECOURSE_DATABASE_URL": "postgres://production", "TEMPORAL_ADDRESS": "production:7233", "KEPT": "yes",
}
