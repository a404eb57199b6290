package demo

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// Request is one row of the file of enquiries.
type Request struct {
	Centre, Candidate, Component string
	Service                      string
	// ConsentGivenOn is a date, or "day" for the day of the demonstration.
	ConsentGivenOn string
	ReviewedScript bool
	Reason         string
}

// Paper names what the request is about, such as 64101/1001 GM-1.
func (r Request) Paper() string { return r.Centre + "/" + r.Candidate + " " + r.Component }

// requestColumns are the columns of the file, in their order.
var requestColumns = []string{"centre", "candidate", "component", "service", "consentGivenOn", "reviewedScript", "reason"}

// ReadRequests reads a file of enquiries. It fails on other columns, on a repeated paper, and on an empty file.
func ReadRequests(path string) ([]Request, error) {
	rows, err := readTable(path, requestColumns)
	if err != nil {
		return nil, err
	}
	var requests []Request
	seen := map[string]bool{}
	for n, row := range rows {
		r := Request{
			Centre: row["centre"], Candidate: row["candidate"], Component: row["component"], Service: row["service"],
			ConsentGivenOn: row["consentGivenOn"], ReviewedScript: row["reviewedScript"] == "yes", Reason: row["reason"],
		}
		if copied := row["reviewedScript"]; copied != "yes" && copied != "no" {
			return nil, fmt.Errorf("%s, row %d: reviewedScript is yes or no, not %q", path, n+1, copied)
		}
		if seen[r.Paper()] {
			return nil, fmt.Errorf("%s, row %d: %s is asked for twice", path, n+1, r.Paper())
		}
		seen[r.Paper()] = true
		requests = append(requests, r)
	}
	if len(requests) == 0 {
		return nil, fmt.Errorf("%s holds no enquiry", path)
	}
	return requests, wholeStories(requests)
}

// wholeStories makes sure that papers whose outcomes settle together are all there: what is expected of one
// depends on the other.
func wholeStories(requests []Request) error {
	for _, r := range requests {
		s := storyOf(r)
		if s.with == "" {
			continue
		}
		together := func(other Request) bool {
			return other.Centre == r.Centre && other.Candidate == r.Candidate && other.Component == s.with
		}
		if !slices.ContainsFunc(requests, together) {
			return fmt.Errorf("%s is told together with component %s: keep both rows, or neither", r.Paper(), s.with)
		}
	}
	return nil
}

// readTable reads a CSV file whose first row names its columns. The wanted columns must be there.
func readTable(path string, wanted []string) (rows []map[string]string, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the table: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	reader := csv.NewReader(file)
	head, err := reader.Read()
	if err != nil {
		return nil, fmt.Errorf("read the head of %s: %w", path, err)
	}
	for _, name := range wanted {
		if !slices.Contains(head, name) {
			return nil, fmt.Errorf("%s has no column %s; its columns are %s", path, name, strings.Join(wanted, ", "))
		}
	}
	for {
		fields, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", path, err)
		}
		row := map[string]string{}
		for i, name := range head {
			row[name] = fields[i]
		}
		rows = append(rows, row)
	}
}
