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

// NextAttempt is when a delivery is tried again whose nth attempt began at an instant and had failed at another; first is
// the beginning of its first attempt. ok is false if the delivery is dead: that attempt began when three days were over.
// So none is given up without an attempt after its time, which comes when the time is over, or, if nobody could send
// meanwhile, as soon as somebody can.
func NextAttempt(first time.Time, attempts int, began, failed time.Time) (next time.Time, ok bool) {
	over := first.Add(lifetime)
	if !began.Before(over) {
		return time.Time{}, false
	}
	all := waits()
	next = failed.Add(all[min(max(attempts, 1), len(all))-1])
	if next.After(over) && failed.Before(over) {
		return over, true
	}
	return next, true
}
