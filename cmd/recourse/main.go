// Command recourse is the product: the REST service, the workers and the tools of those who run them.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/cmd/recourse/rules"
	"github.com/recourse-exams/recourse/rulebook"
)

// version is the release, which the build sets to what git calls it.
var version = "unknown"

// commands is the command line.
type commands struct {
	Starter     starterCommand     `cmd:"" help:"Serve the REST API and pass requests to the workflows."`
	Worker      workerCommand      `cmd:"" help:"Host the workflows and their activities."`
	Watcher     watcherCommand     `cmd:"" help:"Watch over deadlines, stuck cases, webhooks and digests, from outside of Temporal."`
	Migrate     migrateCommand     `cmd:"" help:"Bring the database's schema up to date; safe to repeat."`
	Import      importCommand      `cmd:"" help:"Import the register from a folder of CSV files; all or nothing."`
	Invoices    invoicesCommand    `cmd:"" help:"Issue and send invoices."`
	Cases       casesCommand       `cmd:"" help:"List cases and act on one or many."`
	Examiners   examinersCommand   `cmd:"" help:"List examiners, and give the tasks of one to others."`
	Mails       mailsCommand       `cmd:"" help:"List mails whose fate a person should look at."`
	Webhooks    webhooksCommand    `cmd:"" help:"List webhooks and the deliveries that were given up, and send them again."`
	Verify      verifyCommand      `cmd:"" help:"Check the audit chain of one case or of all, or that every open case has its workflow."`
	Rules       rules.Command      `cmd:"" help:"List, show, explain, check and compare the rules; needs no server and no settings."`
	Healthcheck healthcheckCommand `cmd:"" help:"Ask a process for its health; exit 1 if it is not well."`

	Version kong.VersionFlag `help:"Print the version and stop."`

	Log string `help:"Least level of log lines: debug, info, warn or error." default:"info" enum:"debug,info,warn,error" env:"RECOURSE_LOG"`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		if sentence := said(err); sentence != "" {
			fmt.Fprintln(os.Stderr, "recourse:", sentence)
		}
		stop()
		os.Exit(exitCode(err))
	}
}

// said is an error as people read it: of a fault also what to do about it.
func said(err error) string {
	sentences := []string{err.Error()}
	var fault *casework.Fault
	if errors.As(err, &fault) {
		for _, reason := range fault.Reasons {
			if reason.Remedy != "" {
				sentences = append(sentences, reason.Remedy)
			}
		}
	}
	return strings.Join(sentences, " ")
}

// exitCode is what an error says that the process ends with, 1 unless it says so.
func exitCode(err error) int {
	var coded kong.ExitCoder
	if errors.As(err, &coded) {
		return coded.ExitCode()
	}
	return 1
}

// run parses the command line and does what it says.
func run(ctx context.Context, arguments []string) error {
	var line commands
	parser, err := kong.New(&line, kong.Name("recourse"), kong.Description("Post-results services of an awarding organisation, as durable workflows."), kong.Vars{"version": version}, kong.UsageOnError())
	if err != nil {
		return fmt.Errorf("read the command line: %w", err)
	}
	parsed, err := parser.Parse(arguments)
	if aboutRules(err) {
		return rules.Refuse("%v", err)
	}
	parser.FatalIfErrorf(err)
	var level slog.Level
	if err := level.UnmarshalText([]byte(line.Log)); err != nil {
		return err
	}
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: level})))
	parsed.BindTo(ctx, (*context.Context)(nil))
	parsed.BindTo(os.Stdout, (*io.Writer)(nil))
	parsed.Bind(rules.Load(rulebook.Load), rules.Now(time.Now))
	return parsed.Run()
}
