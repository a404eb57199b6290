package api

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// partTimeout bounds the check of one part.
const partTimeout = 2 * time.Second

// GetHealth says that the process answers, and nothing about what it needs.
func (s *Server) GetHealth(context.Context, GetHealthRequestObject) (GetHealthResponseObject, error) {
	return GetHealth200JSONResponse{Ready: true, Parts: []HealthPart{}}, nil
}

// GetReadiness asks every part at the same time whether it is ready.
func (s *Server) GetReadiness(ctx context.Context, _ GetReadinessRequestObject) (GetReadinessResponseObject, error) {
	health := Health{Ready: true, Parts: make([]HealthPart, len(s.parts))}
	var asked sync.WaitGroup
	for i, part := range s.parts {
		asked.Go(func() { health.Parts[i] = s.ask(ctx, part) })
	}
	asked.Wait()
	for _, part := range health.Parts {
		health.Ready = health.Ready && part.Ready
	}
	if health.Ready {
		return GetReadiness200JSONResponse(health), nil
	}
	return GetReadiness503JSONResponse(health), nil
}

// ask checks one part. What went wrong goes to the log, for it may name addresses.
func (s *Server) ask(ctx context.Context, part Part) HealthPart {
	ctx, cancel := context.WithTimeout(ctx, partTimeout)
	defer cancel()
	err := part.Check(ctx)
	if err == nil {
		return HealthPart{Name: part.Name, Ready: true}
	}
	s.log.LogAttrs(ctx, slog.LevelWarn, "not ready", slog.String("part", part.Name), slog.String("error", err.Error()))
	return HealthPart{Name: part.Name, Detail: "It does not answer as it should; the log says more."}
}
