package webhook

import "time"

// lifetime is how long a delivery is tried before it is dead.
const lifetime = 3 * 24 * time.Hour

// waits are the pauses after a failed attempt: seconds at first, because most faults are short, and hours at last. The
// last one repeats.
func waits() []time.Duration {
	return []time.Duration{
		5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour,
	}
}

// NextAttempt is when a delivery is tried again whose nth attempt failed at an instant; ok is false if it is dead: three
// days after its first attempt nobody waits for it any more.
func NextAttempt(first time.Time, attempts int, failed time.Time) (next time.Time, ok bool) {
	all := waits()
	next = failed.Add(all[min(max(attempts, 1), len(all))-1])
	return next, next.Before(first.Add(lifetime))
}
