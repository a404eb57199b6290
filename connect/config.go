// Package connect opens the outside systems that the product's processes share: PostgreSQL, Temporal, S3, SES
// and the identity provider's address, from one set of environment variables.
package connect

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/sethvargo/go-envconfig"

	"github.com/recourse-exams/recourse/casework/calendar"
)

// Config is what the processes read from the environment. Addresses and keys of S3 and SES are those of the AWS
// SDK: AWS_REGION, AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL_SES and its credential chain.
type Config struct {
	// DatabaseURL is PostgreSQL's URL; DatabaseURLFile names a file that holds it, for secrets from files.
	DatabaseURL     string `env:"RECOURSE_DATABASE_URL"`
	DatabaseURLFile string `env:"RECOURSE_DATABASE_URL_FILE"`
	// TemporalAddress is the frontend's host and port.
	TemporalAddress string `env:"RECOURSE_TEMPORAL_ADDRESS,default=127.0.0.1:7233"`
	Namespace       string `env:"RECOURSE_TEMPORAL_NAMESPACE,default=recourse"`
	TaskQueue       string `env:"RECOURSE_TASK_QUEUE,default=recourse"`
	Bucket          string `env:"RECOURSE_S3_BUCKET,default=recourse"`
	// PathStyle addresses the bucket in the path, as S3 servers outside AWS want it.
	PathStyle bool `env:"RECOURSE_S3_PATH_STYLE,default=false"`
	// MailFrom is the sender of every mail; Operations receives alerts.
	MailFrom   string `env:"RECOURSE_MAIL_FROM"`
	Operations string `env:"RECOURSE_OPERATIONS_MAIL"`
	// MailEventsURL answers which mails were delivered.
	MailEventsURL string `env:"RECOURSE_MAIL_EVENTS_URL"`
	// MailEventWait is how long a delivery event is waited for before a mail whose answer was lost is repeated.
	MailEventWait time.Duration `env:"RECOURSE_MAIL_EVENT_WAIT,default=15m"`
	// MailPerSecond is how many errands the workers start in a second, all together: the pace of the mail service.
	MailPerSecond float64 `env:"RECOURSE_MAIL_PER_SECOND,default=14"`
	Issuer        string  `env:"RECOURSE_OIDC_ISSUER"`
	Audience      string  `env:"RECOURSE_OIDC_AUDIENCE,default=recourse"`
	// ReferenceKeyFile holds the key of references in hex, at least 32 bytes.
	ReferenceKeyFile string `env:"RECOURSE_REFERENCE_KEY_FILE"`
	// Listen is where the starter serves; MetricsListen where a process shows its metrics, and the worker its health.
	Listen        string `env:"RECOURSE_LISTEN,default=127.0.0.1:8080"`
	MetricsListen string `env:"RECOURSE_METRICS_LISTEN,default=127.0.0.1:8081"`
	// MovableClock adds the offset row of the local stack to the time; never set it in production.
	MovableClock bool `env:"RECOURSE_MOVABLE_CLOCK,default=false"`
	// PublicURL is where people reach the REST service, for links in letters and mails; empty for mails without links.
	PublicURL string `env:"RECOURSE_PUBLIC_URL"`
	// WebUI is the Temporal Web UI's address, for links that operators follow, and the only one that may frame their panel.
	WebUI string `env:"RECOURSE_WEB_UI_URL"`
	// PanelURL is the HTTPS address of the operators' panel where that is not PublicURL, as on a local stack.
	PanelURL string `env:"RECOURSE_PANEL_URL"`
	// ClientID is what the identity provider calls the operators' pages, which sign people in with a browser; empty for
	// the audience. ClientSecretFile holds the client's secret; empty for a public client.
	ClientID         string `env:"RECOURSE_OIDC_CLIENT_ID"`
	ClientSecretFile string `env:"RECOURSE_OIDC_CLIENT_SECRET_FILE"`
	// WebhookKeyFile holds the key of which the webhooks' secrets are derived, in hex, at least 32 bytes. With another key
	// every receiver needs a new secret.
	WebhookKeyFile string `env:"RECOURSE_WEBHOOK_KEY_FILE"`
	// WebhookNetworks are networks, such as 10.20.0.0/16, into which webhooks may lead besides the public internet. A
	// development machine may name 127.0.0.0/8, of which http is taken too; in production that lets webhooks reach whatever
	// listens beside the watcher.
	WebhookNetworks Networks `env:"RECOURSE_WEBHOOK_NETWORKS"`
	Watch           Watch
}

// Watch is what the watcher goes by.
type Watch struct {
	// Every is the pause between two looks.
	Every time.Duration `env:"RECOURSE_WATCH_EVERY,default=5s"`
	// UnrecordedAfter is how long after a clock's end it should have been recorded.
	UnrecordedAfter time.Duration `env:"RECOURSE_WATCH_UNRECORDED_AFTER,default=30s"`
	// StuckAfter is how long something may be due by itself before the case counts as stuck.
	StuckAfter time.Duration `env:"RECOURSE_WATCH_STUCK_AFTER,default=2m"`
	// RollEvery is the pause between two looks at whether every open case has its workflow.
	RollEvery time.Duration `env:"RECOURSE_WATCH_ROLL_EVERY,default=10m"`
	// DigestAt is the London time of a working day from which on the digests are sent.
	DigestAt calendar.TimeOfDay `env:"RECOURSE_WATCH_DIGEST_AT,default=07:00"`
	// KeepDays is for how many days what has ended and is no record of a case stays in the register: deliveries of
	// webhooks, mended findings, batches, claims. It should not be less than the days that Temporal keeps closed workflows.
	KeepDays int `env:"RECOURSE_WATCH_KEEP_DAYS,default=90"`
}

// Load reads the configuration and the files that it names.
func Load(ctx context.Context) (Config, error) {
	var config Config
	if err := envconfig.Process(ctx, &config); err != nil {
		return Config{}, fmt.Errorf("read the environment: %w", err)
	}
	if config.DatabaseURLFile != "" {
		url, err := os.ReadFile(config.DatabaseURLFile)
		if err != nil {
			return Config{}, fmt.Errorf("read RECOURSE_DATABASE_URL_FILE: %w", err)
		}
		config.DatabaseURL = strings.TrimSpace(string(url))
	}
	if config.DatabaseURL == "" {
		return Config{}, errors.New("set RECOURSE_DATABASE_URL, or RECOURSE_DATABASE_URL_FILE to a file that holds it")
	}
	return config, nil
}

// WorkflowPages is where the Temporal Web UI shows workflows; empty if it is not known.
func (c Config) WorkflowPages() string {
	if c.WebUI == "" {
		return ""
	}
	return c.WebUI + "/namespaces/" + c.Namespace + "/workflows"
}

// ClientSecret reads the identity provider's secret for the operators' pages; empty for a public client.
func (c Config) ClientSecret() (string, error) {
	if c.ClientSecretFile == "" {
		return "", nil
	}
	text, err := os.ReadFile(c.ClientSecretFile)
	if err != nil {
		return "", fmt.Errorf("read RECOURSE_OIDC_CLIENT_SECRET_FILE: %w", err)
	}
	return strings.TrimSpace(string(text)), nil
}

// keyBytes is the least length of the installation's keys: as long as the hash that they key.
const keyBytes = 32

// ReferenceKey reads the key of references.
func (c Config) ReferenceKey() ([]byte, error) {
	return readKey("RECOURSE_REFERENCE_KEY_FILE", c.ReferenceKeyFile)
}

// WebhookKey reads the key of which the webhooks' secrets are derived.
func (c Config) WebhookKey() ([]byte, error) {
	return readKey("RECOURSE_WEBHOOK_KEY_FILE", c.WebhookKeyFile)
}

// readKey reads a key from the file that a variable names.
func readKey(variable, file string) ([]byte, error) {
	if file == "" {
		return nil, fmt.Errorf("set %s to a file that holds at least %d bytes in hex", variable, keyBytes)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", variable, err)
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) < keyBytes {
		return nil, fmt.Errorf("%s must hold at least %d bytes in hex", variable, keyBytes)
	}
	return key, nil
}
