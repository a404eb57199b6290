package person

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// Task is a task as its performer sees it.
type Task struct {
	ID      string    `json:"id"`
	Href    string    `json:"href"`
	Service string    `json:"service"`
	State   string    `json:"state"`
	Due     time.Time `json:"due"`
	Items   []Item    `json:"items"`
	Rules   Rules     `json:"rules"`
	Links   Links     `json:"links"`
}

// Item is one question of the sheet.
type Item struct {
	Item     string `json:"item"`
	Max      int    `json:"max"`
	Original int    `json:"original"`
}

// Rules is what a completion may say.
type Rules struct {
	ChangeReasons    []string `json:"changeReasons"`
	UnchangedReasons []string `json:"unchangedReasons"`
	Checklist        []string `json:"checklist"`
	AnnotatedScript  bool     `json:"annotatedScript"`
}

// Links are the task's files.
type Links struct {
	Script, Scheme, Paper *Link
}

// Link is a link of short life.
type Link struct {
	URL string `json:"url"`
}

// Completion is what a performer hands in.
type Completion struct {
	Items           []Mark  `json:"items"`
	Checklist       []Check `json:"checklist"`
	UnchangedReason string  `json:"unchangedReason,omitempty"`
	Annotated       int64   `json:"annotated,omitempty"`
}

// Mark is the mark of one item.
type Mark struct {
	Item   string `json:"item"`
	Mark   int    `json:"mark"`
	Reason string `json:"reason,omitempty"`
}

// Check is the answer to one question of the checklist.
type Check struct {
	Check   string `json:"check"`
	Correct bool   `json:"correct"`
}

// Completed says that a completion was recorded.
type Completed struct {
	Stage       string    `json:"stage"`
	PublishedAt time.Time `json:"publishedAt"`
}

// Tasks lists the person's tasks.
func (p *Person) Tasks(ctx context.Context) ([]Task, error) { return all[Task](ctx, p, "/v1/tasks") }

// Task reads one task whole.
func (p *Person) Task(ctx context.Context, href string) (Task, error) {
	var task Task
	_, err := p.Do(ctx, http.MethodGet, href, nil, &task)
	return task, err
}

// Unchanged is the completion of a task that keeps every mark.
func (t Task) Unchanged() Completion {
	c := Completion{UnchangedReason: t.Rules.UnchangedReasons[0]}
	for _, item := range t.Items {
		c.Items = append(c.Items, Mark{Item: item.Item, Mark: item.Original})
	}
	for _, check := range t.Rules.Checklist {
		c.Checklist = append(c.Checklist, Check{Check: check, Correct: true})
	}
	return c
}

// Changed is the completion of a task that gives one item another mark.
func (t Task) Changed(item string, mark int) Completion {
	c := t.Unchanged()
	for i := range c.Items {
		if c.Items[i].Item == item && c.Items[i].Mark != mark {
			c.Items[i].Mark, c.Items[i].Reason = mark, t.Rules.ChangeReasons[0]
			c.UnchangedReason = ""
		}
	}
	return c
}

// Download fetches a file by its link.
func (p *Person) Download(ctx context.Context, link *Link) ([]byte, error) {
	if link == nil {
		return nil, errors.New("there is no link")
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, link.URL, nil)
	if err != nil {
		return nil, fmt.Errorf("read the link: %w", err)
	}
	answer, err := exchange(p.http, request)
	if err != nil {
		return nil, err
	}
	if answer.Status != http.StatusOK {
		return nil, fmt.Errorf("the file store answered %d: %.200s", answer.Status, answer.Body)
	}
	return answer.Body, nil
}

type target struct {
	ID      int64  `json:"id"`
	URL     string `json:"url"`
	Headers []Fact `json:"headers"`
}

// Upload stores a PDF for a task and returns its id.
func (p *Person) Upload(ctx context.Context, task Task, pdf []byte) (int64, error) {
	sum := sha256.Sum256(pdf)
	announced := map[string]any{"mediaType": "application/pdf", "size": len(pdf), "sha256": hex.EncodeToString(sum[:])}
	var to target
	if _, err := p.Do(ctx, http.MethodPost, task.Href+"/uploads", announced, &to); err != nil {
		return 0, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPut, to.URL, bytes.NewReader(pdf))
	if err != nil {
		return 0, fmt.Errorf("read the upload's link: %w", err)
	}
	for _, h := range to.Headers {
		request.Header.Set(h.Name, h.Value)
	}
	answer, err := exchange(p.http, request)
	if err != nil {
		return 0, err
	}
	if answer.Status != http.StatusOK {
		return 0, fmt.Errorf("the file store answered %d to the upload: %.300s", answer.Status, answer.Body)
	}
	return to.ID, nil
}

// Complete hands a task in, with an annotated copy of the script where the service wants one; key names the
// request.
func (p *Person) Complete(ctx context.Context, key string, task Task, completion Completion) (Completed, error) {
	if task.Rules.AnnotatedScript && completion.Annotated == 0 {
		script, err := p.Download(ctx, task.Links.Script)
		if err != nil {
			return Completed{}, err
		}
		annotated, err := Annotate(script, task.Items, completion)
		if err != nil {
			return Completed{}, err
		}
		if completion.Annotated, err = p.Upload(ctx, task, annotated); err != nil {
			return Completed{}, err
		}
	}
	var completed Completed
	_, err := p.Do(ctx, http.MethodPost, task.Href+"/complete", completion, &completed, Key(key))
	return completed, err
}
