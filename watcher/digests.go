package watcher

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/recourse-exams/recourse/casework"
	"github.com/recourse-exams/recourse/casework/calendar"
	"github.com/recourse-exams/recourse/casework/docket"
)

// digests sends the day's digests, once it is time on a working day and as long as they are not out. A watcher that comes
// late on the day sends them late.
func (t telling) digests(ctx context.Context) error {
	at := t.now()
	day := calendar.DateOf(at)
	begins, err := day.At(t.digestAt)
	if err != nil || at.Before(begins) || !t.works(day) {
		return err
	}
	out, err := t.register.DigestsDay(ctx)
	if err != nil || !out.Before(day) {
		return err
	}
	all, err := t.register.Digests(ctx, at)
	if err != nil {
		return err
	}
	var failed error
	for _, digest := range all {
		failed = errors.Join(failed, t.digest(ctx, digest, at))
	}
	if failed != nil {
		return failed
	}
	return t.register.MarkDigests(ctx, day, at)
}

func (t telling) digest(ctx context.Context, digest docket.Digest, at time.Time) error {
	message, err := t.writer.DigestMail(digest)
	if err != nil {
		return err
	}
	about := fmt.Sprintf("%s/%s", digest.Day, digest.Reader)
	if digest.ID != "" {
		about += "/" + digest.ID
	}
	if err := t.post.Message(ctx, casework.MailInput{Kind: casework.MailDigest, Number: 1, About: about, At: at}, digest.To, message); err != nil {
		return fmt.Errorf("send the digest %s: %w", about, err)
	}
	return nil
}

// workingDays tells working days in England and Wales. Beyond the years whose bank holidays are known, every weekday is
// one, because a digest too many does less harm than one too few.
func workingDays() (func(calendar.Date) bool, error) {
	working, err := calendar.NewWorking(calendar.EnglandAndWales)
	if err != nil {
		return nil, fmt.Errorf("read the bank holidays: %w", err)
	}
	return func(day calendar.Date) bool {
		works, err := working.Works(day)
		if err != nil {
			slog.Warn("nobody knows the bank holidays of the day; it counts as a working day unless it is at a weekend", "day", day.String(), "error", err)
			return day.Weekday() != time.Saturday && day.Weekday() != time.Sunday
		}
		return works
	}, nil
}
