package main

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"os"
	"text/tabwriter"
	"time"

	"github.com/recourse-exams/recourse/connect"
	"github.com/recourse-exams/recourse/store"
)

type mailsCommand struct{}

// Run lists the mails that were refused, that are uncertain, or that were repeated after a lost answer.
func (mailsCommand) Run(ctx context.Context) error {
	_, register, err := connect.Open(ctx, store.Open)
	if err != nil {
		return err
	}
	defer register.Close()
	mails, err := register.DoubtfulMails(ctx)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ROW\tABOUT\tKIND\tTO\tSTATE\tREPEATED")
	for _, mail := range mails {
		about := cmp.Or(string(mail.Reference), mail.Invoice)
		fmt.Fprintf(table, "%d\t%s\t%s\t%s\t%s\t%t\n", mail.ID, about, mail.Kind, mail.Recipient.Address, mail.State, mail.Resent)
	}
	return table.Flush()
}

type healthcheckCommand struct {
	URL string `arg:"" help:"The page to ask, such as http://127.0.0.1:8080/readyz."`
}

// healthWait bounds the question; container engines give up soon after.
const healthWait = 5 * time.Second

// Run asks the page and fails on anything but 200, so that an image needs no curl.
func (c healthcheckCommand) Run(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, healthWait)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.URL, nil)
	if err != nil {
		return fmt.Errorf("read the URL: %w", err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("ask %s: %w", c.URL, err)
	}
	if err := answer.Body.Close(); err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answered %s", c.URL, answer.Status)
	}
	return nil
}
