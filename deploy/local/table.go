package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"github.com/recourse-exams/recourse/deploy/local/issuer"
	"github.com/recourse-exams/recourse/deploy/local/stack"
)

// printTables shows where everything is and who may be played.
func printTables(out io.Writer, at stack.Endpoints, tokenFile func(string) string, product bool) error {
	personas, err := issuer.Personas()
	if err != nil {
		return err
	}
	var text strings.Builder
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table)
	if product {
		fmt.Fprintf(table, "API\t%s\n", at.API)
		fmt.Fprintf(table, "API documentation\t%s\n", at.Docs)
		fmt.Fprintf(table, "Operations\t%s\n", at.Operations)
		fmt.Fprintf(table, "Operations, HTTPS\t%s (open it once and trust its certificate: then the Web UI shows the panel)\n", at.Panel)
	}
	fmt.Fprintf(table, "Temporal Web UI\t%s\n", at.TemporalUI)
	fmt.Fprintf(table, "Temporal\t%s\n", at.TemporalAddress)
	fmt.Fprintf(table, "Mail inbox\t%s\n", at.Mail)
	fmt.Fprintf(table, "Personas, tokens\t%s\n", at.OIDC)
	fmt.Fprintf(table, "S3\t%s\n", at.S3)
	fmt.Fprintf(table, "Database\t%s\n", at.DatabaseURL)
	fmt.Fprintln(table)
	listPersonas(table, personas, tokenFile)
	fmt.Fprintln(table)
	if err := table.Flush(); err != nil {
		return fmt.Errorf("lay out the table: %w", err)
	}
	if product {
		fmt.Fprintf(&text, "Try: curl -H \"Authorization: Bearer $(cat %s)\" %s/v1/cases\n",
			short(tokenFile(personas[0].ID)), at.API)
	}
	_, err = io.WriteString(out, text.String())
	return err
}

// listPersonas shows who may be played and where the token of each lies.
func listPersonas(table io.Writer, personas []issuer.Persona, tokenFile func(string) string) {
	fmt.Fprintln(table, "PERSONA\tNAME\tROLE\tWHO\tTOKEN")
	for _, p := range personas {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", p.ID, p.Name, strings.Join(p.Roles, ", "), who(p), short(tokenFile(p.ID)))
	}
}

func who(p issuer.Persona) string {
	if p.Centre == "" {
		return p.Note
	}
	return "centre " + p.Centre + ", " + p.Note
}

// short is the path from here where that is shorter.
func short(path string) string {
	here, err := os.Getwd()
	if err != nil {
		return path
	}
	relative, err := filepath.Rel(here, path)
	if err != nil || len(relative) >= len(path) {
		return path
	}
	return relative
}
