package demo

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/recourse-exams/recourse/deploy/local/person"
)

// observe gathers the facts. What cannot be fetched is a fact too, not an error: the check lists it.
func (p *play) observe(ctx context.Context) (Facts, error) {
	facts := Facts{Audit: p.audit}
	folder := filepath.Join(p.options.State, "documents")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return facts, fmt.Errorf("make the folder of documents: %w", err)
	}
	for _, centre := range p.centres() {
		officer, err := p.as(officers[centre])
		if err != nil {
			return facts, err
		}
		cases, err := p.cases(ctx, centre, officer, folder)
		if err != nil {
			return facts, err
		}
		facts.Cases = append(facts.Cases, cases...)
		invoices, err := invoicesOf(ctx, officer, folder)
		if err != nil {
			return facts, err
		}
		facts.Invoices = append(facts.Invoices, invoices...)
	}
	asked := func(c Case) int {
		return slices.IndexFunc(p.requests, func(r Request) bool { return r.Paper() == c.Paper() })
	}
	slices.SortStableFunc(facts.Cases, func(a, b Case) int { return cmp.Compare(asked(a), asked(b)) })
	var err error
	facts.Mails, err = p.mails(ctx)
	return facts, err
}

// centres lists the centres that asked for something.
func (p *play) centres() []string {
	var all []string
	for _, r := range p.requests {
		all = append(all, r.Centre)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// caseworker sees the timelines whole; a centre does not learn who reviewed.
const caseworker = "cw-3001"

func (p *play) cases(ctx context.Context, centre string, officer *person.Person, folder string) ([]Case, error) {
	listed, err := officer.Cases(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the cases of centre %s: %w", centre, err)
	}
	body, err := p.as(caseworker)
	if err != nil {
		return nil, err
	}
	var all []Case
	for _, one := range listed {
		c := Case{Case: one, Centre: centre}
		if c.Timeline, err = body.Timeline(ctx, one.Reference); err != nil {
			return nil, fmt.Errorf("read the timeline of %s: %w", one.Reference, err)
		}
		for _, document := range one.Documents {
			file := File{Document: document, URL: p.stack.Endpoints.API + document.Href}
			if file.Body, err = officer.Open(ctx, document); err != nil {
				file.Fault = err.Error()
			} else if file.Saved, err = save(folder, one.Reference+"-"+document.Kind, file.Body); err != nil {
				return nil, err
			}
			c.Files = append(c.Files, file)
		}
		all = append(all, c)
	}
	return all, nil
}

func invoicesOf(ctx context.Context, officer *person.Person, folder string) ([]Invoice, error) {
	listed, err := officer.Invoices(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the invoices for %s: %w", officer.ID, err)
	}
	var all []Invoice
	for _, one := range listed {
		invoice := Invoice{Invoice: one}
		if invoice.PDF, err = officer.Download(ctx, one.Document); err != nil {
			invoice.Fault = err.Error()
		} else if invoice.Saved, err = save(folder, "invoice-"+one.Number, invoice.PDF); err != nil {
			return nil, err
		}
		all = append(all, invoice)
	}
	return all, nil
}

// save keeps a copy that opens without a token and after the stack has stopped.
func save(folder, name string, body []byte) (string, error) {
	extension := ".html"
	if isPDF(body) {
		extension = ".pdf"
	}
	name = strings.TrimSuffix(strings.TrimSuffix(name, "-html"), "-pdf")
	path := filepath.Join(folder, name+extension)
	if err := os.WriteFile(path, body, 0o600); err != nil {
		return "", fmt.Errorf("save a document: %w", err)
	}
	return path, nil
}

func isPDF(body []byte) bool { return len(body) > 5 && string(body[:5]) == "%PDF-" }

const ledgerSQL = `SELECT id, kind, coalesce(reference, invoice) FROM mails`

// mails lists what the mail service accepted; the ledger, by the tag that each mail carries, says what it was.
func (p *play) mails(ctx context.Context) ([]Mail, error) {
	accepted, err := p.inbox(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := p.register.Query(ctx, ledgerSQL)
	if err != nil {
		return nil, fmt.Errorf("read the mail ledger: %w", err)
	}
	type line struct{ kind, about string }
	ledger := map[string]line{}
	var id int64
	var of line
	_, err = pgx.ForEachRow(rows, []any{&id, &of.kind, &of.about}, func() error {
		ledger[strconv.FormatInt(id, 10)] = of
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the mail ledger: %w", err)
	}
	for i := range accepted {
		known := ledger[accepted[i].Tags["ledger"]]
		accepted[i].Kind, accepted[i].About = known.kind, known.about
		accepted[i].URL = p.stack.Endpoints.Mail + "/messages/" + accepted[i].ID
	}
	slices.SortStableFunc(accepted, func(a, b Mail) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	return accepted, nil
}

func (p *play) inbox(ctx context.Context) (mails []Mail, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, p.stack.Endpoints.Mail+"/messages", nil)
	if err != nil {
		return nil, fmt.Errorf("ask for the mails: %w", err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, fmt.Errorf("ask for the mails: %w", err)
	}
	defer func() { err = errors.Join(err, answer.Body.Close()) }()
	if err := json.NewDecoder(answer.Body).Decode(&mails); err != nil {
		return nil, fmt.Errorf("read the list of mails: %w", err)
	}
	return mails, nil
}
