package casework_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/recourse-exams/recourse/casework"
)

var update = flag.Bool("update", false, "write the generated documents instead of comparing them")

func TestStage_EveryStageIsReachable(t *testing.T) {
	t.Parallel()
	reached := map[casework.Stage]bool{}
	var walk func(casework.Stage)
	walk = func(from casework.Stage) {
		if reached[from] {
			return
		}
		reached[from] = true
		for _, event := range casework.Events() {
			if to, ok := casework.Next(from, event); ok {
				walk(to)
			}
		}
	}
	for _, s := range casework.Stages() {
		if s.Initial() {
			walk(s)
		}
	}
	for _, s := range casework.Stages() {
		require.Truef(t, reached[s], "no way leads to stage %s", s)
	}
	require.Len(t, reached, len(casework.Stages()), "a transition leads to a stage that is not listed")
}

func TestStage_FinalStagesAreExactlyThoseWithoutAWayOut(t *testing.T) {
	t.Parallel()
	for _, from := range casework.Stages() {
		ways := 0
		for _, event := range casework.Events() {
			to, ok := casework.Next(from, event)
			if ok {
				ways++
				require.NotEqualf(t, from, to, "%s on %s goes nowhere", from, event)
			} else {
				require.Equalf(t, from, to, "%s does not take %s, so it stays", from, event)
			}
		}
		require.Equalf(t, from.Final(), ways == 0, "stage %s", from)
	}
}

func TestStage_EveryEventMovesSomething(t *testing.T) {
	t.Parallel()
	for _, event := range casework.Events() {
		moved := false
		for _, from := range casework.Stages() {
			_, ok := casework.Next(from, event)
			moved = moved || ok
		}
		require.Truef(t, moved, "event %s fits no stage", event)
	}
}

func TestStage_TheLifeOfACase(t *testing.T) {
	t.Parallel()
	stage := casework.StageUnassigned
	for _, step := range []struct {
		event casework.Event
		want  casework.Stage
	}{
		{casework.EventAssign, casework.StageAssigned},
		{casework.EventGiveBack, casework.StageUnassigned},
		{casework.EventAssign, casework.StageAssigned},
		{casework.EventSecondLook, casework.StageUnassigned},
		{casework.EventAssign, casework.StageAssigned},
		{casework.EventDecide, casework.StageDecided},
		{casework.EventSettle, casework.StageAppealWindow},
		{casework.EventClose, casework.StageClosed},
	} {
		next, ok := casework.Next(stage, step.event)
		require.Truef(t, ok, "%s on %s", stage, step.event)
		require.Equal(t, step.want, next)
		stage = next
	}
	require.True(t, stage.Final())
}

// What is published stays published: a case goes back only as far as to look for another performer.
func TestStage_RandomEventsNeverLeaveAFinalStageNorGoBackBehindTheDecision(t *testing.T) {
	t.Parallel()
	order := func(s casework.Stage) int {
		for i, listed := range casework.Stages() {
			if s == listed {
				return i
			}
		}
		return -1
	}
	rapid.Check(t, func(t *rapid.T) {
		stage := rapid.SampledFrom(casework.Stages()).Draw(t, "from")
		for _, event := range rapid.SliceOf(rapid.SampledFrom(casework.Events())).Draw(t, "events") {
			next, ok := casework.Next(stage, event)
			if stage.Final() {
				require.False(t, ok)
			}
			if event != casework.EventGiveBack && event != casework.EventSecondLook || stage != casework.StageAssigned {
				require.GreaterOrEqual(t, order(next), order(stage), "a case never goes back")
			}
			stage = next
		}
	})
}

func TestStage_UnknownEventsAndStagesDoNotMove(t *testing.T) {
	t.Parallel()
	_, ok := casework.Next(casework.StageAssigned, "appeal")
	require.False(t, ok)
	to, ok := casework.Next("lost", casework.EventAssign)
	require.False(t, ok)
	require.Equal(t, casework.Stage("lost"), to)
}

// The document is made by `go test ./casework -run Diagram -update`.
func TestDiagram_TheDocumentShowsTheTransitionTable(t *testing.T) {
	t.Parallel()
	path := filepath.Join("..", "docs", "states.md")
	want := "# Stages of a case\n\n" +
		"Drawn from the transition table in `casework/stage.go`; `go test ./casework -run Diagram -update` draws it again.\n\n" +
		"```mermaid\n" + casework.Diagram() + "```\n"
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(want), 0o644))
	}
	have, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, want, string(have), "docs/states.md is out of date: run `go test ./casework -run Diagram -update`")
}

func TestDiagram_ShowsEveryStageAndEvent(t *testing.T) {
	t.Parallel()
	diagram := casework.Diagram()
	for _, s := range casework.Stages() {
		require.Contains(t, diagram, `"`+string(s)+`"`)
	}
	for _, e := range casework.Events() {
		require.Contains(t, diagram, ": "+string(e)+"\n")
	}
	require.Equal(t, 2, strings.Count(diagram, "--> [*]"), "two stages are final")
	require.Equal(t, 2, strings.Count(diagram, ": open\n"), "a case opens or is refused")
}
