package allocation

import "strings"

// against says whether a declared interest stands against a task, and by which reason. An entry that does not
// say whom it is about stands against every task: a person with a conflict is never chosen by oversight.
func (c Conflict) against(task *Task) (reason string, stands bool) {
	atCentre := c.Kind == "works-at" || c.Kind == "worked-at"
	switch {
	case atCentre && c.Centre == "":
		return UnclearConflict, true
	case atCentre || c.Candidate == "" && c.Centre != "":
		return c.reason(), c.Centre == task.Centre
	}
	declared, ok := candidate(c.Centre, c.Candidate)
	if !ok {
		return UnclearConflict, true
	}
	asked, _ := candidate(task.Centre, task.Candidate)
	return c.reason(), declared == asked
}

func (c Conflict) reason() string {
	switch c.Kind {
	case "works-at":
		return WorksAtCentre
	case "worked-at":
		return WorkedAtCentre
	case "related-to":
		return RelatedToCandidate
	}
	return OtherConflict
}

// candidate names a candidate as "centre/candidate"; ok is false if the centre or the candidate is missing.
func candidate(centre, number string) (name string, ok bool) {
	if strings.Contains(number, "/") {
		return number, true
	}
	return centre + "/" + number, centre != "" && number != ""
}
