package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/docket"
	"github.com/recourse-exams/recourse/connect"
	"github.com/recourse-exams/recourse/store"
)

type webhooksCommand struct {
	List   webhooksListCommand   `cmd:"" help:"List the webhooks, with how many deliveries each of them did not take."`
	Dead   webhooksDeadCommand   `cmd:"" help:"List the deliveries that were given up."`
	Replay webhooksReplayCommand `cmd:"" help:"Send deliveries again under their own ids."`
}

// deliveryDesk is the register as these commands need it.
type deliveryDesk interface {
	Webhooks(ctx context.Context) ([]docket.Webhook, error)
	Deliveries(ctx context.Context, filter docket.DeliveryFilter) ([]docket.Delivery, error)
	Replay(ctx context.Context, id string, at time.Time) (docket.Delivery, error)
}

type webhooksListCommand struct{}

// Run lists every webhook. Of its address it shows the host alone: the rest may hold a token.
func (c webhooksListCommand) Run(ctx context.Context, out io.Writer) error {
	_, register, err := connect.Open(ctx, store.Open)
	if err != nil {
		return err
	}
	defer register.Close()
	return c.list(ctx, out, register)
}

func (webhooksListCommand) list(ctx context.Context, out io.Writer, desk deliveryDesk) error {
	hooks, err := desk.Webhooks(ctx)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "WEBHOOK\tRECEIVER\tEVENTS\tSECRET\tMADE\tSTATE\tDEAD")
	for _, hook := range hooks {
		dead, err := deadOf(ctx, desk, hook.ID)
		if err != nil {
			return err
		}
		state := "active"
		if !hook.Active {
			state = "stopped"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\tno. %d\t%s\t%s\t%d\n", hook.ID, receiver(hook.URL), eventNames(hook.Events), hook.Generation, casework.Shown(hook.MadeAt), state, len(dead))
	}
	return table.Flush()
}

func receiver(address string) string {
	parsed, err := url.Parse(address)
	if err != nil {
		return "?"
	}
	return parsed.Host
}

func eventNames(events []docket.EventType) string {
	names := make([]string, len(events))
	for i, event := range events {
		names[i] = string(event)
	}
	return strings.Join(names, ",")
}

// deadOf lists the dead deliveries of one webhook, or of all, the newest first.
func deadOf(ctx context.Context, desk deliveryDesk, webhook string) ([]docket.Delivery, error) {
	var all []docket.Delivery
	filter := docket.DeliveryFilter{Webhook: webhook, State: docket.DeliveryDead}
	for {
		page, err := desk.Deliveries(ctx, filter)
		if err != nil || len(page) == 0 {
			return all, err
		}
		all = append(all, page...)
		last := page[len(page)-1]
		filter.BeforeMade, filter.BeforeID = last.MadeAt, last.ID
	}
}

type webhooksDeadCommand struct {
	Webhook string `help:"Only those of this webhook."`
}

// Run lists what was given up.
func (c webhooksDeadCommand) Run(ctx context.Context, out io.Writer) error {
	_, register, err := connect.Open(ctx, store.Open)
	if err != nil {
		return err
	}
	defer register.Close()
	return c.list(ctx, out, register)
}

func (c webhooksDeadCommand) list(ctx context.Context, out io.Writer, desk deliveryDesk) error {
	dead, err := deadOf(ctx, desk, c.Webhook)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "DELIVERY\tWEBHOOK\tEVENT\tCASE\tMADE\tATTEMPTS\tLAST ANSWER")
	for _, d := range dead {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%d\t%s\n", d.ID, d.Webhook, d.Event, d.Reference, casework.Shown(d.MadeAt), d.Attempts, d.LastError)
	}
	return table.Flush()
}

type webhooksReplayCommand struct {
	Deliveries []string `arg:"" optional:"" help:"The deliveries' ids, such as msg_5f0c…."`
	Dead       bool     `help:"All that were given up, instead of naming them."`
	Webhook    string   `help:"With --dead, only those of this webhook."`
}

// Run makes deliveries due again; the watcher sends them within seconds.
func (c webhooksReplayCommand) Run(ctx context.Context, out io.Writer) error {
	if c.Dead == (len(c.Deliveries) > 0) || c.Webhook != "" && !c.Dead {
		return errors.New("name the deliveries, or give --dead for all that were given up, with --webhook for those of one webhook")
	}
	config, register, err := connect.Open(ctx, store.Open)
	if err != nil {
		return err
	}
	defer register.Close()
	return c.replay(ctx, out, register, connect.NewClock(register, config.MovableClock).Now())
}

func (c webhooksReplayCommand) replay(ctx context.Context, out io.Writer, desk deliveryDesk, at time.Time) error {
	ids := c.Deliveries
	if c.Dead {
		dead, err := deadOf(ctx, desk, c.Webhook)
		if err != nil {
			return err
		}
		for _, d := range dead {
			ids = append(ids, d.ID)
		}
	}
	var failed error
	replayed := 0
	for _, id := range ids {
		if _, err := desk.Replay(ctx, id, at); err != nil {
			failed = errors.Join(failed, err)
			continue
		}
		replayed++
	}
	_, err := fmt.Fprintf(out, "%d of %d deliveries are sent again by the watcher\n", replayed, len(ids))
	return errors.Join(failed, err)
}
