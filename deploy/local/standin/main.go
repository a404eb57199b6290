// Command standin serves, in the foreground, what docker-compose.yml needs for development in place of services
// that an organisation has of its own: an SES endpoint that keeps every mail in a readable inbox, and an identity
// provider with ready personas. Neither belongs where anybody else can reach it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/recourse-exams/recourse/deploy/local/issuer"
	"github.com/recourse-exams/recourse/deploy/local/mailbox"
)

const usage = `usage: standin mail   --listen ADDRESS --state FOLDER --access-key-file FILE
       standin issuer --listen ADDRESS --state FOLDER --url URL [--audience NAME]
       standin health URL`

// patience bounds reading a request's head and asking for health.
const patience = 10 * time.Second

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "standin:", err)
		os.Exit(1)
	}
}

// run serves until ctx ends; it says on log where it listens.
func run(ctx context.Context, arguments []string, log io.Writer) error {
	if len(arguments) < 2 {
		return errors.New(usage)
	}
	command, arguments := arguments[0], arguments[1:]
	if command == "health" {
		return health(ctx, arguments[0])
	}
	flags := flag.NewFlagSet(command, flag.ContinueOnError)
	flags.SetOutput(log)
	listen := flags.String("listen", "127.0.0.1:0", "address to serve on")
	state := flags.String("state", ".", "folder that keeps mails or the signing key")
	keyFile := flags.String("access-key-file", "", "file with the one access key that may send (mail)")
	url := flags.String("url", "", "the issuer's own address, as tokens name it (issuer)")
	audience := flags.String("audience", "recourse", "audience of the tokens (issuer)")
	if err := flags.Parse(arguments); err != nil {
		return fmt.Errorf("read the arguments: %w", err)
	}
	var handler http.Handler
	var err error
	switch command {
	case "mail":
		handler, err = mail(*state, *keyFile, log)
	case "issuer":
		handler, err = identity(*state, *url, *audience)
	default:
		return errors.New(usage)
	}
	if err != nil {
		return err
	}
	return serve(ctx, command, *listen, handler, log)
}

func mail(state, keyFile string, log io.Writer) (http.Handler, error) {
	key, err := os.ReadFile(keyFile)
	if err != nil {
		return nil, fmt.Errorf("read the access key: %w", err)
	}
	accessKey := strings.TrimSpace(string(key))
	if accessKey == "" {
		return nil, fmt.Errorf("read the access key: %s is empty, so nobody could send", keyFile)
	}
	box, err := mailbox.Open(state)
	if err != nil {
		return nil, fmt.Errorf("open the mailbox: %w", err)
	}
	config := mailbox.Config{Dir: state, AccessKey: accessKey}
	return mailbox.NewHandler(config, box, mailbox.Clock{Wall: time.Now}, slog.New(slog.NewTextHandler(log, nil))), nil
}

func identity(state, url, audience string) (http.Handler, error) {
	if url == "" {
		return nil, errors.New("--url is needed: tokens name their issuer")
	}
	key, err := issuer.LoadKey(filepath.Join(state, "signing-key.pem"))
	if err != nil {
		return nil, fmt.Errorf("load the signing key: %w", err)
	}
	provider, err := issuer.New(url, audience, key, time.Now)
	if err != nil {
		return nil, fmt.Errorf("make the issuer: %w", err)
	}
	return provider.Handler(), nil
}

func serve(ctx context.Context, name, address string, handler http.Handler, log io.Writer) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	fmt.Fprintf(log, "%s listens on %s\n", name, listener.Addr())
	server := &http.Server{Handler: handler, ReadHeaderTimeout: patience}
	// Nothing is worth waiting for: mails are on disk before they are answered.
	defer context.AfterFunc(ctx, func() { server.Close() })()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve %s: %w", name, err)
	}
	return nil
}

// health asks for a page and fails unless it is there; the image has no other program that could.
func health(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return fmt.Errorf("ask %s: %w", url, err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("ask %s: %w", url, err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s", url, answer.Status)
	}
	return nil
}
