package roadmap

import (
	"fmt"
	"strings"

	"github.com/recourse-exams/recourse/casework/policy"
)

// Text writes a road map as plain text, one station after the other, each with those that lead to it.
func Text(p policy.Policy, m policy.RoadMap) string {
	drawn := stations(p, m)
	var out strings.Builder
	fmt.Fprintf(&out, "%s\n%s\n%s\n", m.Title, strings.Repeat("=", len([]rune(m.Title))), heading(p))
	for i, s := range drawn {
		fmt.Fprintf(&out, "\n%2d  %s%s\n", i+1, s.title, cameFrom(m.Steps[i].After))
		if s.text != "" {
			fmt.Fprintf(&out, "    %s\n", s.text)
		}
		for _, f := range s.facts {
			fmt.Fprintf(&out, "      %-13s%s%s\n", f.label, f.text, f.mark())
		}
	}
	for _, line := range footing(p, m, drawn) {
		fmt.Fprintf(&out, "\n%s", line)
	}
	return out.String() + "\n"
}

func cameFrom(after []int) string {
	if len(after) == 0 {
		return ""
	}
	numbers := make([]string, len(after))
	for i, number := range after {
		numbers[i] = fmt.Sprint(number)
	}
	return "  (after " + strings.Join(numbers, " or ") + ")"
}

func (f fact) mark() string {
	if f.unconfirmed {
		return " *"
	}
	return ""
}
