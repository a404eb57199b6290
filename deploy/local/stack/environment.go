package stack

import (
	"os"
	"strings"

	"github.com/recourse-exams/recourse/deploy/local/door"
	"github.com/recourse-exams/recourse/deploy/local/engine"
	"github.com/recourse-exams/recourse/deploy/local/issuer"
	"github.com/recourse-exams/recourse/deploy/local/mailbox"
	"github.com/recourse-exams/recourse/deploy/local/objectstore"
	"github.com/recourse-exams/recourse/deploy/local/postgres"
)

const (
	// Namespace is the product's namespace in Temporal.
	Namespace = "recourse"
	// TaskQueue is the product's task queue.
	TaskQueue = "recourse"
	// Bucket is the S3 bucket of the product.
	Bucket = "recourse"
	// Audience is the audience of the tokens.
	Audience = "recourse"

	productDatabase = "recourse"
	region          = "eu-west-2"
	mailFrom        = "Cambria Awards <results@cambria.example>"
	operationsMail  = "operations@cambria.example"
	// mailPerSecond is more than the stack can ever send: its mail service keeps no pace.
	mailPerSecond = "1000"
)

// settings derive everything that children and clients are told from ports, secrets and the state folder.
type settings struct {
	state   state
	ports   Ports
	secrets secrets
}

func (s settings) postgres() postgres.Config {
	return postgres.Config{
		Dir: s.state.path("postgres"), Port: s.ports.Postgres,
		Password: s.secrets.DatabasePassword, LogFile: s.state.logFile(Postgres),
	}
}

func (s settings) temporal() engine.Config {
	return engine.Config{
		Namespace:        Namespace,
		DatabaseAddress:  loopbackAddress(s.ports.Postgres),
		DatabaseUser:     postgres.User,
		DatabasePassword: s.secrets.DatabasePassword,
		FrontendPort:     s.ports.Temporal,
		HistoryPort:      s.ports.History,
		MatchingPort:     s.ports.Matching,
		WorkerPort:       s.ports.Scheduler,
		UIPort:           s.ports.UI,
		PanelURL:         secureURL(s.ports.Panel),
	}
}

func (s settings) s3() objectstore.Config {
	return objectstore.Config{
		Dir: s.state.path("s3"), Port: s.ports.S3, Region: region,
		AccessKey: s.secrets.AccessKey, SecretKey: s.secrets.SecretKey, Bucket: Bucket,
	}
}

func (s settings) mail() mailbox.Config {
	return mailbox.Config{
		Dir: s.state.path("mail"), Port: s.ports.Mail, AccessKey: s.secrets.AccessKey, DatabaseURL: s.postgres().URL(productDatabase),
	}
}

func (s settings) oidc() issuer.Config {
	return issuer.Config{
		URL: loopbackURL(s.ports.OIDC), Port: s.ports.OIDC, Audience: Audience, KeyFile: s.state.signingKeyFile(),
	}
}

// door is the HTTPS way to the operators' panel.
func (s settings) door() door.Config {
	return door.Config{
		Port: s.ports.Panel, Target: loopbackURL(s.ports.API),
		CertificateFile: s.state.path("panel.pem"), KeyFile: s.state.path("panel-key.pem"),
	}
}

// environment is what the product's processes read, one NAME=value each.
func (s settings) environment() []string {
	return []string{
		"RECOURSE_DATABASE_URL=" + s.postgres().URL(productDatabase),
		"RECOURSE_TEMPORAL_ADDRESS=" + loopbackAddress(s.ports.Temporal),
		"RECOURSE_TEMPORAL_NAMESPACE=" + Namespace,
		"RECOURSE_TASK_QUEUE=" + TaskQueue,
		"RECOURSE_S3_BUCKET=" + Bucket,
		"RECOURSE_S3_PATH_STYLE=true",
		"AWS_ENDPOINT_URL_S3=" + loopbackURL(s.ports.S3),
		"AWS_ENDPOINT_URL_SES=" + loopbackURL(s.ports.Mail),
		"AWS_REGION=" + region,
		"AWS_ACCESS_KEY_ID=" + s.secrets.AccessKey,
		"AWS_SECRET_ACCESS_KEY=" + s.secrets.SecretKey,
		"AWS_EC2_METADATA_DISABLED=true",
		"RECOURSE_MAIL_FROM=" + mailFrom,
		"RECOURSE_OPERATIONS_MAIL=" + operationsMail,
		"RECOURSE_MAIL_EVENTS_URL=" + loopbackURL(s.ports.Mail) + "/events",
		"RECOURSE_MAIL_PER_SECOND=" + mailPerSecond,
		"RECOURSE_OIDC_ISSUER=" + loopbackURL(s.ports.OIDC),
		"RECOURSE_OIDC_AUDIENCE=" + Audience,
		"RECOURSE_LISTEN=" + loopbackAddress(s.ports.API),
		"RECOURSE_METRICS_LISTEN=" + loopbackAddress(s.ports.Metrics),
		"RECOURSE_REFERENCE_KEY_FILE=" + s.state.referenceKeyFile(),
		"RECOURSE_WEBHOOK_KEY_FILE=" + s.state.webhookKeyFile(),
		"RECOURSE_WEBHOOK_NETWORKS=127.0.0.0/8,::1/128",
		"RECOURSE_MOVABLE_CLOCK=true",
		"RECOURSE_PUBLIC_URL=" + loopbackURL(s.ports.API),
		"RECOURSE_WEB_UI_URL=" + loopbackURL(s.ports.UI),
		"RECOURSE_PANEL_URL=" + secureURL(s.ports.Panel),
	}
}

// inherited is this process's environment without what could lead a child to other servers than the
// stack's own.
func inherited() []string {
	var kept []string
	for _, entry := range os.Environ() {
		if strings.HasPrefix(entry, "AWS_") || strings.HasPrefix(entry, "RECOURSE_") || strings.HasPrefix(entry, "TEMPORAL_") {
			continue
		}
		kept = append(kept, entry)
	}
	return kept
}
