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

// wait takes one token of the person's bucket at a wall-time instant and returns zero. If there is none it takes
// nothing and returns how long it will be until there is one.
func (l *limits) wait(subject string, at time.Time) time.Duration {
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
	token := bucket.ReserveN(at, 1)
	wait := token.DelayFrom(at)
	if wait > 0 {
		token.CancelAt(at)
	}
	return wait
}
