package files_test

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/recourse-exams/recourse/files"
)

// answers scripts an S3 server's side of one conversation, keyed by method and by whether the bucket itself
// was asked; what the server really does is tested by filestest on a real one.
type answers struct {
	mu    sync.Mutex
	asked []*http.Request
	on    map[string]http.HandlerFunc
}

func (a *answers) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	a.asked = append(a.asked, r)
	a.mu.Unlock()
	name := r.Method
	if r.URL.Query().Has("versioning") {
		name = "versioning"
	}
	answer, ok := a.on[name]
	if !ok {
		answer = status(http.StatusNotImplemented)
	}
	answer(w, r)
}

// bucketWith opens bucket "desk" on a server that gives these answers.
func bucketWith(t *testing.T, on map[string]http.HandlerFunc) (*files.Bucket, *answers) {
	t.Helper()
	script := &answers{on: on}
	server := httptest.NewServer(script)
	t.Cleanup(server.Close)
	return files.New(files.NewClient(config(server.URL), true), "desk"), script
}

// config has no retries: a test wants the first answer.
func config(endpoint string) aws.Config {
	return aws.Config{
		Region:       "eu-west-2",
		BaseEndpoint: aws.String(endpoint),
		Credentials:  credentials.NewStaticCredentialsProvider("desk-key", "desk-secret", ""),
		Retryer:      func() aws.Retryer { return aws.NopRetryer{} },
	}
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

func versioning(state string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`<VersioningConfiguration><Status>` + state + `</Status></VersioningConfiguration>`))
	}
}

// stored answers for an object with these headers and this content.
func stored(headers map[string]string, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for name, value := range headers {
			w.Header().Set(name, value)
		}
		if r.Method != http.MethodHead {
			_, _ = w.Write([]byte(body))
		}
	}
}
