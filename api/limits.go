package api

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// maxLimiters bounds the memory that throttling takes; beyond it everybody starts afresh, which lets a few more
// requests through and nothing else.
const maxLimiters = 10_000

// limits holds a token bucket per person.
type limits struct {
	perSecond rate.Limit
	burst     int

	mu      sync.Mutex
	buckets map[string]*rate.Limiter
}

func newLimits(perSecond float64, burst int) *limits {
	return &limits{perSecond: rate.Limit(perSecond), burst: burst, buckets: map[string]*rate.Limiter{}}
}

// allow takes one token of the person's bucket at a wall-time instant; false if there is none.
func (l *limits) allow(subject string, at time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	bucket, ok := l.buckets[subject]
	if !ok {
		if len(l.buckets) >= maxLimiters {
			clear(l.buckets)
		}
		bucket = rate.NewLimiter(l.perSecond, l.burst)
		l.buckets[subject] = bucket
	}
	return bucket.AllowN(at, 1)
}
