package allocation

import (
	"slices"

	"github.com/recourse-exams/recourse/casework/calendar"
)

// The hard reasons why a person may not perform a task; a proof names every one that applies, in this order.
const (
	// WrongRole: the person is not engaged for this kind of task.
	WrongRole = "wrong-role"
	// WrongComponent: the person performs neither the component nor its subject.
	WrongComponent = "component-not-theirs"
	// WrongTier: the person performs other tiers than the component's.
	WrongTier = "tier-not-theirs"
	// RankTooLow: the service asks for a higher rank in the body's order.
	RankTooLow = "rank-too-low"
	// Inactive: the person gets no tasks at all.
	Inactive = "inactive"
	// NoContract: the person's contract does not run on the London day of the task.
	NoContract = "contract-not-running"
	// TrainingExpired: the person's training is not valid on that day.
	TrainingExpired = "training-expired"
	// Absent: the person is away on that day.
	Absent = "absent"
	// WorksAtCentre: the person works at the centre.
	WorksAtCentre = "works-at-centre"
	// WorkedAtCentre: the person worked at the centre before.
	WorkedAtCentre = "worked-at-centre"
	// RelatedToCandidate: the person is related to the candidate.
	RelatedToCandidate = "related-to-candidate"
	// OtherConflict: another declared interest in the centre or the candidate.
	OtherConflict = "other-conflict"
	// UnclearConflict: a declared interest that names neither centre nor candidate; until somebody completes the
	// entry, it stands against every task.
	UnclearConflict = "unclear-conflict"
	// MarkedItem, SecondMarkedItem, BackReadItem and CheckedItem: the person marked an item of the script, or judged
	// its mark in another way.
	MarkedItem       = "marked-item"
	SecondMarkedItem = "second-marked-item"
	BackReadItem     = "back-read-item"
	CheckedItem      = "checked-item"
	// ModeratedCohort and CheckedModeration: the person moderated the centre's marks in this component, or checked
	// that moderation.
	ModeratedCohort   = "moderated-cohort"
	CheckedModeration = "checked-moderation"
	// EarlierStage: the person took part in an earlier stage about the same result.
	EarlierStage = "took-part-earlier"
	// GaveTaskBack: the person had the task and gave it back, or had it taken away.
	GaveTaskBack = "gave-task-back"
)

// exclusions lists everything that stands against a person, each once.
func exclusions(task *Task, p *Performer) []string {
	reasons := unqualified(task, p)
	reasons = append(reasons, unavailable(task.Day, p)...)
	reasons = append(reasons, interested(task, p)...)
	return append(reasons, involved(task, p.ID)...)
}

// interested says which of a person's declared interests stand against them, in the order of the codes whatever order
// they were declared in.
func interested(task *Task, p *Performer) []string {
	var standing []string
	for _, c := range p.Conflicts {
		if reason, stands := c.against(task); stands {
			standing = append(standing, reason)
		}
	}
	var reasons []string
	for _, reason := range []string{WorksAtCentre, WorkedAtCentre, RelatedToCandidate, OtherConflict, UnclearConflict} {
		if slices.Contains(standing, reason) {
			reasons = append(reasons, reason)
		}
	}
	return reasons
}

// unqualified says what a person lacks for the task on every day.
func unqualified(task *Task, p *Performer) []string {
	var reasons []string
	if !slices.Contains(p.Roles, task.Role) {
		reasons = append(reasons, WrongRole)
	}
	if !slices.Contains(p.Components, task.Component) && (task.Subject == "" || !slices.Contains(p.Subjects, task.Subject)) {
		reasons = append(reasons, WrongComponent)
	}
	if task.Tier != "" && len(p.Tiers) > 0 && !slices.Contains(p.Tiers, task.Tier) {
		reasons = append(reasons, WrongTier)
	}
	if !p.Rank.AtLeast(task.LeastRank, task.Ranks) {
		reasons = append(reasons, RankTooLow)
	}
	return reasons
}

// unavailable says why a person gets no task on a London day.
func unavailable(day calendar.Date, p *Performer) []string {
	var reasons []string
	if p.Inactive {
		reasons = append(reasons, Inactive)
	}
	// The zero date is before every other: a contract without a beginning has begun.
	if day.Before(p.ContractFrom) || over(day, p.ContractUntil) {
		reasons = append(reasons, NoContract)
	}
	if over(day, p.TrainedUntil) {
		reasons = append(reasons, TrainingExpired)
	}
	if slices.ContainsFunc(p.Absences, func(a Absence) bool { return !day.Before(a.From) && !a.Until.Before(day) }) {
		reasons = append(reasons, Absent)
	}
	return reasons
}

// over reports whether a day comes after the last one; the zero date is no last day.
func over(day, last calendar.Date) bool { return !last.IsZero() && last.Before(day) }

// partReasons are the parts that are known, in the order of the codes.
var partReasons = []struct {
	part   Part
	reason string
}{
	{Marker, MarkedItem},
	{SecondMarker, SecondMarkedItem},
	{BackReader, BackReadItem},
	{Checker, CheckedItem},
	{Moderator, ModeratedCohort},
	{ModerationChecker, CheckedModeration},
}

// involved says what a person has had to do with the work or the task. A part that nobody foresaw stands against them
// as an earlier stage.
func involved(task *Task, person string) []string {
	var parts []Part
	for _, i := range task.Involved {
		if i.Person == person {
			parts = append(parts, i.Part)
		}
	}
	var reasons []string
	for _, known := range partReasons {
		if slices.Contains(parts, known.part) {
			reasons = append(reasons, known.reason)
			parts = slices.DeleteFunc(parts, func(p Part) bool { return p == known.part })
		}
	}
	if len(parts) > 0 || slices.Contains(task.EarlierStages, person) {
		reasons = append(reasons, EarlierStage)
	}
	if slices.Contains(task.GaveBack, person) {
		reasons = append(reasons, GaveTaskBack)
	}
	return reasons
}
