package casework

import "strings"

// Diagram draws the transition table as a Mermaid state diagram, which docs/states.md shows.
func Diagram() string {
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n")
	for _, s := range Stages() {
		b.WriteString("    state \"" + string(s) + "\" as " + diagramName(s) + "\n")
	}
	for _, s := range Stages() {
		if s.Initial() {
			b.WriteString("    [*] --> " + diagramName(s) + ": open\n")
		}
	}
	for _, t := range transitions {
		b.WriteString("    " + diagramName(t.from) + " --> " + diagramName(t.to) + ": " + string(t.event) + "\n")
	}
	for _, s := range Stages() {
		if s.Final() {
			b.WriteString("    " + diagramName(s) + " --> [*]\n")
		}
	}
	return b.String()
}

// diagramName is the stage's name without dashes, which Mermaid does not take in an identifier.
func diagramName(s Stage) string { return strings.ReplaceAll(string(s), "-", "_") }
