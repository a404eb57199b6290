package person

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// Enquiry is what an exams officer asks for.
type Enquiry struct {
	Service         string `json:"service"`
	CandidateNumber string `json:"candidateNumber"`
	Series          string `json:"series"`
	Component       string `json:"component"`
	ConsentGivenOn  string `json:"consentGivenOn,omitempty"`
	ReviewedScript  bool   `json:"reviewedScript"`
	Reason          string `json:"reason"`
}

// Opened is the receipt.
type Opened struct {
	Reference  string    `json:"reference"`
	Href       string    `json:"href"`
	OutcomeDue time.Time `json:"outcomeDue"`
	Fees       []Price   `json:"fees"`
}

// Price is one price of a receipt.
type Price struct {
	Code   string `json:"code"`
	Amount string `json:"amount"`
}

// Case is a case as its centre sees it.
type Case struct {
	Reference   string     `json:"reference"`
	Stage       string     `json:"stage"`
	Service     string     `json:"service"`
	SLAState    string     `json:"slaState"`
	WaitingOn   string     `json:"waitingOn"`
	ReceivedAt  time.Time  `json:"receivedAt"`
	Candidate   Name       `json:"candidate"`
	Component   Titled     `json:"component"`
	Clocks      []Clock    `json:"clocks"`
	Fees        []Fee      `json:"fees"`
	Documents   []Document `json:"documents"`
	Outcome     *Outcome   `json:"outcome"`
	AppealUntil time.Time  `json:"appealUntil"`
}

// Name is a numbered name.
type Name struct {
	Number string `json:"number"`
	Name   string `json:"name"`
}

// Titled is a code with its title.
type Titled struct {
	Code  string `json:"code"`
	Title string `json:"title"`
}

// Clock is one clock of a case.
type Clock struct {
	ID         string    `json:"id"`
	Due        time.Time `json:"due"`
	Ends       time.Time `json:"ends"`
	MetAt      time.Time `json:"metAt"`
	BreachedAt time.Time `json:"breachedAt"`
	DetectedAt time.Time `json:"detectedAt"`
}

// Fee is one fee line.
type Fee struct {
	ID        int64  `json:"id"`
	Reference string `json:"reference"`
	Code      string `json:"code"`
	Pence     int64  `json:"pence"`
	Amount    string `json:"amount"`
	State     string `json:"state"`
	Why       string `json:"why"`
	Invoice   string `json:"invoice"`
}

// Document is one stored file of a case.
type Document struct {
	ID   int64  `json:"id"`
	Kind string `json:"kind"`
	Size int64  `json:"size"`
	Href string `json:"href"`
}

// Outcome is what was published.
type Outcome struct {
	PublishedAt time.Time `json:"publishedAt"`
	MarkBefore  int       `json:"markBefore"`
	MarkAfter   int       `json:"markAfter"`
	Settled     bool      `json:"settled"`
	GradeBefore string    `json:"gradeBefore"`
	GradeAfter  string    `json:"gradeAfter"`
}

// Entry is one line of a timeline.
type Entry struct {
	Number int64     `json:"number"`
	At     time.Time `json:"at"`
	What   string    `json:"what"`
	Facts  []Fact    `json:"facts"`
}

// Fact is a name and a value.
type Fact struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Invoice is one invoice.
type Invoice struct {
	Number     string `json:"number"`
	Centre     Name   `json:"centre"`
	TotalPence int64  `json:"totalPence"`
	Total      string `json:"total"`
	// Document opens the printed invoice; nil until it is stored.
	Document *Link `json:"document"`
}

type page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next"`
}

// all reads every page of a list.
func all[T any](ctx context.Context, p *Person, path string) ([]T, error) {
	var items []T
	query := url.Values{"limit": {"200"}}
	for {
		var got page[T]
		if _, err := p.Do(ctx, http.MethodGet, path+"?"+query.Encode(), nil, &got); err != nil {
			return nil, err
		}
		items = append(items, got.Items...)
		if got.Next == "" {
			return items, nil
		}
		if got.Next == query.Get("cursor") {
			return nil, fmt.Errorf("%s: the list does not go on after %q", path, got.Next)
		}
		query.Set("cursor", got.Next)
	}
}

// Ask submits an enquiry; key names the request. The status is 201, or 202 with only Reference and Href known.
func (p *Person) Ask(ctx context.Context, key string, enquiry Enquiry) (Opened, int, error) {
	var opened Opened
	answer, err := p.Do(ctx, http.MethodPost, "/v1/enquiries", enquiry, &opened, Key(key))
	if answer == nil {
		return opened, 0, err
	}
	return opened, answer.Status, err
}

// Case reads a case.
func (p *Person) Case(ctx context.Context, reference string) (Case, error) {
	var c Case
	_, err := p.Do(ctx, http.MethodGet, "/v1/cases/"+reference, nil, &c)
	return c, err
}

// Cases reads every case that the person may see.
func (p *Person) Cases(ctx context.Context) ([]Case, error) { return all[Case](ctx, p, "/v1/cases") }

// Timeline reads a case's timeline.
func (p *Person) Timeline(ctx context.Context, reference string) ([]Entry, error) {
	var got page[Entry]
	_, err := p.Do(ctx, http.MethodGet, "/v1/cases/"+reference+"/timeline", nil, &got)
	return got.Items, err
}

// Fees reads every fee line that the person may see.
func (p *Person) Fees(ctx context.Context) ([]Fee, error) { return all[Fee](ctx, p, "/v1/fee-lines") }

// Invoices reads every invoice that the person may see.
func (p *Person) Invoices(ctx context.Context) ([]Invoice, error) {
	return all[Invoice](ctx, p, "/v1/invoices")
}

// Open downloads a document of a case.
func (p *Person) Open(ctx context.Context, document Document) ([]byte, error) {
	answer, err := p.Do(ctx, http.MethodGet, document.Href, nil, nil)
	if err != nil {
		return nil, err
	}
	return answer.Body, nil
}
