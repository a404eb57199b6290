package casework

import (
	"fmt"
	"slices"
	"strings"
)

// ItemMark is the performer's mark for one item; Reason is required when it differs from the first mark.
type ItemMark struct {
	Item   string `json:"item"`
	Mark   int    `json:"mark"`
	Reason string `json:"reason,omitempty"`
}

// CheckAnswer is the answer to one question of the clerical checklist.
type CheckAnswer struct {
	Check string `json:"check"`
	// Correct is false if the check found an error, which an item's change then corrects.
	Correct bool `json:"correct"`
}

// FileRef pins one version of one stored file.
type FileRef struct {
	Key     string `json:"key"`
	Version string `json:"version"`
	SHA256  string `json:"sha256"`
	Size    int64  `json:"size"`
}

// Completion is what a performer hands in. It carries codes and numbers only, no free text.
type Completion struct {
	Task      TaskID        `json:"task"`
	Items     []ItemMark    `json:"items"`
	Checklist []CheckAnswer `json:"checklist"`
	// UnchangedReason is required when no mark changes (domain §8.3, reading 5).
	UnchangedReason string `json:"unchangedReason,omitempty"`
	// Annotated is the annotated script of a review of marking; a clerical check has none (reading 3).
	Annotated *FileRef `json:"annotated,omitempty"`
}

// CompletionRules is what the awarding body's policy accepts in a completion of one service.
type CompletionRules struct {
	// ChangeReasons are the codes that may change a mark (mission E).
	ChangeReasons []string `json:"changeReasons"`
	// UnchangedReasons are the codes for an outcome without a change.
	UnchangedReasons []string `json:"unchangedReasons"`
	// Checklist are the questions of the clerical checklist, all of which must be answered.
	Checklist []string `json:"checklist"`
	// AnnotatedScript says whether an annotated copy must come with the completion; it must not otherwise.
	AnnotatedScript bool `json:"annotatedScript"`
}

// FaultCorrectionDiscarded is the code of a second look that brings an item back to the mark that was first given,
// although the first performer corrected it: a threshold may ask for another pair of eyes and never discard a correction
// (domain §8.3, reading 4).
const FaultCorrectionDiscarded = "correction-discarded"

// Check compares a completion with the sheet and its rules and returns every reason why it cannot be
// taken, each with the JSON pointer of the field; nil means that it can.
func (c Completion) Check(sheet TaskSheet) []Reason {
	rules := sheet.Rules
	var faults []Reason
	if c.Task != sheet.Task {
		return []Reason{{Code: "another-task", Pointer: "/task", Detail: fmt.Sprintf("The case waits for task %s, not %s.", sheet.Task, c.Task)}}
	}
	changed := c.Changes(sheet)
	faults = append(faults, c.checkItems(sheet, rules)...)
	faults = append(faults, c.checkChecklist(changed, rules)...)
	faults = append(faults, c.checkUnchanged(changed, rules)...)
	return append(faults, c.checkAnnotated(rules)...)
}

// Changes reports whether any mark differs from the sheet's.
func (c Completion) Changes(sheet TaskSheet) bool {
	for _, given := range c.Items {
		if item, ok := sheet.item(given.Item); ok && item.Original != given.Mark {
			return true
		}
	}
	return false
}

func (c Completion) checkItems(sheet TaskSheet, rules CompletionRules) []Reason {
	var faults []Reason
	seen := make([]string, 0, len(c.Items))
	for i, given := range c.Items {
		pointer := fmt.Sprintf("/items/%d", i)
		item, ok := sheet.item(given.Item)
		switch {
		case !ok:
			faults = append(faults, Reason{Code: "unknown-item", Pointer: pointer + "/item", Detail: fmt.Sprintf("The paper has no item %q.", given.Item), Remedy: "Give one mark for each item of the task."})
			continue
		case slices.Contains(seen, given.Item):
			faults = append(faults, Reason{Code: "item-twice", Pointer: pointer + "/item", Detail: fmt.Sprintf("Item %s is given twice.", given.Item), Remedy: "Give each item once."})
			continue
		}
		seen = append(seen, given.Item)
		if sheet.discards(item, given) {
			faults = append(faults, Reason{
				Code: FaultCorrectionDiscarded, Pointer: pointer + "/mark",
				Detail: fmt.Sprintf("Item %s was corrected by the first performer; a second look does not bring back the mark of %d.", item.Item, item.Original),
				Remedy: "Keep the correction, or give the mark that you find right and its reason.",
			})
			continue
		}
		faults = append(faults, checkMark(item, given, pointer, rules)...)
	}
	for _, item := range sheet.Items {
		if !slices.Contains(seen, item.Item) {
			faults = append(faults, Reason{Code: "item-missing", Pointer: "/items", Detail: fmt.Sprintf("Item %s has no mark.", item.Item), Remedy: "Give a mark for every item, also where it does not change."})
		}
	}
	return faults
}

func checkMark(item SheetItem, given ItemMark, pointer string, rules CompletionRules) []Reason {
	if given.Mark < 0 || given.Mark > item.Max {
		return []Reason{{Code: "mark-out-of-range", Pointer: pointer + "/mark", Detail: fmt.Sprintf("Item %s is marked from 0 to %d; %d was given.", item.Item, item.Max, given.Mark), Remedy: "Correct the mark."}}
	}
	if given.Mark == item.Original {
		if given.Reason != "" {
			return []Reason{{Code: "reason-without-change", Pointer: pointer + "/reason", Detail: fmt.Sprintf("Item %s keeps its mark of %d, so it takes no reason for a change.", item.Item, item.Original), Remedy: "Leave the reason out, or change the mark."}}
		}
		return nil
	}
	if given.Reason == "" {
		return []Reason{{Code: "reason-missing", Pointer: pointer + "/reason", Detail: fmt.Sprintf("Item %s changes from %d to %d without a reason.", item.Item, item.Original, given.Mark), Remedy: "Give one of the accepted reasons: " + list(rules.ChangeReasons) + "."}}
	}
	if !slices.Contains(rules.ChangeReasons, given.Reason) {
		return []Reason{{Code: "reason-not-accepted", Pointer: pointer + "/reason", Detail: fmt.Sprintf("%q is not a reason for which this service may change a mark.", given.Reason), Remedy: "Give one of the accepted reasons: " + list(rules.ChangeReasons) + "."}}
	}
	return nil
}

func (c Completion) checkChecklist(changed bool, rules CompletionRules) []Reason {
	var faults []Reason
	var answered []string
	for i, answer := range c.Checklist {
		pointer := fmt.Sprintf("/checklist/%d/check", i)
		switch {
		case !slices.Contains(rules.Checklist, answer.Check):
			faults = append(faults, Reason{Code: "unknown-check", Pointer: pointer, Detail: fmt.Sprintf("The checklist has no question %q.", answer.Check), Remedy: "Answer these: " + list(rules.Checklist) + "."})
		case slices.Contains(answered, answer.Check):
			faults = append(faults, Reason{Code: "check-twice", Pointer: pointer, Detail: fmt.Sprintf("Question %q is answered twice.", answer.Check), Remedy: "Answer each question once."})
		default:
			answered = append(answered, answer.Check)
			if !answer.Correct && !changed {
				faults = append(faults, Reason{Code: "error-not-corrected", Pointer: fmt.Sprintf("/checklist/%d/correct", i), Detail: fmt.Sprintf("Question %q says that there is an error, and no mark changes.", answer.Check), Remedy: "Correct the mark of the item, or answer that it is correct."})
			}
		}
	}
	for _, check := range rules.Checklist {
		if !slices.Contains(answered, check) {
			faults = append(faults, Reason{Code: "check-missing", Pointer: "/checklist", Detail: fmt.Sprintf("Question %q of the clerical checklist is not answered.", check), Remedy: "Answer every question of the checklist."})
		}
	}
	return faults
}

func (c Completion) checkUnchanged(changed bool, rules CompletionRules) []Reason {
	switch {
	case changed && c.UnchangedReason != "":
		return []Reason{{Code: "unchanged-reason-with-change", Pointer: "/unchangedReason", Detail: "A mark changes, so the outcome is not unchanged.", Remedy: "Leave the reason for an unchanged outcome out."}}
	case changed:
		return nil
	case c.UnchangedReason == "":
		return []Reason{{Code: "unchanged-reason-missing", Pointer: "/unchangedReason", Detail: "No mark changes and no reason says why.", Remedy: "Give one of: " + list(rules.UnchangedReasons) + "."}}
	case !slices.Contains(rules.UnchangedReasons, c.UnchangedReason):
		return []Reason{{Code: "unchanged-reason-not-accepted", Pointer: "/unchangedReason", Detail: fmt.Sprintf("%q is not an accepted reason for an unchanged outcome.", c.UnchangedReason), Remedy: "Give one of: " + list(rules.UnchangedReasons) + "."}}
	}
	return nil
}

func (c Completion) checkAnnotated(rules CompletionRules) []Reason {
	switch {
	case rules.AnnotatedScript && c.Annotated == nil:
		return []Reason{{Code: "annotated-script-missing", Pointer: "/annotated", Detail: "The annotated script is missing.", Remedy: "Upload the annotated PDF first and name it here."}}
	case !rules.AnnotatedScript && c.Annotated != nil:
		return []Reason{{Code: "annotated-script-not-wanted", Pointer: "/annotated", Detail: "A clerical check has no annotated script.", Remedy: "Leave it out."}}
	}
	return nil
}

// discards reports whether a mark of a second look would undo a correction of the first performer. A correction that
// the register has made meanwhile, for a linked request, is none of this task any more.
func (s TaskSheet) discards(item SheetItem, given ItemMark) bool {
	return given.Mark == item.Original && slices.ContainsFunc(s.Corrected, func(first ItemMark) bool {
		return first.Item == item.Item && first.Mark != item.Original
	})
}

func (s TaskSheet) item(name string) (SheetItem, bool) {
	for _, item := range s.Items {
		if item.Item == name {
			return item, true
		}
	}
	return SheetItem{}, false
}

func list(words []string) string { return strings.Join(words, ", ") }
