package api

import (
	"context"
	"slices"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
)

// GetTimeline shows what happened to a case. A centre sees what concerns it, and no performer's identity.
func (s *Server) GetTimeline(ctx context.Context, in GetTimelineRequestObject) (GetTimelineResponseObject, error) {
	found, err := s.readCase(ctx, in.Reference)
	if err != nil {
		return nil, err
	}
	centreOnly := !personOf(ctx).Holds(bodyReaders()...)
	entries, err := s.cases.Timeline(ctx, found.Reference, centreOnly)
	if err != nil {
		return nil, err
	}
	page := Timeline{Items: make([]TimelineEntry, len(entries))}
	for i, entry := range entries {
		page.Items[i] = entryView(entry, centreOnly)
	}
	return GetTimeline200JSONResponse(page), nil
}

func entryView(entry docket.Entry, centreOnly bool) TimelineEntry {
	view := TimelineEntry{
		Number: entry.Number, At: entry.At, What: entry.What, Facts: make([]Fact, len(entry.Facts)),
		Actor: actorView(entry.Actor, centreOnly),
	}
	if !centreOnly {
		// The hashes on both sides of a hidden entry would prove a guess at the performer whom it names.
		view.Hash = entry.Hash
	}
	for i, fact := range entry.Facts {
		view.Facts[i] = Fact(fact)
	}
	return view
}

// actorView names its own people to a centre; of the awarding body's it learns the role only, and of nobody the reason,
// which is written for the body's own readers.
func actorView(actor casework.Actor, centreOnly bool) TimelineActor {
	view := TimelineActor{Role: string(actor.Role)}
	if !centreOnly || slices.Contains(centreReaders(), actor.Role) {
		view.Subject, view.OnBehalfOf, view.Claimed = actor.Subject, actor.OnBehalfOf, actor.Claimed
	}
	if !centreOnly {
		view.Reason = actor.Reason
	}
	return view
}
