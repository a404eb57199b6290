package person

import (
	"context"
	"net/http"
)

// TaskDone says what has become of a task.
type TaskDone struct {
	Task     string `json:"task"`
	State    string `json:"state"`
	Assignee string `json:"assignee"`
}

// Giving is what somebody says with an operation on a task.
type Giving struct {
	To     string `json:"to,omitempty"`
	Why    string `json:"why,omitempty"`
	Reason string `json:"reason,omitempty"`
}

// Act does something with a task, such as "start" or "decline"; key names the request.
func (p *Person) Act(ctx context.Context, key, href, operation string, giving Giving) (TaskDone, error) {
	var done TaskDone
	_, err := p.Do(ctx, http.MethodPost, href+"/"+operation, giving, &done, Key(key))
	return done, err
}

// Hold makes a case wait for a cause.
func (p *Person) Hold(ctx context.Context, key, reference, cause, reason, approver string) error {
	_, err := p.Do(ctx, http.MethodPost, "/v1/cases/"+reference+"/holds",
		map[string]string{"cause": cause, "reason": reason, "approvedBy": approver}, nil, Key(key))
	return err
}

// Resume ends what a case waits for.
func (p *Person) Resume(ctx context.Context, key, reference, cause string, delivered bool, reason string) error {
	_, err := p.Do(ctx, http.MethodPost, "/v1/cases/"+reference+"/holds/"+cause+"/end",
		map[string]any{"delivered": delivered, "reason": reason}, nil, Key(key))
	return err
}
