package api

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
)

//go:embed pages/*.html
var pageFiles embed.FS

// page is a resource that never changes while the process runs.
type page struct {
	path, media string
	body        []byte
}

const html = "text/html; charset=utf-8"

// publicCache is for how long anybody may keep what everybody may read, and pagePolicy what such a page may load.
const (
	publicCache = "public, max-age=300"
	pagePolicy  = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"
)

// templates are those of every page, read once.
var templates = sync.OnceValues(func() (*template.Template, error) {
	read, err := template.New("").Funcs(template.FuncMap{"prose": prose, "months": months, "requester": requester, "calendars": calendars, "cutoff": cutoff}).ParseFS(pageFiles, "pages/*.html")
	if err != nil {
		return nil, fmt.Errorf("read the page templates: %w", err)
	}
	return read, nil
})

// pages are the contract, its readable page and the pages of the problems, made once.
var pages = sync.OnceValues(func() ([]page, error) {
	loaded, err := loadContract()
	if err != nil {
		return nil, err
	}
	templates, err := templates()
	if err != nil {
		return nil, err
	}
	made := []page{{"/openapi.yaml", "application/yaml", contractYAML}}
	add := func(path, name string, data any) error {
		body, err := render(templates, name, data)
		made = append(made, page{path, html, body})
		return err
	}
	err = errors.Join(add("/docs", "reference.html", loaded.reference()), add("/docs/problems", "problems.html", problems))
	for _, entry := range problems {
		err = errors.Join(err, add(problemPath+entry.Code, "problem.html", entry))
	}
	return made, err
})

// documentation registers the pages.
func (s *Server) documentation(mux *http.ServeMux) error {
	made, err := pages()
	if err != nil {
		return err
	}
	for _, p := range made {
		s.static(mux, "GET "+p.path, p.media, p.body)
	}
	return nil
}

func render(templates *template.Template, name string, data any) ([]byte, error) {
	var written bytes.Buffer
	if err := templates.ExecuteTemplate(&written, name, data); err != nil {
		return nil, fmt.Errorf("render %s: %w", name, err)
	}
	return written.Bytes(), nil
}

// static serves bytes that never change while the process runs.
func (s *Server) static(mux *http.ServeMux, pattern, media string, body []byte) {
	mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		exchangeOf(r.Context()).route = pattern
		w.Header().Set("Content-Type", media)
		w.Header().Set("Cache-Control", publicCache)
		w.Header().Set("Content-Security-Policy", pagePolicy)
		// A failed write means that the client has gone.
		_, _ = w.Write(body)
	})
}

// referencePage is what the readable page shows of the contract.
type referencePage struct {
	Title, Version, Description string
	Tags                        []tagSection
	Schemas                     []schemaSection
}

type tagSection struct {
	Name, Description string
	Operations        []operationSection
}

type operationSection struct {
	ID, Method, Path, Summary, Description string
	Parameters                             []field
	Body, Example                          string
	BodyLink                               string
	Answers                                []answer
}

type field struct {
	Name, Where, Type, Link, Description string
	Required                             bool
}

type answer struct{ Status, Description, Schema string }

type schemaSection struct {
	Name, Description, Type string
	Fields                  []field
}

func (c *contract) reference() referencePage {
	document := c.document
	shown := referencePage{Title: document.Info.Title, Version: document.Info.Version, Description: document.Info.Description}
	for _, tag := range document.Tags {
		section := tagSection{Name: tag.Name, Description: tag.Description}
		for _, path := range document.Paths.InMatchingOrder() {
			section.Operations = append(section.Operations, operationsOf(path, document.Paths.Value(path), tag.Name)...)
		}
		slices.SortStableFunc(section.Operations, func(a, b operationSection) int { return strings.Compare(a.Path, b.Path) })
		shown.Tags = append(shown.Tags, section)
	}
	for name, ref := range document.Components.Schemas {
		shown.Schemas = append(shown.Schemas, schemaOf(name, ref.Value))
	}
	slices.SortFunc(shown.Schemas, func(a, b schemaSection) int { return strings.Compare(a.Name, b.Name) })
	return shown
}

func operationsOf(path string, item *openapi3.PathItem, tag string) []operationSection {
	var sections []operationSection
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		operation := item.GetOperation(method)
		if operation == nil || !slices.Contains(operation.Tags, tag) {
			continue
		}
		section := operationSection{ID: operation.OperationID, Method: method, Path: path, Summary: operation.Summary, Description: operation.Description}
		for _, ref := range operation.Parameters {
			p := ref.Value
			section.Parameters = append(section.Parameters, field{Name: p.Name, Where: p.In, Required: p.Required, Description: p.Description, Type: typeOf(p.Schema), Link: linkOf(p.Schema)})
		}
		if operation.RequestBody != nil {
			media := operation.RequestBody.Value.Content["application/json"]
			section.Body, section.BodyLink = typeOf(media.Schema), linkOf(media.Schema)
			section.Example = exampleOf(media.Example)
		}
		for status, ref := range operation.Responses.Map() {
			section.Answers = append(section.Answers, answerOf(status, ref.Value))
		}
		slices.SortFunc(section.Answers, func(a, b answer) int { return strings.Compare(a.Status, b.Status) })
		sections = append(sections, section)
	}
	return sections
}

func answerOf(status string, response *openapi3.Response) answer {
	a := answer{Status: status}
	if response.Description != nil {
		a.Description = *response.Description
	}
	for _, media := range response.Content {
		if media.Schema != nil {
			a.Schema = linkOf(media.Schema)
		}
	}
	return a
}

func schemaOf(name string, schema *openapi3.Schema) schemaSection {
	section := schemaSection{Name: name, Description: schema.Description, Type: typeOf(&openapi3.SchemaRef{Value: schema})}
	for property, ref := range schema.Properties {
		section.Fields = append(section.Fields, field{
			Name: property, Type: typeOf(ref), Link: linkOf(ref), Description: ref.Value.Description, Required: slices.Contains(schema.Required, property),
		})
	}
	slices.SortFunc(section.Fields, func(a, b field) int { return strings.Compare(a.Name, b.Name) })
	return section
}

// linkOf is the name of the schema that a reference points to, or that its entries point to; empty if none.
func linkOf(ref *openapi3.SchemaRef) string {
	if ref.Ref == "" && ref.Value.Items != nil {
		return linkOf(ref.Value.Items)
	}
	return strings.TrimPrefix(ref.Ref, "#/components/schemas/")
}

// typeOf says in a few words what a value is.
func typeOf(ref *openapi3.SchemaRef) string {
	schema := ref.Value
	switch {
	case schema.Type.Is("array"):
		return "list of " + typeOf(schema.Items)
	case ref.Ref != "":
		return linkOf(ref)
	case len(schema.Enum) > 0:
		return words(schema.Enum)
	case schema.Format != "":
		return strings.Join(schema.Type.Slice(), " or ") + " (" + schema.Format + ")"
	default:
		return strings.Join(schema.Type.Slice(), " or ")
	}
}

func exampleOf(example any) string {
	if example == nil {
		return ""
	}
	// What was read from YAML can be written as JSON.
	text, _ := json.MarshalIndent(example, "", "  ")
	return string(text)
}

// prose writes a description as HTML: paragraphs between empty lines, code between back quotes, nothing else.
func prose(text string) template.HTML {
	var out strings.Builder
	for paragraph := range strings.SplitSeq(strings.TrimSpace(text), "\n\n") {
		out.WriteString("<p>")
		for i, part := range strings.Split(paragraph, "`") {
			escaped := template.HTMLEscapeString(part)
			if i%2 == 1 {
				escaped = "<code>" + escaped + "</code>"
			}
			out.WriteString(escaped)
		}
		out.WriteString("</p>")
	}
	return template.HTML(out.String()) //nolint:gosec // Every part was escaped above.
}
