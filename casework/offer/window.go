package offer

import (
	"fmt"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/deadline"
	"github.com/recourse-exams/recourse/casework/policy"
)

// window is when a service may be asked for: from opens, before closes, both in UTC. Zero instants are unknown; a
// window without end has no closes.
type window struct {
	opens   time.Time
	closes  time.Time
	endless bool
	// rule is where closes comes from: the formula, or the series' own row.
	rule policy.Provenance
}

// window finds the service's window and compares the receipt with it: the receipt alone decides, to the
// instant (domain §8.1, "receipt decides").
func (i inquiry) window(reasons []casework.Reason) (window, []casework.Reason) {
	w, err := i.bounds()
	received := i.ask.ReceivedAt
	switch {
	case err != nil:
		return window{}, append(reasons, i.calendarEnds(i.rules.Window.Provenance, err))
	case i.gated() && w.opens.IsZero(), w.closes.IsZero() && !w.endless:
		return window{}, i.undatedWindow(reasons)
	case received.Before(w.opens):
		return w, append(reasons, because(i.rules.Opens, casework.Reason{
			Code: CodeNotOpenYet, Pointer: "/series",
			Detail: fmt.Sprintf("Requests open when %s, on %s; this one was received on %s (UK time).", i.openingEvent(), longInstant(w.opens), longInstant(received)),
			Remedy: "Ask again from then on, with consent that was given after the results.",
		}))
	case !w.endless && !received.Before(w.closes):
		return w, append(reasons, because(w.rule, casework.Reason{
			Code: CodeWindowClosed, Pointer: "/series",
			Detail: fmt.Sprintf("Requests were taken until %s; this one was received on %s (UK time).", until(w.closes), longInstant(received)),
			Remedy: "The window is not extended; ask the awarding body if its system was unavailable.",
		}))
	}
	return w, reasons
}

// gated reports whether the service cannot be asked for before its anchor has come: everything but a claim, whose
// work has no results day before it.
func (i inquiry) gated() bool {
	return i.rules.Scope != policy.WholeClaim || i.rules.Window.Anchor.Counted()
}

func (i inquiry) openingEvent() string {
	switch anchor := i.rules.Window.Anchor; {
	case anchor == policy.AnchorOutcome, i.tests(policy.OnlyAfter):
		return "the outcome is published"
	case anchor == policy.AnchorModeration:
		return "the work has been moderated"
	case anchor == policy.AnchorResult:
		return "the " + i.centre() + " has the result"
	default:
		return i.candidate() + "s have their results"
	}
}

// undatedWindow says why nobody can tell yet until when the service may be asked for.
func (i inquiry) undatedWindow(reasons []casework.Reason) []casework.Reason {
	reason := casework.Reason{
		Code: CodeNotOpenYet, Pointer: "/series",
		Detail: fmt.Sprintf("The dates of series %s are not published yet.", i.facts.Series),
		Remedy: "Ask again when the awarding body has published the series' key dates.",
	}
	if i.tests(policy.OnlyAfter) && i.anchor(policy.AnchorOutcome).IsZero() {
		return reasons // the condition has said so already
	}
	switch i.rules.Window.Anchor {
	case policy.AnchorOutcome:
		reason.Code, reason.Pointer = CodeNoOutcomeYet, "/service"
		reason.Detail = fmt.Sprintf("%s is asked for after an outcome, and this %s has none.", one(i.ask.Service), i.subject())
		reason.Remedy = "Ask again when the outcome is published."
	case policy.AnchorModeration:
		reason.Detail = "The register does not say when this work was moderated."
		reason.Remedy = "Ask again when the awarding body has recorded the moderation."
	case policy.AnchorResult:
		reason.Detail = "The register does not say when the " + i.centre() + " received this result."
		reason.Remedy = "Ask again when the awarding body has issued the result."
	default: // a date of the series
	}
	return append(reasons, because(i.rules.Opens, reason))
}

// bounds computes the window. The error is that of a date that no calendar knows.
func (i inquiry) bounds() (window, error) {
	rule := &i.rules.Window
	w, err := i.end(rule, false)
	if err != nil {
		return window{}, err
	}
	w.opens = i.opening(rule.Anchor).UTC()
	return w, i.afterReasons(&w)
}

// end is when a window ends: a series' key date stands in place of the formula (domain §8.2), the register's before
// the policy's own.
func (i inquiry) end(rule *policy.WindowRule, priority bool) (window, error) {
	if last, source, ok := i.keyDate(rule, priority); ok {
		w := window{closes: last.End(), rule: source}
		if rule.Cutoff == nil {
			return w, nil
		}
		at, err := last.At(*rule.Cutoff)
		w.closes = at
		return w, err
	}
	w := window{rule: rule.Provenance, endless: rule.Anchor == policy.AnchorNone}
	counted, ok := rule.Clock()
	from := i.anchor(rule.Anchor)
	if !ok || from.IsZero() {
		return w, nil
	}
	clock, err := deadline.Start(counted, i.calendars.Body, from)
	w.closes = clock.Ends
	return w, err
}

func (i inquiry) keyDate(rule *policy.WindowRule, priority bool) (last calendar.Date, source policy.Provenance, ok bool) {
	for _, row := range i.facts.LastDays {
		if row.Service == i.ask.Service && row.Priority == priority {
			return row.Date, rule.Provenance, true
		}
	}
	series := i.publishedSeries()
	if series == nil {
		return calendar.Date{}, policy.Provenance{}, false
	}
	for _, row := range series.KeyDates {
		if row.Service == i.ask.Service && row.Priority == priority {
			return row.Date, row.Provenance, true
		}
	}
	return calendar.Date{}, policy.Provenance{}, false
}

// publishedSeries is the series as the policy publishes it, nil if it does not, or if the register's results day is
// another: then the published last days are those of other results.
func (i inquiry) publishedSeries() *policy.Series {
	for n := range i.policy.Series {
		series := &i.policy.Series[n]
		if series.ID != i.facts.Series {
			continue
		}
		if registered := i.facts.GCSERelease; !registered.IsZero() && !series.GCSERelease.IsZero() && registered != series.GCSERelease {
			return nil
		}
		return series
	}
	return nil
}

// anchor is the instant from which a window is counted, zero if it has not come or is not known. Of a day it is the
// beginning.
func (i inquiry) anchor(anchor policy.Anchor) time.Time {
	f := i.facts
	switch anchor {
	case policy.AnchorOutcome:
		about, _ := i.about()
		return about.OutcomeAt
	case policy.AnchorModeration:
		return startOf(f.ModeratedOn)
	case policy.AnchorResult:
		// A result of a series is received when the series is released.
		if f.ResultReceived.IsZero() {
			return i.release()
		}
		return f.ResultReceived
	case policy.AnchorCandidateRelease:
		return i.release()
	case policy.AnchorGCSERelease:
		return i.resultsDay(f.GCSERelease, anchor)
	case policy.AnchorALevelRelease:
		return i.resultsDay(f.ALevelRelease, anchor)
	default:
		return time.Time{}
	}
}

// resultsDay is the beginning of a results day of the series: the register's, or else the policy's.
func (i inquiry) resultsDay(registered calendar.Date, anchor policy.Anchor) time.Time {
	if series := i.publishedSeries(); registered.IsZero() && series != nil {
		registered, _ = series.Anchor(anchor)
	}
	return startOf(registered)
}

// release is when candidates have their results, by the register or else by the policy; zero if neither says.
func (i inquiry) release() time.Time {
	if !i.facts.CandidateRelease.IsZero() {
		return i.facts.CandidateRelease
	}
	if series := i.publishedSeries(); series != nil {
		return series.CandidateRelease
	}
	return time.Time{}
}

// opening is the instant from which the service may be asked for (domain §8.1, "published"): of one that follows
// another that of the outcome, whether or not its last day is counted from it.
func (i inquiry) opening(anchor policy.Anchor) time.Time {
	switch anchor {
	case policy.AnchorOutcome, policy.AnchorModeration, policy.AnchorResult:
		return i.anchor(anchor)
	default:
		if i.tests(policy.OnlyAfter) {
			return i.anchor(policy.AnchorOutcome)
		}
		return i.release()
	}
}

// afterReasons lengthens the window of an appeal whose reasons came late: the later end holds (domain §8.3, reading
// 7).
func (i inquiry) afterReasons(w *window) error {
	if i.rules.Window.Anchor != policy.AnchorOutcome {
		return nil
	}
	about, _ := i.about()
	rule, ok := i.rules.Clock(casework.ClockReasonsWindow)
	if !ok || about.ReasonsAt.IsZero() {
		return nil
	}
	clock, err := deadline.Start(rule, i.calendars.Body, about.ReasonsAt)
	if err != nil {
		return err
	}
	if w.closes.Before(clock.Ends) {
		w.closes, w.rule = clock.Ends, rule.Provenance
	}
	return nil
}

func startOf(d calendar.Date) time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	return d.Start()
}
