package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/fee"
	"github.com/recourse-exams/recourse/casework/policy"
)

// serviceStatements are the rules of one service.
func serviceStatements(service policy.Service) []statement {
	s := statements{service: service.Service}
	none := policy.Provenance{}
	s.say("service", service.Provenance, "%s", service.Title)
	who := make([]string, len(service.Requesters))
	for i, r := range service.Requesters {
		who[i] = r.Words()
	}
	s.say("requesters", none, "asked for by %s", list(who))
	s.say("scope", none, "one request is about %s", scopeWords(service.Scope))
	for _, c := range service.Eligible {
		s.say("condition "+string(c.Test), c.Provenance, "%s", conditionWords(c))
	}
	consent := service.Consent.Need.Words()
	if service.Consent.AfterRelease {
		consent += ", given after the candidates had their results"
	}
	s.say("consent", service.Consent.Provenance, "%s", consent)
	s.say("opening", service.Opens, "%s", openingWords(service))
	s.say("window", service.Window.Provenance, "%s", service.Window.Words())
	if service.Priority != nil {
		s.say("window with priority", service.Priority.Provenance, "%s", service.Priority.Words())
	}
	for _, rule := range service.Clocks {
		s.clock(rule)
	}
	for _, target := range service.Targets {
		s.say("goal of "+string(target.Clock), target.Provenance, "%s", targetWords(target))
	}
	s.say("effect", service.Effect.Provenance, "%s", effectWords(service.Effect))
	for _, f := range service.Fees {
		s.fee(f)
	}
	if service.Cancel != nil {
		s.say("cancellation", service.Cancel.Provenance, "without charge %s", service.Cancel.Until.Words())
	}
	for _, upgrade := range service.Upgrades {
		s.say("upgrade to "+string(upgrade.To), upgrade.Provenance, "the fee of the new service replaces this one's")
	}
	if service.Script != nil {
		s.say("script", service.Script.Provenance, "%s", scriptWords(*service.Script))
	}
	s.say("documents", none, "%s", orNone(join(service.Outputs, ", ")))
	s.say("mails", none, "%s", orNone(join(service.Notices, ", ")))
	s.completion(service)
	for _, d := range service.Decisions {
		s.say("window against "+join(d.Of, ", "), d.Provenance, "%s from the decision", d.FullWords())
	}
	if service.Panel != nil {
		s.say("panel", service.Panel.Provenance, "at least %d people, %d of them independent", service.Panel.Members, service.Panel.Independent)
	}
	return s.list
}

func (s *statements) clock(rule policy.ClockRule) {
	name := "clock " + string(rule.ID)
	s.say(name, rule.Provenance, "%s (%s)", rule.Words(), kindWords(rule.Kind))
	for _, w := range rule.Warn {
		if w.HoursBefore > 0 {
			s.say("warning of "+name, policy.Provenance{}, "%d hours before its end", w.HoursBefore)
		} else {
			s.say("warning of "+name, policy.Provenance{}, "%d days before its last day, at %s", w.DaysBefore, w.At)
		}
	}
	if len(rule.PausedBy) > 0 {
		causes := make([]string, len(rule.PausedBy))
		for i, cause := range rule.PausedBy {
			causes[i] = cause.Words()
		}
		s.say("pauses of "+name, rule.PauseRule, "stands still for: %s", join(causes, "; "))
	}
}

func (s *statements) fee(f policy.FeeRule) {
	name := "fee " + string(f.Code)
	s.say(name, waiverFrom(f.Waiver), "for %s; %s", f.For.Words(), f.Waiver.Strategy.Words())
	if f.Unitised != nil {
		s.say(name+" of a unitised qualification", waiverFrom(*f.Unitised), "%s", f.Unitised.Strategy.Words())
	}
	if f.Small != nil {
		s.say(name+" for a small cohort", f.Small.Provenance, "%d per cent of it for %d candidates or fewer", f.Small.Percent, f.Small.UpTo)
	}
	if len(f.InAdvance) > 0 {
		s.say(name+" in advance", policy.Provenance{}, "paid before the case begins: %s", join(f.InAdvance, ", "))
	}
}

func waiverFrom(w fee.Waiver) policy.Provenance {
	return policy.Provenance{Clause: w.Clause, Source: w.Source, Confirmed: w.Confirmed}
}

func (s *statements) completion(service policy.Service) {
	c, none := service.Completion, policy.Provenance{}
	for _, codes := range []struct {
		rule string
		list []string
	}{{"reasons for a change", c.ChangeReasons}, {"reasons for no change", c.UnchangedReasons}, {"checks", c.Checklist}} {
		if len(codes.list) > 0 {
			s.say(codes.rule, none, "%s", join(codes.list, ", "))
		}
	}
	if c.AnnotatedScript {
		s.say("annotated script", none, "the performer hands in the script with annotations")
	}
	if service.Rank != "" {
		s.say("rank", none, "%s or above", service.Rank)
	}
}

func scopeWords(scope policy.Scope) string {
	switch scope {
	case policy.CandidateComponent:
		return "one candidate in one component"
	case policy.CohortComponent:
		return "a centre's whole cohort in one component"
	case policy.CandidateAward:
		return "one candidate's whole award"
	case policy.WholeClaim:
		return "a whole claim"
	case policy.WholeCase:
		return "a whole earlier case"
	default:
		return string(scope)
	}
}

// conditionWords says what must hold before the service may be asked for.
func conditionWords(c policy.Condition) string {
	switch c.Test {
	case policy.LevelWithin:
		return "the qualification is of " + levels(c.FromLevel, c.ToLevel)
	case policy.ExternallyMarked:
		return "the awarding body marks the component"
	case policy.CentreMarked:
		return "the centre marks the component and the awarding body moderates"
	case policy.NotObjective:
		return "the component is no objective test"
	case policy.ScriptHeld:
		return "the awarding body holds the script"
	case policy.MarksChanged:
		return "moderation changed the centre's marks"
	case policy.SampleHeld:
		return "the original sample is held and was not given back"
	case policy.PlaceAtRisk:
		return "the centre declares that a place in higher education depends on the outcome"
	case policy.OncePerResult:
		return "the service was not asked for this result before"
	case policy.NotAfter:
		return "not after " + either(c.Services)
	case policy.OnlyAfter:
		return "only after the outcome of " + either(c.Services)
	case policy.WithinAfter:
		return fmt.Sprintf("within %s of the outcome of %s, if there is one", c.Within.FullWords(), either(c.Services))
	case policy.SeriesMonth:
		return "the series is held " + months(c.Months)
	case policy.NotPending:
		return "the result is not pending"
	default:
		return string(c.Test)
	}
}

// openingWords says from when the service may be asked for.
func openingWords(s policy.Service) string {
	switch {
	case s.Window.Anchor == policy.AnchorOutcome, slices.ContainsFunc(s.Eligible, followsOutcome):
		return "from the publication of the outcome"
	case s.Window.Anchor == policy.AnchorModeration:
		return "from the day of moderation"
	case s.Window.Anchor == policy.AnchorResult:
		return "from receipt of the result"
	case s.Scope == policy.WholeClaim:
		return "at any time"
	default:
		return "from when candidates have their results"
	}
}

func followsOutcome(c policy.Condition) bool { return c.Test == policy.OnlyAfter }

func either(services []casework.Service) string { return join(services, " or ") }

func targetWords(t policy.Target) string {
	if t.By != (policy.YearDay{}) {
		return fmt.Sprintf("by %d %s", t.By.Day, t.By.Month)
	}
	return "about " + t.FullWords()
}

func effectWords(e policy.EffectRule) string {
	words := "marks and grades may rise and fall"
	if e.Protected {
		words = "marks may rise and fall, the published grade does not fall in this series"
	}
	if e.CarryForward {
		words += "; a mark that fell counts when it is carried forward"
	}
	return words
}

func scriptWords(s policy.ScriptRule) string {
	words := "the original can be read during a review"
	if s.HideDuringReview {
		words = "the original cannot be read during a review"
	}
	if s.IncludedCopy {
		return words + "; the reviewed copy comes with the outcome"
	}
	return words + "; the reviewed copy is asked for"
}

func orNone(words string) string {
	if strings.TrimSpace(words) == "" {
		return "none"
	}
	return words
}
