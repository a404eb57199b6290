package timetravel

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

const day = 24 * time.Hour

// mostDays is about a century: no rule of a case reaches further.
const mostDays = 36_500

// ParseDuration reads a duration that may begin with days of 24 hours, such as 20d, 36h, 1d12h or 90m. It is
// never negative and never above a century.
func ParseDuration(text string) (time.Duration, error) {
	var total time.Duration
	rest := text
	if days, after, found := strings.Cut(text, "d"); found {
		n, err := strconv.Atoi(days)
		if err != nil || n < 0 || n > mostDays {
			return 0, fmt.Errorf("duration %q: %q is not a number of days", text, days)
		}
		total, rest = time.Duration(n)*day, after
		if rest == "" {
			return total, nil
		}
	}
	d, err := time.ParseDuration(rest)
	if err != nil || d < 0 {
		return 0, fmt.Errorf("duration %q: write it like 20d, 36h or 1d12h", text)
	}
	if d > mostDays*day-total {
		return 0, fmt.Errorf("duration %q: more than %d days", text, mostDays)
	}
	return total + d, nil
}
