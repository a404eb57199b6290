// Package watcher is the process that looks after the others. It stands outside Temporal and lives on the register alone:
// it notices deadlines that nobody recorded and cases that do not move, tells operations by mail and other systems by
// webhook, wakes cases that wait for the roster, starts batches that nobody started, sends the day's digests, and deletes at
// night what ended long ago. Each of its rounds runs by itself, so that Temporal or SES being away stops only what needs
// them; any number of watchers may run beside each other.
package watcher

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"golang.org/x/time/rate"

	"github.com/recourse-exams/recourse/connect"
	"github.com/recourse-exams/recourse/rulebook"
	"github.com/recourse-exams/recourse/store"
	"github.com/recourse-exams/recourse/watcher/rollcall"
	"github.com/recourse-exams/recourse/webhook"
	office "github.com/recourse-exams/recourse/worker/mailroom"
)

const (
	// shortLook bounds a look at the register, longLook one that waits for others or asks after everything.
	shortLook = 30 * time.Second
	longLook  = 2 * time.Minute
	rollLook  = 10 * time.Minute
	// seldom is the pause of what need not be noticed within seconds.
	seldom = 30 * time.Second
	// questionsPerSecond bounds what the roll call asks of Temporal, whose lists serve operators at the same time.
	questionsPerSecond = 10
)

// Run watches until ctx ends, and shows health and metrics at Config.MetricsListen. It returns nil after an orderly stop.
func Run(ctx context.Context, config connect.Config) error {
	systems, err := connect.Begin(ctx, config, store.Open)
	if err != nil {
		return err
	}
	defer systems.Close()
	all, err := assemble(ctx, systems)
	if err != nil {
		return err
	}
	register, metrics := systems.Register, systems.Metrics
	metrics.Registry.MustRegister(connect.WatchMetrics(register, systems.Clock.Now, all.names()))

	pages := http.NewServeMux()
	pages.Handle("GET /healthz", connect.Healthz())
	// Not Temporal and not SES: the watcher does its work while they are away, and that is what it is for.
	pages.Handle("GET /readyz", connect.Readyz([]connect.Check{{Name: "database schema", Ready: register.SchemaCurrent}}))
	pages.Handle("GET /metrics", metrics.Handler())
	return serve(ctx, config.MetricsListen, pages, all.run)
}

// serve runs the rounds beside the pages until ctx ends or the pages cannot be served.
func serve(ctx context.Context, address string, pages http.Handler, run func(context.Context)) error {
	server := &http.Server{Addr: address, Handler: pages, ReadHeaderTimeout: 5 * time.Second}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	go func() {
		if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
			stop(fmt.Errorf("serve metrics at %s: %w", address, err))
		}
	}()
	slog.InfoContext(ctx, "the watcher looks", "metrics", address)
	run(ctx)
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
		return cause
	}
	return server.Close()
}

// assemble wires the rounds.
func assemble(ctx context.Context, systems *connect.Systems[*store.Store]) (rounds, error) {
	config, register, temporal, clock := systems.Config, systems.Register, systems.Temporal, systems.Clock
	rules, err := rulebook.Load()
	if err != nil {
		return rounds{}, fmt.Errorf("load the rulebook: %w", err)
	}
	mail, err := office.Wire(ctx, config, register, rules, clock.Now)
	if err != nil {
		return rounds{}, err
	}
	key, err := config.WebhookKey()
	if err != nil {
		return rounds{}, err
	}
	works, err := workingDays()
	if err != nil {
		return rounds{}, err
	}
	tidying, err := newRetention(register, clock.Now, config.Watch.KeepDays, systems.Metrics.Registry)
	if err != nil {
		return rounds{}, err
	}
	due := overdue{
		register: register, clock: clock, steady: &steady{machine: time.Now},
		unrecordedAfter: config.Watch.UnrecordedAfter, stuckAfter: config.Watch.StuckAfter,
	}
	waking := signals{register: register, temporal: temporal, now: clock.Now}
	sending := deliveries{
		register: register, sender: webhook.NewSender(webhook.NewKeyring(key), webhook.Networks(config.WebhookNetworks)), lanes: &lanes{},
		now: clock.Now, machine: time.Now,
	}
	keeping := batches{register: register, temporal: temporal, queue: config.TaskQueue, now: clock.Now}
	told := telling{
		register: register, writer: mail.Printer, post: mailroom{room: mail.Mailroom}, now: clock.Now, digestAt: config.Watch.DigestAt, works: works,
	}
	pace := rate.NewLimiter(questionsPerSecond, 1)
	missing := absent{register: register, roll: rollcall.Roll{Cases: register, Workflows: temporal, Pace: pace}, now: clock.Now}
	every := config.Watch.Every
	return rounds{
		noter: register, now: clock.Now, after: time.After, rest: sending.lanes.rest,
		all: []round{
			{"unrecorded", every, shortLook, due.unrecorded},
			{"stuck", every, shortLook, due.stuck},
			{"workflows", every, longLook, failures{register: register, temporal: temporal, now: clock.Now}.workflows},
			{"conflicts", every, shortLook, holders{register: register, now: clock.Now}.conflicted},
			{"roster", every, longLook, waking.roster},
			{"malpractice", seldom, longLook, waking.malpractice},
			{"batches", seldom, longLook, keeping.start},
			{"webhooks", every, 0, sending.send},
			{"findings", every, longLook, told.findings},
			{"given-up", seldom, longLook, told.given},
			{"questions", every, longLook, told.questions},
			{"digests", seldom, rollLook, told.digests},
			{"retention", seldom, longLook, tidying.sweep},
			{"roll", config.Watch.RollEvery, rollLook, missing.call},
		},
	}, nil
}
