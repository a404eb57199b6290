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
	// WebUI is the Temporal Web UI's address, for links that operators follow.
	WebUI string `env:"RECOURSE_WEB_UI_URL"`
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

// referenceKeyBytes is the least length of the key of references: as long as the hash that it keys.
const referenceKeyBytes = 32

// ReferenceKey reads the key of references.
func (c Config) ReferenceKey() ([]byte, error) {
	if c.ReferenceKeyFile == "" {
		return nil, fmt.Errorf("set RECOURSE_REFERENCE_KEY_FILE to a file that holds at least %d bytes in hex", referenceKeyBytes)
	}
	text, err := os.ReadFile(c.ReferenceKeyFile)
	if err != nil {
		return nil, fmt.Errorf("read RECOURSE_REFERENCE_KEY_FILE: %w", err)
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) < referenceKeyBytes {
		return nil, fmt.Errorf("RECOURSE_REFERENCE_KEY_FILE must hold at least %d bytes in hex", referenceKeyBytes)
	}
	return key, nil
}
